// Random numbers that are the same on every machine: a bench must give the same figures everywhere.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace bms::model {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}

  /// Between `low` and `high`.
  double uniform(double low, double high) { return low + (high - low) * static_cast<double>(engine_()) / 4294967296.0; }

  /// True so often, 0..1.
  bool chance(double share) { return uniform(0, 1) < share; }

  /// One of `count` numbers from 0 on.
  int below(int count) { return static_cast<int>(uniform(0, count)); }

  /// Normal distribution around 0, by the method of Box and Muller, which makes two at a time.
  double normal(double sigma) {
    if (second_ready_) {
      second_ready_ = false;
      return sigma * second_;
    }
    const double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
    const double angle = uniform(0, 2 * std::numbers::pi);
    second_ = radius * std::sin(angle);
    second_ready_ = true;
    return sigma * radius * std::cos(angle);
  }

 private:
  std::mt19937 engine_;
  double second_ = 0;
  bool second_ready_ = false;
};

}  // namespace bms::model
