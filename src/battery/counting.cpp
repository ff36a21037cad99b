#include "battery/counting.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "battery/seconds.hpp"

namespace bms::battery {

namespace {

constexpr double gap_s = 15;
constexpr double steady_gap_s = 120;
constexpr double longest_missed_s = 24 * 3600;  // beyond, nobody needs to know how little is known

}  // namespace

Flow ChargeCounter::follow(std::optional<double> current_a, std::optional<double> voltage_v, double dt_s) {
  const auto before_a = std::exchange(last_current_a_, current_a);
  const auto before_v = std::exchange(last_voltage_v_, voltage_v);
  if (!current_a || !before_a) return {};
  const bool same_direction = *current_a * *before_a >= 0;
  if (dt_s > steady_gap_s || (dt_s > gap_s && !same_direction)) {
    const double mean_size_a = (std::abs(*current_a) + std::abs(*before_a)) / 2;
    return {.missed_ah = mean_size_a * std::min(dt_s, longest_missed_s) / hour_s};
  }
  const double amount_ah = (*current_a + *before_a) / 2 * dt_s / hour_s;
  Flow flow{.charged_ah = std::max(amount_ah, 0.0), .discharged_ah = std::max(-amount_ah, 0.0)};
  if (voltage_v && before_v) {
    const double mean_kv = (*voltage_v + *before_v) / 2 / 1000;
    flow.charged_kwh = flow.charged_ah * mean_kv;
    flow.discharged_kwh = flow.discharged_ah * mean_kv;
  }
  return flow;
}

}  // namespace bms::battery
