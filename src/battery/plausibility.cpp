#include "battery/plausibility.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "battery/doubt.hpp"
#include "bms/enum_table.hpp"

namespace bms::battery {

namespace {

constexpr double most_capacity_ah = 10'000;
constexpr double most_total_ah = 1e8;
constexpr double least_capacity_ah = 0.01;
// A house takes 1 C at most, a vehicle 3 C for some seconds. Beyond 5 C a number is one that no current has caused: the
// end of the wire format, as a rule.
constexpr double most_current_c = 5;
constexpr double small_current_a = 300;  // of a small battery, or of one whose capacity nobody has set right

std::string text(double value) {
  std::string digits = std::to_string(value);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits;
}

// Written so that NaN, which compares false with everything, is out of range.
bool inside(std::optional<double> value, double low, double high) {
  return !value || (*value >= low && *value <= high);
}

Result<void> in_range(const char* name, std::optional<double> value, double low, double high) {
  if (inside(value, low, high)) return {};
  return implausible(std::string(name) + " " + text(*value) + ", expected " + text(low) + " to " + text(high));
}

Result<void> check_pack(const Reading& reading, const Bounds& bounds) {
  const auto cells = static_cast<double>(reading.cells_v.size());
  return in_range("pack voltage", reading.voltage_v, cells * bounds.pack_min_v, cells * bounds.pack_max_v);
}

Result<void> check_cells(const Reading& reading, const Bounds& bounds) {
  if (reading.cells_v.empty()) return implausible("no cell voltages");
  for (const double cell_v : reading.cells_v) {
    if (auto ok = in_range("cell voltage", cell_v, bounds.cell_min_v, bounds.cell_max_v); !ok) return ok;
  }
  return {};
}

Result<void> check_sum(const Reading& reading, const Bounds& bounds) {
  const bool sense_wire_broken = std::ranges::any_of(reading.cells_v, [](double cell_v) { return cell_v == 0.0; });
  if (!reading.voltage_v || sense_wire_broken) return {};
  const double sum_v = std::accumulate(reading.cells_v.begin(), reading.cells_v.end(), 0.0);
  const double tolerance_v = std::max(bounds.sum_tolerance_v, *reading.voltage_v * bounds.sum_tolerance_ratio);
  if (std::abs(*reading.voltage_v - sum_v) <= tolerance_v) return {};
  return implausible("pack voltage " + text(*reading.voltage_v) + " V, but its cells add up to " + text(sum_v) + " V");
}

/// What bounds of single values depend on.
struct Measure {
  double most_current_a, most_remaining_ah;
};

struct Row {
  Quantity quantity;
  const char* name;
  const char* unit;
  std::optional<double> Reading::* place;
  double low, high;
  double Measure::* amount = nullptr;  ///< instead of `high`; and of `low`, if that is negative
};

constexpr std::array<Row, quantity_count> rows{{
    {Quantity::current, "current", "A", &Reading::current_a, -1, 1, &Measure::most_current_a},
    {Quantity::soc, "SoC", "%", &Reading::soc_pct, 0, 100},
    {Quantity::soh, "SoH", "%", &Reading::soh_pct, 0, 100},
    {Quantity::nominal_capacity, "nominal capacity", "Ah", &Reading::design_capacity_ah, least_capacity_ah,
     most_capacity_ah},
    {Quantity::full_capacity, "full capacity", "Ah", &Reading::full_ah, least_capacity_ah, most_capacity_ah},
    {Quantity::remaining, "remaining", "Ah", &Reading::remaining_ah, 0, most_capacity_ah, &Measure::most_remaining_ah},
    {Quantity::cycles, "cycles", "", &Reading::cycles, 0, 65535},
    {Quantity::consumed, "consumed charge", "Ah", &Reading::consumed_ah, 0, most_capacity_ah},
    {Quantity::total_charged, "charge put in so far", "Ah", &Reading::total_charged_ah, 0, most_total_ah},
    {Quantity::total_discharged, "charge drawn so far", "Ah", &Reading::total_discharged_ah, 0, most_total_ah},
}};

static_assert(is_in_order_up_to(Quantity::total_discharged, rows, &Row::quantity));

double believed_or_zero(std::optional<double> capacity_ah) {
  return capacity_ah && inside(capacity_ah, least_capacity_ah, most_capacity_ah) ? *capacity_ah : 0;
}

Measure measure_of(const Reading& reading, const Bounds& bounds, std::optional<double> capacity_ah) {
  const double told_ah = std::max(believed_or_zero(reading.design_capacity_ah), believed_or_zero(reading.full_ah));
  const double known_ah = capacity_ah ? *capacity_ah : told_ah;
  const double of_capacity_a = std::max(known_ah * most_current_c, small_current_a);
  return {.most_current_a = known_ah > 0 ? std::min(bounds.current_max_a, of_capacity_a) : bounds.current_max_a,
          .most_remaining_ah = told_ah > 0 ? told_ah * bounds.remaining_max_ratio : most_capacity_ah};
}

}  // namespace

Result<void> check_plausible(const Reading& reading, const Bounds& bounds) {
  for (const auto check : {check_cells, check_pack, check_sum}) {
    if (auto ok = check(reading, bounds); !ok) return ok;
  }
  return {};
}

Quantities odd_values(const Reading& reading, const Bounds& bounds, std::optional<double> capacity_ah) {
  const Measure measure = measure_of(reading, bounds, capacity_ah);
  Quantities odd;
  for (const Row& row : rows) {
    const double high = row.amount != nullptr ? measure.*row.amount : row.high;
    const double low = row.low < 0 ? -high : row.low;
    if (!inside(reading.*row.place, low, high)) odd.set(index_of(row.quantity));
  }
  return odd;
}

void leave_out(Reading& reading, Quantities odd) {
  for (const Row& row : rows) {
    if (odd.test(index_of(row.quantity))) (reading.*row.place).reset();
  }
}

std::string in_words(const Reading& reading, Quantity quantity) {
  const Row& row = rows[index_of(quantity)];
  const auto value = reading.*row.place;
  return std::string(row.name) + " " + (value ? text(*value) : "unknown") + (*row.unit != '\0' ? " " : "") + row.unit;
}

Result<void> check_same_pack(const Reading& previous, const Reading& next) {
  if (previous.cells_v.size() != next.cells_v.size()) {
    return implausible("the number of cells changed from " + std::to_string(previous.cells_v.size()) + " to " +
                       std::to_string(next.cells_v.size()) + "; restart the service if the battery was replaced");
  }
  return {};
}

}  // namespace bms::battery
