// Seconds as they are configured, for clocks.
#pragma once

#include <chrono>

namespace bms::mqtt {

[[nodiscard]] inline std::chrono::steady_clock::duration seconds(double count) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(count));
}

}  // namespace bms::mqtt
