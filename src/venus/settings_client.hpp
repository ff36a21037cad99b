// Talks to localsettings (com.victronenergy.settings): the battery's VRM instance and its custom name.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "venus/bus_connection.hpp"

namespace bms::venus {

/// The id of a device below /Settings/Devices: letters, digits and '_', never beginning with '_'. `family` is the BMS
/// family ("JBD"), `identity` its serial number or, when it has none, the port: ("JBD", "/dev/ttyUSB0") ->
/// "jbd_dev_ttyUSB0".
[[nodiscard]] std::string settings_id(std::string_view family, std::string_view identity);

/// Claims a device for this connection, so that two processes never share one id and with it one VRM instance. The
/// claim is a name on the bus: it is atomic, as wide as the bus, and goes with the process. False: another process
/// holds it; the caller then takes an id that contains the port. Throws sdbus::Error. Blocking, as
/// BusConnection::request_name.
[[nodiscard]] bool claim_device(BusConnection& bus, const std::string& device_id);

/// The two settings of a battery. Everything is asynchronous; a missing or restarting localsettings is waited for.
class SettingsClient {
 public:
  struct Callbacks {
    /// Once, when instance and custom name are known for the first time.
    std::function<void(int device_instance, std::string custom_name)> on_instance;
    /// Whenever the custom name changed afterwards, also as the result of set_custom_name().
    std::function<void(std::string custom_name)> on_custom_name;
  };

  /// Starts at once. `device_id` is one of settings_id(). `bus` must outlive the client.
  SettingsClient(BusConnection& bus, std::string device_id, Callbacks callbacks);
  SettingsClient(const SettingsClient&) = delete;
  SettingsClient& operator=(const SettingsClient&) = delete;
  ~SettingsClient();

  /// Stores the user's name for the battery; tried again when localsettings is away.
  void set_custom_name(const std::string& name);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bms::venus
