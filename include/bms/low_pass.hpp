// A first-order filter whose result does not depend on how often it is fed.
#pragma once

#include <cmath>
#include <optional>

namespace bms {

/// Follows its input with a time constant; the first input is taken as it is.
class LowPass {
 public:
  double follow(double input, double dt_s, double time_constant_s) {
    value_ = value_ ? *value_ - (input - *value_) * std::expm1(-dt_s / time_constant_s) : input;
    return *value_;
  }

  void restart(double value) { value_ = value; }

  /// Empty before the first input.
  [[nodiscard]] std::optional<double> value() const { return value_; }
  [[nodiscard]] double value_or(double other) const { return value_.value_or(other); }

 private:
  std::optional<double> value_;
};

}  // namespace bms
