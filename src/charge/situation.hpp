// One sample as charge control sees it: checked, with everything that follows from it and the configuration alone.
#pragma once

#include <cstddef>
#include <optional>

#include "charge/config.hpp"
#include "charge/sample.hpp"
#include "charge/state.hpp"

namespace bms::charge {

/// Voltages of one cell that control works with: the configured ones, within what the BMS endures.
struct Targets {
  double absorption_v = 0, float_v = 0, low_v = 0, balancing_v = 0;
  std::optional<double> ceiling_v{};  ///< the BMS opens its FET soon above: no charging from here on, no CVL above
  double cut_off_v = 0, reopen_v = 0, reopen_charging_v = 0;
};

/// The voltages for `config` with a BMS that opens its FETs at `over_v` and `under_v` (empty: it does not say).
/// Thresholds that leave no room for a charge at all are taken for a reading error and bound nothing.
[[nodiscard]] Targets targets_within(const Config& config, std::optional<double> over_v, std::optional<double> under_v);

/// What the cells of one sample say.
struct Cells {
  bool believable = false;  ///< all of them can be true
  bool too_high = false;    ///< one is so high that charging ends at once, true or not
  double sum_v = 0, highest_v = 0, lowest_v = 0;
};

[[nodiscard]] Cells look_at_cells(const Sample& sample);

struct Situation {
  const Config& config;
  const Sample& sample;
  double dt_s;       ///< since the last sample: for filters
  double counted_s;  ///< the part of it that counts: a gap does not count as time that something lasted
  bool slow;         ///< samples come too rarely for the full current
  std::size_t cell_count;
  Cells cells;
  Targets targets;
  std::optional<double> current_a;
  double capacity_ah;  ///< where it is not known, a usual one: for what belongs to a pack's resistance
  bool capacity_known;
  double careful_capacity_ah;  ///< where it is not known, a small one: for thresholds that are multiples of it
  double resistance_ohm;       ///< of the pack, on the high side
  ToldLimit charge_limit, discharge_limit, voltage_limit;  ///< of the BMS, as far as it counts still
  double charge_base_a, discharge_base_a;

  [[nodiscard]] double cells_times(double cell_v) const { return static_cast<double>(cell_count) * cell_v; }
};

[[nodiscard]] Situation look_at(const Config& config, const State& state, const Sample& sample, double dt_s);

/// The mean cell of the pack that charging is to reach now: higher than usual on the way to balancing.
[[nodiscard]] double target_cell_v(const Situation& now, const Kept& kept);

/// Where charging ends for the highest cell, at the latest: below what raises an alarm, what cells of this chemistry
/// bear, and where the BMS opens its FET. Empty: nobody says.
[[nodiscard]] std::optional<double> ceiling_cell_v(const Situation& now, const Kept& kept);

}  // namespace bms::charge
