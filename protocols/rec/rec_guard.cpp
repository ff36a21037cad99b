// What the thresholds of a unit permit, besides the one error that it reports.
#include "rec/rec_guard.hpp"

namespace bms::rec {
namespace {

constexpr double temperature_hysteresis_k = 2;

/// Sets a latch from `limit` on (upwards) and releases it `hysteresis` below. Unknown: no reason to forbid anything.
void latch_above(bool& latch, std::optional<double> value, std::optional<double> limit, double hysteresis) {
  latch = value && limit && (*value >= *limit || (latch && *value > *limit - hysteresis));
}

void latch_below(bool& latch, std::optional<double> value, std::optional<double> limit, double hysteresis) {
  latch = value && limit && (*value <= *limit || (latch && *value < *limit + hysteresis));
}

bool at_least(std::optional<double> value, std::optional<double> limit) { return value && limit && *value >= *limit; }

bool at_most(std::optional<double> value, std::optional<double> limit) { return value && limit && *value <= *limit; }

}  // namespace

void Guard::update(const Overview& overview, std::optional<double> coldest_c, std::optional<double> hottest_c,
                   const Settings& settings) {
  latch_above(cell_high_, overview.highest_cell_v, settings.cell_max_v, settings.cell_max_hysteresis_v.value_or(0));
  latch_below(cell_low_, overview.lowest_cell_v, settings.cell_min_v, settings.cell_min_hysteresis_v.value_or(0));
  latch_above(hot_, hottest_c, settings.temperature_max_c, temperature_hysteresis_k);
  latch_below(cold_, coldest_c, settings.temperature_min_c, temperature_hysteresis_k);
}

void raise_threshold_alarms(Alarms& alarms, const Overview& overview, std::optional<double> coldest_c,
                            std::optional<double> hottest_c, const Settings& settings) {
  const double difference_v = overview.highest_cell_v - overview.lowest_cell_v;
  if (at_least(overview.highest_cell_v, settings.cell_max_v)) alarms.raise(Alarm::high_cell_voltage, AlarmLevel::alarm);
  if (at_most(overview.lowest_cell_v, settings.cell_min_v)) alarms.raise(Alarm::low_cell_voltage, AlarmLevel::alarm);
  // Consumers are asked to stop here, the unit still lets them.
  if (at_most(overview.lowest_cell_v, settings.empty_cell_v))
    alarms.raise(Alarm::low_cell_voltage, AlarmLevel::warning);
  if (at_least(difference_v, settings.cell_difference_v)) alarms.raise(Alarm::cell_imbalance, AlarmLevel::warning);
  if (at_most(coldest_c, settings.temperature_min_c)) alarms.raise(Alarm::low_charge_temperature, AlarmLevel::alarm);
  // The unit decides by its error whether discharging has to end as well.
  if (at_least(hottest_c, settings.temperature_max_c)) alarms.raise(Alarm::high_temperature, AlarmLevel::warning);
}

}  // namespace bms::rec
