// A line that its owner leaves to others for a while: for how long still, and when silence counts as an outage again.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <utility>

#include "bms/time.hpp"
#include "bms/timer.hpp"

namespace bms::driver {

class LineRelease {
 public:
  /// `release` leaves the line to others for so long, 0 takes it back; empty: that cannot be done. `note` hears whether
  /// silence is wished, whenever that or the minutes that are left have changed.
  LineRelease(boost::asio::io_context& loop, std::function<void(Clock::duration time)> release,
              std::function<void(bool wished)> note)
      : release_(std::move(release)), note_(std::move(note)), timer_(loop) {}

  /// For so many minutes; 0: it is taken back. False: that cannot be done.
  bool give(double minutes);

  [[nodiscard]] bool given() const { return given_; }

  /// Contact is believed again.
  void is_back();

 private:
  void pass();

  std::function<void(Clock::duration time)> release_;
  std::function<void(bool wished)> note_;
  TimePoint until_{};
  bool given_ = false;   ///< and not taken back
  bool wished_ = false;  ///< until contact is back, or should be
  Timer timer_;
};

}  // namespace bms::driver
