// Time as a number of seconds, and which numbers can be believed.
#pragma once

#include <algorithm>
#include <chrono>

namespace bms::battery {

inline constexpr double hour_s = 3600;
inline constexpr double latest_unix_s = 1e11;  ///< no clock is later

[[nodiscard]] inline double seconds(std::chrono::steady_clock::duration span) {
  return std::chrono::duration<double>(span).count();
}

/// What has passed between two readings: clocks may say anything. 0..1e7 s.
[[nodiscard]] inline double sane_seconds(double dt_s) { return dt_s >= 0 ? std::min(dt_s, 1e7) : 0; }

}  // namespace bms::battery
