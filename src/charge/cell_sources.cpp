#include "charge/cell_sources.hpp"

#include <algorithm>

#include "charge/cell_filters.hpp"
#include "charge/profiles.hpp"

namespace bms::charge {

namespace {

constexpr int broken_samples_borne = 2;
constexpr double empty_for_s = 5;
constexpr double flowing_a = 0.5;
constexpr double flowing_for_s = 10;

// How far a cell must be back from where it ended charging or discharging. A load that goes away lifts the lowest cell
// by what it dropped there, which is not a recovery.
constexpr double highest_play_v = 0.030;
constexpr double lowest_play_v = 0.250;
constexpr double lowest_play_filling_v = 0.100;
constexpr double lowest_play_again_v = 0.150;  // more, when resting alone has opened it before
constexpr double surely_rested_v = 0.050;      // no empty cell rests this little below float

// The highest cell.

double highest_v(const Situation& now, const State& state) {
  if (rules_of(now.config.profile).look_ahead || !now.cells.believable) return highest_ahead_v(now, state);
  return now.cells.highest_v;
}

double charge_share_at(const Situation& now, const State& state, double cell_v) {
  const ProfileRules& rules = rules_of(now.config.profile);
  const auto ceiling_v = ceiling_cell_v(now, state.kept);
  if (ceiling_v && cell_v >= *ceiling_v) return 0;
  const Curve curve = charge_cell_curve(now.config, rules, target_cell_v(now, state.kept), ceiling_v);
  return share_at(curve, cell_v, rules.steps);
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

double cell_discharge_share(const Situation& now, double cell_v) {
  const ProfileRules& rules = rules_of(now.config.profile);
  return share_at(discharge_cell_curve(now.config, rules, now.targets), cell_v, rules.steps);
}

bool allows_discharging_at(const Situation& now, double cell_v) {
  return !allows_nothing(cell_discharge_share(now, cell_v), now.discharge_base_a, now.config);
}

}  // namespace

bool is_filled(const State& state) { return state.charging_s >= flowing_for_s; }

bool is_drained(const State& state) { return state.discharging_s >= flowing_for_s; }

void watch_cells(const Situation& now, State& state) {
  const auto lasting = [&](double& lasted_s, bool holds) { lasted_s = holds ? lasted_s + now.counted_s : 0; };
  lasting(state.empty_s, state.lowest_v.value_or(now.targets.reopen_v) <= now.targets.cut_off_v);
  lasting(state.charging_s, now.current_a.value_or(0) > flowing_a);
  lasting(state.discharging_s, now.current_a.value_or(0) < -flowing_a);
  if (is_filled(state)) state.kept.opened_by_rest = false;
}

double sense_share(const Situation& now, const State& state) {
  return state.broken_samples > broken_samples_borne || (!now.cells.believable && !state.highest_v.value()) ? 0 : 1;
}

double sense_and_height_share(const Situation& now, const State& state) {
  return now.cells.too_high ? 0 : sense_share(now, state);
}

ShortText sense_reason(const Situation&, const State&) { return "cell voltage not believable"; }

// A wire that comes loose now and then reads well in between.
Recovery sense_recovery(const Situation& now, const State&) {
  return now.cells.believable ? Recovery::slow : Recovery::none;
}

double highest_cell_share(const Situation& now, const State& state) {
  return charge_share_at(now, state, highest_v(now, state));
}

ShortText highest_cell_reason(const Situation& now, const State& state) {
  return with_value("highest cell", now.cells.believable ? now.cells.highest_v : state.highest_v.value_or(0), 3, "V");
}

Recovery highest_cell_recovery(const Situation& now, const State& state) {
  const double cell_v = state.highest_v.value_or(highest_v(now, state));
  const bool clear = charge_share_at(now, state, cell_v + highest_play_v) > 0;
  return clear ? Recovery::enough : Recovery::none;
}

double lowest_cell_share(const Situation& now, const State& state) {
  return cell_discharge_share(now, lowest_v(now, state));
}

ShortText lowest_cell_reason(const Situation& now, const State& state) {
  return with_value("lowest cell", now.cells.believable ? now.cells.lowest_v : state.lowest_v.value_or(0), 3, "V");
}

Recovery lowest_cell_recovery(const Situation& now, const State& state) {
  const double cell_v = state.lowest_v.value_or(now.cells.lowest_v);
  if (!allows_discharging_at(now, cell_v)) return Recovery::none;
  const bool filled = cell_v > now.targets.reopen_charging_v;
  if (is_filled(state) && filled && allows_discharging_at(now, cell_v - lowest_play_filling_v)) return Recovery::enough;
  const double play_v = lowest_play_v + (state.kept.opened_by_rest ? lowest_play_again_v : 0);
  const bool rested = cell_v > now.targets.reopen_v && allows_discharging_at(now, cell_v - play_v);
  return rested || cell_v > now.targets.float_v - surely_rested_v ? Recovery::slow : Recovery::none;
}

double cut_off_share(const Situation&, const State& state) { return state.empty_s >= empty_for_s ? 0 : 1; }

// An inverter that is let down must stay so until the pack has recovered, else it hunts.
Recovery empty_recovery(const Situation& now, const State& state) {
  const double cell_v = state.lowest_v.value_or(now.cells.lowest_v);
  if (is_filled(state) && cell_v > now.targets.reopen_charging_v) return Recovery::enough;
  const double more_v = state.kept.opened_by_rest ? lowest_play_again_v : 0;
  return cell_v > now.targets.reopen_v + more_v ? Recovery::slow : Recovery::none;
}

}  // namespace bms::charge
