#include "charge/speed_rules.hpp"

#include <algorithm>
#include <cmath>

namespace bms::charge {

namespace {

constexpr double rise_per_s = 0.01;  // of base

constexpr double steps_per_ampere = 10;
constexpr double least_rise_a = 0.5;
constexpr double least_rise = 0.01;  // of base
constexpr double integer_below_a = 10;

}  // namespace

double round_down(double current_a, bool integer_amps) {
  constexpr double hair = 1e-9;  // 0.3 A is not quite 3 steps of 0.1 A
  if (integer_amps && current_a < integer_below_a) return std::floor(current_a + hair);
  return std::floor(current_a * steps_per_ampere + hair) / steps_per_ampere;
}

void follow_computed(AllowedCurrent& current, double computed_a, std::optional<double> kept_factor, const Speed& pace) {
  if (!current.allowed_a) {
    current.allowed_a = std::min(computed_a, kept_factor.value_or(1) * pace.base_a);
    current.since_decrease_s = 0;
  } else if (computed_a < *current.allowed_a) {
    current.allowed_a = computed_a;
    current.since_decrease_s = 0;
  } else {
    current.since_decrease_s += pace.dt_s;
    if (!pace.may_rise) return;
    const double rising_s = std::clamp(current.since_decrease_s - pace.hold_s, 0.0, pace.dt_s);
    current.allowed_a = std::min(computed_a, *current.allowed_a + rise_per_s * pace.base_a * rising_s);
  }
}

void begin_low(AllowedCurrent& current, double ceiling_a) {
  current.allowed_a = std::min(current.allowed_a.value_or(ceiling_a), ceiling_a);
  current.since_decrease_s = 0;
}

double publish(AllowedCurrent& current, double base_a, bool integer_amps) {
  const double rounded_a = round_down(current.allowed_a.value_or(0), integer_amps);
  const double published_a = current.published_a.value_or(-1);
  const bool risen = rounded_a >= published_a + std::max(least_rise_a, least_rise * base_a);
  const bool left_zero = published_a == 0 && rounded_a > 0;
  const bool arrived = rounded_a > published_a && rounded_a == round_down(base_a, integer_amps);
  if (!current.published_a || rounded_a < published_a || risen || left_zero || arrived) current.published_a = rounded_a;
  return *current.published_a;
}

}  // namespace bms::charge
