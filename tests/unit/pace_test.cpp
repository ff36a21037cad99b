#include "bms/pace.hpp"

#include <gtest/gtest.h>

namespace bms {
namespace {

constexpr double poll_interval_s = 1;

TEST(Pace, AGapCountsAsThreePolls) {
  Pace pace;
  pace.take(1);
  EXPECT_EQ(pace.counted_s(1, poll_interval_s), 1);
  EXPECT_EQ(pace.counted_s(60, poll_interval_s), 3);
}

TEST(Pace, ASlowBmsIsNoGap) {
  Pace pace;
  EXPECT_EQ(pace.counted_s(4, poll_interval_s), 3) << "one slow answer may be a gap";
  pace.take(4);
  EXPECT_EQ(pace.counted_s(4, poll_interval_s), 4);
  EXPECT_EQ(pace.counted_s(60, poll_interval_s), 12) << "three of its own";
}

TEST(Pace, WhatIsTooSlowCountsOnlyInPart) {
  Pace pace;
  pace.take(100);
  EXPECT_EQ(pace.counted_s(100, poll_interval_s), 15);
  EXPECT_EQ(pace.counted_s(100, 60), 100) << "but for one that is asked so rarely";
}

TEST(Pace, ShowsTheShorterOfTheLastTwo) {
  Pace pace;
  pace.take(2);
  EXPECT_EQ(pace.shown_s(9), 2);
  pace.take(9);
  EXPECT_EQ(pace.shown_s(2), 2);
  EXPECT_EQ(pace.shown_s(8), 8);
}

}  // namespace
}  // namespace bms
