// One battery on the bus: its service, its settings in localsettings, and what it hears of other services.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "battery/external.hpp"
#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "bms/user_settings.hpp"
#include "bus/bus_connection.hpp"
#include "bus/remote_item.hpp"
#include "driver/exit_code.hpp"
#include "venus/battery_service.hpp"
#include "venus/battery_settings.hpp"

namespace bms::driver {

class BatteryOnBus {
 public:
  /// What people and programs on the bus want of the battery.
  struct Handlers {
    std::function<void(const UserSettings& user)> user_settings;  ///< to be applied; also once at the beginning
    std::function<bool(double soc_pct)> soc;                      ///< false: it cannot be set
    std::function<void(int group)> clear_history;                 ///< 1..7
    std::function<void()> ready;                                  ///< enter() may succeed from now on
    std::function<void(ExitCode)> finish;                         ///< ends the program
  };

  /// Connects. Throws sdbus::Error when there is no bus.
  BatteryOnBus(boost::asio::io_context& loop, Handlers handlers);
  BatteryOnBus(const BatteryOnBus&) = delete;
  BatteryOnBus& operator=(const BatteryOnBus&) = delete;

  /// Claims the first of these ids that no other process has. Empty: all are taken.
  [[nodiscard]] std::optional<std::string> claim(const std::vector<std::string>& device_ids);

  /// Asks localsettings for what it keeps of the battery, and waits until it answers. `facts` is complete but for what
  /// localsettings knows.
  void meet_settings(const std::string& device_id, items::ServiceFacts facts, const UserBounds& bounds);

  /// What is configured has become another one, being a multiple of the capacity; nothing happens when it has not.
  void set_bounds(const UserBounds& bounds);

  /// Follows another battery service's current and SoC. `service`: its name or the end of one.
  void follow(const std::string& service);

  /// What other services say now.
  [[nodiscard]] battery::External external() const;

  /// Goes onto the bus if that has not happened, and localsettings has answered. To be called with a reading that is
  /// true. Returns whether it did so now.
  bool enter(const Battery& battery, const Limits& limits);

  /// Takes over what is known now and tells the bus what changed.
  void publish(const Battery& battery, const Limits& limits);

 private:
  void take_settings(const venus::BatterySettings::Known& known);

  Handlers handlers_;
  boost::asio::steady_timer settings_timer_;
  bus::BusConnection bus_;
  std::optional<venus::BatterySettings> settings_;
  items::ServiceFacts facts_;
  UserBounds bounds_;
  std::optional<UserSettings> user_;  ///< empty: localsettings has not answered
  std::optional<items::BatteryItems> items_;
  std::optional<venus::BatteryService> service_;
  std::optional<bus::RemoteItem> floor_soc_, external_current_, external_soc_;
};

}  // namespace bms::driver
