#include "charge/current_sources.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "charge/cell_filters.hpp"
#include "charge/play.hpp"
#include "charge/profiles.hpp"

namespace bms::charge {

namespace {

constexpr double cell_play_v = 0.030;
constexpr double temperature_play_k = 1;
constexpr double mos_play_k = 10;
constexpr double soc_play_pct = 1;
constexpr double unsensed_share = 0.1;  // sensors should be there and none works
constexpr int broken_frames_borne = 2;

constexpr double empty_for_s = 5;
constexpr double refilled_for_s = 60;
constexpr double refilling_a = 0.5;

/// One reason why a current may be less than base.
struct Source {
  /// What it allows, as a share of base; 1 when it has nothing to say.
  double (*share)(const Situation&, State&);
  ShortText (*reason)(const Situation&, const State&);
  LimitReason (*code)(const Situation&);
  bool blocks = false;  ///< its 0 does not wait for filters of CVL
  bool ours = false;    ///< a derating of our own, which a profile may leave to the BMS
};

template <LimitReason Reason>
LimitReason always(const Situation& /*now*/) {
  return Reason;
}

ShortText with_value(std::string_view name, double value, int decimals, std::string_view unit) {
  return ShortText(name).append(" ").append(value, decimals).append(" ").append(unit);
}

double value_at(const Curve& curve, double at, bool steps) {
  if (curve.empty()) return 1;
  return std::clamp(steps ? lower_step(curve, at) : interpolate(curve, at), 0.0, 1.0);
}

double share_of(double current_a, double base_a) { return base_a > 0 ? std::clamp(current_a / base_a, 0.0, 1.0) : 0; }

// Alarms, FETs, the user, impossible cells.

/// The first alarm of a direction that stands; of several, one that is not `lesser`.
const AlarmEffect* standing(bool AlarmEffect::* direction, const Alarms& alarms, std::optional<Alarm> lesser = {}) {
  const AlarmEffect* found = nullptr;
  for (const AlarmEffect& effect : alarm_effects) {
    if (!(effect.*direction) || alarms[effect.alarm] != AlarmLevel::alarm) continue;
    if (effect.alarm != lesser) return &effect;
    found = &effect;
  }
  return found;
}

const AlarmEffect* charge_alarm(const Frame& frame) {
  Alarms alarms = frame.alarms;
  for (const AlarmEffect& effect : alarm_effects) {
    if (const auto level = frame.bms_alarms[effect.alarm]) alarms.raise(effect.alarm, *level);
  }
  return standing(&AlarmEffect::blocks_charge, alarms, Alarm::low_charge_temperature);
}

// Our own alarms do not end discharging: the curve and the cut-off do, and later than a warning to people.
const AlarmEffect* discharge_alarm(const Frame& frame) {
  return standing(&AlarmEffect::blocks_discharge, frame.bms_alarms);
}

ShortText name_of(const AlarmEffect* alarm) { return alarm != nullptr ? ShortText(alarm->name) : ShortText(); }

// A BMS that warms its cells with the charger's current, before it charges them, needs some.
double heater_share(const Situation& now) {
  const bool wanted = now.frame.heating == true && now.config.heater_current_a > 0;
  return wanted ? share_of(now.config.heater_current_a, now.charge_base_a) : 0;
}

double charge_alarm_share(const Situation& now, State&) {
  const AlarmEffect* alarm = charge_alarm(now.frame);
  if (alarm == nullptr) return 1;
  return alarm->alarm == Alarm::low_charge_temperature ? heater_share(now) : 0;
}

double cells_share(const Situation& now, const State& state) {
  return state.broken_frames > broken_frames_borne || (!now.cells.believable && !state.highest_v.value()) ? 0 : 1;
}

// Temperatures, MOSFET, SoC: the same for both directions, with the memory of each.

double temperature_share(const Situation& now, const Curve& curve, std::optional<double>& coldest_c,
                         std::optional<double>& hottest_c) {
  double share = 1;
  double lowest_c = std::numeric_limits<double>::infinity();
  double highest_c = -lowest_c;
  for (const double temperature_c : now.frame.temperatures_c) {
    if (!std::isfinite(temperature_c)) continue;
    share = std::min(share, value_at(curve, temperature_c, rules_of(now.config.profile).steps));
    lowest_c = std::min(lowest_c, temperature_c);
    highest_c = std::max(highest_c, temperature_c);
  }
  if (highest_c < lowest_c) return now.frame.sensors_expected ? unsensed_share : 1;
  const bool steps = rules_of(now.config.profile).steps;
  const double cold = value_at(curve, follow_down(coldest_c, lowest_c, temperature_play_k), steps);
  const double hot = value_at(curve, follow_up(hottest_c, highest_c, temperature_play_k), steps);
  return std::min({share, cold, hot});
}

ShortText temperature_reason(const Situation& now, const Curve& curve) {
  std::optional<double> worst_c;
  for (const double temperature_c : now.frame.temperatures_c) {
    if (!std::isfinite(temperature_c)) continue;
    if (!worst_c || value_at(curve, temperature_c, false) < value_at(curve, *worst_c, false)) worst_c = temperature_c;
  }
  return worst_c ? with_value("temperature", *worst_c, 1, "°C") : ShortText("no temperature sensor works");
}

LimitReason temperature_code(const Situation& now) {
  const bool known = std::ranges::any_of(now.frame.temperatures_c, [](double c) { return std::isfinite(c); });
  return known ? LimitReason::temperature : LimitReason::no_sensor;
}

// Once the FETs were too hot they must become clearly cooler.
double mos_share(const Situation& now, const Curve& curve, bool& closed) {
  const auto temperature_c = now.frame.mos_temperature_c;
  if (!temperature_c || !std::isfinite(*temperature_c) || curve.empty()) {
    closed = false;
    return 1;
  }
  const double share = value_at(curve, *temperature_c, rules_of(now.config.profile).steps);
  if (share == 0) closed = true;
  if (*temperature_c < curve.back().at - mos_play_k) closed = false;
  return closed ? 0 : share;
}

ShortText mos_reason(const Situation& now, const State&) {
  return with_value("FET temperature", now.frame.mos_temperature_c.value_or(0), 0, "°C");
}

std::optional<double> soc_pct(const Situation& now) {
  const auto soc = now.frame.soc_pct;
  return soc && std::isfinite(*soc) ? std::optional(std::clamp(*soc, 0.0, 100.0)) : std::nullopt;
}

ShortText soc_reason(const Situation& now, const State&) { return with_value("SoC", soc_pct(now).value_or(0), 0, "%"); }

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

double soc_charge_share(const Situation& now, State& state) {
  const auto soc = soc_pct(now);
  if (!soc) return 1;
  const double held_pct = follow_up(state.soc_charge_pct, *soc, soc_play_pct);
  if (rules_of(now.config.profile).soc_steps) {
    const auto* step = std::ranges::find_if(first_release_charge, [&](auto& row) { return held_pct > row.soc_pct; });
    return step == first_release_charge.end() ? 1 : step_share(*step, now.charge_base_a);
  }
  const bool steps = rules_of(now.config.profile).steps;
  const Curve& curve = now.config.charge_soc_curve;
  return std::min(value_at(curve, *soc, steps), value_at(curve, held_pct, steps));
}

double soc_discharge_share(const Situation& now, State& state) {
  const auto soc = soc_pct(now);
  if (!soc) return 1;
  const double held_pct = follow_down(state.soc_discharge_pct, *soc, soc_play_pct);
  if (rules_of(now.config.profile).soc_steps) {
    const auto* step =
        std::ranges::find_if(first_release_discharge, [&](auto& row) { return held_pct <= row.soc_pct; });
    return step == first_release_discharge.end() ? 1 : step_share(*step, now.discharge_base_a);
  }
  const bool steps = rules_of(now.config.profile).steps;
  const Curve& curve = now.config.discharge_soc_curve;
  return std::min(value_at(curve, *soc, steps), value_at(curve, held_pct, steps));
}

// The highest cell.

double highest_v(const Situation& now, const State& state) {
  if (rules_of(now.config.profile).look_ahead || !now.cells.believable) return highest_ahead_v(now, state);
  return now.cells.highest_v;
}

// The first voltage of a charge curve at which nothing is allowed any more.
std::optional<double> zero_of(const Curve& curve) {
  const auto zero = std::ranges::find_if(curve, [](const Point& point) { return point.value <= 0; });
  return zero == curve.end() ? std::nullopt : std::optional(zero->at);
}

double highest_cell_share(const Situation& now, State& state) {
  const ProfileRules& rules = rules_of(now.config.profile);
  const Curve curve = charge_cell_curve(now.config, rules, target_cell_v(now, state.kept), now.targets.ceiling_v);
  const double cell_v = highest_v(now, state);
  const bool above_ceiling = now.targets.ceiling_v && cell_v >= *now.targets.ceiling_v;
  const double share = above_ceiling ? 0 : value_at(curve, cell_v, rules.steps);
  if (share == 0) state.kept.charge_closed = true;
  const double zero_v = zero_of(curve).value_or(now.targets.ceiling_v.value_or(cell_v));
  if (state.highest_v.value_or(cell_v) < zero_v - cell_play_v) state.kept.charge_closed = false;
  return state.kept.charge_closed ? 0 : share;
}

ShortText highest_cell_reason(const Situation& now, const State& state) {
  return with_value("highest cell", now.cells.believable ? now.cells.highest_v : state.highest_v.value_or(0), 3, "V");
}

// The lowest cell.

double lowest_v(const Situation& now, const State& state) {
  if (!rules_of(now.config.profile).look_ahead && now.cells.believable) return now.cells.lowest_v;
  const double discharging_a = std::max(-now.current_a.value_or(0), 0.0);
  const double drop_v =
      now.cell_count > 0 ? discharging_a * now.resistance_ohm / static_cast<double>(now.cell_count) : 0;
  const double forgiven_v = std::min(drop_v, std::clamp(now.config.load_compensation_max_v, 0.0, 0.1));
  return state.lowest_v.value_or(now.cells.lowest_v) + forgiven_v;
}

double lowest_cell_share(const Situation& now, State& state) {
  const ProfileRules& rules = rules_of(now.config.profile);
  return value_at(discharge_cell_curve(now.config, rules, now.targets.low_v), lowest_v(now, state), rules.steps);
}

ShortText lowest_cell_reason(const Situation& now, const State& state) {
  return with_value("lowest cell", now.cells.believable ? now.cells.lowest_v : state.lowest_v.value_or(0), 3, "V");
}

// An inverter that is let down must stay so until the pack has recovered, else it hunts.
double cut_off_share(const Situation& now, State& state) {
  const double cell_v = state.lowest_v.value_or(now.targets.reopen_v);
  const auto lasting = [&](double& lasted_s, bool so) { return lasted_s = so ? lasted_s + now.counted_s : 0; };
  if (lasting(state.empty_s, cell_v <= now.targets.cut_off_v) >= empty_for_s) state.kept.cut_off = true;
  const bool refilled = lasting(state.refilled_s, cell_v > now.targets.reopen_v) >= refilled_for_s;
  const bool refilling = now.current_a.value_or(0) > refilling_a && cell_v > now.targets.reopen_charging_v;
  if (refilled || refilling) state.kept.cut_off = false;
  return state.kept.cut_off ? 0 : 1;
}

// The tables. Of equals the first one gives the reason.

LimitReason base_code(const Situation& now, const Amperes& limit, double base_a, std::optional<double> bms_a,
                      std::optional<double> user_a, bool slow) {
  if (limit.c_rate && !now.capacity_known) return LimitReason::capacity_unknown;
  if (bms_a && *bms_a == base_a) return LimitReason::bms_maximum;
  if (user_a && *user_a == base_a) return LimitReason::user_maximum;
  return slow ? LimitReason::slow_readings : LimitReason::configured;
}

LimitReason charge_base_code(const Situation& now) {
  return base_code(now, now.config.max_charge_current, now.charge_base_a, now.frame.max_charge_current_a,
                   now.config.user_max_charge_a, now.slow);
}

LimitReason discharge_base_code(const Situation& now) {
  return base_code(now, now.config.max_discharge_current, now.discharge_base_a, now.frame.max_discharge_current_a,
                   now.config.user_max_discharge_a, false);
}

constexpr std::array charge_sources{
    Source{.share = [](const Situation& now, State&) { return now.charge_base_a > 0 ? 1.0 : 0.0; },
           .reason = [](const Situation& now, const State&) { return ShortText(name_of(charge_base_code(now))); },
           .code = charge_base_code},
    Source{.share = [](const Situation& now, State&) { return now.config.charge_blocked ? 0.0 : 1.0; },
           .reason = [](const Situation&, const State&) { return ShortText("blocked by the user"); },
           .code = always<LimitReason::blocked_by_user>,
           .blocks = true},
    Source{.share = [](const Situation& now, State&) { return now.frame.endures_less ? 0.0 : 1.0; },
           .reason = [](const Situation&, const State&) { return ShortText(name_of(LimitReason::other_chemistry)); },
           .code = always<LimitReason::other_chemistry>,
           .blocks = true},
    Source{.share = charge_alarm_share,
           .reason = [](const Situation& now, const State&) { return name_of(charge_alarm(now.frame)); },
           .code = always<LimitReason::alarm>,
           .blocks = true},
    Source{
        .share = [](const Situation& now, State& state) { return now.cells.too_high ? 0.0 : cells_share(now, state); },
        .reason = [](const Situation&, const State&) { return ShortText("cell voltage not believable"); },
        .code = always<LimitReason::implausible_cell>,
        .blocks = true},
    Source{
        .share = [](const Situation& now, State&) { return now.frame.charge_fet == false ? heater_share(now) : 1.0; },
        .reason = [](const Situation&, const State&) { return ShortText("charge FET open"); },
        .code = always<LimitReason::fet_open>},
    Source{.share = highest_cell_share,
           .reason = highest_cell_reason,
           .code = always<LimitReason::highest_cell>,
           .ours = true},
    Source{.share =
               [](const Situation& now, State& state) {
                 const double share = temperature_share(now, now.config.charge_temperature_curve,
                                                        state.coldest_charge_c, state.hottest_charge_c);
                 return too_cold_to_charge(now) ? std::max(share, heater_share(now)) : share;
               },
           .reason = [](const Situation& now,
                        const State&) { return temperature_reason(now, now.config.charge_temperature_curve); },
           .code = temperature_code,
           .ours = true},
    Source{.share = [](const Situation& now,
                       State& state) { return mos_share(now, now.config.charge_mos_curve, state.charge_mos_closed); },
           .reason = mos_reason,
           .code = always<LimitReason::fet_temperature>,
           .ours = true},
    Source{.share = soc_charge_share, .reason = soc_reason, .code = always<LimitReason::soc>, .ours = true},
};

constexpr std::array discharge_sources{
    Source{.share = [](const Situation& now, State&) { return now.discharge_base_a > 0 ? 1.0 : 0.0; },
           .reason = [](const Situation& now, const State&) { return ShortText(name_of(discharge_base_code(now))); },
           .code = discharge_base_code},
    Source{.share = [](const Situation& now, State&) { return now.config.discharge_blocked ? 0.0 : 1.0; },
           .reason = [](const Situation&, const State&) { return ShortText("blocked by the user"); },
           .code = always<LimitReason::blocked_by_user>},
    Source{.share = [](const Situation& now, State&) { return discharge_alarm(now.frame) != nullptr ? 0.0 : 1.0; },
           .reason = [](const Situation& now, const State&) { return name_of(discharge_alarm(now.frame)); },
           .code = always<LimitReason::alarm>},
    Source{.share = [](const Situation& now, State& state) { return cells_share(now, state); },
           .reason = [](const Situation&, const State&) { return ShortText("cell voltage not believable"); },
           .code = always<LimitReason::implausible_cell>},
    Source{.share = [](const Situation& now, State&) { return now.frame.discharge_fet == false ? 0.0 : 1.0; },
           .reason = [](const Situation&, const State&) { return ShortText("discharge FET open"); },
           .code = always<LimitReason::fet_open>},
    Source{.share = cut_off_share, .reason = lowest_cell_reason, .code = always<LimitReason::cut_off>, .ours = true},
    Source{.share = lowest_cell_share,
           .reason = lowest_cell_reason,
           .code = always<LimitReason::lowest_cell>,
           .ours = true},
    Source{.share =
               [](const Situation& now, State& state) {
                 return temperature_share(now, now.config.discharge_temperature_curve, state.coldest_discharge_c,
                                          state.hottest_discharge_c);
               },
           .reason = [](const Situation& now,
                        const State&) { return temperature_reason(now, now.config.discharge_temperature_curve); },
           .code = temperature_code,
           .ours = true},
    Source{.share =
               [](const Situation& now, State& state) {
                 return mos_share(now, now.config.discharge_mos_curve, state.discharge_mos_closed);
               },
           .reason = mos_reason,
           .code = always<LimitReason::fet_temperature>,
           .ours = true},
    Source{.share = soc_discharge_share, .reason = soc_reason, .code = always<LimitReason::soc>, .ours = true},
};

Computed lowest_of(std::span<const Source> sources, double base_a, std::optional<double> bms_a, const Situation& now,
                   State& state) {
  const bool left_to_bms = rules_of(now.config.profile).asks_the_bms && bms_a && *bms_a > 0;
  Computed lowest{.current_a = base_a,
                  .factor = 1,
                  .blocked = false,
                  .reason = sources.front().reason,
                  .code = sources.front().code(now)};
  for (const Source& source : sources) {
    if (source.ours && left_to_bms) continue;
    const double share = source.share(now, state);
    lowest.blocked = lowest.blocked || (source.blocks && share == 0);
    if (share >= lowest.factor) continue;
    lowest.factor = share;
    lowest.reason = source.reason;
    lowest.code = source.code(now);
  }
  lowest.current_a = lowest.factor * base_a;
  return lowest;
}

}  // namespace

Computed compute_charge(const Situation& now, State& state) {
  return lowest_of(charge_sources, now.charge_base_a, now.frame.max_charge_current_a, now, state);
}

Computed compute_discharge(const Situation& now, State& state) {
  return lowest_of(discharge_sources, now.discharge_base_a, now.frame.max_discharge_current_a, now, state);
}

double protecting_share(const Situation& now, const State& state) {
  const Curve curve = protecting_cell_curve(now.config, target_cell_v(now, state.kept), now.targets.ceiling_v);
  return value_at(curve, highest_ahead_v(now, state), false);
}

bool too_cold_to_charge(const Situation& now) {
  const Curve& curve = now.config.charge_temperature_curve;
  if (curve.empty() || curve.front().value > 0) return false;
  return std::ranges::any_of(now.frame.temperatures_c, [&](double cell_c) { return cell_c <= curve.front().at; });
}

bool too_hot_to_charge(const Situation& now) {
  const Curve& curve = now.config.charge_temperature_curve;
  if (curve.empty() || curve.back().value > 0) return false;
  return std::ranges::any_of(now.frame.temperatures_c, [&](double cell_c) { return cell_c >= curve.back().at; });
}

}  // namespace bms::charge
