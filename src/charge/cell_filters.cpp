#include "charge/cell_filters.hpp"

#include <algorithm>

namespace bms::charge {

namespace {

constexpr double cell_time_s = 2;
constexpr double slope_time_s = 6;
constexpr double slow_cell_time_s = 10;
constexpr double pack_time_s = 10;
constexpr double current_time_s = 2;
constexpr double resting_time_s = 60;

constexpr double ahead_s = 5;
constexpr double fastest_v_per_s = 0.003;
constexpr double lag_v = 0.004;  // the filter may lag a fast-rising cell by this much

constexpr double released_load_c = 0.05;

// A load that goes away is not a rising cell.
bool load_released(const Situation& now, const State& state) {
  return now.current_a && state.last_current_a && *state.last_current_a < 0 && *now.current_a >= 0 &&
         *now.current_a - *state.last_current_a > released_load_c * now.capacity_ah;
}

void follow_highest(const Situation& now, State& state) {
  const auto before_v = state.highest_v.value();
  const double after_v = state.highest_v.follow(now.cells.highest_v, now.dt_s, cell_time_s);
  if (!before_v || now.dt_s <= 0) return;
  const double slope_v_per_s = state.slope_v_per_s.follow((after_v - *before_v) / now.dt_s, now.dt_s, slope_time_s);
  state.slope_v_per_s.restart(std::clamp(slope_v_per_s, 0.0, fastest_v_per_s));
}

void follow_pack(const Situation& now, State& state) {
  const double current_a = now.current_a.value_or(0);
  const double slow_a = state.current_a.follow(current_a, now.dt_s, current_time_s);
  const double pack_v = state.pack_v.follow(now.cells.sum_v, now.dt_s, pack_time_s);
  // R is on the high side: while much is charged the resting voltage would come out too low.
  if (state.resting_v.value() && current_a > resting_c * now.capacity_ah) return;
  state.resting_v.follow(pack_v - slow_a * now.resistance_ohm, now.dt_s, resting_time_s);
}

void follow_each(const Situation& now, State& state) {
  state.cells_v.resize(now.cell_count);
  for (std::size_t cell = 0; cell < now.cell_count; ++cell) {
    state.cells_v[cell].follow(now.sample.cells_v[cell], now.dt_s, slow_cell_time_s);
  }
}

}  // namespace

void follow_cells(const Situation& now, State& state) {
  if (load_released(now, state)) {
    state.highest_v.restart(now.cells.highest_v);
    state.slope_v_per_s.restart(0);
    state.pack_v.restart(now.cells.sum_v);
    state.current_a.restart(*now.current_a);
  } else {
    follow_highest(now, state);
  }
  follow_pack(now, state);
  follow_each(now, state);
  state.lowest_v.follow(now.cells.lowest_v, now.dt_s, cell_time_s);
  state.last_current_a = now.current_a;
}

double highest_ahead_v(const Situation& now, const State& state) {
  const double highest_v = state.highest_v.value_or(now.cells.highest_v);
  const double ahead_v = highest_v + ahead_s * state.slope_v_per_s.value_or(0);
  return now.cells.believable ? std::max(ahead_v, now.cells.highest_v - lag_v) : ahead_v;
}

SlowCells slow_cells(const State& state) {
  if (state.cells_v.empty()) return {};
  const auto voltage = [](const LowPass& cell) { return cell.value_or(0); };
  const auto [lowest, highest] = std::ranges::minmax(state.cells_v, {}, voltage);
  double sum_v = 0;
  for (const LowPass& cell : state.cells_v) sum_v += voltage(cell);
  return {.mean_v = sum_v / static_cast<double>(state.cells_v.size()), .spread_v = voltage(highest) - voltage(lowest)};
}

}  // namespace bms::charge
