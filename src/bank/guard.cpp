#include "bank/guard.hpp"

#include <algorithm>

#include "charge/control.hpp"

namespace bms::bank {

namespace {

/// What the owner wants of the bank is judged there: here only cells and temperatures count.
charge::Config config_for(charge::Config config, const Track& track) {
  config.max_charge_current = {.value = track.charge_limit_a};
  config.max_discharge_current = {.value = track.discharge_limit_a};
  config.user_max_charge_a.reset();
  config.user_max_discharge_a.reset();
  config.charge_blocked = config.discharge_blocked = config.full_charge_requested = false;
  config.full_charge_days = 0;
  config.floats_with_bank = true;
  return config;
}

charge::Sample sample_of(const Told& told) {
  charge::Sample sample{.cells_v = cells_of(told), .current_a = told.current_a, .capacity_ah = told.capacity_ah};
  for (const auto& temperature_c : {told.coldest_c, told.hottest_c}) {
    if (temperature_c) sample.temperatures_c.push_back(*temperature_c);
  }
  sample.bms_alarms = sample.alarms = told.alarms;
  return sample;
}

}  // namespace

void guard(const charge::Config& of_bank, double dt_s, Track& track) {
  const charge::Config config = config_for(of_bank, track);
  const charge::Sample sample = sample_of(track.told);
  const Limits borne = charge::step(config, track.guard, sample, dt_s).limits;
  track.charge_limit_a = std::min(track.charge_limit_a, borne.charge_current_a.value_or(0));
  track.discharge_limit_a = std::min(track.discharge_limit_a, borne.discharge_current_a.value_or(0));
  if (!borne.charge_voltage_v) return;
  auto& voltage_v = track.told.charge_voltage_v;
  voltage_v = std::min(voltage_v.value_or(*borne.charge_voltage_v), *borne.charge_voltage_v);
}

}  // namespace bms::bank
