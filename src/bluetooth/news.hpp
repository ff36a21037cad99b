// Waiting, in a coroutine, for something to happen elsewhere in the event loop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "bms/time.hpp"

namespace bms::bluetooth {

/// One coroutine at a time waits; what it waits for it looks for itself, before and after.
class News {
 public:
  explicit News(boost::asio::io_context& loop) : timer_(loop) {}

  /// Something has happened: whoever waits goes on.
  void tell() { timer_.cancel(); }

  /// Waits until something happens, or until then.
  boost::asio::awaitable<void> wait_until(TimePoint time) {
    timer_.expires_at(time);
    boost::system::error_code told;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, told));
  }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace bms::bluetooth
