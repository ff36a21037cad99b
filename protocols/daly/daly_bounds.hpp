// What to believe of a Daly board's readings.
#pragma once

#include "bms/protocol.hpp"

namespace bms::daly {

inline constexpr Bounds daly_bounds{
    // An open sense wire reads 0 V, or 5.000 V where the measuring chip ends. Both are real readings, once the board
    // has repeated them.
    .cell_min_v = 0,
    .cell_max_v = 5,
    .pack_min_v = 1.0,
    .pack_max_v = 4.5,
    // Pack and cells are asked for a quarter of a second apart, and a load may be switched on in between.
    .sum_tolerance_v = 2,
    .sum_tolerance_ratio = 0.1,
    .current_max_a = 1000,
    .remaining_max_ratio = 1.2,
};

}  // namespace bms::daly
