// Bulk, Absorption, FloatTransition, Float, Balancing, Blocked: when one follows the other, and why.
#pragma once

#include "charge/control.hpp"
#include "charge/situation.hpp"

namespace bms::charge {

inline constexpr double float_fall_v_per_s = 0.001;  ///< of the voltage of a pack, on the way to float

[[nodiscard]] ChargeState state_of(const Kept& kept);

/// Counts how long everything has lasted, and goes to another state where that is due. Fills in the findings of
/// `outcome`: transition, full, held, cap. Without believable cells nothing is counted.
void advance_state(const Situation& now, State& state, Outcome& outcome);

/// How far the charger stays below the voltage that it is asked for, once that has lasted: 0 when it does not.
[[nodiscard]] double charger_short_v(const Situation& now, const State& state);

}  // namespace bms::charge
