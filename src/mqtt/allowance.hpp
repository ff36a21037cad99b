// How many commands are obeyed, whoever sends how many.
#pragma once

#include <algorithm>
#include <chrono>

namespace bms::mqtt {

/// Some at once, after that one in each pause.
class Allowance {
 public:
  using Clock = std::chrono::steady_clock;

  Allowance(int at_once, Clock::duration pause) : credit_{(at_once - 1) * pause}, pause_{pause} {}

  /// Whether one more is allowed now; takes it.
  [[nodiscard]] bool take(Clock::time_point now) {
    const auto next = std::max(next_, now - credit_);
    if (next > now) return false;
    next_ = next + pause_;
    return true;
  }

 private:
  Clock::duration credit_, pause_;
  Clock::time_point next_ = Clock::time_point::min();
};

}  // namespace bms::mqtt
