// The alarms on D-Bus.
#pragma once

#include <string>
#include <string_view>

#include "bms/battery.hpp"
#include "items/since.hpp"

namespace bms::items {

/// The path of one alarm below "/Alarms/".
[[nodiscard]] std::string_view path_of(Alarm alarm);

/// Every alarm that is raised, with its cause: "High cell voltage (cell 4, 3.58 V); Low SoC (9.5 %)". Empty: none.
/// Replaces what is in `out`, whose memory is used again.
void describe_alarms(const Battery& battery, std::string& out);

/// The same, for programs: "HighCellVoltage:2:2:4;LowSoc:1:5:0", see docs/alarms.md.
void encode_alarms(const Battery& battery, std::string& out);

/// Takes note of which alarms are raised now.
void follow_alarms(const Battery& battery, const Moment& now, AlarmsSince& since);

/// Since when each of them is, in the same order: "1764430000;0", in seconds since 1970 or 0.
void encode_alarms_since(const Battery& battery, const AlarmsSince& since, std::string& out);

}  // namespace bms::items
