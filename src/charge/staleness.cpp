#include "charge/staleness.hpp"

#include <algorithm>
#include <cmath>

#include "charge/charge_voltage.hpp"
#include "charge/speed_rules.hpp"
#include "charge/state_machine.hpp"
#include "charge/texts.hpp"

namespace bms::charge {

namespace {

constexpr double discharge_halves_after_s = 30;
constexpr double kept_charge_at_most_c = 0.1;
constexpr double kept_discharge_at_most_c = 0.2;

// Without measurements nobody sees the highest cell, so the target goes down to where no cell can be harmed. Not below
// where the pack rests, though: that would ask a system that feeds the grid to drain it.
double stale_voltage(const Config& config, const State& state) {
  const double float_v = static_cast<double>(state.cell_count) * config.float_cell_v;
  const double highest_v = std::max(float_v, resting_voltage(state)) + config.cable_drop_v;
  return std::min(*state.published_voltage_v, highest_v);
}

double kept_current(double current_a, double rate_c, double at_most_c, double capacity_ah) {
  return std::min(current_a, std::clamp(rate_c, 0.0, at_most_c) * capacity_ah);
}

double wanted_by_user(double current_a, std::optional<double> most_a, bool blocked) {
  return blocked ? 0 : std::min(current_a, std::max(most_a.value_or(current_a), 0.0));
}

Limits lost() {
  Limits limits{.state = ChargeState::blocked};
  say_silent(Contact::lost, limits);
  return limits;
}

}  // namespace

Limits without_contact(const Config& config, State& state, Contact contact, double age_s) {
  state.contact_lost = true;
  const bool released = contact == Contact::never || contact == Contact::lost;
  if (released || !state.published_voltage_v) return lost();

  if (!state.last_dcl_a) state.last_dcl_a = state.discharge.published_a.value_or(0);
  double charge_a = 0;
  double discharge_a = *state.last_dcl_a;
  if (age_s >= discharge_halves_after_s) discharge_a /= 2;
  if (contact == Contact::kept) {
    charge_a = kept_current(state.charge.published_a.value_or(0), config.kept_charge_c, kept_charge_at_most_c,
                            state.capacity_ah);
    discharge_a = kept_current(discharge_a, config.kept_discharge_c, kept_discharge_at_most_c, state.capacity_ah);
  }
  if (contact == Contact::releasing) charge_a = discharge_a = 0;
  charge_a = wanted_by_user(charge_a, config.user_max_charge_a, config.charge_blocked);
  discharge_a = wanted_by_user(discharge_a, config.user_max_discharge_a, config.discharge_blocked);
  charge_a = round_down(charge_a, config.integer_amps);
  discharge_a = round_down(discharge_a, config.integer_amps);
  state.published_voltage_v = stale_voltage(config, state);
  if (state.charge_voltage_v) {
    state.charge_voltage_v = std::min(*state.charge_voltage_v, *state.published_voltage_v - config.cable_drop_v);
  }
  Limits limits{.charge_voltage_v = state.published_voltage_v,
                .charge_current_a = charge_a,
                .discharge_current_a = discharge_a,
                .low_voltage_v = static_cast<double>(state.cell_count) * config.min_cell_v,
                .allow_charge = charge_a > 0,
                .allow_discharge = discharge_a > 0,
                .state = charge_a > 0 ? state_of(state.kept) : ChargeState::blocked};
  say_silent(contact, limits);
  state.said_charge_a.reset();
  state.said_discharge_a.reset();
  return limits;
}

void returning(State& state) { state.contact_lost = true; }

void resume(State& state, std::optional<double> down_s) {
  Kept& kept = state.kept;
  for (const KeptField<Kept>& field : kept_fields()) {
    if (const auto* number = std::get_if<double Kept::*>(&field.place)) {
      double& value = kept.**number;
      value = std::isfinite(value) ? std::clamp(value, field.min, field.max) : field.min;
    } else if (const auto* optional = std::get_if<std::optional<double> Kept::*>(&field.place)) {
      auto& value = kept.**optional;
      if (value) value = std::isfinite(*value) ? std::clamp(*value, field.min, field.max) : field.min;
    }
  }
  const double gone_s = down_s && std::isfinite(*down_s) ? std::clamp(*down_s, 0.0, 1e9) : 0;
  kept.since_balanced_s += gone_s;
  if (kept.since_uneven_s) *kept.since_uneven_s += gone_s;
  // Nobody saw what the pack did meanwhile: what has to last without interruption begins anew.
  kept.reached_s = kept.fallen_s = kept.rest_low_s = kept.uneven_s = kept.short_s = 0;
  for (double Kept::* lasted_s : {&Kept::held_s, &Kept::tail_s, &Kept::top_s, &Kept::balanced_s}) {
    kept.*lasted_s = std::max(kept.*lasted_s - gone_s / 4, 0.0);
  }
  const ChargeState charge_state = state_of(kept);
  kept.state = static_cast<double>(charge_state);
  if (charge_state == ChargeState::balancing) kept.balancing_requested = true;
}

}  // namespace bms::charge
