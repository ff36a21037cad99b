// Points in time and spans of the monotonic clock; rooms that reason about time get them as arguments.
#pragma once

#include <chrono>

namespace bms {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

}  // namespace bms
