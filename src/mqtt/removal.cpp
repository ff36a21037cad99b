#include "mqtt/removal.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <set>
#include <vector>

#include "bms/timer.hpp"
#include "mqtt/client.hpp"
#include "mqtt/library.hpp"
#include "mqtt/retained_topics.hpp"
#include "mqtt/topics.hpp"

namespace bms::mqtt {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s;
constexpr auto retained_look_pause = 50ms;

class Removal final : private Listener {
 public:
  Removal(const Library& library, const Config& config, std::vector<std::string> topics)
      : client_(loop_, library, config, "remove-" + std::to_string(getpid()), Presence::hidden),
        topics_(std::move(topics)),
        end_(loop_),
        look_(loop_) {
    client_.add(*this);
  }

  /// Whether the broker has emptied all of them.
  [[nodiscard]] bool run() {
    end_.after(patience, [this] { loop_.stop(); });
    client_.start();
    loop_.run();
    client_.stop();
    return done_;
  }

 private:
  void on_connected() override {
    next_ = 0;
    on_room();
    look();
  }

  void on_room() override {
    while (next_ < topics_.size() && client_.publish(topics_[next_], "", Retain::yes)) ++next_;
  }

  void on_message(const Message& /*message*/) override {}

  void look() {
    look_.after(retained_look_pause, [this] {
      done_ = client_.connected() && next_ == topics_.size() && client_.pending() == 0;
      if (done_) return loop_.stop();
      if (client_.connected()) look();
    });
  }

  boost::asio::io_context loop_{1};
  Client client_;
  std::vector<std::string> topics_;
  Timer end_, look_;
  std::size_t next_ = 0;
  bool done_ = false;
};

}  // namespace

ExitCode remove_retained(const Config& config, const std::string& state_directory) {
  const auto files = files_of_retained_topics(state_directory);
  std::set<std::string> topics;
  for (const std::string& file : files) topics.merge(read_retained_topics(file));
  if (topics.empty()) {
    std::cout << "nothing is known in " << state_directory << " that a broker would hold\n";
    return ExitCode::stopped;
  }
  if (const std::string fault = config.host.empty() ? "[mqtt] has no host" : topic_fault(config); !fault.empty()) {
    std::cerr << "dbus-bms: " << fault << "\n";
    return ExitCode::configuration;
  }
  const auto library = load_library();
  if (!library) {
    std::cerr << "dbus-bms: " << library.error() << "\n";
    return ExitCode::lost;
  }
  if (!Removal(*library, config, {topics.begin(), topics.end()}).run()) {
    std::cerr << "dbus-bms: the broker has not emptied all topics; try again when it is there\n";
    return ExitCode::not_found;
  }
  for (const std::string& topic : topics) std::cout << "emptied " << topic << "\n";
  for (const std::string& file : files) std::filesystem::remove(file);
  return ExitCode::stopped;
}

}  // namespace bms::mqtt
