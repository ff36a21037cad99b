// What follows from one reading without knowing anything else.
#pragma once

#include "bms/battery.hpp"

namespace bms::battery {

/// Power from voltage and current; consumed charge against the learned capacity, else the design capacity, never above
/// 0; lowest and highest cell and sensor with their numbers (the first of equals); mean of the sensors. What cannot be
/// said stays empty.
[[nodiscard]] Derived derive(const Reading& reading);

}  // namespace bms::battery
