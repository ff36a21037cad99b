// Decides CVL, CCL and DCL. Pure: configuration, battery and time come in, limits go out.
#pragma once

#include <optional>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "charge/config.hpp"

namespace bms::charge {

/// Makes one current limit follow what is computed: down at once, up slowly, so that a limit never flaps.
class SpeedLimit {
 public:
  /// `computed_a`: what every source allows now. `base_a`: the configured maximum, the measure of speed.
  /// Returns the allowed current, never above `computed_a`. The first call allows all of it.
  double follow(double computed_a, double base_a, TimePoint now);

  /// Holds the limit at `ceiling_a` at most, as a fresh decrease.
  void hold_below(double ceiling_a, TimePoint now);

 private:
  std::optional<double> allowed_a_;
  TimePoint updated_at_{};
  TimePoint decreased_at_{};
};

/// The limits of one battery. Keeps what was published last, because without contact nothing may rise.
class LimitsControl {
 public:
  explicit LimitsControl(const Config& config) : config_(config) {}

  /// The limits for `battery` as it is at `now`. To be called after each reading and after each change of contact.
  /// Guarantees, for every input: CCL and DCL are at most the configured and the BMS's own maximum; CCL is 0 while the
  /// BMS's charge FET is open, a charge alarm stands or measurements are stale; CVL is at most cell limit x cells and
  /// never 0; nothing is NaN or infinite.
  const Limits& update(const Battery& battery, TimePoint now);

  /// When update() would say something else for the same battery, after `now`. Empty: not before the battery changes.
  [[nodiscard]] std::optional<TimePoint> next_change(const Battery& battery, TimePoint now) const;

  [[nodiscard]] const Limits& limits() const { return limits_; }

 private:
  void follow_reading(const Battery& battery, TimePoint now);
  void hold_stale(const Battery& battery, TimePoint now);

  Config config_;
  SpeedLimit charge_speed_, discharge_speed_;
  Limits limits_;
  double dcl_when_lost_a_ = 0;
  bool was_stale_ = false;
};

}  // namespace bms::charge
