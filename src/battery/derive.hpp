// What follows from one reading without knowing anything else.
#pragma once

#include <bitset>

#include "bms/battery.hpp"

namespace bms::battery {

/// Power from voltage and current; consumed charge against the learned capacity, else the design capacity, never above
/// 0; lowest and highest cell and sensor with their numbers (the first of equals); mean of the sensors. What cannot be
/// said stays empty. `on_cells`: sensors that show the battery's temperature; if there are none of these, all do.
[[nodiscard]] Derived derive(const Reading& reading, std::bitset<max_temperatures> on_cells = {});

}  // namespace bms::battery
