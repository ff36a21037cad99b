// How fast a current limit may change, and what of it is published: down at once, up slowly, so that it never flaps.
#pragma once

#include "charge/state.hpp"

namespace bms::charge {

// For how long nothing rises after a decrease.
inline constexpr double charge_hold_s = 15;
inline constexpr double discharge_hold_s = 30;

/// One direction's pace.
struct Speed {
  double base_a;  ///< the measure of speed
  double hold_s;  ///< after a decrease, before anything rises
  double dt_s;    ///< that counts
  bool may_rise;
};

/// Moves `current.allowed_a` towards `computed_a`; never above it. The first time it begins with `kept_factor` of base.
void follow_computed(AllowedCurrent& current, double computed_a, std::optional<double> kept_factor, const Speed& pace);

/// Holds the limit at `ceiling_a` at most, as a fresh decrease.
void begin_low(AllowedCurrent& current, double ceiling_a);

/// As published: tenths of an ampere, whole amperes where the owner wants those; consumers round up.
[[nodiscard]] double round_down(double current_a, bool integer_amps);

/// What to publish: rounded down, since consumers round up, and raised only when it is worth it. Never above allowed.
[[nodiscard]] double publish(AllowedCurrent& current, double base_a, bool integer_amps);

}  // namespace bms::charge
