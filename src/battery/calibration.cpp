#include "battery/calibration.hpp"

#include <cmath>
#include <cstddef>

namespace bms::battery {

namespace {

void correct_current(std::optional<double>& current_a, const Calibration& calibration) {
  if (!current_a) return;
  if (calibration.invert_current) *current_a = -*current_a;
  if (!calibration.current_map.empty()) {
    *current_a = interpolate(calibration.current_map, *current_a, Ends::extend);
  }
  *current_a += calibration.current_offset_a;
}

void correct_sensor(std::optional<double>& temperature_c, const SensorConfig& sensor) {
  if (sensor.role == SensorRole::unused) temperature_c.reset();
  if (temperature_c) *temperature_c = sensor.slope * *temperature_c + sensor.offset_k;
}

/// What the BMS counts in ampere-hours was counted against a capacity that is not the true one; its SoC is a share.
void correct_capacity(Reading& reading, double capacity_ah) {
  reading.design_capacity_ah = capacity_ah;
  reading.full_ah = capacity_ah;
  reading.consumed_ah.reset();
  reading.remaining_ah.reset();
  if (reading.soc_pct) reading.remaining_ah = *reading.soc_pct / 100 * capacity_ah;
}

}  // namespace

Reading calibrated(const Reading& raw, const Calibration& calibration, std::optional<double> true_current_a) {
  Reading reading = raw;
  correct_current(reading.current_a, calibration);
  if (true_current_a && std::isfinite(*true_current_a)) reading.current_a = true_current_a;
  for (std::size_t i = 0; i < reading.temperatures_c.size(); ++i) {
    correct_sensor(reading.temperatures_c[i], calibration.sensors[i]);
  }
  correct_sensor(reading.mos_temperature_c, calibration.mos_sensor);
  if (calibration.capacity_ah) correct_capacity(reading, *calibration.capacity_ah);
  return reading;
}

}  // namespace bms::battery
