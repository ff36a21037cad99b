#include "cli/watch/socket_watch.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "bms/timer.hpp"
#include "cli/batteries.hpp"
#include "cli/console/exits.hpp"
#include "cli/watch/display.hpp"
#include "cli/watch/model.hpp"
#include "cli/watch/screen.hpp"
#include "cli/watch/text.hpp"
#include "console/answer.hpp"
#include "console/request.hpp"
#include "console/socket.hpp"

namespace bms::cli {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto pause = 1s;            // a board is read no more often as a rule
constexpr auto answer_timeout = 10s;  // of a driver that is there
constexpr std::size_t longest_answer = 4 * 1024 * 1024;
constexpr std::string_view ending = ".sock";
constexpr std::string_view device_directory = "/dev/";
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

/// A value as it came, for the model.
BusValue bus_value(const std::optional<console::Value>& value) {
  if (!value) return {};
  return std::visit([](const auto& held) { return BusValue(held); }, *value);
}

class SocketWatch {
 public:
  SocketWatch(const WatchOptions& options, DriverChoice driver)
      : options_(options),
        driver_(std::move(driver)),
        utf8_(!options.ascii && locale_speaks_utf8()),
        live_(!options.once && terminal_can_redraw()),
        stop_signals_(io_, SIGINT, SIGTERM, SIGHUP),
        deadline_(io_),
        stream_(io_),
        display_(io_, [this](bool colours) { return picture(colours); }) {}

  ExitCode run() {
    stop_signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
      if (!cancelled) finish(ExitCode::stopped, "");
    });
    give_up_after(std::max<std::chrono::milliseconds>(patience(options_), answer_timeout), "it does not answer");
    asio::co_spawn(io_, follow(), asio::detached);
    io_.run();
    display_.leave();
    if (!farewell_.empty()) std::cerr << farewell_ << '\n';
    return exit_code_;
  }

 private:
  asio::awaitable<void> follow() {
    asio::steady_timer timer(io_);
    for (;;) {
      const std::string line = co_await ask();
      take(line);
      timer.expires_after(pause);
      co_await timer.async_wait(as_tuple);
    }
  }

  /// The driver's answer; empty: it has none.
  asio::awaitable<std::string> ask() {
    if (!stream_.is_open()) {
      const asio::local::stream_protocol::endpoint driver(console::socket_path(options_.run_directory, driver_.port));
      const auto [refused] = co_await stream_.async_connect(driver, as_tuple);
      if (refused) co_return hang_up();
    }
    const std::string question = console::written({.battery = driver_.battery, .wish = console::Watch{}}) + "\n";
    const auto [unsent, sent] = co_await asio::async_write(stream_, asio::buffer(question), as_tuple);
    if (unsent) co_return hang_up();
    const auto [unread, size] =
        co_await asio::async_read_until(stream_, asio::dynamic_buffer(input_, longest_answer), '\n', as_tuple);
    if (unread) co_return hang_up();
    std::string line = input_.substr(0, size);
    input_.erase(0, size);
    co_return line;
  }

  std::string hang_up() {
    boost::system::error_code ignored;
    std::ignore = stream_.close(ignored);
    input_.clear();
    return {};
  }

  void take(const std::string& line) {
    if (line.empty()) return lose();
    const auto answer = console::answer_from(nlohmann::ordered_json::parse(line, nullptr, false));
    if (!answer) return finish(ExitCode::lost, clean(answer.error().message, utf8_));
    if (answer->refused) return take_refusal(*answer->refused);
    place_ = answer->board.place;
    model_.clear();
    for (const console::ShownItem& item : answer->items) {
      model_.set(item.path, bus_value(item.value));
      if (item.initial) model_.set_initial(item.path, *item.initial);
    }
    deadline_.cancel();
    complete_ = true;
    if (live_) return display_.redraw_soon();
    display_.print();
    finish(ExitCode::stopped, "");
  }

  /// It looks for its board, has no room for one more, or has just shown it to another; everything else does not pass.
  void take_refusal(const Error& why) {
    if (why.kind == ErrorKind::busy) {
      reason_ = clean(why.message, utf8_);
      hang_up();
      return;
    }
    finish(exit_when_undone(why.kind), clean(why.message, utf8_));
  }

  /// It has gone, and may come again.
  void lose() {
    if (!complete_) return;
    complete_ = false;
    model_.clear();
    display_.redraw_soon();
  }

  void finish(ExitCode exit_code, const std::string& farewell) {
    exit_code_ = exit_code;
    farewell_ = farewell;
    io_.stop();
  }

  void give_up_after(std::chrono::milliseconds time, const std::string& why) {
    deadline_.after(time, [this, why] {
      finish(ExitCode::not_found,
             "the driver on " + clean(driver_.port, utf8_) + ": " + (reason_.empty() ? why : reason_));
    });
  }

  std::vector<std::string> picture(bool colours) {
    const auto presence = complete_ ? Presence::here : Presence::gone;
    trends_.note(CellTrends::Clock::now(), model_);
    return watch_screen(model_, std::string(battery_prefix) + place_, presence,
                        {terminal_size().columns, colours, utf8_, &trends_});
  }

  const WatchOptions& options_;
  DriverChoice driver_;
  bool utf8_, live_;
  asio::io_context io_{1};
  asio::signal_set stop_signals_;
  Timer deadline_;
  asio::local::stream_protocol::socket stream_;
  std::string input_;
  WatchModel model_;
  std::string place_;
  std::string reason_;  ///< why it has not answered yet
  bool complete_ = false;
  CellTrends trends_;
  Display display_;
  ExitCode exit_code_ = ExitCode::stopped;
  std::string farewell_;
};

/// By any name of a battery, where it is not by that of a port.
DriverChoice choice_for(const WatchOptions& options) {
  DriverChoice choice = choose_driver(ports_of_drivers(options.run_directory), options.service);
  if (!choice.port.empty() || !choice.candidates.empty() || options.service.empty()) return choice;
  const auto meant = meant_among(running_drivers(options.run_directory), options.service, console::Ends::count);
  if (meant.size() == 1) return {.port = meant.front().port, .battery = meant.front().place, .candidates = {}};
  for (const MeantBattery& one : meant) choice.candidates.push_back(one.place);
  return choice;
}

}  // namespace

std::vector<std::string> ports_of_drivers(const std::string& run_directory) {
  std::vector<std::string> ports;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run_directory, ignored)) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(ending)) continue;
    asio::io_context loop;
    asio::local::stream_protocol::socket stream(loop);
    boost::system::error_code failed;
    std::ignore = stream.connect(asio::local::stream_protocol::endpoint(entry.path().string()), failed);
    if (!failed) ports.push_back(name.substr(0, name.size() - ending.size()));
  }
  std::ranges::sort(ports);
  return ports;
}

DriverChoice choose_driver(std::span<const std::string> ports, std::string_view wanted) {
  for (const std::string_view before : {battery_prefix, device_directory}) {
    if (wanted.starts_with(before)) wanted.remove_prefix(before.size());
  }
  for (const std::string& port : ports) {
    if (wanted == port) return {.port = port, .battery = {}, .candidates = {}};
    if (wanted.starts_with(port + "_")) return {.port = port, .battery = std::string(wanted), .candidates = {}};
  }
  if (!wanted.empty()) return {};
  if (ports.size() == 1) return {.port = ports.front(), .battery = {}, .candidates = {}};
  return {.port = {}, .battery = {}, .candidates = {ports.begin(), ports.end()}};
}

bool driver_to_watch(const WatchOptions& options) {
  const DriverChoice choice = choice_for(options);
  return !choice.port.empty() || !choice.candidates.empty();
}

NothingFits nothing_fits(const std::string& running, const WatchOptions& options, const std::string& why_no_bus) {
  if (running.empty())
    return {ExitCode::lost, "no bus: " + why_no_bus + "\nno driver is running either (looked in " +
                                options.run_directory + "); `dbus-bms run` is one"};
  return {ExitCode::not_found,
          "no battery is called '" + clean(options.service, false) + "'; there are " + clean(running, false)};
}

ExitCode say_nothing_fits(const WatchOptions& options, const std::string& why_no_bus) {
  NothingFits answer = nothing_fits(listed(running_drivers(options.run_directory)), options, why_no_bus);
  if (const auto why = denied(options.run_directory)) answer = {ExitCode::not_found, why->message};
  std::cerr << answer.words << '\n';
  return answer.exit_code;
}

ExitCode watch_through_driver(const WatchOptions& options) {
  DriverChoice driver = choice_for(options);
  if (!driver.port.empty()) return SocketWatch(options, std::move(driver)).run();
  std::cerr << "there are several batteries; name one of these:";
  for (const std::string& port : driver.candidates) std::cerr << "\n  " << clean(port, false);
  std::cerr << '\n';
  return ExitCode::configuration;
}

}  // namespace bms::cli
