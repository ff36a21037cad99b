#include "charge/control.hpp"

#include <algorithm>

#include "charge/cell_filters.hpp"
#include "charge/charge_voltage.hpp"
#include "charge/current_sources.hpp"
#include "charge/situation.hpp"
#include "charge/speed_rules.hpp"
#include "charge/state_machine.hpp"
#include "charge/temperature_sources.hpp"
#include "charge/texts.hpp"

namespace bms::charge {

namespace {

constexpr double reopening_share = 0.05;  // an open FET or a lost contact hides what the cells do

// Another number of cells is another pack: nothing but what was kept is true of it. How the line was, and whether the
// FETs were open, has nothing to do with the cells: limits begin as low as they would with the same pack.
void forget_another_pack(State& state, const Sample& sample) {
  if (sample.cells_v.empty() || sample.cells_v.size() == state.cell_count) return;
  if (state.cell_count != 0) {
    State another;
    another.kept = state.kept;
    another.pace = state.pace;
    another.contact_lost = state.contact_lost;
    another.charge.fet_open = state.charge.fet_open;
    another.discharge.fet_open = state.discharge.fet_open;
    state = another;
  }
  state.cell_count = sample.cells_v.size();
}

void begin_low_where_blind(const State& state, AllowedCurrent& current, std::optional<bool> fet, double base_a) {
  const bool open = fet ? !*fet : current.fet_open;  // one that says nothing any more is as it was
  const bool reopened = current.fet_open && !open;
  current.fet_open = open;
  if (reopened || state.contact_lost) begin_low(current, reopening_share * base_a);
}

// Moves one direction's limit; returns what is published.
double move(const Situation& now, AllowedCurrent& current, const Computed& computed, std::optional<double>& kept_factor,
            double base_a, double hold_s) {
  follow_computed(current, computed.current_a, kept_factor,
                  {.base_a = base_a, .hold_s = hold_s, .dt_s = now.counted_s, .may_rise = now.cells.believable});
  kept_factor = base_a > 0 ? std::clamp(*current.allowed_a / base_a, 0.0, 1.0) : 0;
  return publish(current, base_a, now.config.integer_amps);
}

// Without a word of the BMS's FET nothing is known to be permitted, but what is forbidden is known.
std::optional<bool> permission(double current_a, std::optional<bool> fet) {
  return current_a > 0 ? fet : std::optional(false);
}

void move_voltage(const Situation& now, State& state, const Computed& computed, Limits& limits) {
  const Aim aim{.allowed_a = computed.blocked ? 0 : state.charge.allowed_a.value_or(0),
                .factor = computed.blocked ? 0 : computed.factor,
                .blocked = computed.blocked};
  if (now.cell_count == 0) return;
  if (state.pack_v.value()) follow_voltage(now, state, aim);
  limits.charge_voltage_v = publish_voltage(now, state, aim);
  limits.low_voltage_v = now.cells_times(now.targets.low_v);
}

// Empty by our own cut-off, or by that of the BMS.
bool asks_for_charge(const Situation& now, const State& state) {
  const Alarms& alarms = now.sample.bms_alarms;
  return state.kept.cut_off || state.kept.discharge_closed || alarms[Alarm::low_cell_voltage] == AlarmLevel::alarm ||
         alarms[Alarm::low_voltage] == AlarmLevel::alarm;
}

bool bounded_by_bms(const Situation& now) {
  const Config& config = now.config;
  return now.targets.absorption_v < config.absorption_cell_v || now.targets.low_v > config.min_cell_v ||
         now.targets.balancing_v < std::max(config.balancing_cell_v, config.absorption_cell_v) ||
         now.targets.cut_off_v > config.cutoff_cell_v;
}

}  // namespace

Outcome step(const Config& config, State& state, const Sample& sample, double dt_s) {
  forget_another_pack(state, sample);
  const Situation now = look_at(config, state, sample, dt_s);
  state.resistance_ohm = now.resistance_ohm;
  state.capacity_ah = now.capacity_known ? now.capacity_ah : 0;
  state.broken_samples = now.cells.believable ? 0 : std::min(state.broken_samples + 1, 1000);
  if (now.cells.believable) follow_cells(now, state);
  follow_sources(now, state);

  begin_low_where_blind(state, state.charge, sample.charge_fet, now.charge_base_a);
  begin_low_where_blind(state, state.discharge, sample.discharge_fet, now.discharge_base_a);
  const Computed charge = follow_charge(now, state);
  const Computed discharge = follow_discharge(now, state);

  Outcome outcome;
  Limits& limits = outcome.limits;
  limits.charge_current_a = move(now, state.charge, charge, state.kept.charge_factor, now.charge_base_a, charge_hold_s);
  limits.discharge_current_a =
      move(now, state.discharge, discharge, state.kept.discharge_factor, now.discharge_base_a, discharge_hold_s);
  advance_state(now, state, outcome);
  move_voltage(now, state, charge, limits);

  limits.allow_charge = permission(*limits.charge_current_a, sample.charge_fet);
  limits.allow_discharge = permission(*limits.discharge_current_a, sample.discharge_fet);
  limits.state = state_of(state.kept);
  limits.charge_request = asks_for_charge(now, state);
  say(now, state, limit_text(now, state, charge, *limits.charge_current_a),
      limit_text(now, state, discharge, *limits.discharge_current_a), limits);

  outcome.cut_off = state.kept.cut_off;
  outcome.cut_off_raised_v = now.targets.cut_off_v - config.cutoff_cell_v;
  outcome.too_cold_to_charge = too_cold_to_charge(now, state);
  outcome.too_hot_to_charge = too_hot_to_charge(now, state);
  outcome.base_charge_a = now.charge_base_a;
  outcome.base_discharge_a = now.discharge_base_a;
  outcome.balancing = state.kept.balancing_rise_v > 0;
  outcome.target_cell_v = target_cell_v(now, state.kept);
  outcome.charger_short_v = charger_short_v(now, state);
  outcome.bounded_by_bms = bounded_by_bms(now);
  state.contact_lost = false;
  state.last_dcl_a.reset();
  state.pace.take(now.dt_s);
  return outcome;
}

}  // namespace bms::charge
