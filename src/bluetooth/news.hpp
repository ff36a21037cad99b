// Waiting, in a coroutine, for something to happen elsewhere in the event loop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
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
  boost::asio::awaitable<void> wait_until(TimePoint time);

  /// Waits until `done` says so, which is asked whenever something happens; false: the time is over before.
  boost::asio::awaitable<bool> wait(const std::function<bool()>& done, Clock::duration time);

 private:
  boost::asio::steady_timer timer_;
  std::function<void()> alive_;
};

}  // namespace bms::bluetooth
