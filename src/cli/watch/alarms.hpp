// What is wrong with a battery, and why.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cli/watch/model.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {

/// The cause of one alarm in what /Info/Alarms says: "High cell voltage (cell 4, 3.58 V); Low SoC". `alarm`: its name
/// below /Alarms. The form of version 0.1, "HighCellVoltage: cell 4 at 3.585 V", is understood too. Empty: none is
/// said.
[[nodiscard]] std::string_view cause_of(std::string_view alarm, std::string_view alarms);

/// The pieces of the section "Alarms", worst first; one piece says so when there are none.
[[nodiscard]] std::vector<Line> alarm_pieces(const WatchModel& model, bool utf8);

}  // namespace bms::cli
