// The charge current that the highest cell and the temperature allow, worked out a second time: what is published may
// never be above it.
#pragma once

#include "charge/sample.hpp"

namespace bms::model {

class ComputedLimit {
 public:
  /// `raised_v`: how far the target of a cell may be above the usual one.
  ComputedLimit(double base_a, double raised_v) : base_a_(base_a), raised_v_(raised_v) {}

  /// For the sample that came `dt_s` after the one before.
  double follow(const charge::Sample& sample, double dt_s);

 private:
  [[nodiscard]] double expected_cell_v(double highest_v, bool load_went, double dt_s);

  double base_a_;
  double raised_v_;
  bool started_ = false;
  double filtered_v_ = 0;
  double slope_v_per_s_ = 0;
  double current_a_ = 0;
};

}  // namespace bms::model
