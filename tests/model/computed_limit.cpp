#include "computed_limit.hpp"

#include <algorithm>
#include <cmath>

#include "bms/curve.hpp"

namespace bms::model {
namespace {

constexpr double filter_s = 2, slope_filter_s = 6, ahead_s = 5;
constexpr double behind_v = 0.004;
constexpr double steepest_v_per_s = 0.003;
constexpr double load_step_c = 0.05;

double by_cell(double cell_v) {
  static const Curve curve{{3.40, 1},     {3.43, 0.50},  {3.45, 0.15},  {3.465, 0.05}, {3.48, 0.02},
                           {3.49, 0.012}, {3.50, 0.006}, {3.51, 0.001}, {3.53, 0}};
  return interpolate(curve, cell_v);
}

double by_temperature(const charge::Sample& sample) {
  static const Curve curve{{0, 0}, {2, .25}, {5, .5}, {10, 1}, {40, 1}, {45, .5}, {50, .25}, {55, 0}};
  if (sample.temperatures_c.empty()) return sample.sensors_expected ? 0.1 : 1;
  const auto [coldest, hottest] = std::ranges::minmax(sample.temperatures_c);
  return std::min(interpolate(curve, coldest), interpolate(curve, hottest));
}

}  // namespace

double ComputedLimit::expected_cell_v(double highest_v, bool load_went, double dt_s) {
  if (!started_ || load_went) {
    started_ = true;
    filtered_v_ = highest_v;
    slope_v_per_s_ = 0;
  } else {
    const double before_v = filtered_v_;
    filtered_v_ += (highest_v - filtered_v_) * (1 - std::exp(-dt_s / filter_s));
    const double slope = (filtered_v_ - before_v) / dt_s;
    slope_v_per_s_ += (slope - slope_v_per_s_) * (1 - std::exp(-dt_s / slope_filter_s));
    slope_v_per_s_ = std::clamp(slope_v_per_s_, 0.0, steepest_v_per_s);
  }
  return std::max(filtered_v_ + ahead_s * slope_v_per_s_, highest_v - behind_v);
}

double ComputedLimit::follow(const charge::Sample& sample, double dt_s) {
  const double current_a = sample.current_a.value_or(current_a_);
  const bool load_went =
      current_a_ < 0 && current_a >= 0 && current_a - current_a_ > load_step_c * sample.capacity_ah.value_or(1e9);
  current_a_ = current_a;
  const double cell_v = expected_cell_v(std::ranges::max(sample.cells_v), load_went, dt_s);
  if (sample.charge_fet == false) return 0;
  return base_a_ * std::min(by_cell(cell_v - raised_v_), by_temperature(sample));
}

}  // namespace bms::model
