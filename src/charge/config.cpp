#include "charge/config.hpp"

#include <algorithm>
#include <cmath>

namespace bms::charge {

namespace {

constexpr double most_current_a = 3000;  // more cannot be configured in amperes either

// Nothing is allowed that is not known to be: a multiple of an unknown capacity is 0 A.
double configured(const Amperes& limit, std::optional<double> capacity_ah) {
  const double of_capacity_a = limit.value * capacity_ah.value_or(0);
  const double amperes = limit.c_rate ? std::min({limit.at_most_a, most_current_a, of_capacity_a}) : limit.value;
  return std::isfinite(amperes) ? std::max(amperes, 0.0) : 0;
}

}  // namespace

double configured_charge_a(const Config& config, std::optional<double> capacity_ah) {
  return configured(config.max_charge_current, capacity_ah);
}

double configured_discharge_a(const Config& config, std::optional<double> capacity_ah) {
  return configured(config.max_discharge_current, capacity_ah);
}

}  // namespace bms::charge
