// Which device a battery is for localsettings, and that no second process takes itself for the same one.
#pragma once

#include <string>
#include <string_view>

#include "bus/bus_connection.hpp"

namespace bms::venus {

/// The id of a device below /Settings/Devices: letters, digits and '_', never beginning with '_'. `family` is the BMS
/// family, `identity` its serial number or, when it has none, the port: ("JBD", "/dev/ttyUSB0") -> "jbd_dev_ttyUSB0".
[[nodiscard]] std::string settings_id(std::string_view family, std::string_view identity);

/// Claims a device for this connection, so that two processes never share one id and with it one VRM instance. The
/// claim is a name on the bus: it is atomic, as wide as the bus, and goes with the process. False: another process
/// holds it; the caller then takes an id that contains the port. Throws sdbus::Error. Blocking, as
/// BusConnection::request_name.
[[nodiscard]] bool claim_device(bus::BusConnection& bus, const std::string& device_id);

}  // namespace bms::venus
