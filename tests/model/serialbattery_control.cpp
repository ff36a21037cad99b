#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "bms/curve.hpp"
#include "control_on_bench.hpp"

namespace bms::model {
namespace {

constexpr double max_cell_v = 3.450;
constexpr double float_cell_v = 3.375;
constexpr double min_cell_v = 2.900;
constexpr double even_v = 0.010, uneven_v = 0.013;
constexpr double timer_tolerance_v = 0.5;
constexpr double held_for_s = 900;
constexpr double recovery_hold_s = 60;
constexpr double recovery_v_per_s = 0.001;
constexpr double integral_margin_v = 0.010;
constexpr double integral_gain = 0.2;  // each poll

constexpr double take_over_s = 60;
constexpr double take_over_change = 0.33;
constexpr double rise_hold_s = 30;
constexpr double rise_a_per_s = 5;
constexpr double reopens_at = 0.015;  // of the maximum

double charge_share(double highest_v) {
  static const Curve curve{{3.375, 1}, {3.400, .25}, {3.425, .05}, {3.450, .005}, {3.500, 0}};
  return interpolate(curve, highest_v);
}

}  // namespace

void SerialbatteryControl::limit_voltage(const charge::Sample& sample, double sum_v, double highest_v, double dt_s) {
  const auto cells = static_cast<double>(sample.cells_v.size());
  const double max_v = cells * max_cell_v;
  double& cvl_v = cvl_v_.value();
  since_reduction_s_ += dt_s;
  double wanted_v = max_v;
  if (highest_v > max_cell_v && mode_ == SerialbatteryMode::integral) {
    wanted_v = cvl_v - (highest_v - max_cell_v - integral_margin_v) * integral_gain;
  } else if (highest_v > max_cell_v) {
    const double excess_v = std::transform_reduce(sample.cells_v.begin(), sample.cells_v.end(), 0.0, std::plus{},
                                                  [](double cell_v) { return std::max(0.0, cell_v - max_cell_v); });
    wanted_v = sum_v - excess_v;
  }
  wanted_v = std::clamp(wanted_v, cells * min_cell_v, max_v);
  if (wanted_v < cvl_v) {
    cvl_v = wanted_v;
    since_reduction_s_ = 0;
  } else if (since_reduction_s_ > recovery_hold_s) {
    cvl_v = std::min(wanted_v, cvl_v + recovery_v_per_s * dt_s);
  }
}

void SerialbatteryControl::follow_state(double cells, double sum_v, double spread_v, double dt_s) {
  if (floating_) return;
  if (sum_v < cells * max_cell_v - timer_tolerance_v) {
    held_s_.reset();
  } else if (held_s_) {
    held_s_ = spread_v > uneven_v ? 0 : *held_s_ + dt_s;
  } else if (sum_v >= cells * max_cell_v && spread_v <= even_v) {
    held_s_ = 0;
  }
  floating_ = held_s_.value_or(0) > held_for_s;
}

void SerialbatteryControl::limit_current(double highest_v, double dt_s) {
  const double computed_a = max_charge_a_ * charge_share(highest_v);
  since_taken_over_s_ += dt_s;
  if (computed_a > ccl_a_) {
    const bool closed = ccl_a_ == 0 && computed_a <= reopens_at * max_charge_a_;
    recovering_s_ = closed ? 0 : recovering_s_ + dt_s;
    if (recovering_s_ > rise_hold_s) ccl_a_ = std::min(computed_a, ccl_a_ + rise_a_per_s * dt_s);
    since_taken_over_s_ = 0;
    return;
  }
  recovering_s_ = 0;
  const bool much = ccl_a_ - computed_a >= take_over_change * ccl_a_;
  if (!much && computed_a > 0 && since_taken_over_s_ < take_over_s) return;
  ccl_a_ = computed_a;
  since_taken_over_s_ = 0;
}

Published SerialbatteryControl::sample(const charge::Sample& sample, double dt_s) {
  const auto cells = static_cast<double>(sample.cells_v.size());
  const auto [lowest, highest] = std::ranges::minmax(sample.cells_v);
  const double sum_v = std::accumulate(sample.cells_v.begin(), sample.cells_v.end(), 0.0);
  if (!cvl_v_) {
    cvl_v_ = cells * max_cell_v;
    ccl_a_ = max_charge_a_ * charge_share(highest);
  }
  follow_state(cells, sum_v, highest - lowest, dt_s);
  if (floating_) {
    cvl_v_ = std::max(cells * float_cell_v, *cvl_v_ - recovery_v_per_s * dt_s);
  } else {
    limit_voltage(sample, sum_v, highest, dt_s);
  }
  limit_current(highest, dt_s);
  return {.cvl_v = std::round(*cvl_v_ * 100) / 100,
          .ccl_a = ccl_a_,
          .dcl_a = max_charge_a_,
          .state = floating_ ? ChargeState::floating
                   : held_s_ ? ChargeState::absorption
                             : ChargeState::bulk};
}

}  // namespace bms::model
