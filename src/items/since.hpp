// Since when things are as they are.
#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <optional>

#include "bms/alarm.hpp"
#include "bms/limits.hpp"

namespace bms::items {

/// A moment by both clocks.
struct Moment {
  double running_s = 0;            ///< since some moment before; never set
  std::optional<double> unix_s{};  ///< seconds since 1970; empty: that clock was not set yet
};

using MomentClock = std::function<Moment()>;

/// Since when something is what it is.
template <class State>
class Since {
 public:
  /// What it is now. A time that was not known, or was wrong, is put right as soon as the clock is set.
  void follow(const State& now, const Moment& moment) {
    if (!known_ || !(state_ == now)) {
      known_ = true;
      state_ = now;
      begun_running_s_ = moment.running_s;
      unix_s_.reset();
    }
    if (!moment.unix_s) return;
    const double unix_s = *moment.unix_s - (moment.running_s - begun_running_s_);
    constexpr double was_set_s = 60;  // by more than a clock goes wrong by itself
    if (!unix_s_ || std::abs(*unix_s_ - unix_s) > was_set_s) unix_s_ = std::floor(unix_s);
  }

  /// Seconds since 1970; empty: not known.
  [[nodiscard]] std::optional<double> unix_s() const { return unix_s_; }

 private:
  bool known_ = false;
  State state_{};
  double begun_running_s_ = 0;
  std::optional<double> unix_s_;
};

/// Of each alarm, whether it is raised.
using AlarmsSince = std::array<Since<bool>, alarm_count>;

/// Of what a battery says of itself.
struct SinceWhen {
  Since<std::optional<ChargeState>> state;
  Since<LimitReason> charge_reason, discharge_reason;
  AlarmsSince alarms;
};

}  // namespace bms::items
