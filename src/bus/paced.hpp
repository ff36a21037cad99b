// Does something as often as it is asked for, but not more often than it may.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <utility>

namespace bms::bus {

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
    if (waits_) return;
    if (Clock::now() >= next_) return act();
    waits_ = true;
    timer_.expires_at(next_);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      waits_ = false;
      act();
    });
  }

 private:
  void act() {
    next_ = std::max(next_, Clock::now() - credit_) + pace_;
    action_();
  }

  boost::asio::steady_timer timer_;
  Clock::duration credit_, pace_;
  std::function<void()> action_;
  Clock::time_point next_ = Clock::time_point::min();  ///< each time costs a pace
  bool waits_ = false;
};

}  // namespace bms::bus
