// What the configuration means to each room.
#pragma once

#include <algorithm>
#include <chrono>

#include "battery/model.hpp"
#include "bms/user_settings.hpp"
#include "charge/limits_control.hpp"
#include "config/options.hpp"

namespace bms::driver {

[[nodiscard]] inline std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

/// T1 and T2. With slow polls T1 is at least three of them, so that one lost answer is not a lost BMS.
[[nodiscard]] inline battery::Staleness staleness_of(const config::Settings& settings) {
  battery::Staleness staleness;
  staleness.stale_after = std::max(milliseconds(settings.stale_after_s), 3 * milliseconds(settings.poll_interval_s));
  staleness.release_after = std::max(milliseconds(settings.release_after_s), 2 * staleness.stale_after);
  return staleness;
}

[[nodiscard]] inline charge::Config charge_config_of(const config::Settings& settings) {
  charge::Config charge;
  charge.max_charge_current.value = settings.max_charge_current_a;
  charge.max_discharge_current.value = settings.max_discharge_current_a;
  charge.absorption_cell_v = settings.max_cell_voltage_v;
  charge.float_cell_v = settings.float_cell_voltage_v;
  charge.min_cell_v = settings.min_cell_voltage_v;
  return charge;
}

/// What the owner may choose from at run time.
[[nodiscard]] inline UserBounds user_bounds_of(const config::Settings& settings) {
  return {.max_charge_current_a = settings.max_charge_current_a,
          .max_discharge_current_a = settings.max_discharge_current_a,
          .absorption_cell_v = settings.max_cell_voltage_v,
          .float_cell_v = settings.float_cell_voltage_v,
          .full_charge_days = 30};
}

}  // namespace bms::driver
