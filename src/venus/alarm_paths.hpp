// The alarms on D-Bus.
#pragma once

#include <string>
#include <string_view>

#include "bms/battery.hpp"

namespace bms::venus {

/// The path of one alarm below "/Alarms/".
[[nodiscard]] std::string_view path_of(Alarm alarm);

/// Every alarm that stands, with its cause: "HighCellVoltage: cell 4 at 3.585 V; LowSoc: 9.5 %". Empty: none. Replaces
/// what is in `out`, whose memory is used again.
void describe_alarms(const Battery& battery, std::string& out);

}  // namespace bms::venus
