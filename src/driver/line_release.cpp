#include "driver/line_release.hpp"

#include <algorithm>

namespace bms::driver {

namespace {

using namespace std::chrono_literals;

constexpr auto step = 1min;           // what is left is shown in minutes
constexpr auto time_to_return = 60s;  // connecting takes a few seconds, and as long as the phone still has the board

}  // namespace

bool LineRelease::give(double minutes) {
  if (!release_) return false;
  const auto time = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double, std::ratio<60>>(minutes));
  if (time <= Clock::duration::zero() && !given_) return true;
  release_(time);
  until_ = Clock::now() + time;
  given_ = wished_ = true;
  pass();
  return true;
}

void LineRelease::pass() {
  const auto left = until_ - Clock::now();
  if (left > Clock::duration::zero()) {
    const auto until_next = left % step;
    timer_.after(until_next > Clock::duration::zero() ? until_next : step, [this] { pass(); });
  } else {
    given_ = false;
    timer_.after(time_to_return, [this] { note_(wished_ = false); });
  }
  note_(true);
}

void LineRelease::is_back() {
  if (given_ || !wished_) return;
  timer_.cancel();
  note_(wished_ = false);
}

}  // namespace bms::driver
