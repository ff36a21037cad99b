// The date and time of a clock on the wall.
#pragma once

#include <ctime>

#include "bms/command.hpp"

namespace bms {

/// What the clock on the wall shows, where this machine is.
[[nodiscard]] inline CivilTime civil_time_now() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return {.year = local.tm_year + 1900,
          .month = local.tm_mon + 1,
          .day = local.tm_mday,
          .hour = local.tm_hour,
          .minute = local.tm_min,
          .second = local.tm_sec};
}

}  // namespace bms
