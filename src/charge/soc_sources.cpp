#include "charge/soc_sources.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "charge/cell_sources.hpp"
#include "charge/play.hpp"
#include "charge/profiles.hpp"

namespace bms::charge {

namespace {

constexpr double soc_play_pct = 1;
constexpr double empty_play_pct = 3;  // a BMS that looks at voltages raises its SoC when the load goes away

std::optional<double> said_pct(const Situation& now) {
  const auto soc = now.sample.soc_pct;
  return soc && std::isfinite(*soc) ? std::optional(std::clamp(*soc, 0.0, 100.0)) : std::nullopt;
}

/// The SoC, or for a while after it was known last what it was.
std::optional<double> soc_pct(const Situation& now, std::optional<double> held_pct) {
  const auto soc = said_pct(now);
  return soc ? soc : held_pct;
}

// The steps of the first release: above (charging) or up to (discharging) this SoC, so much.
struct SocStep {
  double soc_pct;
  std::optional<double> current_a;
  double share;
};
constexpr std::array<SocStep, 3> first_release_charge{{{97, 1, 0}, {95, 4, 0}, {91, {}, .5}}};
constexpr std::array<SocStep, 3> first_release_discharge{{{20, 5, 0}, {30, {}, .25}, {35, {}, .5}}};

double step_share(const SocStep& step, double base_a) {
  return step.current_a ? share_of(*step.current_a, base_a) : step.share;
}

double soc_discharge_share(const Situation& now, double soc_pct) {
  return share_at(now.config.discharge_soc_curve, soc_pct, rules_of(now.config.profile).steps);
}

}  // namespace

void follow_soc(const Situation& now, State& state) {
  const auto soc = said_pct(now);
  state.soc_silent_s = soc ? 0 : state.soc_silent_s + now.counted_s;
  if (state.soc_silent_s > silence_counts_after_s) {
    state.soc_charge_pct.reset();
    state.soc_discharge_pct.reset();
  }
  if (!soc) return;
  follow_up(state.soc_charge_pct, *soc, soc_play_pct);
  follow_down(state.soc_discharge_pct, *soc, soc_play_pct);
}

double soc_charge_share(const Situation& now, const State& state) {
  const auto soc = soc_pct(now, state.soc_charge_pct);
  if (!soc) return 1;
  const double held_pct = state.soc_charge_pct.value_or(*soc);
  if (rules_of(now.config.profile).soc_steps) {
    const auto* step = std::ranges::find_if(first_release_charge, [&](auto& row) { return held_pct > row.soc_pct; });
    return step == first_release_charge.end() ? 1 : step_share(*step, now.charge_base_a);
  }
  const bool steps = rules_of(now.config.profile).steps;
  const Curve& curve = now.config.charge_soc_curve;
  return std::min(share_at(curve, *soc, steps), share_at(curve, held_pct, steps));
}

double soc_discharge_share(const Situation& now, const State& state) {
  const auto soc = soc_pct(now, state.soc_discharge_pct);
  if (!soc) return 1;
  const double held_pct = state.soc_discharge_pct.value_or(*soc);
  if (rules_of(now.config.profile).soc_steps) {
    const auto* step =
        std::ranges::find_if(first_release_discharge, [&](auto& row) { return held_pct <= row.soc_pct; });
    return step == first_release_discharge.end() ? 1 : step_share(*step, now.discharge_base_a);
  }
  return std::min(soc_discharge_share(now, *soc), soc_discharge_share(now, held_pct));
}

ShortText soc_reason(const Situation& now, const State& state) {
  return with_value("SoC", soc_pct(now, state.soc_charge_pct).value_or(0), 0, "%");
}

// The play is in the share already, and so is what the SoC was; one that stays unknown is not used.
Recovery soc_charge_recovery(const Situation&, const State&) { return Recovery::enough; }

Recovery soc_discharge_recovery(const Situation& now, const State& state) {
  const auto soc = soc_pct(now, state.soc_discharge_pct);
  if (!soc) return Recovery::enough;
  if (is_filled(state)) return Recovery::enough;
  const double share = soc_discharge_share(now, *soc - empty_play_pct);
  return allows_nothing(share, now.discharge_base_a, now.config) ? Recovery::none : Recovery::slow;
}

}  // namespace bms::charge
