#include "battery/derive.hpp"

#include <algorithm>
#include <numeric>

namespace bms::battery {

namespace {

void derive_cells(const Reading& reading, Derived& derived) {
  const auto& cells = reading.cells_v;
  if (cells.empty()) return;
  const auto lowest = std::ranges::min_element(cells);
  const auto highest = std::ranges::max_element(cells);
  derived.min_cell_v = *lowest;
  derived.max_cell_v = *highest;
  derived.min_cell = static_cast<int>(lowest - cells.begin()) + 1;
  derived.max_cell = static_cast<int>(highest - cells.begin()) + 1;
  derived.cell_sum_v = std::accumulate(cells.begin(), cells.end(), 0.0);
  derived.cell_diff_v = *highest - *lowest;
}

void derive_temperatures(const Reading& reading, std::bitset<max_temperatures> on_cells, Derived& derived) {
  int number = 0;
  int present = 0;
  double sum_c = 0;
  for (const auto& temperature_c : reading.temperatures_c) {
    ++number;
    if (!temperature_c || (on_cells.any() && !on_cells.test(static_cast<std::size_t>(number - 1)))) continue;
    ++present;
    sum_c += *temperature_c;
    if (!derived.min_temperature_c || *temperature_c < *derived.min_temperature_c) {
      derived.min_temperature_c = temperature_c;
      derived.min_sensor = number;
    }
    if (!derived.max_temperature_c || *temperature_c > *derived.max_temperature_c) {
      derived.max_temperature_c = temperature_c;
      derived.max_sensor = number;
    }
  }
  if (present > 0) derived.mean_temperature_c = sum_c / present;
  const bool of_cells = on_cells.count() == reading.temperatures_c.size();
  if (present == 0 && of_cells) derived.max_temperature_c = reading.highest_temperature_c;
}

}  // namespace

Derived derive(const Reading& reading, std::bitset<max_temperatures> on_cells) {
  Derived derived;
  if (reading.voltage_v && reading.current_a) derived.power_w = *reading.voltage_v * *reading.current_a;
  if (reading.consumed_ah) derived.consumed_ah = std::min(0.0, -*reading.consumed_ah);
  const auto full_ah = reading.full_ah ? reading.full_ah : reading.design_capacity_ah;
  if (!derived.consumed_ah && reading.remaining_ah && full_ah)
    derived.consumed_ah = std::min(0.0, *reading.remaining_ah - *full_ah);
  derive_cells(reading, derived);
  derive_temperatures(reading, on_cells, derived);
  return derived;
}

}  // namespace bms::battery
