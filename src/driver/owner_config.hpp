// What the configuration, and the owner at run time, mean to each room.
#pragma once

#include <chrono>

#include "bms/user_settings.hpp"
#include "config/settings.hpp"
#include "driver/pipeline.hpp"

namespace bms::driver {

[[nodiscard]] inline std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

/// The rooms' configuration. What the owner changed at run time counts as far as it allows no more than the
/// configuration does.
[[nodiscard]] PipelineConfig pipeline_config_of(const config::Settings& configured, const UserSettings& user = {});

/// What the owner may change at run time, and how far. `capacity_ah`: of the battery, for limits that are configured as
/// C-rates; empty: not known.
[[nodiscard]] UserBounds user_bounds_of(const config::Settings& settings, std::optional<double> capacity_ah);

}  // namespace bms::driver
