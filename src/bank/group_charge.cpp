#include "bank/group_charge.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "bms/enum_table.hpp"
#include "charge/state_machine.hpp"

namespace bms::bank {

namespace {

constexpr double voltage_time_s = 10, resting_time_s = 60;
constexpr double at_target_v = 0.020;  // of a cell
constexpr double reached_for_s = 10;
constexpr double fallen_v = 0.060, fallen_for_s = 600;
constexpr double float_least_s = 900;
constexpr double lower_cell_v = 0.030, lower_for_s = 600;  // a pack that has joined, and is emptier than the others

constexpr double gain = 0.7;
constexpr double stopping_gain = 1.5, stopping_room_v = 0.020;
constexpr double fall_v_per_s = 0.25, rise_v_per_s = 0.010, float_fall_v_per_s = 0.001;
constexpr double above_low_v = 0.5;
constexpr double publish_step_v = 0.005;
constexpr double longest_count_s = 1e7;
constexpr double resting_after_s = 50;  // T2, counted from T1

/// What the charge of the group is decided by.
struct Group {
  const Moment& moment;
  const charge::Config& config;
  charge::Kept& kept;
  double counted_s;
  double cells;
  double voltage_v;  ///< filtered
  double current_a;  ///< filtered; 0 where it is not known

  [[nodiscard]] double target_v() const { return cells * config.absorption_cell_v; }
  [[nodiscard]] double float_v() const { return cells * std::min(config.float_cell_v, config.absorption_cell_v); }
};

bool takes_part(const Group& group, std::size_t member) {
  return group.moment.outcome.findings.members[member].charges;
}

bool at_top(ChargeState state) {
  return state == ChargeState::absorption || state == ChargeState::balancing ||
         state == ChargeState::float_transition || state == ChargeState::floating;
}

bool says_full(const Told& told) {
  if (told.full) return *told.full;
  return told.state == ChargeState::floating || told.state == ChargeState::float_transition;
}

/// A pack that does not say whether it is full is so in its float, or when it has hardly taken any current for long. So
/// is one that still says so of the charge before.
bool is_full(const Group& group, const Track& track) {
  const bool by_itself = says_full(track.told);
  if (by_itself && !track.full_before) return true;
  const bool told = track.told.full && !track.full_before;
  return !told && track.tail_s >= group.config.tail_s;
}

void count_tail(const Group& group, Track& track) {
  const auto& current_a = track.told.current_a;
  const bool top = group.voltage_v >= group.target_v() - group.cells * at_target_v;
  const double most_a = group.config.tail_current_c * track.told.capacity_ah.value_or(10);
  const bool tail = top && current_a && *current_a >= 0 && *current_a <= most_a;
  track.tail_s = std::clamp(track.tail_s + (tail ? 1 : -0.25) * group.counted_s, 0.0, group.config.tail_s);
}

/// Of packs that take part in charging: how many, how many are full or at the top, and whether one has ceased to be.
struct Fullness {
  int taking_part = 0, full = 0;
  bool any_at_top = false, one_has_ended = false;

  [[nodiscard]] bool all() const { return taking_part > 0 && full == taking_part; }
};

Fullness look_at_fullness(const Group& group) {
  Fullness fullness;
  std::size_t member = 0;
  for (Track& track : group.moment.tracks()) {
    if (!takes_part(group, member++)) continue;
    count_tail(group, track);
    track.full_before = track.full_before && says_full(track.told);
    const bool full = is_full(group, track);
    ++fullness.taking_part;
    fullness.full += full ? 1 : 0;
    fullness.any_at_top = fullness.any_at_top || full || (track.told.state && at_top(*track.told.state));
    fullness.one_has_ended = fullness.one_has_ended || (track.was_full && !full);
    track.was_full = full;
  }
  return fullness;
}

double mean_cell(const Track& track) {
  const auto cells_v = cells_of(track.told);
  double sum_v = 0;
  for (const double cell_v : cells_v) sum_v += cell_v;
  return cells_v.empty() ? 0 : sum_v / static_cast<double>(cells_v.size());
}

/// Whether a pack has been below the others for long enough: packs that conduct would be at their voltage.
bool one_is_lower(const Group& group) {
  bool lower = false;
  std::size_t member = 0;
  for (Track& track : group.moment.tracks()) {
    const double mean_v = takes_part(group, member++) ? mean_cell(track) : 0;
    const bool now_lower = mean_v > 0 && mean_v < group.voltage_v / group.cells - lower_cell_v;
    track.lower_s = now_lower ? std::min(track.lower_s + group.counted_s, longest_count_s) : 0;
    lower = lower || track.lower_s >= lower_for_s;
  }
  return lower;
}

void count(const Group& group, const Fullness& fullness) {
  charge::Kept& kept = group.kept;
  const bool reached = group.voltage_v >= group.target_v() - group.cells * at_target_v || fullness.any_at_top;
  kept.reached_s = std::clamp(kept.reached_s + (reached ? 1 : -1) * group.counted_s, 0.0, reached_for_s);
  const bool fallen = group.voltage_v < group.target_v() - group.cells * fallen_v && !fullness.any_at_top;
  kept.fallen_s = fallen ? std::min(kept.fallen_s + group.counted_s, fallen_for_s) : 0;
  kept.absorption_s = std::min(kept.absorption_s + group.counted_s, longest_count_s);
  kept.full_s = std::min(kept.full_s + group.counted_s, longest_count_s);
  kept.discharged_ah = std::clamp(kept.discharged_ah - group.current_a * group.counted_s / 3600, 0.0, 1e6);
}

struct Change {
  ChargeState to;
  ShortText reason;
  bool full = false;
};

using Way = std::optional<Change> (*)(const Group&, const Fullness&);

std::optional<Change> out_of_bulk(const Group& group, const Fullness&) {
  if (group.kept.reached_s < reached_for_s) return std::nullopt;
  return Change{ChargeState::absorption, "target voltage reached"};
}

std::optional<Change> out_of_absorption(const Group& group, const Fullness& fullness) {
  if (group.kept.fallen_s >= fallen_for_s) return Change{ChargeState::bulk, "below the target for 10 min"};
  if (!group.config.float_enabled) return std::nullopt;
  if (fullness.all()) return Change{ChargeState::float_transition, "every pack is full", true};
  if (group.kept.absorption_s >= group.config.absorption_cap_s) {
    return Change{ChargeState::float_transition, "not every pack is full after the longest absorption", false};
  }
  return std::nullopt;
}

std::optional<Change> back_to_bulk(const Group& group, const Fullness& fullness, bool lower) {
  if (!group.config.float_enabled) return Change{ChargeState::bulk, "float is off"};
  if (group.kept.full_s < float_least_s) return std::nullopt;
  const double capacity_ah = group.moment.outcome.battery.estimate.capacity_ah.value_or(10);
  if (group.kept.discharged_ah >= group.config.rebulk_discharged_share * capacity_ah) {
    return Change{ChargeState::bulk, "load took its share of the capacity"};
  }
  if (fullness.one_has_ended) return Change{ChargeState::bulk, "a pack is no longer full"};
  if (lower) return Change{ChargeState::bulk, "a pack is emptier than the others"};
  return std::nullopt;
}

std::optional<Change> out_of_float(const Group& group, const Fullness& fullness) {
  const bool lower = one_is_lower(group);
  return back_to_bulk(group, fullness, lower);
}

std::optional<Change> out_of_transition(const Group& group, const Fullness& fullness) {
  if (auto change = out_of_float(group, fullness)) return change;
  const auto& float_v = group.moment.state.charge.float_v;
  const double ramp_s = (group.target_v() - group.float_v()) / float_fall_v_per_s;
  const bool arrived = float_v && *float_v <= group.float_v();
  if (!arrived && group.kept.full_s < ramp_s) return std::nullopt;
  return Change{ChargeState::floating, "float voltage reached"};
}

std::optional<Change> out_of_blocked(const Group& group, const Fullness&) {
  if (group.config.charge_blocked) return std::nullopt;
  return Change{ChargeState::bulk, "no longer blocked"};
}

struct WayOut {
  ChargeState state;
  Way way;
};
// The bank never balances; should it have been in that state as another kind of bank it goes on as in absorption.
constexpr std::array ways_out{
    WayOut{ChargeState::bulk, out_of_bulk},
    WayOut{ChargeState::absorption, out_of_absorption},
    WayOut{ChargeState::float_transition, out_of_transition},
    WayOut{ChargeState::floating, out_of_float},
    WayOut{ChargeState::balancing, out_of_absorption},
    WayOut{ChargeState::blocked, out_of_blocked},
};
static_assert(is_in_order_up_to(ChargeState::blocked, ways_out, &WayOut::state));

void begin_charge(const Group& group) {
  group.kept.reached_s = 0;
  for (Track& track : group.moment.tracks()) {
    track.full_before = says_full(track.told);
    track.was_full = false;
    track.tail_s = 0;
  }
}

void enter(const Group& group, const Change& change) {
  charge::Kept& kept = group.kept;
  kept.state = static_cast<double>(change.to);
  kept.fallen_s = 0;
  if (change.to == ChargeState::bulk) begin_charge(group);
  if (change.to == ChargeState::absorption) kept.absorption_s = 0;
  if (change.to != ChargeState::float_transition) return;
  kept.full_s = kept.discharged_ah = 0;
  for (Track& track : group.moment.tracks()) track.lower_s = 0;
}

void advance(const Group& group) {
  const Fullness fullness = look_at_fullness(group);
  count(group, fullness);
  const ChargeState from = charge::state_of(group.kept);
  auto change = ways_out[static_cast<unsigned>(from)].way(group, fullness);
  if (group.config.charge_blocked && from != ChargeState::blocked) {
    change = Change{ChargeState::blocked, "blocked by the user"};
  }
  if (!change) return;
  Findings& findings = group.moment.outcome.findings;
  findings.became_full = change->full;
  findings.transition = charge::Transition{from, change->to, change->reason};
  enter(group, *change);
}

/// The target of the state: where CVL would be if nothing held it back.
double state_target(const Group& group) {
  charge::State& state = group.moment.state.charge;
  const ChargeState now = charge::state_of(group.kept);
  if (now != ChargeState::float_transition && now != ChargeState::floating) {
    state.float_v.reset();
    return group.target_v();
  }
  const double resting_v = group.config.float_follow ? state.resting_v.value_or(0) : 0;
  const double goal_v = std::clamp(resting_v, group.float_v(), group.target_v());
  const double from_v = state.float_v.value_or(std::min(state.charge_voltage_v.value_or(goal_v), group.target_v()));
  state.float_v = std::min(from_v, std::max(goal_v, from_v - float_fall_v_per_s * group.counted_s));
  return *state.float_v;
}

/// Where the bank would just draw what is allowed; not lower than it takes to stop the present current.
double leading_voltage(const Group& group, const GroupCurrents& currents, double target_v) {
  // Without a pack that takes part there is nothing to lead, and the voltage of the bank means nothing.
  if (!currents.current_a || currents.resistance_ohm <= 0) return target_v;
  const double charging_a = std::max(group.current_a, 0.0);
  const double stopping_v = group.voltage_v - stopping_gain * charging_a * currents.resistance_ohm - stopping_room_v;
  if (group.current_a < 0 && !currents.blocked) return target_v;
  const double lead_v =
      group.voltage_v + gain * (currents.allowed_charge_a - group.current_a) * currents.resistance_ohm;
  return std::max(std::min(lead_v, target_v), std::min(stopping_v, target_v));
}

/// What a pack bears, at its own terminals. A silent one bears what it did when it was heard last; after a while also
/// float, if it took any charge then. Empty: it has no say. One that would rather be empty has none, and allows no
/// current.
std::optional<double> borne_by(const Group& group, std::size_t member) {
  const Track& track = group.moment.tracks()[member];
  const auto told_v = track.told.charge_voltage_v;
  if (!told_v || *told_v < group.cells * group.config.min_cell_v) return std::nullopt;
  const double borne_v = *told_v - std::max(group.config.cable_drop_v, 0.0);
  if (takes_part(group, member)) return borne_v;
  if (track.standing != Standing::silent) return std::nullopt;
  const bool rests_by_now = track.silent_s >= resting_after_s && track.charge_limit_a > 0;
  return rests_by_now ? std::max(borne_v, group.float_v()) : borne_v;
}

/// The lowest voltage that a pack bears, and the target otherwise.
double borne_by_packs(const Group& group, double target_v) {
  double lowest_v = target_v;
  for (std::size_t member = 0; member < group.moment.tracks().size(); ++member) {
    lowest_v = std::min(lowest_v, borne_by(group, member).value_or(target_v));
  }
  return lowest_v;
}

void publish(const Group& group, double highest_v) {
  charge::State& state = group.moment.state.charge;
  const double drop_v = std::max(group.config.cable_drop_v, 0.0);
  const double rounded_v = std::floor((*state.charge_voltage_v + drop_v) * 1000 + 1e-6) / 1000;
  const double before_v = state.published_voltage_v.value_or(0);
  const bool arrived = *state.charge_voltage_v >= highest_v;
  if (rounded_v < before_v || rounded_v >= before_v + publish_step_v || arrived) state.published_voltage_v = rounded_v;
}

void follow_voltage(const Group& group, const GroupCurrents& currents) {
  charge::State& state = group.moment.state.charge;
  const double target_v = state_target(group);
  const double lead_v = leading_voltage(group, currents, target_v);
  const double before_v = state.charge_voltage_v.value_or(lead_v);
  const double fall_v = currents.blocked ? lead_v - before_v : -fall_v_per_s * group.counted_s;
  const double moved_v =
      before_v + std::clamp(lead_v - before_v, std::min(fall_v, 0.0), rise_v_per_s * group.counted_s);
  const double highest_v = borne_by_packs(group, target_v);
  const double least_v = group.cells * group.config.min_cell_v + std::min(above_low_v, 0.1 * group.cells);
  state.charge_voltage_v = std::min(std::max(moved_v, least_v), std::max(highest_v, 1.0));
  publish(group, highest_v);
}

ShortText mode_of(const Group& group) { return name_of(charge::state_of(group.kept)); }

}  // namespace

void follow_group_charge(const Moment& now, const GroupCurrents& currents) {
  charge::State& state = now.state.charge;
  const Battery& battery = now.outcome.battery;
  state.cell_count = battery.cell_count;
  state.resistance_ohm = currents.resistance_ohm;
  state.capacity_ah = battery.estimate.capacity_ah.value_or(0);
  const auto voltage_v = battery.reading.voltage_v;
  if (voltage_v) state.pack_v.follow(*voltage_v, now.dt_s, voltage_time_s);
  state.current_a.follow(currents.current_a.value_or(0), now.dt_s, current_time_s);
  if (voltage_v) {
    const double resting_v = state.pack_v.value_or(0) - state.current_a.value_or(0) * currents.resistance_ohm;
    state.resting_v.follow(resting_v, now.dt_s, resting_time_s);
  }
  const Group group{.moment = now,
                    .config = now.config.charge,
                    .kept = state.kept,
                    .counted_s = state.pace.counted_s(now.dt_s, now.config.charge.poll_interval_s),
                    .cells = static_cast<double>(battery.cell_count),
                    .voltage_v = state.pack_v.value_or(0),
                    .current_a = state.current_a.value_or(0)};
  advance(group);
  Limits& limits = now.outcome.limits;
  if (state.pack_v.value() || state.charge_voltage_v) {
    follow_voltage(group, currents);
    limits.charge_voltage_v = state.published_voltage_v;
    limits.low_voltage_v = group.cells * group.config.min_cell_v;
  }
  limits.state = charge::state_of(state.kept);
  limits.charge_mode = mode_of(group);
}

}  // namespace bms::bank
