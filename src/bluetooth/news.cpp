#include "bluetooth/news.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace bms::bluetooth {

namespace {

constexpr std::chrono::seconds longest_silence{4};  // towards whoever wants to know that the loop is alive

}  // namespace

boost::asio::awaitable<void> News::wait_until(TimePoint time) {
  timer_.expires_at(time);
  boost::system::error_code told;
  co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, told));
}

boost::asio::awaitable<bool> News::wait(const std::function<bool()>& done, Clock::duration time) {
  for (const TimePoint end = Clock::now() + time;;) {
    if (done()) co_return true;
    const TimePoint now = Clock::now();
    if (now >= end) co_return false;
    if (alive_) alive_();
    co_await wait_until(std::min<TimePoint>(end, now + longest_silence));
  }
}

}  // namespace bms::bluetooth
