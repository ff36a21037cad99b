// What the configuration means to each room.
#pragma once

#include <algorithm>
#include <chrono>

#include "battery/model.hpp"
#include "config/settings.hpp"

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

}  // namespace bms::driver
