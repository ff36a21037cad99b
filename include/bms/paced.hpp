// Does something as often as it is asked for, but not more often than it may.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <utility>

#include "bms/timer.hpp"

namespace bms {

/// At once as a rule. What was done some times within a short while is done again after a pause, and then once, however
/// often it was asked for meanwhile.
class Paced {
 public:
  using Clock = std::chrono::steady_clock;

  /// `at_once`: so often without a pause, 1 or more; `pace`: after which one more is allowed.
  Paced(boost::asio::io_context& loop, int at_once, Clock::duration pace, std::function<void()> action)
      : timer_{loop}, credit_{(at_once - 1) * pace}, pace_{pace}, action_{std::move(action)} {}
  Paced(const Paced&) = delete;
  Paced& operator=(const Paced&) = delete;

  void ask() {
    if (timer_.waits()) return;
    if (Clock::now() >= next_) return act();
    timer_.at(next_, [this] { act(); });
  }

 private:
  void act() {
    next_ = std::max(next_, Clock::now() - credit_) + pace_;
    action_();
  }

  Timer timer_;
  Clock::duration credit_, pace_;
  std::function<void()> action_;
  Clock::time_point next_ = Clock::time_point::min();  ///< each time costs a pace
};

}  // namespace bms
