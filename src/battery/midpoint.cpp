#include "battery/midpoint.hpp"

#include <cstddef>
#include <numeric>

namespace bms::battery {

std::optional<Midpoint> midpoint_of(std::span<const double> cells_v) {
  constexpr std::size_t fewest_cells = 4;
  if (cells_v.size() < fewest_cells) return std::nullopt;
  const auto half = cells_v.first(cells_v.size() / 2);
  const double sum_v = std::accumulate(cells_v.begin(), cells_v.end(), 0.0);
  double lower_v = std::accumulate(half.begin(), half.end(), 0.0);
  if (cells_v.size() % 2 != 0) lower_v += cells_v[half.size()] / 2;
  if (!(sum_v > 0)) return std::nullopt;
  return Midpoint{lower_v, (sum_v - 2 * lower_v) / sum_v * 100};
}

}  // namespace bms::battery
