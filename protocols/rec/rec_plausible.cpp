// Between which values an answer of a REC unit is believed.
#include "rec/rec_plausible.hpp"

#include <algorithm>
#include <cmath>

namespace bms::rec {

// NaN lies in no range.
bool plausible(const Overview& overview) {
  return usable(overview) && current_bounds_a.contains(overview.current_a) && soc_bounds_pct.contains(overview.soc_pct);
}

bool usable(const Overview& overview) {
  return cell_bounds_v.contains(overview.lowest_cell_v) && cell_bounds_v.contains(overview.highest_cell_v) &&
         overview.lowest_cell_v <= overview.highest_cell_v && pack_bounds_v.contains(overview.voltage_v);
}

bool plausible(const Extremes& extremes) {
  return std::max({extremes.lowest_cell.unit, extremes.highest_cell.unit, extremes.hottest_sensor.unit}) <=
         highest_unit;
}

bool plausible_temperature(double told_c) { return told_c == sensor_lost_c || temperature_bounds_c.contains(told_c); }

std::optional<double> believed_temperature(double told_c) {
  return temperature_bounds_c.contains(told_c) ? std::optional(told_c) : std::nullopt;
}

double published_soc_pct(const Overview& overview) {
  return soc_bounds_pct.contains(overview.soc_pct) ? std::clamp(overview.soc_pct, 0.0, 100.0) : overview.soc_pct;
}

bool plausible_setting(const Instruction& instruction, double value) {
  if (!instruction.range) return std::isfinite(value);
  const auto [min, max] = *instruction.range;
  return value >= min - std::abs(min) / 10 && value <= max + std::abs(max) / 10;
}

}  // namespace bms::rec
