// What people read about a charge: where it stands, and which source limits.
#pragma once

#include "bms/battery.hpp"
#include "charge/current_sources.hpp"
#include "charge/situation.hpp"

namespace bms::charge {

/// Why a limit is what it is.
struct LimitText {
  ShortText text;
  LimitReason code;
};

/// The source that limits, or that the speed rules hold the limit below what all sources allow.
[[nodiscard]] LimitText limit_text(const Situation& now, const State& state, const Computed& computed,
                                   double published_a);

/// Fills the texts and codes of `limits`, whose currents are known already. A text that is there stays for a while, but
/// none outlives what it says: when a current becomes 0, or is 0 no longer, all of them follow at once. Mode and
/// reasons never contradict each other.
void say(const Situation& now, State& state, const LimitText& charge, const LimitText& discharge, Limits& limits);

/// The texts of a battery whose BMS does not answer; the currents of `limits` are known already.
void say_silent(Contact contact, Limits& limits);

}  // namespace bms::charge
