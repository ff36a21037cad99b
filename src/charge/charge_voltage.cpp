#include "charge/charge_voltage.hpp"

#include <algorithm>
#include <cmath>

#include "charge/cell_filters.hpp"
#include "charge/current_sources.hpp"
#include "charge/profiles.hpp"
#include "charge/state_machine.hpp"

namespace bms::charge {

namespace {

constexpr double gain = 0.7;          // of the step to the allowed current; R is on the high side
constexpr double resting_gain = 1.5;  // how far below the measured voltage CVL may go, in I R
constexpr double resting_room_v = 0.020;
constexpr double hardly_limited = 0.3;
// Of the room above the target that a single cell has before nothing is charged any more.
constexpr double runner_end_v = 0.080;
constexpr double blind_share = 0.375;
constexpr double runner_share = 0.5625;
constexpr double relief_c_per_v = 1;
constexpr double stopped_c = 0.002;  // less counts as no current

constexpr double trim_rise_per_s = 0.02;
constexpr double trim_fall_per_s = 0.005;
constexpr double trim_fall_c = 1.0 / 280;
constexpr double trim_cell_v = 0.075;
constexpr double trim_forget_s = 10;
constexpr double drained_c = 0.01;

constexpr double voltage_time_s = 2;
constexpr double fall_v_per_s = 0.25;
constexpr double rise_v_per_s = 0.010;
constexpr double resting_hair_v = 0.0002;

constexpr double publish_step_v = 0.005;
constexpr double arrived_v = 0.001;
constexpr double above_low_v = 0.5;

double target_v(const Situation& now, const State& state) { return now.cells_times(target_cell_v(now, state.kept)); }

bool floating(const Situation& now, const State& state) {
  if (now.config.floats_with_bank) return false;
  const ChargeState charge_state = state_of(state.kept);
  return charge_state == ChargeState::float_transition || charge_state == ChargeState::floating;
}

double lead_v(const Situation& now, const State& state, const Aim& aim) {
  return state.pack_v.value_or(0) + gain * (aim.allowed_a - state.current_a.value_or(0)) * now.resistance_ohm;
}

// The lowest voltage that it can take to stop the present current.
double stopping_v(const Situation& now, const State& state, double trim_v) {
  const double charging_a = std::max(state.current_a.value_or(0), 0.0);
  return state.pack_v.value_or(0) - resting_gain * charging_a * now.resistance_ohm - trim_v - resting_room_v;
}

/// How far a single cell may be above the target.
double runner_room_v(const Situation& now, const State& state) {
  const double room_v = runner_end_v * now.config.charge_knee_scale;
  const auto ceiling_v = ceiling_cell_v(now, state.kept);
  return ceiling_v ? std::clamp(*ceiling_v - target_cell_v(now, state.kept), 0.0, room_v) : room_v;
}

// Without a current to look at, the highest cell alone is held at the target.
double blind_v(const Situation& now, const State& state) {
  const double held_v = target_cell_v(now, state.kept) + blind_share * runner_room_v(now, state);
  return state.pack_v.value_or(0) + now.cells_times(held_v - highest_ahead_v(now, state));
}

bool draining(const Situation& now, const State& state) {
  return state.current_a.value_or(0) < -stopped_c * now.capacity_ah;
}

// Once the current has stopped nothing is gained by a lower voltage: it would only discharge the pack into the grid.
// A cell that is far too high is the exception.
double floor_v(const Situation& now, const State& state, const Aim& aim) {
  const double least_v = now.cells_times(now.targets.low_v) + above_low_v;
  const bool too_high =
      state.highest_v.value_or(0) > target_cell_v(now, state.kept) + runner_share * runner_room_v(now, state);
  if (!now.current_a || too_high || (floating(now, state) && !draining(now, state))) return least_v;
  const double stopped_a = std::max(aim.allowed_a, stopped_c * now.capacity_ah);
  const double charging = std::clamp(state.current_a.value_or(0) / stopped_a, 0.0, 1.0);
  return std::max(least_v, stopping_v(now, state, charging * state.trim_v));
}

// A charger that gives more than is allowed at this voltage regulates too high, or R is less than thought.
void follow_trim(const Situation& now, State& state, const Aim& aim) {
  const double current_a = state.current_a.value_or(0);
  const double excess_a = current_a - aim.allowed_a;
  if (excess_a > 0 && aim.factor < 1) state.trim_v += trim_rise_per_s * excess_a * now.resistance_ohm * now.counted_s;
  if (excess_a <= 0) {
    const double missing_a = std::max(-excess_a, trim_fall_c * now.capacity_ah);
    state.trim_v -= trim_fall_per_s * missing_a * now.resistance_ohm * now.counted_s;
  }
  // What discharges the pack into the grid was taken off too much. A charger that swings around 0 A is no such case.
  if (current_a < -drained_c * now.capacity_ah) state.trim_v *= std::exp(-now.counted_s / trim_forget_s);
  state.trim_v = floating(now, state) ? 0 : std::clamp(state.trim_v, 0.0, now.cells_times(trim_cell_v));
}

// A cell beyond the end of the curve would creep up with the little that a charger cannot hold back: it is relieved.
Aim relieving(const Situation& now, const State& state, Aim aim) {
  const double end_v = target_cell_v(now, state.kept) + runner_room_v(now, state);
  const double beyond_v = state.highest_v.value_or(0) - end_v;
  if (beyond_v > 0 && aim.factor == 0) aim.allowed_a = -relief_c_per_v * beyond_v * now.capacity_ah;
  return aim;
}

// A full pack rests above the float voltage for hours: going below it would discharge it into the grid.
double float_goal_v(const Situation& now, const State& state) {
  const double float_v = now.cells_times(now.targets.float_v);
  if (!now.config.float_follow) return float_v;
  // A hair above, else noise would lead down step by step.
  const double hair_v = now.cells_times(resting_hair_v);
  const double resting_v = std::min(state.resting_v.value_or(0) + hair_v, now.cells_times(now.targets.absorption_v));
  return std::max(float_v, resting_v);
}

// The way down never leads up again while in float.
double follow_float(const Situation& now, State& state) {
  const double goal_v = float_goal_v(now, state);
  const double from_v = state.float_v ? *state.float_v : state.charge_voltage_v.value_or(goal_v);
  const double lowered_v = std::max(goal_v, from_v - float_fall_v_per_s * now.counted_s);
  state.float_v = std::min({from_v, lowered_v, target_v(now, state)});
  return *state.float_v;
}

// Profiles other than the smooth one ask for the target as long as nothing limits. Their own tables may know nothing of
// cells; then the voltage alone protects them.
double follow_goal(const Situation& now, State& state, const Aim& aim) {
  Aim protecting = aim;
  if (!rules_of(now.config.profile).leads_voltage) {
    const double share = protecting_share(now, state);
    protecting.allowed_a = std::min(aim.allowed_a, share * now.charge_base_a);
    protecting.factor = std::min(aim.factor, share);
  }
  const bool led = rules_of(now.config.profile).leads_voltage || protecting.factor < 1;
  if (!floating(now, state)) {
    state.float_v.reset();
    return led || aim.blocked ? voltage_for(now, state, protecting) : target_v(now, state);
  }
  const double float_v = follow_float(now, state);
  return protecting.factor < 1 ? std::min(float_v, voltage_for(now, state, protecting)) : float_v;
}

double ceiling_v(const Situation& now, const State& state) {
  const double own_v = target_v(now, state);
  // A BMS that would rather have its pack empty wants no charge, which is no reason to drain it.
  const auto bms_v = now.voltage_limit.value;
  const bool told = bms_v && *bms_v >= now.cells_times(now.targets.low_v);
  const double endured_v = now.targets.ceiling_v ? now.cells_times(*now.targets.ceiling_v) : own_v;
  return std::min({own_v, endured_v, told ? *bms_v : own_v});
}

double cable_drop_v(const Situation& now, const State& state) {
  const double current_a = std::clamp(state.current_a.value_or(0), 0.0, now.charge_base_a);
  return std::max(now.config.cable_drop_v + now.config.cable_resistance_ohm * current_a, 0.0);
}

}  // namespace

double resting_voltage(const State& state) {
  return state.pack_v.value_or(0) - std::max(state.current_a.value_or(0), 0.0) * state.resistance_ohm;
}

double voltage_for(const Situation& now, const State& state, const Aim& aim) {
  const double highest_v = target_v(now, state);
  if (!now.current_a) return std::min(blind_v(now, state), highest_v);
  const double current_a = state.current_a.value_or(0);
  const double lead = lead_v(now, state, aim);
  const bool discharging =
      current_a < 0 && state.highest_v.value_or(0) < target_cell_v(now, state.kept) && !aim.blocked;
  if (discharging && aim.factor > hardly_limited) return highest_v;
  if (discharging) return std::min(std::max(state.charge_voltage_v.value_or(lead), lead), highest_v);
  return std::max(std::min(lead - state.trim_v, highest_v), stopping_v(now, state, state.trim_v));
}

void follow_voltage(const Situation& now, State& state, const Aim& wanted) {
  const Aim aim = relieving(now, state, wanted);
  follow_trim(now, state, aim);
  const double goal = follow_goal(now, state, aim);
  const double before_v = state.charge_voltage_v.value_or(goal);
  double step_v = -(goal - before_v) * std::expm1(-now.dt_s / voltage_time_s);
  if (goal < before_v && aim.blocked) {
    step_v = goal - before_v;
  } else {
    step_v = std::clamp(step_v, -fall_v_per_s * now.counted_s, rise_v_per_s * now.counted_s);
  }
  const double ceiling = ceiling_v(now, state);
  const double floor = floor_v(now, state, aim);
  state.charge_voltage_v = std::min(std::max(before_v + step_v, floor), ceiling);
  state.goal_v = goal;
}

double publish_voltage(const Situation& now, State& state, const Aim& aim) {
  const double drop_v = cable_drop_v(now, state);
  const double highest_v = ceiling_v(now, state) + drop_v;
  const double exact_v =
      std::min(state.charge_voltage_v.value_or(now.cells_times(now.targets.float_v)) + drop_v, highest_v);
  // In float to the nearest: always down would be a little below the resting voltage, for hours, into the grid.
  const double millivolts = floating(now, state) ? std::round(exact_v * 1000) : std::floor(exact_v * 1000 + 1e-6);
  const double rounded_v = std::min(millivolts, std::floor(highest_v * 1000 + 1e-6)) / 1000;
  const bool arrived = std::abs(state.charge_voltage_v.value_or(0) - state.goal_v) < arrived_v;
  const double before_v = state.published_voltage_v.value_or(0);
  const bool at_once = aim.blocked && rounded_v < before_v;
  const bool worth = !state.published_voltage_v || arrived || at_once || before_v > highest_v ||
                     std::abs(rounded_v - before_v) >= publish_step_v;
  if (worth) state.published_voltage_v = rounded_v;
  return *state.published_voltage_v;
}

}  // namespace bms::charge
