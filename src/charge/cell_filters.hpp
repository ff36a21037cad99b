// Filtered cells: the highest with a little look-ahead, the lowest, and slow ones for mean and spread.
#pragma once

#include "charge/situation.hpp"

namespace bms::charge {

inline constexpr double resting_c = 0.05;  ///< of the capacity, per hour: less is no current

/// Lets the filters of `state` follow a sample with believable cells.
void follow_cells(const Situation& now, State& state);

/// Where the highest cell will be in a moment. Precondition: follow_cells() has been called once.
[[nodiscard]] double highest_ahead_v(const Situation& now, const State& state);

/// Mean and spread of the slowly filtered cells; noise widens the spread of unfiltered ones. 0 before the first sample.
struct SlowCells {
  double mean_v = 0, spread_v = 0;
};

[[nodiscard]] SlowCells slow_cells(const State& state);

}  // namespace bms::charge
