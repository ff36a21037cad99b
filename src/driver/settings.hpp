// What the configuration means to each room.
#pragma once

#include <algorithm>
#include <chrono>

#include "config/options.hpp"
#include "driver/pipeline.hpp"

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

[[nodiscard]] inline PipelineConfig pipeline_config_of(const config::Settings& settings) {
  PipelineConfig config{.staleness = staleness_of(settings)};
  config.charge.poll_interval_s = config.battery.poll_interval_s = settings.poll_interval_s;
  config.charge.max_charge_current.value = settings.max_charge_current_a;
  config.charge.max_discharge_current.value = settings.max_discharge_current_a;
  return config;
}

}  // namespace bms::driver
