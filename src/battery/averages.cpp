#include "battery/averages.hpp"

#include <algorithm>
#include <cmath>

#include "battery/seconds.hpp"

namespace bms::battery {

namespace {

constexpr double average_time_s = 300;
constexpr double least_current_a = 0.5;
constexpr double least_current_c = 0.005;
constexpr double longest_time_s = 864'000;
constexpr double minute_s = 60;

/// How long the average current takes to move the SoC by so much, in whole minutes.
double time_for(double difference_pct, double capacity_ah, double current_a) {
  const double time_s = std::abs(difference_pct) / 100 * capacity_ah / std::abs(current_a) * hour_s;
  return std::round(std::min(time_s, longest_time_s) / minute_s) * minute_s;
}

}  // namespace

void Averages::follow(const SocConfig& config, const Facts& facts, const External& external, Estimate& estimate,
                      double dt_s) {
  estimate.average_current_a.reset();
  estimate.time_to_go_s.reset();
  estimate.time_to_soc.clear();
  if (facts.current_a) estimate.average_current_a = current_a_.follow(*facts.current_a, dt_s, average_time_s);

  const double current_a = estimate.average_current_a.value_or(0);
  const double capacity_ah = facts.capacity_ah.value_or(0);
  const bool flows = std::abs(current_a) > std::max(least_current_a, least_current_c * capacity_ah);
  const bool foretold = flows && facts.capacity_ah && estimate.soc_pct;
  const double soc_pct = estimate.soc_pct.value_or(0);
  if (foretold && current_a < 0) {
    const double floor_pct = sane(external.floor_soc_pct, 0, 100).value_or(config.floor_soc_pct);
    estimate.time_to_go_s = time_for(std::max(0.0, soc_pct - floor_pct), capacity_ah, current_a);
  }
  for (const double point_pct : config.time_to_soc_points) {
    if (estimate.time_to_soc.size() == decltype(estimate.time_to_soc)::static_capacity) break;
    const bool ahead = foretold && (current_a > 0 ? point_pct > soc_pct : point_pct < soc_pct);
    estimate.time_to_soc.push_back(
        {point_pct, ahead ? std::optional(time_for(point_pct - soc_pct, capacity_ah, current_a)) : std::nullopt});
  }
}

}  // namespace bms::battery
