#include "battery/facts.hpp"

#include <algorithm>
#include <cmath>

namespace bms::battery {

namespace {

constexpr double least_cell_v = 0.5;
constexpr double most_cell_v = 5.0;
constexpr double most_off_median_v = 1.0;
constexpr double most_current_a = 1e4;
constexpr double most_voltage_v = 400;

double median(boost::container::static_vector<double, max_cells> cells_v) {
  const auto middle = cells_v.begin() + static_cast<std::ptrdiff_t>(cells_v.size() / 2);
  std::ranges::nth_element(cells_v, middle);
  return *middle;
}

void judge_cells(const Reading& reading, Facts& facts) {
  const auto& cells_v = reading.cells_v;
  if (cells_v.empty()) return;
  const auto alone = [](double cell_v) { return cell_v > least_cell_v && cell_v < most_cell_v; };
  auto odd = std::ranges::find_if_not(cells_v, alone);
  if (odd == cells_v.end()) {
    const double median_v = median(cells_v);
    const auto off = [median_v](double cell_v) { return std::abs(cell_v - median_v) >= most_off_median_v; };
    odd = std::ranges::find_if(cells_v, off);
  }
  if (odd != cells_v.end()) {
    facts.implausible_cell = static_cast<int>(odd - cells_v.begin()) + 1;
    facts.implausible_cell_v = *odd;
    return;
  }
  const auto [lowest, highest] = std::ranges::minmax_element(cells_v);
  double sum_v = 0;
  for (const double cell_v : cells_v) sum_v += cell_v;
  facts.cells = CellFacts{.lowest_v = *lowest,
                          .highest_v = *highest,
                          .mean_v = sum_v / static_cast<double>(cells_v.size()),
                          .spread_v = *highest - *lowest,
                          .lowest = static_cast<int>(lowest - cells_v.begin()) + 1,
                          .highest = static_cast<int>(highest - cells_v.begin()) + 1};
}

}  // namespace

std::optional<double> sane(std::optional<double> value, double min, double max) {
  return value && *value >= min && *value <= max ? value : std::nullopt;
}

Facts facts_of(const Battery& battery, std::optional<double> capacity_ah) {
  const Reading& reading = battery.reading;
  constexpr double least_degrees = -40;
  constexpr double most_degrees = 150;
  Facts facts{.voltage_v = sane(reading.voltage_v, 0, most_voltage_v),
              .current_a = sane(reading.current_a, -most_current_a, most_current_a),
              .capacity_ah = capacity_ah,
              .soc_pct = sane(reading.soc_pct, 0, 100),
              .soh_pct = sane(reading.soh_pct, 0, 100),
              .mos_temperature_c = sane(reading.mos_temperature_c, least_degrees, most_degrees),
              .coldest_c = sane(battery.derived.min_temperature_c, least_degrees, most_degrees),
              .warmest_c = sane(battery.derived.max_temperature_c, least_degrees, most_degrees)};
  judge_cells(reading, facts);
  return facts;
}

}  // namespace bms::battery
