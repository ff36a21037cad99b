// CVL: where the pack would just draw the allowed current. Where chargers ignore CCL, because a system that feeds the
// grid exports what would raise the voltage, this is what limits the current; elsewhere CVL merely follows.
#pragma once

#include "charge/situation.hpp"

namespace bms::charge {

/// What CVL has to bring about.
struct Aim {
  double allowed_a;  ///< charge current after the speed rules, not rounded
  double factor;     ///< computed share of base; less than 1: something limits
  bool blocked;      ///< nothing may flow, at once
};

/// The voltage of the pack for `aim` before filter and slew, in Bulk, Absorption and Balancing.
[[nodiscard]] double voltage_for(const Situation& now, const State& state, const Aim& aim);

/// Moves CVL by one sample, by the state that is in `state.kept`. Precondition: there has been a believable sample.
void follow_voltage(const Situation& now, State& state, const Aim& wanted);

/// What to publish of it: with cable drop, within all bounds, changed only when it is worth it. > 0.
[[nodiscard]] double publish_voltage(const Situation& now, State& state, const Aim& aim);

/// Where a pack rests that no current flows in, judged from the charging side: never too high.
[[nodiscard]] double resting_voltage(const State& state);

}  // namespace bms::charge
