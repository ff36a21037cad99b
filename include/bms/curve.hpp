// Curves given by points, straight in between: derating curves and calibration maps.
#pragma once

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <cstddef>

namespace bms {

/// One point of a curve.
struct Point {
  double at;
  double value;

  friend bool operator==(const Point&, const Point&) = default;
};

inline constexpr std::size_t max_points = 16;

/// Points with strictly increasing `at`. Empty: there is no such curve.
using Curve = boost::container::static_vector<Point, max_points>;

/// How a curve goes on outside its points.
enum class Ends : std::uint8_t {
  hold,   ///< the value of the last point
  extend  ///< the slope of the last two points
};

/// The value of `curve` at `at`. Precondition: the curve is not empty.
[[nodiscard]] inline double interpolate(const Curve& curve, double at, Ends ends = Ends::hold) {
  if (curve.size() == 1) return curve.front().value;
  const auto above = std::ranges::upper_bound(curve, at, {}, &Point::at);
  if (ends == Ends::hold && above == curve.begin()) return curve.front().value;
  if (ends == Ends::hold && above == curve.end()) return curve.back().value;
  const auto right = std::clamp(above, curve.begin() + 1, curve.end() - 1);
  const auto left = right - 1;
  return left->value + (right->value - left->value) * (at - left->at) / (right->at - left->at);
}

/// The curve as steps: between two points the lower of their values. Precondition: the curve is not empty.
[[nodiscard]] inline double lower_step(const Curve& curve, double at) {
  const auto right = std::ranges::lower_bound(curve, at, {}, &Point::at);
  if (right == curve.begin()) return curve.front().value;
  if (right == curve.end()) return curve.back().value;
  return right->at == at ? right->value : std::min((right - 1)->value, right->value);
}

}  // namespace bms
