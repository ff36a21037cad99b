// Says what recorded bytes mean, for people and for tests.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "recording.hpp"

namespace bms::daly {

/// The facts in a recorded answer, in SI units by name, or {"error": kind, "message": ...}. The line's "dialect" says
/// how it is read ("a5", "d2", "p81"), else request or answer show it. Its "context" holds what only earlier answers
/// said: "cell_count", "temp_sensor_count", "board".
[[nodiscard]] nlohmann::ordered_json explain(const Recording& recording);

}  // namespace bms::daly
