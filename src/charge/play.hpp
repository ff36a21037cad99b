// Hysteresis: a value that is followed at once to the bad side and only with play to the good one.
#pragma once

#include <algorithm>
#include <optional>

namespace bms::charge {

/// Follows `value` upwards at once, downwards only what exceeds `play`.
inline double follow_up(std::optional<double>& held, double value, double play) {
  held = std::clamp(held.value_or(value), value, value + play);
  return *held;
}

/// Follows `value` downwards at once, upwards only what exceeds `play`.
inline double follow_down(std::optional<double>& held, double value, double play) {
  held = std::clamp(held.value_or(value), value - play, value);
  return *held;
}

}  // namespace bms::charge
