// Who a BMS is.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "bms/protocol.hpp"
#include "line/session.hpp"

namespace bms::line {

/// "JBD:1234567890": family and serial number; empty when the device has no serial number.
[[nodiscard]] std::string identity_of(const DeviceInfo& device);

/// By what a battery is known wherever something is kept of it: letters, digits and '_', never beginning with '_'.
/// `family` is the BMS family, `identity` its serial number or, when it has none, the port: ("JBD", "/dev/ttyUSB0") ->
/// "jbd_dev_ttyUSB0".
[[nodiscard]] std::string battery_id(std::string_view family, std::string_view identity);

/// Asks the board who it is. On a line that damages frames a serial number must be heard twice: it decides under which
/// number the battery is known. `alive` is called after each question. What could not be heard is empty.
boost::asio::awaitable<DeviceInfo> ask_who_is_there(Session& session, Protocol& protocol, bool line_noisy,
                                                    std::function<void()> alive);

}  // namespace bms::line
