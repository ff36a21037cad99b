// Keeps two processes from taking the same device for theirs.
#pragma once

#include <string>

#include "bus/bus_connection.hpp"

namespace bms::venus {

/// Claims a device for this connection, so that two processes never share one id and with it one VRM instance. The
/// claim is a name on the bus: it is atomic, as wide as the bus, and goes with the process. False: another process
/// holds it; the caller then takes an id that contains the port. Throws sdbus::Error. Blocking, like
/// BusConnection::request_name().
[[nodiscard]] bool claim_device(bus::BusConnection& bus, const std::string& battery_id);

}  // namespace bms::venus
