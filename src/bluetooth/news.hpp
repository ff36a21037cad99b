// Waiting, in a coroutine, for something to happen elsewhere in the event loop.
#pragma once

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <utility>

#include "bms/time.hpp"

namespace bms::bluetooth {

/// One coroutine at a time waits; what it waits for it looks for itself, before and after.
class News {
 public:
  /// `alive` is called every few seconds while somebody waits in wait().
  explicit News(boost::asio::io_context& loop, std::function<void()> alive = {})
      : timer_(loop), alive_(std::move(alive)) {}

  /// Something has happened: whoever waits goes on.
  void tell() { timer_.cancel(); }

  /// Waits until something happens, or until then.
  boost::asio::awaitable<void> wait_until(TimePoint time) {
    timer_.expires_at(time);
    boost::system::error_code told;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, told));
  }

  /// Waits until `done` says so, which is asked whenever something happens; false: the time is over before.
  boost::asio::awaitable<bool> wait(const std::function<bool()>& done, Clock::duration time) {
    for (const TimePoint end = Clock::now() + time;;) {
      if (done()) co_return true;
      const TimePoint now = Clock::now();
      if (now >= end) co_return false;
      if (alive_) alive_();
      co_await wait_until(std::min<TimePoint>(end, now + longest_silence));
    }
  }

 private:
  static constexpr std::chrono::seconds longest_silence{4};  ///< towards whoever wants to know that the loop is alive

  boost::asio::steady_timer timer_;
  std::function<void()> alive_;
};

}  // namespace bms::bluetooth
