// Since when things are as they are.
#pragma once

#include <array>
#include <functional>
#include <optional>

#include "bms/alarm.hpp"
#include "bms/limits.hpp"

namespace bms::items {

/// Seconds since 1970; empty: the clock was not set yet.
using UnixClock = std::function<std::optional<double>()>;

/// Since when something is what it is.
template <class State>
class Since {
 public:
  /// What it is now. The clock is asked only when that is news; without one nothing is known.
  void follow(const State& now, const UnixClock& clock) {
    if (known_ && state_ == now) return;
    known_ = true;
    state_ = now;
    unix_s_ = clock ? clock() : std::nullopt;
  }

  /// Seconds since 1970; empty: not known.
  [[nodiscard]] std::optional<double> unix_s() const { return unix_s_; }

 private:
  bool known_ = false;
  State state_{};
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
