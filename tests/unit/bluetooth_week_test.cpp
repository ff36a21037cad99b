// A week with somebody who ends the connection every minute, on a clock of its own: everything that decides about it,
// from the loss to the limits, as it meets in a driver.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "battery/model.hpp"
#include "bluetooth/endurance.hpp"
#include "bluetooth/recovery.hpp"
#include "sample.hpp"

namespace bms::bluetooth {
namespace {

using namespace std::chrono_literals;

constexpr auto poll_interval = 2s;
constexpr auto longest_alarmless_gap = 8s;

class Week : public testing::Test {
 protected:
  /// Time in which nobody answers.
  void pass(Clock::duration time) {
    now_ += time;
    model_.time_passes(now_);
    stages_seen_ = std::max(stages_seen_, model_.battery().contact);
  }

  /// One connection until somebody ends it, and how it is won back: attempts that take their time, some of which fail.
  void live_through(Clock::duration lasts, unsigned failures) {
    endurance_.made(now_);
    const TimePoint end = now_ + lasts;
    while (now_ + poll_interval < end) {
      pass(poll_interval);
      ASSERT_TRUE(model_.accept(test::healthy_reading(), now_));
      recovery_.succeeded();
    }
    pass(end - now_);
    named_ += endurance_.lost(now_) ? 1 : 0;
    const TimePoint lost_at = now_;
    for (unsigned i = 0; i < failures; ++i) {
      pass(600ms);
      const NextAttempt next = recovery_.failed(Failure::refused);
      EXPECT_FALSE(next.start_over || next.blame_adapter || next.look) << "it is the same trouble each minute";
      pass(next.pause);
    }
    pass(1500ms);
    longest_gap_ = std::max(longest_gap_, now_ - lost_at);
  }

  TimePoint now_{100h};
  Endurance endurance_;
  Recovery recovery_;
  battery::Model model_{test::bounds, {}};
  Contact stages_seen_ = Contact::never;
  int named_ = 0;
  Clock::duration longest_gap_{};
};

TEST_F(Week, IsNamedOnceRaisesNoAlarmAndNeverHurriesMore) {
  std::mt19937 random(16);
  std::uniform_int_distribution<int> lasts_ms(55'000, 65'000);
  std::uniform_int_distribution<unsigned> failures(0, 2);
  const TimePoint end = now_ + 7 * 24h;
  unsigned losses = 0;
  unsigned on_last_day = 0;
  while (now_ < end) {
    ASSERT_NO_FATAL_FAILURE(live_through(std::chrono::milliseconds(lasts_ms(random)), failures(random)));
    ++losses;
    if (now_ > end - 24h) ++on_last_day;
    EXPECT_EQ(endurance_.has_rhythm(), losses >= 3) << losses;
  }
  EXPECT_GT(losses, 9000U);
  EXPECT_EQ(named_, 1) << "once a week is often enough";
  EXPECT_LE(longest_gap_, longest_alarmless_gap);
  EXPECT_EQ(stages_seen_, Contact::fresh) << "a reconnect of up to 8 s is no silence";
  const LinkQuality quality = endurance_.quality(now_);
  EXPECT_EQ(quality.trouble, minute_rhythm);
  EXPECT_NEAR(*quality.losses_per_day, on_last_day, 60);
  EXPECT_NEAR(*quality.longest_gap_s, std::chrono::duration<double>(longest_gap_).count(), 0.01);

  // Somebody has switched off what ended them.
  endurance_.made(now_);
  for (int i = 0; i < 24 * 60; ++i) pass(1min);
  const LinkQuality after = endurance_.quality(now_);
  EXPECT_TRUE(after.trouble.empty());
  EXPECT_EQ(after.losses_per_day, 0) << "none in the last 24 hours";
}

}  // namespace
}  // namespace bms::bluetooth
