// When the spread of cells means something: for the alarm CellImbalance and for the monitor of every cell alike.
#pragma once

namespace bms::battery {

inline constexpr double rest_time_s = 600;       ///< so long without a current is rest
inline constexpr double rest_current_c = 0.05;   ///< of the capacity, per hour: less is no current
inline constexpr double below_target_v = 0.050;  ///< of absorption: from there on cells are "at the top"
inline constexpr double rest_band_v =
    0.250;                                 ///< of absorption: at a lower mean a spread at rest says nothing of a fault
inline constexpr double even_share = 0.6;  ///< of what is notable: less is even again

}  // namespace bms::battery
