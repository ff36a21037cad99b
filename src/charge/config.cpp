#include "charge/config.hpp"

#include <algorithm>
#include <cmath>

namespace bms::charge {

namespace {

// The configured limit. A C-rate of an unknown capacity is no limit: then the usual one is.
double configured(const Amperes& limit, std::optional<double> capacity_ah, double usual_a) {
  const double of_capacity_a = capacity_ah ? limit.value * *capacity_ah : usual_a;
  const double amperes = limit.c_rate ? std::min(limit.at_most_a, of_capacity_a) : limit.value;
  return std::isfinite(amperes) ? std::max(amperes, 0.0) : usual_a;
}

}  // namespace

double configured_charge_a(const Config& config, std::optional<double> capacity_ah) {
  return configured(config.max_charge_current, capacity_ah, Config().max_charge_current.value);
}

double configured_discharge_a(const Config& config, std::optional<double> capacity_ah) {
  return configured(config.max_discharge_current, capacity_ah, Config().max_discharge_current.value);
}

}  // namespace bms::charge
