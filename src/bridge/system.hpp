// systemcalc: what it does to chargers, and what it can be asked for.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bridge/decision.hpp"
#include "bus/bus_connection.hpp"
#include "bus/confirmed_write.hpp"
#include "bus/followed_service.hpp"

namespace bms::bridge {

class System {
 public:
  static constexpr std::string_view service_name = "com.victronenergy.system";

  /// With `dry_run` it is asked for nothing. `on_news`: something was heard that may matter. `bus` must outlive the
  /// object.
  System(bus::BusConnection& bus, bool dry_run, std::function<void()> on_news);

  /// It has another owner on the bus; empty: it has left.
  void owner_changed(const std::string& owner);

  /// Whether it has said what it has, if it is there.
  [[nodiscard]] bool answered() const { return !service_ || service_->answered(); }

  [[nodiscard]] SystemView view() const;

  /// Asks for all PV to be stopped, or given free: what is new at once, the same again unless `only_news`, as
  /// systemcalc forgets it after a minute. Empty: nothing is asked for.
  void disable_pv(std::optional<bool> wanted, bool only_news);

  /// Whether all PV is stopped on our request.
  [[nodiscard]] bool pv_disabled() const { return pv_disabled_; }

 private:
  bus::BusConnection& bus_;
  bool dry_run_;
  std::function<void()> on_news_;
  std::unique_ptr<bus::FollowedService> service_;
  std::unique_ptr<bus::ConfirmedWrite> pv_disable_;
  std::chrono::steady_clock::time_point came_at_;
  bool pv_disabled_ = false;
};

}  // namespace bms::bridge
