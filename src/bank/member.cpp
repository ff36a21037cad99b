#include "bank/member.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bms::bank {

namespace {

constexpr double largest_voltage_v = 1000;
constexpr double largest_current_a = 10'000;
constexpr double largest_capacity_ah = 100'000;
constexpr double largest_cell_v = 10;
constexpr double apart_share = 0.1, apart_v = 1;

/// What each number of a pack can be.
struct Range {
  std::optional<double> Told::* place;
  double low, high;
};
constexpr Range ranges[] = {
    {&Told::voltage_v, 1, largest_voltage_v},
    {&Told::current_a, -largest_current_a, largest_current_a},
    {&Told::soc_pct, 0, 100},
    {&Told::capacity_ah, 0.1, largest_capacity_ah},
    {&Told::remaining_ah, 0, largest_capacity_ah},
    {&Told::cycles, 0, 1e6},
    {&Told::drawn_ah, 0, 1e9},
    {&Told::resistance_ohm, 1e-5, 10},
    {&Told::lowest_cell_v, 0, largest_cell_v},
    {&Told::highest_cell_v, 0, largest_cell_v},
    {&Told::coldest_c, -60, 150},
    {&Told::hottest_c, -60, 150},
};

// Whoever names a limit that cannot be true has not allowed anything. Infinitely much is no limit either.
std::optional<double> sane_limit(std::optional<double> limit_a) {
  if (!limit_a) return limit_a;
  return within(limit_a, 0, largest_current_a).value_or(0);
}

// The same of a voltage: nothing is charged to 0 V.
std::optional<double> sane_voltage(std::optional<double> limit_v) {
  if (!limit_v) return limit_v;
  return within(limit_v, 1, largest_voltage_v).value_or(0);
}

/// Cells that are in series have the voltage of the pack.
bool contradicts_cells(const Told& told) {
  if (!told.voltage_v || told.cells_v.empty()) return false;
  const double sum_v = std::accumulate(told.cells_v.begin(), told.cells_v.end(), 0.0);
  return std::abs(*told.voltage_v - sum_v) > apart_share * sum_v + apart_v;
}

}  // namespace

Told sane(Told told) {
  for (const Range& range : ranges) told.*range.place = within(told.*range.place, range.low, range.high);
  for (double& cell_v : told.cells_v) {
    // Either is a cell that control does not believe, and stops for; for one that is too high at once.
    cell_v = std::isfinite(cell_v) ? std::clamp(cell_v, 0.0, largest_cell_v) : 0;
  }
  told.cell_count = std::min(told.cell_count, max_cells);
  told.charge_current_a = sane_limit(told.charge_current_a);
  told.discharge_current_a = sane_limit(told.discharge_current_a);
  told.charge_voltage_v = sane_voltage(told.charge_voltage_v);
  if (contradicts_cells(told)) told.voltage_v.reset();
  return told;
}

std::size_t cell_count_of(const Told& told) { return told.cells_v.empty() ? told.cell_count : told.cells_v.size(); }

boost::container::static_vector<double, max_cells> cells_of(const Told& told) {
  if (!told.cells_v.empty()) return told.cells_v;
  if (told.cell_count == 0 || !told.lowest_cell_v || !told.highest_cell_v) return {};
  const double mean_v = (*told.lowest_cell_v + *told.highest_cell_v) / 2;
  boost::container::static_vector<double, max_cells> cells_v(told.cell_count, mean_v);
  cells_v.front() = *told.lowest_cell_v;
  cells_v.back() = *told.highest_cell_v;
  return cells_v;
}

}  // namespace bms::bank
