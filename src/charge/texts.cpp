#include "charge/texts.hpp"

#include <algorithm>
#include <cmath>

#include "charge/state_machine.hpp"

namespace bms::charge {

namespace {

constexpr double least_age_s = 5;
constexpr double hardly_below_a = 0.5;  // rounding
constexpr double hardly_below = 0.02;

ShortText of_minutes(std::string_view before, double lasted_s, double needed_s) {
  return ShortText(before).append(std::floor(lasted_s / 60), 0).append(" of ").append(needed_s / 60, 0).append(" min");
}

ShortText absorption_text(const Config& config, const Kept& kept) {
  // Whichever is nearer to its end.
  const double held = kept.held_s / std::max(config.absorption_held_s, 1.0);
  const double tail = kept.tail_s / std::max(config.tail_s, 1.0);
  if (kept.full) return ", full";
  if (held > 0 && held >= tail) return of_minutes(", even for ", kept.held_s, config.absorption_held_s);
  if (tail > 0) return of_minutes(", hardly any current for ", kept.tail_s, config.tail_s);
  return of_minutes(", making cells even for ", kept.absorption_s, config.absorption_cap_s);
}

ShortText details(const Situation& now, const State& state) {
  const Kept& kept = state.kept;
  const double short_v = charger_short_v(now, state);
  if (short_v > 0) return ShortText(", charger ").append(short_v, 2).append(" V below target: see cable_drop");
  switch (state_of(kept)) {
    case ChargeState::bulk: return kept.balancing_requested ? ShortText(", balancing is due") : ShortText();
    case ChargeState::absorption: return absorption_text(now.config, kept);
    case ChargeState::balancing:
      return kept.balanced_s > 0 ? of_minutes(", even for ", kept.balanced_s, now.config.balancing_held_s)
                                 : of_minutes(", for ", kept.absorption_s, now.config.balancing_cap_s);
    case ChargeState::blocked: return " by the user";
    case ChargeState::float_transition:
    case ChargeState::floating: return {};
  }
  return {};
}

}  // namespace

void say(SlowText& slow, const ShortText& text, double dt_s) {
  slow.age_s = std::min(slow.age_s + dt_s, least_age_s);
  if (slow.text == text || (slow.age_s < least_age_s && !slow.text.empty())) return;
  slow = {.text = text, .age_s = 0};
}

ShortText mode_text(const Situation& now, const State& state) {
  return ShortText(name_of(state_of(state.kept))).append(details(now, state));
}

ShortText limit_text(const Situation& now, const State& state, const Computed& computed, double published_a) {
  const double below_a = std::max(hardly_below_a, hardly_below * computed.current_a);
  if (published_a > 0 && published_a < computed.current_a - below_a) return "rising slowly";
  return computed.reason(now, state);
}

}  // namespace bms::charge
