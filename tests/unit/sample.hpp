// A healthy battery to start from.
#pragma once

#include <cstddef>

#include "bms/protocol.hpp"
#include "bms/reading.hpp"

namespace bms::test {

inline constexpr Bounds bounds{.cell_min_v = 0,
                               .cell_max_v = 5,
                               .pack_min_v = 0.5,
                               .pack_max_v = 4.6,
                               .sum_tolerance_v = 0.2,
                               .sum_tolerance_ratio = 0.01,
                               .current_max_a = 400,
                               .remaining_max_ratio = 1.2};

/// 16 cells around 3.3 V at half charge, charging with 10 A.
inline Reading healthy_reading(std::size_t cells = 16) {
  Reading reading;
  reading.voltage_v = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    reading.cells_v.push_back(3.300 + 0.001 * static_cast<double>(i % 5));
    *reading.voltage_v += reading.cells_v.back();
  }
  reading.current_a = 10;
  reading.soc_pct = 50;
  reading.remaining_ah = 140;
  reading.design_capacity_ah = 280;
  reading.cycles = 12;
  reading.temperatures_c = {21.5, 22.5};
  reading.charge_fet = true;
  reading.discharge_fet = true;
  reading.balancing.emplace();
  return reading;
}

}  // namespace bms::test
