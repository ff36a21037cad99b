// Something that happens later, in the event loop, unless it has been called off by then.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace bms {

/// Waits for one thing at a time. What was called off, replaced, or belongs to a timer that is gone does not happen,
/// even if its time had come and the loop had not got round to it.
class Timer {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Timer(boost::asio::io_context& loop) : timer_{loop} {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }

  /// Calls `what` then, once, instead of what it has been waiting for.
  void at(Clock::time_point when, std::function<void()> what) {
    const unsigned number = ++waiting_->number;
    waiting_->what = std::move(what);
    timer_.expires_at(when);
    timer_.async_wait([waiting = waiting_, number](const boost::system::error_code& /*cancelled*/) {
      if (waiting->number == number && waiting->what) std::exchange(waiting->what, {})();
    });
  }

  /// Likewise, after this time.
  void after(Clock::duration time, std::function<void()> what) { at(Clock::now() + time, std::move(what)); }

  /// Calls it off.
  void cancel() {
    ++waiting_->number;
    waiting_->what = {};
    timer_.cancel();
  }

  /// Whether something is going to happen.
  [[nodiscard]] bool waits() const { return static_cast<bool>(waiting_->what); }

 private:
  struct Waiting {
    unsigned number = 0;  ///< of what is waited for: an older one does not happen any more
    std::function<void()> what;
  };

  boost::asio::steady_timer timer_;
  std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();  ///< outlives a timer whose time had come
};

}  // namespace bms
