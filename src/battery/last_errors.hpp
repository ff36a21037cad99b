// What stopped the battery lately, with its date, for the page "Diagnostics" of Venus OS.
#pragma once

#include <array>
#include <optional>

#include "battery/kept.hpp"
#include "bms/battery.hpp"

namespace bms::battery {

/// The number that Venus has for what an alarm means (victronenergy/veutil, src/qt/bms_error.cpp). Empty: it has none.
[[nodiscard]] std::optional<int> error_code(Alarm alarm);

/// Notes the alarms that have reached the level `alarm` since the last call, also over a restart. `unix_s`: the time;
/// empty: no clock can be believed.
void note_errors(Kept& kept, const Alarms& alarms, std::optional<double> unix_s);

/// The newest first.
[[nodiscard]] std::array<std::optional<DatedError>, most_last_errors> last_errors(const Kept& kept);

/// The alarms that were raised at the last call of note_errors().
[[nodiscard]] Alarms raised_before(const Kept& kept);

}  // namespace bms::battery
