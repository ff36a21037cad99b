// Finds the service, follows it, and draws when something has changed. The picture is made in watch_screen.
#include "cli/watch/watch.hpp"

#include <sdbus-c++/Error.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "bms/timer.hpp"
#include "bridge/bridge_items.hpp"
#include "bus/bus_names.hpp"
#include "cli/batteries.hpp"
#include "cli/watch/bridge.hpp"
#include "cli/watch/display.hpp"
#include "cli/watch/feed.hpp"
#include "cli/watch/screen.hpp"
#include "cli/watch/socket_watch.hpp"
#include "cli/watch/terminal.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {
namespace {

constexpr auto bus_timeout = std::chrono::seconds{10};

class Watch {
 public:
  explicit Watch(const WatchOptions& options)
      : options_(options),
        utf8_(!options.ascii && locale_speaks_utf8()),
        live_(!options.once && terminal_can_redraw()),
        bus_(io_),
        stop_signals_(io_, SIGINT, SIGTERM, SIGHUP),
        deadline_(io_),
        display_(io_, [this](bool colours) { return picture(colours); }) {}

  ExitCode run() {
    bus_.on_lost([this](const std::string& why) { finish(ExitCode::lost, "lost the bus: " + why); });
    stop_signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) finish(ExitCode::stopped, "");
    });
    owners_ = bus::watch_owners(
        bus_, std::string("arg0namespace='") + (of_bridge() ? bridge::service_name : "com.victronenergy.battery") + "'",
        [this](const auto& name, const auto& owner) { take_owner(name, owner); });
    list_names();
    io_.run();
    display_.leave();
    if (!farewell_.empty()) std::cerr << farewell_ << '\n';
    return exit_code_;
  }

  /// Whether run() has ended because the battery is to be watched through its driver.
  [[nodiscard]] bool through_socket() const { return through_socket_; }

 private:
  /// Batteries are what there is to watch, and the one bridge.
  bool of_bridge() const { return options_.service == "bridge"; }

  std::string wanted() const {
    if (of_bridge()) return "MPPT bridge";
    if (options_.service.empty()) return "battery service";
    return "battery service '" + clean(options_.service, utf8_) + "'";
  }

  /// "; there are ...", where one was named.
  std::string batteries_there() const {
    if (of_bridge() || options_.service.empty()) return {};
    std::vector<std::string> sorted = names_;
    std::ranges::sort(sorted);
    std::string all;
    for (const std::string& name : sorted) {
      if (name.starts_with(battery_prefix)) all += (all.empty() ? "; there are " : ", ") + clean(name, utf8_);
    }
    return all;
  }

  void finish(ExitCode exit_code, const std::string& farewell) {
    exit_code_ = exit_code;
    farewell_ = farewell;
    io_.stop();
  }

  void give_up_after(std::chrono::milliseconds time, const std::string& why) {
    deadline_.after(time, [this, why] { finish(ExitCode::not_found, why); });
  }

  void list_names() {
    listing_ = bus::list_names(bus_, "com.victronenergy.", [this](const std::vector<std::string>& listed) {
      names_.insert(names_.end(), listed.begin(), listed.end());
      give_up_after(patience(options_), "no " + wanted() + " on the bus" + batteries_there());
      choose();
      // A driver that shows its battery elsewhere is not waited for here.
      if (!feed_ && farewell_.empty() && !of_bridge() && driver_to_watch(options_)) {
        through_socket_ = true;
        io_.stop();
      }
    });
  }

  void take_owner(const std::string& name, const std::string& owner) {
    if (feed_) return follow_owner(name, owner);
    std::erase(names_, name);
    if (!owner.empty()) names_.push_back(name);
    choose();
  }

  void follow_owner(const std::string& name, const std::string& new_owner) {
    if (name != feed_->service()) return;
    if (new_owner.empty()) {
      feed_->left();
      if (!live_) return give_up_after(bus_timeout, feed_->service() + " has left the bus");
      display_.redraw_soon();
    } else {
      feed_->appeared();
    }
  }

  /// The battery that is called so: by its service, or else by its serial number or what its owner calls it. The end
  /// of a name counts only where no battery has it as a whole.
  ServiceChoice battery_meant() const {
    ServiceChoice by_service = choose_service(names_, options_.service);
    const bool whole =
        console::is_same_name(console::plain_name(by_service.name), console::plain_name(options_.service));
    if (whole || options_.service.empty()) return by_service;
    const auto on_bus = names_on_bus();
    const auto meant = console::batteries_meant(on_bus, options_.service, console::Ends::count);
    if (meant.empty()) return by_service;
    ServiceChoice by_name;
    by_name.candidates.reserve(meant.size());
    for (const std::size_t index : meant)
      by_name.candidates.push_back(std::string(battery_prefix) + on_bus[index].place);
    if (meant.size() == 1) return {by_name.candidates.front(), {}};
    return by_name;
  }

  void refuse(const std::vector<std::string>& candidates) {
    std::string list = "there are several batteries; name one of these:";
    for (const std::string& name : candidates) list += "\n  " + clean(name, utf8_);
    finish(ExitCode::configuration, list);
  }

  void choose() {
    if (feed_) return;
    const bool bridge_is_there = std::ranges::find(names_, bridge::service_name) != names_.end();
    const ServiceChoice choice =
        of_bridge() ? ServiceChoice{bridge_is_there ? bridge::service_name : "", {}} : battery_meant();
    if (!choice.candidates.empty()) return refuse(choice.candidates);
    if (choice.name.empty()) return;
    give_up_after(bus_timeout, choice.name + " does not answer");
    feed_.emplace(io_, bus_, choice.name, [this] { take_change(); });
  }

  void take_change() {
    deadline_.cancel();
    if (live_) return display_.redraw_soon();
    display_.print();
    finish(ExitCode::stopped, "");
  }

  std::vector<std::string> picture(bool colours) {
    const auto presence = feed_->complete() ? Presence::here : Presence::gone;
    trends_.note(CellTrends::Clock::now(), feed_->model());
    const ScreenOptions screen{terminal_size().columns, colours, utf8_, &trends_};
    if (of_bridge()) return bridge_screen(feed_->model(), presence, screen);
    return watch_screen(feed_->model(), feed_->service(), presence, screen);
  }

  WatchOptions options_;
  bool utf8_, live_;
  boost::asio::io_context io_{1};
  bus::BusConnection bus_;
  boost::asio::signal_set stop_signals_;
  Timer deadline_;
  bus::Pending owners_, listing_;
  std::vector<std::string> names_;
  std::optional<WatchFeed> feed_;
  CellTrends trends_;
  Display display_;
  ExitCode exit_code_ = ExitCode::stopped;
  std::string farewell_;
  bool through_socket_ = false;
};

}  // namespace

std::chrono::milliseconds patience(const WatchOptions& options) {
  constexpr double longest_s = 86400;
  const std::chrono::duration<double> wait{std::min(std::max(0.0, options.wait_s), longest_s)};
  return std::chrono::duration_cast<std::chrono::milliseconds>(wait);
}

ExitCode watch(const WatchOptions& options) {
  try {
    Watch on_bus(options);
    const ExitCode exit = on_bus.run();
    return on_bus.through_socket() ? watch_through_driver(options) : exit;
  } catch (const sdbus::Error& error) {
    if (driver_to_watch(options)) return watch_through_driver(options);
    if (options.service != "bridge") return say_nothing_fits(options, error.getMessage());
    std::cerr << "no bus: " << error.getMessage() << '\n';  // by which alone the bridge is seen
    return ExitCode::lost;
  }
}

}  // namespace bms::cli
