#include "charge/current_sources.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "charge/cell_filters.hpp"
#include "charge/cell_sources.hpp"
#include "charge/charge_voltage.hpp"
#include "charge/profiles.hpp"
#include "charge/soc_sources.hpp"
#include "charge/temperature_sources.hpp"

namespace bms::charge {

namespace {

constexpr double recovered_for_s = 60;
constexpr double longest_wait_s = 600;
constexpr double forgotten_after_s = 3600;
constexpr int most_closings = 100;
constexpr double least_told_a = 0.1;  // less is published as 0
constexpr double above_told_cell_v = 0.025;

// Alarms, FETs, the user.

constexpr bool says_empty(Alarm alarm) { return alarm == Alarm::low_voltage || alarm == Alarm::low_cell_voltage; }

/// The first alarm of a direction that is active, and that `counts`; of several, one that is not `lesser`.
template <class Counts>
const AlarmEffect* active(bool AlarmEffect::* direction, const Alarms& alarms, Counts counts,
                          std::optional<Alarm> lesser = {}) {
  const AlarmEffect* found = nullptr;
  for (const AlarmEffect& effect : alarm_effects) {
    if (!(effect.*direction) || alarms[effect.alarm] != AlarmLevel::alarm || !counts(effect.alarm)) continue;
    if (effect.alarm != lesser) return &effect;
    found = &effect;
  }
  return found;
}

const AlarmEffect* charge_alarm(const Sample& sample) {
  Alarms alarms = sample.alarms;
  for (const AlarmEffect& effect : alarm_effects) {
    if (const auto level = sample.bms_alarms[effect.alarm]) alarms.raise(effect.alarm, *level);
  }
  return active(&AlarmEffect::blocks_charge, alarms, [](Alarm) { return true; }, Alarm::low_charge_temperature);
}

// Our own alarms do not end discharging: the curve and the cut-off do, and later than a warning to people.
const AlarmEffect* discharge_alarm(const Sample& sample) {
  return active(&AlarmEffect::blocks_discharge, sample.bms_alarms, [](Alarm alarm) { return !says_empty(alarm); });
}

const AlarmEffect* under_voltage_alarm(const Sample& sample) {
  return active(&AlarmEffect::blocks_discharge, sample.bms_alarms, says_empty);
}

LimitReason under_voltage_code(const Situation& now, const State&) {
  return under_voltage_alarm(now.sample) != nullptr ? LimitReason::alarm : LimitReason::lowest_cell;
}

ShortText reason_of(const AlarmEffect* alarm) {
  return alarm != nullptr ? alarm->name : "an alarm comes again and again";
}

ShortText fet_reason(std::string_view fet, const AllowedCurrent& current) {
  return ShortText(fet).append(current.fet_open ? " open" : " opens again and again");
}

// A BMS that warms its cells with the charger's current, before it charges them, needs some.
double heater_share(const Situation& now) {
  const bool wanted = now.sample.heating == true && now.config.heater_current_a > 0;
  return wanted ? share_of(now.config.heater_current_a, now.charge_base_a) : 0;
}

double charge_alarm_share(const Situation& now, const State&) {
  const AlarmEffect* alarm = charge_alarm(now.sample);
  if (alarm == nullptr) return 1;
  return alarm->alarm == Alarm::low_charge_temperature ? heater_share(now) : 0;
}

// The BMS's own limit.

bool names_limit(std::optional<double> limit_a) { return limit_a && std::isfinite(*limit_a) && *limit_a > 0; }

double told_share(const ToldLimit& limit) {
  return limit.nothing || limit.value.value_or(least_told_a) < least_told_a ? 0 : 1;
}

/// `better`: what the limit was for has been undone since. A limit that nobody has told for long is over.
Recovery told_recovery(const ToldLimit& limit, bool better) {
  return better || !limit.counts() ? Recovery::enough : Recovery::slow;
}

// The BMS's charge voltage. A pack that rests above it is not charged; one that is charged up to it is not above it.

double above_told_v(const Situation& now, const State& state) {
  return resting_voltage(state) - now.voltage_limit.value.value_or(resting_voltage(state));
}

double told_voltage_share(const Situation& now, const State& state) {
  const auto told_v = now.voltage_limit.value;
  if (!told_v || now.cell_count == 0) return 1;
  const bool below_bound = *told_v < now.cells_times(now.targets.low_v);
  return below_bound || above_told_v(now, state) > now.cells_times(above_told_cell_v) ? 0 : 1;
}

ShortText told_voltage_reason(const Situation& now, const State&) {
  return with_value("charge voltage of the BMS", now.voltage_limit.value.value_or(0), 1, "V");
}

Recovery told_voltage_recovery(const Situation& now, const State& state) {
  if (!now.voltage_limit.counts()) return Recovery::enough;
  return above_told_v(now, state) <= 0 ? Recovery::slow : Recovery::none;
}

template <LimitReason Reason>
LimitReason always(const Situation& /*now*/, const State& /*state*/) {
  return Reason;
}

// The tables. Of equals the first one gives the reason.

LimitReason base_code(const Situation& now, const Amperes& limit, double base_a, std::optional<double> bms_a,
                      std::optional<double> user_a, bool slow) {
  if (limit.c_rate && !now.capacity_known) return LimitReason::capacity_unknown;
  if (bms_a && *bms_a == base_a) return LimitReason::bms_maximum;
  if (user_a && *user_a == base_a) return LimitReason::user_maximum;
  return slow ? LimitReason::slow_readings : LimitReason::configured;
}

LimitReason charge_base_code(const Situation& now, const State&) {
  return base_code(now, now.config.max_charge_current, now.charge_base_a, now.charge_limit.value,
                   now.config.user_max_charge_a, now.slow);
}

LimitReason discharge_base_code(const Situation& now, const State&) {
  return base_code(now, now.config.max_discharge_current, now.discharge_base_a, now.discharge_limit.value,
                   now.config.user_max_discharge_a, false);
}

constexpr std::array charge_sources{
    Source{.share = [](const Situation& now, const State&) { return now.charge_base_a > 0 ? 1.0 : 0.0; },
           .reason = [](const Situation& now,
                        const State& state) { return ShortText(name_of(charge_base_code(now, state))); },
           .code = charge_base_code},
    Source{.share = [](const Situation& now, const State&) { return told_share(now.charge_limit); },
           .reason = [](const Situation&, const State&) { return ShortText("maximum of the BMS"); },
           .code = always<LimitReason::bms_maximum>,
           .recovery = [](const Situation& now,
                          const State& state) { return told_recovery(now.charge_limit, is_drained(state)); },
           .closed = [](State& state) -> bool& { return state.charge_closed.bms; }},
    Source{.share = told_voltage_share,
           .reason = told_voltage_reason,
           .code = always<LimitReason::bms_maximum>,
           .blocks = true,
           .recovery = told_voltage_recovery,
           .closed = [](State& state) -> bool& { return state.charge_closed.voltage; }},
    Source{.share = [](const Situation& now, const State&) { return now.config.charge_blocked ? 0.0 : 1.0; },
           .reason = [](const Situation&, const State&) { return ShortText("blocked by the user"); },
           .code = always<LimitReason::blocked_by_user>,
           .blocks = true},
    Source{.share = [](const Situation& now, const State&) { return now.sample.endures_less ? 0.0 : 1.0; },
           .reason = [](const Situation&, const State&) { return ShortText(name_of(LimitReason::other_chemistry)); },
           .code = always<LimitReason::other_chemistry>,
           .blocks = true},
    Source{.share = charge_alarm_share,
           .reason = [](const Situation& now, const State&) { return reason_of(charge_alarm(now.sample)); },
           .code = always<LimitReason::alarm>,
           .blocks = true,
           .comes_and_goes = true},
    Source{.share = sense_and_height_share,
           .reason = sense_reason,
           .code = always<LimitReason::implausible_cell>,
           .blocks = true,
           .recovery = sense_recovery,
           .closed = [](State& state) -> bool& { return state.charge_closed.sense; }},
    Source{.share = [](const Situation& now,
                       const State& state) { return state.charge.fet_open ? heater_share(now) : 1.0; },
           .reason = [](const Situation&, const State& state) { return fet_reason("charge FET", state.charge); },
           .code = always<LimitReason::fet_open>,
           .comes_and_goes = true},
    Source{.share = highest_cell_share,
           .reason = highest_cell_reason,
           .code = always<LimitReason::highest_cell>,
           .ours = true,
           .recovery = highest_cell_recovery,
           .closed = [](State& state) -> bool& { return state.kept.charge_closed; }},
    Source{.share =
               [](const Situation& now, const State& state) {
                 const double share = temperature_share(now, state, now.config.charge_temperature_curve);
                 return too_cold_to_charge(now, state) ? std::max(share, heater_share(now)) : share;
               },
           .reason = [](const Situation& now,
                        const State& state) { return temperature_reason(state, now.config.charge_temperature_curve); },
           .code = [](const Situation& now,
                      const State& state) { return temperature_code(state, now.config.charge_temperature_curve); },
           .ours = true,
           .recovery = temperature_recovery,
           .closed = [](State& state) -> bool& { return state.charge_closed.temperature; }},
    Source{.share = [](const Situation& now,
                       const State& state) { return mos_share(now, state, now.config.charge_mos_curve); },
           .reason = mos_reason,
           .code = always<LimitReason::fet_temperature>,
           .ours = true,
           .recovery = [](const Situation& now,
                          const State& state) { return mos_recovery(now, state, now.config.charge_mos_curve); },
           .closed = [](State& state) -> bool& { return state.charge_closed.mos; }},
    Source{.share = soc_charge_share,
           .reason = soc_reason,
           .code = always<LimitReason::soc>,
           .ours = true,
           .recovery = soc_charge_recovery,
           .closed = [](State& state) -> bool& { return state.charge_closed.soc; }},
};

constexpr std::array discharge_sources{
    Source{.share = [](const Situation& now, const State&) { return now.discharge_base_a > 0 ? 1.0 : 0.0; },
           .reason = [](const Situation& now,
                        const State& state) { return ShortText(name_of(discharge_base_code(now, state))); },
           .code = discharge_base_code},
    Source{.share = [](const Situation& now, const State&) { return told_share(now.discharge_limit); },
           .reason = [](const Situation&, const State&) { return ShortText("maximum of the BMS"); },
           .code = always<LimitReason::bms_maximum>,
           .recovery = [](const Situation& now,
                          const State& state) { return told_recovery(now.discharge_limit, is_filled(state)); },
           .closed = [](State& state) -> bool& { return state.discharge_closed.bms; }},
    Source{.share = [](const Situation& now, const State&) { return now.config.discharge_blocked ? 0.0 : 1.0; },
           .reason = [](const Situation&, const State&) { return ShortText("blocked by the user"); },
           .code = always<LimitReason::blocked_by_user>},
    Source{
        .share = [](const Situation& now, const State&) { return discharge_alarm(now.sample) != nullptr ? 0.0 : 1.0; },
        .reason = [](const Situation& now, const State&) { return reason_of(discharge_alarm(now.sample)); },
        .code = always<LimitReason::alarm>,
        .comes_and_goes = true},
    Source{.share = [](const Situation& now,
                       const State&) { return under_voltage_alarm(now.sample) != nullptr ? 0.0 : 1.0; },
           .reason =
               [](const Situation& now, const State& state) {
                 const AlarmEffect* alarm = under_voltage_alarm(now.sample);
                 return alarm != nullptr ? ShortText(alarm->name) : lowest_cell_reason(now, state);
               },
           .code = under_voltage_code,
           .recovery = empty_recovery,
           .closed = [](State& state) -> bool& { return state.discharge_closed.under_voltage; },
           .by_empty_cell = true},
    Source{.share = sense_share,
           .reason = sense_reason,
           .code = always<LimitReason::implausible_cell>,
           .recovery = sense_recovery,
           .closed = [](State& state) -> bool& { return state.discharge_closed.sense; }},
    Source{.share = [](const Situation&, const State& state) { return state.discharge.fet_open ? 0.0 : 1.0; },
           .reason = [](const Situation&, const State& state) { return fet_reason("discharge FET", state.discharge); },
           .code = always<LimitReason::fet_open>,
           .comes_and_goes = true},
    Source{.share = cut_off_share,
           .reason = lowest_cell_reason,
           .code = always<LimitReason::cut_off>,
           .ours = true,
           .recovery = empty_recovery,
           .closed = [](State& state) -> bool& { return state.kept.cut_off; },
           .by_empty_cell = true},
    Source{.share = lowest_cell_share,
           .reason = lowest_cell_reason,
           .code = always<LimitReason::lowest_cell>,
           .ours = true,
           .recovery = lowest_cell_recovery,
           .closed = [](State& state) -> bool& { return state.kept.discharge_closed; },
           .by_empty_cell = true},
    Source{
        .share =
            [](const Situation& now, const State& state) {
              return temperature_share(now, state, now.config.discharge_temperature_curve);
            },
        .reason = [](const Situation& now,
                     const State& state) { return temperature_reason(state, now.config.discharge_temperature_curve); },
        .code = [](const Situation& now,
                   const State& state) { return temperature_code(state, now.config.discharge_temperature_curve); },
        .ours = true,
        .recovery = temperature_recovery,
        .closed = [](State& state) -> bool& { return state.discharge_closed.temperature; }},
    Source{.share = [](const Situation& now,
                       const State& state) { return mos_share(now, state, now.config.discharge_mos_curve); },
           .reason = mos_reason,
           .code = always<LimitReason::fet_temperature>,
           .ours = true,
           .recovery = [](const Situation& now,
                          const State& state) { return mos_recovery(now, state, now.config.discharge_mos_curve); },
           .closed = [](State& state) -> bool& { return state.discharge_closed.mos; }},
    Source{.share = soc_discharge_share,
           .reason = soc_reason,
           .code = always<LimitReason::soc>,
           .ours = true,
           .recovery = soc_discharge_recovery,
           .closed = [](State& state) -> bool& { return state.discharge_closed.soc; }},
};
static_assert(charge_sources.size() <= State::most_sources && discharge_sources.size() <= State::most_sources);

/// A direction of the current.
struct Direction {
  std::span<const Source> sources;
  std::array<Reopening, State::most_sources> State::* reopenings;
  double first_wait_s;  ///< doubled for what has closed a second time
  double base_a;
  std::optional<double> bms_a;
  bool tiny_is_nothing;  ///< what is published as 0 ends the use of the battery, and must not come and go
};

/// The first closing is a BMS that does its work. One that closes again and again would switch an inverter with it.
double wait_s(int closings, double first_wait_s) {
  if (closings < 2) return 0;
  double wait_s = first_wait_s;
  for (int i = 1; i < closings && wait_s < longest_wait_s; ++i) wait_s *= 2;
  return std::min(wait_s, longest_wait_s);
}

double follow_closings(double share, Reopening& reopening, double first_wait_s, double counted_s) {
  const bool closes = share <= 0 && !reopening.shut;
  reopening.shut = share <= 0;
  if (closes) reopening.closings = std::min(reopening.closings + 1, most_closings);
  reopening.recovering_s = reopening.shut ? 0 : reopening.recovering_s + counted_s;
  if (reopening.recovering_s > forgotten_after_s) reopening.closings = 0;
  return reopening.recovering_s < wait_s(reopening.closings, first_wait_s) ? 0 : share;
}

/// What a source allows that may have allowed nothing before: once closed, nothing before it has recovered.
double follow_source(const Source& source, Reopening& reopening, const Direction& direction, const Situation& now,
                     State& state) {
  const double share = source.share(now, state);
  if (source.comes_and_goes) return follow_closings(share, reopening, direction.first_wait_s, now.counted_s);
  if (source.closed == nullptr) return share;
  double& recovering_s = reopening.recovering_s;
  bool& closed = source.closed(state);
  const bool nothing = share <= 0 || (direction.tiny_is_nothing && allows_nothing(share, direction.base_a, now.config));
  if (nothing) {
    closed = true;
    recovering_s = 0;
    return 0;
  }
  if (!closed) return share;
  const Recovery recovery = source.recovery(now, state);
  recovering_s = recovery == Recovery::none ? 0 : recovering_s + now.counted_s;
  if (recovery != Recovery::enough && recovering_s < recovered_for_s) return 0;
  if (recovery != Recovery::enough && source.by_empty_cell) state.kept.opened_by_rest = true;
  closed = false;
  return share;
}

Computed follow_direction(const Direction& direction, const Situation& now, State& state) {
  const bool left_to_bms = rules_of(now.config.profile).asks_the_bms && names_limit(direction.bms_a);
  Computed lowest{.current_a = direction.base_a,
                  .factor = 1,
                  .blocked = false,
                  .reason = direction.sources.front().reason,
                  .code = direction.sources.front().code(now, state)};
  for (std::size_t i = 0; i < direction.sources.size(); ++i) {
    const Source& source = direction.sources[i];
    if (source.ours && left_to_bms) continue;
    const double share = follow_source(source, (state.*direction.reopenings)[i], direction, now, state);
    lowest.blocked = lowest.blocked || (source.blocks && share == 0);
    if (share >= lowest.factor) continue;
    lowest.factor = share;
    lowest.reason = source.reason;
    lowest.code = source.code(now, state);
  }
  lowest.current_a = lowest.factor * direction.base_a;
  return lowest;
}

}  // namespace

void follow_sources(const Situation& now, State& state) {
  watch_cells(now, state);
  follow_temperatures(now, state);
  follow_soc(now, state);
  state.charge_limit = now.charge_limit;
  state.discharge_limit = now.discharge_limit;
  state.voltage_limit = now.voltage_limit;
}

Computed follow_charge(const Situation& now, State& state) {
  return follow_direction({.sources = charge_sources,
                           .reopenings = &State::charge_reopenings,
                           .first_wait_s = charge_hold_s,
                           .base_a = now.charge_base_a,
                           .bms_a = now.sample.max_charge_current_a,
                           .tiny_is_nothing = false},
                          now, state);
}

Computed follow_discharge(const Situation& now, State& state) {
  return follow_direction({.sources = discharge_sources,
                           .reopenings = &State::discharge_reopenings,
                           .first_wait_s = discharge_hold_s,
                           .base_a = now.discharge_base_a,
                           .bms_a = now.sample.max_discharge_current_a,
                           .tiny_is_nothing = true},
                          now, state);
}

double protecting_share(const Situation& now, const State& state) {
  const Curve curve =
      protecting_cell_curve(now.config, target_cell_v(now, state.kept), ceiling_cell_v(now, state.kept));
  return share_at(curve, highest_ahead_v(now, state), false);
}

}  // namespace bms::charge
