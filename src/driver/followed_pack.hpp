// A battery on the bus as a pack of a bank: of this driver, or of any other one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bank/member.hpp"
#include "bus/bus_connection.hpp"
#include "bus/followed_service.hpp"
#include "files/heartbeat.hpp"

namespace bms::driver {

/// Follows what the service says. Signals come with changes only, so silence proves nothing: a pack of ours has a
/// heartbeat in memory and a counter on the bus, which move with its readings; of another driver's it is only known
/// when one of its values has changed.
class FollowedPack {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::string_view service_class = "com.victronenergy.battery.";

  /// `owner`: the unique name of the service's owner; `heartbeats`: the directory of those. `bus` must outlive the
  /// object.
  FollowedPack(bus::BusConnection& bus, const std::string& name, const std::string& owner,
               const std::string& heartbeats);

  /// Whether it has said everything once.
  [[nodiscard]] bool answered() const { return service_.answered(); }

  /// Whether `member` is what this battery is called: its identity ("JBD:AA12-0042", or the serial number alone), its
  /// port, or the end of its service's name.
  [[nodiscard]] bool is(std::string_view member) const;

  /// What it says now. To be called once a second.
  [[nodiscard]] bank::Member look(Clock::time_point now);

  [[nodiscard]] std::string serial() const;
  [[nodiscard]] std::string firmware() const;

  /// "com.victronenergy.battery.ttyUSB0".
  [[nodiscard]] const std::string& name() const { return service_.name(); }

  /// Whether it publishes limits of its own although it is a pack: then there are two BMSs on the bus.
  [[nodiscard]] bool has_own_limits() const;

  /// Whether it is a battery of this driver.
  [[nodiscard]] bool is_ours() const;

 private:
  void note_sign(Clock::time_point now);
  [[nodiscard]] bank::Told told() const;

  bus::FollowedService service_;
  files::HeartbeatWatch heartbeat_;
  bool changed_ = false;                        ///< a value, since the last look
  std::optional<double> counter_{};             ///< of ours
  std::optional<Clock::time_point> true_at_{};  ///< its values were true then
  std::uint32_t signs_ = 0;
};

}  // namespace bms::driver
