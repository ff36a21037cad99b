// The time of day. A GX device has no battery for its clock: until it has asked the network it may be years behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace bms::files {

using WallTime = std::chrono::system_clock::time_point;

/// No moment before this one, 2024-01-01, can be now. Seconds since 1970.
inline constexpr std::int64_t first_believable_s = 1'704'067'200;

/// Seconds since 1970, whether they can be believed or not.
[[nodiscard]] inline std::int64_t unix_seconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// Seconds since 1970; empty: the clock was not set yet and cannot be believed.
[[nodiscard]] inline std::optional<double> unix_time(WallTime now) {
  const std::int64_t now_s = unix_seconds(now);
  return now_s >= first_believable_s ? std::optional(static_cast<double>(now_s)) : std::nullopt;
}

}  // namespace bms::files
