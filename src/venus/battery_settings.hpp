// What localsettings keeps of one battery: its VRM instance, its custom name, and what its owner has changed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bms/user_settings.hpp"
#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"
#include "venus/settings_client.hpp"

namespace bms::venus {

/// The instance in the value of ClassAndVrmInstance, "battery:7". Empty: no battery's, or no number from 0 on.
[[nodiscard]] std::optional<int> battery_instance(std::string_view class_and_instance);

/// The settings of one battery, by their meaning. Waits for localsettings as SettingsClient does. Whatever is stored
/// there, the battery gets an instance: the stored one, else the next one that no other battery has.
class BatterySettings {
 public:
  /// All of it, when it is known for the first time.
  struct Known {
    int device_instance;
    std::string custom_name;
    UserSettings user;  ///< bounded
  };
  struct Callbacks {
    std::function<void(const Known& known)> on_known;                  ///< once
    std::function<void(const std::string& name)> on_custom_name{};     ///< changed in the settings afterwards
    std::function<void(const UserSettings& user)> on_user_settings{};  ///< likewise; bounded
  };

  /// `device_id` is claimed before; `bounds` is what is configured. Throws sdbus::Error.
  BatterySettings(bus::BusConnection& bus, const std::string& device_id, const UserBounds& bounds, Callbacks callbacks);

  /// Stores the user's name for the battery.
  void set_custom_name(const std::string& name);

  /// Stores what the owner has changed.
  void set_user_settings(const UserSettings& user);

  /// What is configured has become another one. Returns what the owner wants, bounded by that; empty: it is not known.
  std::optional<UserSettings> set_bounds(const UserBounds& bounds);

 private:
  void take_known();
  void take_others(sd_bus_message* reply);
  void begin_with(int instance);
  void take_change(std::size_t setting);
  [[nodiscard]] std::optional<int> stored_instance() const;
  [[nodiscard]] std::string stored_name() const;
  [[nodiscard]] UserSettings stored_user() const;

  bus::BusConnection& bus_;
  std::string own_path_;  ///< of the instance, below /Settings/Devices
  UserBounds bounds_;
  Callbacks callbacks_;
  std::optional<int> instance_;  ///< as on_known got it; fixed from then on
  bool corrected_ = false;       ///< another instance was stored
  bus::Pending others_;
  SettingsClient client_;
};

}  // namespace bms::venus
