// Does something as often as it is asked for, but not more often than it may.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <utility>

namespace bms::venus {

/// At once when the last time is long enough ago, else when it is: once, however often it was asked for meanwhile.
class Paced {
 public:
  using Clock = std::chrono::steady_clock;

  Paced(boost::asio::io_context& loop, Clock::duration pace, std::function<void()> action)
      : timer_{loop}, pace_{pace}, action_{std::move(action)} {}
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
    next_ = Clock::now() + pace_;
    action_();
  }

  boost::asio::steady_timer timer_;
  Clock::duration pace_;
  std::function<void()> action_;
  Clock::time_point next_ = Clock::time_point::min();
  bool waits_ = false;
};

}  // namespace bms::venus
