// Everything that limits a current: one row each, and the lowest wins.
#pragma once

#include "charge/situation.hpp"

namespace bms::charge {

/// What all sources together allow in one direction.
struct Computed {
  double current_a;
  double factor;  ///< of base, 0..1
  bool blocked;   ///< by something that does not wait: an alarm, the user, impossible cells
  ShortText (*reason)(const Situation&, const State&);  ///< the source that decides
  LimitReason code;                                     ///< the same, for programs
};

/// Lets everything that sources remember follow a sample: once per sample, after the cell filters.
void follow_sources(const Situation& now, State& state);

/// Asks every source of a direction, and remembers which of them have allowed nothing; once per sample, after
/// follow_sources().
[[nodiscard]] Computed follow_charge(const Situation& now, State& state);
[[nodiscard]] Computed follow_discharge(const Situation& now, State& state);

/// What the built-in smooth curve makes of the highest cell, whatever the profile, 0..1: protects a single cell through
/// CVL where CCL is not obeyed.
[[nodiscard]] double protecting_share(const Situation& now, const State& state);

}  // namespace bms::charge
