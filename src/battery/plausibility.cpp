#include "battery/plausibility.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace bms::battery {

namespace {

std::unexpected<Error> implausible(std::string what) { return failure(ErrorKind::implausible, std::move(what)); }

std::string text(double value) {
  std::string digits = std::to_string(value);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits;
}

// Written so that NaN, which compares false with everything, is out of range.
Result<void> in_range(const char* name, std::optional<double> value, double low, double high) {
  if (!value || (*value >= low && *value <= high)) return {};
  return implausible(std::string(name) + " " + text(*value) + ", expected " + text(low) + " to " + text(high));
}

Result<void> check_pack(const Reading& reading, const Bounds& bounds) {
  const auto cells = static_cast<double>(reading.cells_v.size());
  const double capacity_ah = std::max(reading.design_capacity_ah.value_or(0), reading.full_ah.value_or(0));
  struct Check {
    const char* name;
    std::optional<double> value;
    double low, high;
  };
  constexpr double most_ah = 10'000;
  constexpr double most_total_ah = 1e8;
  const double most_remaining_ah = capacity_ah > 0 ? capacity_ah * bounds.remaining_max_ratio : most_ah;
  const Check checks[] = {
      {"pack voltage", reading.voltage_v, cells * bounds.pack_min_v, cells * bounds.pack_max_v},
      {"current", reading.current_a, -bounds.current_max_a, bounds.current_max_a},
      {"SoC", reading.soc_pct, 0, 100},
      {"SoH", reading.soh_pct, 0, 100},
      {"design capacity", reading.design_capacity_ah, 0.01, most_ah},
      {"full capacity", reading.full_ah, 0, most_ah},
      {"remaining capacity", reading.remaining_ah, 0, most_remaining_ah},
      {"cycles", reading.cycles, 0, 65535},
      {"consumed charge", reading.consumed_ah, 0, most_ah},
      {"total charge", reading.total_charged_ah, 0, most_total_ah},
      {"total discharge", reading.total_discharged_ah, 0, most_total_ah},
      {"FET temperature", reading.mos_temperature_c, bounds.temperature_min_c, bounds.temperature_max_c},
  };
  for (const Check& check : checks) {
    if (auto ok = in_range(check.name, check.value, check.low, check.high); !ok) return ok;
  }
  return {};
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

Result<void> check_temperatures(const Reading& reading, const Bounds& bounds) {
  for (const auto& temperature_c : reading.temperatures_c) {
    if (auto ok = in_range("temperature", temperature_c, bounds.temperature_min_c, bounds.temperature_max_c); !ok) {
      return ok;
    }
  }
  return {};
}

}  // namespace

Result<void> check_plausible(const Reading& reading, const Bounds& bounds) {
  for (const auto check : {check_cells, check_pack, check_sum, check_temperatures}) {
    if (auto ok = check(reading, bounds); !ok) return ok;
  }
  return {};
}

Result<void> check_same_pack(const Reading& previous, const Reading& next) {
  if (previous.cells_v.size() != next.cells_v.size()) {
    return implausible("the number of cells changed from " + std::to_string(previous.cells_v.size()) + " to " +
                       std::to_string(next.cells_v.size()) + "; restart the service if the battery was replaced");
  }
  return {};
}

Result<void> check_follows(const Reading& previous, const Reading& next) {
  if (previous.temperatures_c.size() != next.temperatures_c.size()) {
    return implausible("the number of temperature sensors changed from " +
                       std::to_string(previous.temperatures_c.size()) + " to " +
                       std::to_string(next.temperatures_c.size()));
  }
  if (previous.cycles && next.cycles && (*next.cycles < *previous.cycles || *next.cycles > *previous.cycles + 1)) {
    return implausible("cycles went from " + text(*previous.cycles) + " to " + text(*next.cycles));
  }
  return {};
}

}  // namespace bms::battery
