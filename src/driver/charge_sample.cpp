#include "driver/charge_sample.hpp"

namespace bms::driver {

charge::Sample sample_of(const Battery& battery) {
  const Reading& reading = battery.reading;
  const Estimate& estimate = battery.estimate;
  return {.cells_v = reading.cells_v,
          .current_a = reading.current_a,
          .capacity_ah = estimate.sure_capacity_ah,
          .temperatures_c = battery.protecting_temperatures_c,
          .sensors_expected = battery.protection_expected,
          .mos_temperature_c = reading.mos_temperature_c,
          .soc_pct = estimate.soc_uncertain ? std::nullopt : estimate.soc_pct,
          .charge_fet = reading.charge_fet,
          .discharge_fet = reading.discharge_fet,
          .heating = reading.heating,
          .endures_less = battery.endures_less,
          .max_charge_voltage_v = reading.max_charge_voltage_v,
          .max_charge_current_a = reading.max_charge_current_a,
          .max_discharge_current_a = reading.max_discharge_current_a,
          .cell_over_voltage_v = battery.device.cell_over_voltage_v,
          .cell_under_voltage_v = battery.device.cell_under_voltage_v,
          .bms_alarms = reading.alarms,
          .alarms = battery.alarms};
}

battery::ChargeFindings findings_of(const charge::Outcome& outcome) {
  return {.became_full = outcome.became_full,
          .held_full = outcome.held_full,
          .ended_by_cap = outcome.ended_by_cap,
          .cut_off = outcome.cut_off,
          .cut_off_raised_v = outcome.cut_off_raised_v,
          .too_cold_to_charge = outcome.too_cold_to_charge,
          .too_hot_to_charge = outcome.too_hot_to_charge,
          .balancing = outcome.balancing,
          .balancing_cell_v = outcome.target_cell_v,
          .base_charge_a = outcome.base_charge_a,
          .base_discharge_a = outcome.base_discharge_a};
}

}  // namespace bms::driver
