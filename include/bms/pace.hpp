// How much of the time between two readings counts as watched.
#pragma once

#include <algorithm>

namespace bms {

/// After a gap nobody knows whether what holds now has held all along, so a gap counts as a few readings only: polled
/// each second, a minute counts as 3 s. A BMS that is always slow is not a gap; two slow readings in a row show that.
class Pace {
 public:
  /// How much counts of the `dt_s` seconds since the last reading, where one is expected every `poll_interval_s`: at
  /// most three of those intervals, or three of the times between readings that are really seen.
  [[nodiscard]] double counted_s(double dt_s, double poll_interval_s) const {
    return std::min(dt_s, counted_frames * std::max(poll_interval_s, std::min(shown_s(dt_s), slowest_s)));
  }

  /// The time between readings, as this one and the one before show it.
  [[nodiscard]] double shown_s(double dt_s) const { return std::min(dt_s, last_dt_s_); }

  /// The reading has been taken.
  void take(double dt_s) { last_dt_s_ = dt_s; }

 private:
  static constexpr double counted_frames = 3;
  static constexpr double slowest_s = 5;  // of what is slower, nobody knows enough

  double last_dt_s_ = 0;
};

}  // namespace bms
