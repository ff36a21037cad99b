// The batteries on the bus: which of them count, what they allow, and whether that is still true.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/config.hpp"
#include "bridge/decision.hpp"
#include "bus/bus_connection.hpp"
#include "bus/followed_service.hpp"
#include "files/heartbeat.hpp"

namespace bms::bridge {

using Clock = std::chrono::steady_clock;

/// Follows every battery service. Signals come with changes only, so that silence proves nothing. One of this project
/// has a heartbeat in memory, which beats with each reading; where that cannot be seen it is asked how old its newest
/// reading is (/Info/LastReadingAge). Another one is asked as well, and all that can be known of it is that its process
/// answers.
class Batteries {
 public:
  static constexpr std::string_view service_class = "com.victronenergy.battery.";

  /// `heartbeats`: the directory of those. `on_news`: something was heard that may matter. `bus` must outlive the
  /// object.
  Batteries(bus::BusConnection& bus, const Config& config, std::string heartbeats, std::function<void()> on_news);

  /// More than any system has. Each costs eight of the 1024 rules that a program may have on the bus of Venus OS.
  static constexpr std::size_t most = 32;

  /// A battery service has come, under this unique name. One too many is not followed; while there is one, nobody knows
  /// whether all batteries allow charging.
  void appeared(const std::string& name, const std::string& owner);
  void left(const std::string& name);

  /// Listens to the heartbeats.
  void listen();

  /// Whether there was a battery without one, which must be asked.
  [[nodiscard]] bool some_must_be_asked() const;

  /// Asks those for a sign of life. `timeout`: a later answer does not count.
  void ask(std::chrono::milliseconds timeout);

  /// Those that count, at this moment.
  [[nodiscard]] std::vector<BatteryView> views(Clock::time_point now) const;

  /// When the first of them will have been silent for too long; empty: none is being waited for.
  [[nodiscard]] std::optional<Clock::time_point> next_expiry(Clock::time_point now) const;

  /// Whether everybody who is there has said what it has.
  [[nodiscard]] bool all_answered() const;

 private:
  struct Battery {
    std::unique_ptr<bus::FollowedService> service;
    std::unique_ptr<files::HeartbeatWatch> heartbeat;
    std::optional<Clock::time_point> true_at{};  ///< its values were true then
    bool must_be_asked = false;
  };

  void take_news(const std::string& name);
  void note_answer(Battery& battery);
  [[nodiscard]] bool has_room_for(const std::string& name) const;
  void count(const std::string& name);
  [[nodiscard]] static bool is_meant(const std::string& name, const Battery& battery, std::string_view wanted);
  [[nodiscard]] static bool has_limit(const Battery& battery);
  [[nodiscard]] BatteryView view_of(const std::string& name, const Battery& battery, Clock::time_point now) const;

  bus::BusConnection& bus_;
  Config config_;
  std::string heartbeats_;
  std::vector<std::string> wanted_;  ///< empty: auto
  std::function<void()> on_news_;
  std::map<std::string, Battery> batteries_;
  std::set<std::string> counted_;     ///< with auto: those that have counted; one that leaves goes on counting
  std::set<std::string> unfollowed_;  ///< for which there was no room
  bool crowded_ = false;              ///< more than can be remembered have come
};

}  // namespace bms::bridge
