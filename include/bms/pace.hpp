// How much of the time between two frames counts as watched.
#pragma once

#include <algorithm>

namespace bms {

/// After a gap nobody knows that what holds now has held all the time, so a gap counts as a few frames only. A BMS that
/// always takes its time is no gap, one slow answer is: two frames on end show the pace.
class Pace {
 public:
  /// How much of the `dt_s` seconds since the frame before counts, of which a poll every `poll_interval_s` is expected:
  /// at most three of those, or of the times between frames that really come.
  [[nodiscard]] double counted_s(double dt_s, double poll_interval_s) const {
    return std::min(dt_s, counted_frames * std::max(poll_interval_s, std::min(shown_s(dt_s), slowest_s)));
  }

  /// The time between frames, as this one and the one before show it.
  [[nodiscard]] double shown_s(double dt_s) const { return std::min(dt_s, last_dt_s_); }

  /// The frame has been taken.
  void take(double dt_s) { last_dt_s_ = dt_s; }

 private:
  static constexpr double counted_frames = 3;
  static constexpr double slowest_s = 5;  // of what is slower, nobody knows enough

  double last_dt_s_ = 0;
};

}  // namespace bms
