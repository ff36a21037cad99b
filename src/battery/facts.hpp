// What estimation believes of a reading: numbers that can be reckoned with, and nothing else.
#pragma once

#include <optional>

#include "bms/battery.hpp"

namespace bms::battery {

/// The cells of one reading, all of them plausible. Numbers count from 1.
struct CellFacts {
  double lowest_v = 0, highest_v = 0, mean_v = 0, spread_v = 0;
  int lowest = 0, highest = 0;
};

/// Every number is finite and of a size that a battery can have; empty: not said, or not to be believed.
struct Facts {
  std::optional<double> voltage_v{};
  std::optional<double> current_a{};
  std::optional<double> capacity_ah{};  ///< > 0
  std::optional<double> soc_pct{};      ///< of the BMS, 0..100
  std::optional<double> soh_pct{};
  std::optional<double> mos_temperature_c{};
  std::optional<double> coldest_c{}, warmest_c{};
  std::optional<CellFacts> cells{};       ///< empty also when one of them is implausible
  std::optional<int> implausible_cell{};  ///< outside 0.5..5 V, or 1 V or more away from the median
  double implausible_cell_v = 0;
};

/// `capacity_ah`: what is believed of it; see Capacity.
[[nodiscard]] Facts facts_of(const Battery& battery, std::optional<double> capacity_ah);

/// The value if it is finite and within bounds, else empty.
[[nodiscard]] std::optional<double> sane(std::optional<double> value, double min, double max);

}  // namespace bms::battery
