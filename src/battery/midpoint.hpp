// The midpoint of a pack: its lower half of cells against its upper one.
#pragma once

#include <optional>
#include <span>

namespace bms::battery {

struct Midpoint {
  double voltage_v;      ///< of the lower half
  double deviation_pct;  ///< (upper - lower) / (upper + lower)
};

/// Of an odd number of cells half the middle one belongs to each side. Empty below 4 cells.
[[nodiscard]] std::optional<Midpoint> midpoint_of(std::span<const double> cells_v);

}  // namespace bms::battery
