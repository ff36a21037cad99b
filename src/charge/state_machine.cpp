#include "charge/state_machine.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "bms/enum_table.hpp"
#include "charge/cell_filters.hpp"

namespace bms::charge {

namespace {

constexpr double at_target_v = 0.020;  // this little below the target counts as there
constexpr double reached_for_s = 10;
constexpr double back_rate = 0.25;
constexpr double tail_spread_v = 0.030;
constexpr double fallen_mean_v = 0.060;
constexpr double fallen_highest_v = 0.030;
constexpr double fallen_for_s = 600;
constexpr double balancing_rise_v_per_s = 0.001;

constexpr double float_least_s = 900;
constexpr double resting_for_s = 600;
constexpr double top_room_v = 0.100;  // from this little below the target on, the spread means something
constexpr double top_c = 0.1;
constexpr double uneven_for_s = 600;
constexpr double uneven_again_s = 86400;
constexpr double day_s = 86400;

constexpr double short_within_v = 0.060;
constexpr double short_for_s = 3600;
constexpr double voltage_hair_v = 0.005;

/// What was found out about the pack at the end of a charge.
enum class Full : std::uint8_t {
  no,
  reached,
  held  ///< with even cells
};

/// Where to, and why; the same state when the charge has ended but the state goes on.
struct Change {
  ChargeState to;
  ShortText reason;
  Full full = Full::no;
  bool by_cap = false;  ///< it took too long
  bool uneven = false;  ///< the cells are what ends Float
};

/// How long something must last. Configured as 0 it must still be so.
double needed(double configured_s) { return std::max(configured_s, 1.0); }

// Lets `lasted_s` grow while something holds, else run back.
void count_while(double& lasted_s, bool holds, double counted_s, double back, double at_most_s) {
  lasted_s = std::clamp(holds ? lasted_s + counted_s : lasted_s - back * counted_s, 0.0, at_most_s);
}

// Lets it grow while something holds without interruption, else begin anew.
void count_unbroken_while(double& lasted_s, bool holds, double counted_s, double at_most_s) {
  lasted_s = holds ? std::min(lasted_s + counted_s, at_most_s) : 0;
}

bool within(const Situation& now, double rate_c) {
  return now.current_a && std::abs(*now.current_a) < rate_c * now.careful_capacity_ah;
}

bool is_tail(const Situation& now) {
  return now.current_a && *now.current_a >= 0 && *now.current_a <= now.config.tail_current_c * now.careful_capacity_ah;
}

void count_top(const Situation& now, const State& state, const SlowCells& cells, Kept& kept) {
  const Config& config = now.config;
  const double target_v = now.targets.absorption_v;
  const bool at_target = cells.mean_v >= target_v - at_target_v;
  const bool reached = at_target || state.highest_v.value_or(0) >= target_v;
  const bool balanced =
      cells.mean_v >= now.targets.balancing_v - at_target_v && cells.spread_v <= config.balancing_spread_v;
  count_while(kept.reached_s, reached, now.counted_s, 1, reached_for_s);
  count_while(kept.held_s, at_target && cells.spread_v <= config.absorption_spread_v, now.counted_s, back_rate,
              needed(config.absorption_held_s));
  count_while(kept.tail_s, at_target && is_tail(now) && cells.spread_v <= tail_spread_v, now.counted_s, back_rate,
              needed(config.tail_s));
  count_while(kept.top_s, at_target, now.counted_s, back_rate, needed(config.absorption_held_s));
  count_while(kept.balanced_s, balanced, now.counted_s, back_rate, needed(config.balancing_held_s));
  count_unbroken_while(
      kept.fallen_s,
      cells.mean_v < target_v - fallen_mean_v && state.highest_v.value_or(0) < target_v - fallen_highest_v,
      now.counted_s, fallen_for_s);
}

void count_float(const Situation& now, const SlowCells& cells, Kept& kept) {
  const bool at_top = cells.mean_v >= now.targets.absorption_v - top_room_v;
  count_unbroken_while(kept.rest_low_s, within(now, resting_c) && cells.mean_v < now.config.rebulk_cell_v,
                       now.counted_s, resting_for_s);
  count_unbroken_while(kept.uneven_s, at_top && within(now, top_c) && cells.spread_v >= now.config.rebulk_spread_v,
                       now.counted_s, uneven_for_s);
}

void count_short(const Situation& now, const State& state, const SlowCells& cells, Kept& kept) {
  const double target_v = now.targets.absorption_v;
  const bool asked = state.charge_voltage_v.value_or(0) >= now.cells_times(target_v) - voltage_hair_v;
  const bool below = cells.mean_v >= target_v - short_within_v && cells.mean_v < target_v - at_target_v;
  count_unbroken_while(kept.short_s, asked && below && is_tail(now), now.counted_s, short_for_s);
}

// Real time passes in gaps as well.
void count_running(const Situation& now, Kept& kept) {
  constexpr double century_s = 100 * 365 * day_s;
  kept.since_balanced_s = std::min(kept.since_balanced_s + now.dt_s, century_s);
  if (kept.since_uneven_s) kept.since_uneven_s = std::min(*kept.since_uneven_s + now.dt_s, century_s);
  kept.full_s = std::min(kept.full_s + now.counted_s, century_s);
  kept.absorption_s = std::min(kept.absorption_s + now.counted_s, century_s);
  const double discharged_ah = kept.discharged_ah - now.current_a.value_or(0) * now.counted_s / 3600;
  kept.discharged_ah = std::clamp(discharged_ah, 0.0, 1e6);
}

void count_requests(const Situation& now, Kept& kept) {
  const double days_s = now.config.full_charge_days * day_s;
  if (days_s > 0 && kept.since_balanced_s >= days_s) kept.balancing_requested = true;
  if (now.config.full_charge_requested && !kept.request_seen) kept.balancing_requested = true;
  kept.request_seen = now.config.full_charge_requested;
}

// The target goes up to balancing, and back, slowly.
void move_target(const Situation& now, Kept& kept) {
  const double highest_v = now.cells_times(now.targets.balancing_v - now.targets.absorption_v);
  const double direction = state_of(kept) == ChargeState::balancing ? 1 : -1;
  kept.balancing_rise_v = std::clamp(kept.balancing_rise_v + direction * balancing_rise_v_per_s * now.counted_s, 0.0,
                                     std::max(highest_v, 0.0));
}

ShortText minutes(std::string_view before, double lasted_s) {
  return ShortText(before).append(" ").append(lasted_s / 60, 0).append(" min");
}

// The states, each with where it leads to now; empty: it goes on. These only ask: advance_state() acts.

std::optional<Change> out_of_bulk(const Situation&, const State& state) {
  const Kept& kept = state.kept;
  if (kept.reached_s < reached_for_s) return std::nullopt;
  if (kept.balancing_requested) return Change{ChargeState::balancing, "a full charge with balancing is due"};
  return Change{ChargeState::absorption, "target voltage reached"};
}

/// Full when it was at the top for a while.
Full full_by_cap(const Situation& now, const Kept& kept) {
  return kept.top_s >= needed(now.config.absorption_held_s) ? Full::reached : Full::no;
}

std::optional<Change> end_of_absorption(const Situation& now, const Kept& kept) {
  const Config& config = now.config;
  const ChargeState next = config.float_enabled ? ChargeState::float_transition : ChargeState::absorption;
  if (kept.held_s >= needed(config.absorption_held_s)) {
    return Change{.to = next, .reason = minutes("cells even for", config.absorption_held_s), .full = Full::held};
  }
  if (kept.tail_s >= needed(config.tail_s)) {
    return Change{.to = next, .reason = minutes("hardly any current for", config.tail_s), .full = Full::reached};
  }
  if (kept.absorption_s >= config.absorption_cap_s && config.float_enabled) {
    return Change{.to = next,
                  .reason = minutes("cap of", config.absorption_cap_s),
                  .full = full_by_cap(now, kept),
                  .by_cap = true};
  }
  return std::nullopt;
}

std::optional<Change> end_of_balancing(const Situation& now, const Kept& kept) {
  const Config& config = now.config;
  const ChargeState next = config.float_enabled ? ChargeState::float_transition : ChargeState::absorption;
  if (kept.balanced_s >= needed(config.balancing_held_s)) {
    return Change{.to = next,
                  .reason = minutes("cells even at the balancing voltage for", config.balancing_held_s),
                  .full = Full::held};
  }
  if (kept.absorption_s >= config.balancing_cap_s) {
    return Change{.to = next,
                  .reason = minutes("balancing ended by the cap of", config.balancing_cap_s),
                  .full = full_by_cap(now, kept),
                  .by_cap = true};
  }
  return std::nullopt;
}

std::optional<Change> out_of_absorption(const Situation& now, const State& state) {
  const Kept& kept = state.kept;
  if (kept.balancing_requested) return Change{ChargeState::balancing, "a full charge with balancing is due"};
  auto end = end_of_absorption(now, kept);
  if (end && end->to != ChargeState::absorption) return end;
  if (kept.fallen_s < fallen_for_s) return end;
  return Change{.to = ChargeState::bulk,
                .reason = minutes("below the target for", fallen_for_s),
                .full = end ? end->full : Full::no};
}

std::optional<Change> out_of_balancing(const Situation& now, const State& state) {
  const Kept& kept = state.kept;
  if (auto end = end_of_balancing(now, kept)) return end;
  if (kept.fallen_s < fallen_for_s) return std::nullopt;
  return Change{ChargeState::bulk, minutes("below the target for", fallen_for_s)};
}

bool is_uneven_again(const Kept& kept) {
  return kept.uneven_s >= uneven_for_s && kept.since_uneven_s.value_or(uneven_again_s) >= uneven_again_s;
}

std::optional<Change> back_to_bulk(const Situation& now, const Kept& kept) {
  if (kept.balancing_requested) return Change{ChargeState::bulk, "a full charge with balancing is due"};
  if (!now.config.float_enabled) return Change{ChargeState::bulk, "float is off"};
  if (kept.full_s < float_least_s) return std::nullopt;
  const double share = now.config.rebulk_discharged_share;
  if (kept.discharged_ah >= share * now.careful_capacity_ah) {
    return Change{ChargeState::bulk, ShortText("load took ").append(100 * share, 0).append(" % of the capacity")};
  }
  if (kept.rest_low_s >= resting_for_s) {
    return Change{ChargeState::bulk, ShortText("cells rest below ").append(now.config.rebulk_cell_v, 2).append(" V")};
  }
  if (is_uneven_again(kept))
    return Change{.to = ChargeState::bulk, .reason = "cells are uneven at the top", .uneven = true};
  return std::nullopt;
}

std::optional<Change> out_of_transition(const Situation& now, const State& state) {
  if (auto change = back_to_bulk(now, state.kept)) return change;
  const double ramp_s = now.cells_times(now.targets.absorption_v - now.targets.float_v) / float_fall_v_per_s;
  const bool arrived = state.float_v && *state.float_v <= now.cells_times(now.targets.float_v);
  if (arrived) return Change{ChargeState::floating, "float voltage reached"};
  if (state.kept.full_s >= ramp_s) return Change{ChargeState::floating, minutes("full for", ramp_s)};
  return std::nullopt;
}

std::optional<Change> out_of_float(const Situation& now, const State& state) { return back_to_bulk(now, state.kept); }

std::optional<Change> out_of_blocked(const Situation& now, const State&) {
  if (now.config.charge_blocked) return std::nullopt;
  return Change{ChargeState::bulk, "no longer blocked"};
}

using Way = std::optional<Change> (*)(const Situation&, const State&);
struct WayOut {
  ChargeState state;
  Way way;
};
constexpr std::array ways_out{
    WayOut{ChargeState::bulk, out_of_bulk},
    WayOut{ChargeState::absorption, out_of_absorption},
    WayOut{ChargeState::float_transition, out_of_transition},
    WayOut{ChargeState::floating, out_of_float},
    WayOut{ChargeState::balancing, out_of_balancing},
    WayOut{ChargeState::blocked, out_of_blocked},
};
static_assert(is_in_order_up_to(ChargeState::blocked, ways_out, &WayOut::state));

/// Notes what has ended, whether or not the state changes with it.
void note_end(const Change& change, Kept& kept, Outcome& outcome) {
  if (change.full != Full::no) {
    outcome.became_full = !kept.full;
    outcome.held_full = change.full == Full::held && !kept.full;
    if (!kept.full) kept.discharged_ah = 0;
    kept.full = true;
  }
  if (change.full == Full::held) kept.since_balanced_s = 0;
  if (change.by_cap) outcome.ended_by_cap = true;
  if (change.uneven) kept.since_uneven_s = 0;
  if (state_of(kept) != ChargeState::balancing || (change.full == Full::no && !change.by_cap)) return;
  // Tried; the next one comes in its time.
  kept.balancing_requested = false;
  kept.since_balanced_s = kept.balanced_s = 0;
}

void enter(Kept& kept, ChargeState to) {
  kept.state = static_cast<double>(to);
  kept.fallen_s = 0;
  switch (to) {
    case ChargeState::bulk:
      kept.reached_s = 0;
      kept.full = false;
      break;
    case ChargeState::absorption:
    case ChargeState::balancing: kept.absorption_s = 0; break;
    case ChargeState::float_transition:
      kept.held_s = kept.tail_s = kept.top_s = kept.balanced_s = 0;
      kept.rest_low_s = kept.uneven_s = kept.full_s = 0;
      kept.discharged_ah = 0;
      break;
    case ChargeState::floating:
    case ChargeState::blocked: break;
  }
}

}  // namespace

ChargeState state_of(const Kept& kept) {
  const bool known = kept.state >= 0 && kept.state <= static_cast<double>(ChargeState::blocked);
  return known ? static_cast<ChargeState>(static_cast<int>(kept.state)) : ChargeState::bulk;
}

void advance_state(const Situation& now, State& state, Outcome& outcome) {
  Kept& kept = state.kept;
  count_running(now, kept);
  count_requests(now, kept);
  if (now.cells.believable) {
    const SlowCells cells = slow_cells(state);
    count_top(now, state, cells, kept);
    count_float(now, cells, kept);
    count_short(now, state, cells, kept);
  }
  const ChargeState from = state_of(kept);
  auto change = ways_out[static_cast<unsigned>(from)].way(now, state);
  if (change) note_end(*change, kept, outcome);
  if (now.config.charge_blocked && from != ChargeState::blocked) {
    change = Change{ChargeState::blocked, "blocked by the user"};
  }
  if (change && change->to != from) {
    enter(kept, change->to);
    outcome.transition = Transition{from, change->to, change->reason};
  }
  move_target(now, kept);
}

double charger_short_v(const Situation& now, const State& state) {
  if (state.kept.short_s < short_for_s) return 0;
  return std::max(now.cells_times(now.targets.absorption_v - slow_cells(state).mean_v), 0.0);
}

}  // namespace bms::charge
