// What people read about a charge: where it stands, and which source limits.
#pragma once

#include "charge/current_sources.hpp"
#include "charge/situation.hpp"

namespace bms::charge {

/// Replaces the text when the old one has been there long enough.
void say(SlowText& slow, const ShortText& text, double dt_s);

/// "Absorption, even for 4 of 15 min".
[[nodiscard]] ShortText mode_text(const Situation& now, const State& state);

/// The source that limits, or that the speed rules hold the limit below what all sources allow.
[[nodiscard]] ShortText limit_text(const Situation& now, const State& state, const Computed& computed,
                                   double published_a);

}  // namespace bms::charge
