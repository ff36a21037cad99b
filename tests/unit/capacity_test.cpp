// What is believed of a capacity, when, and what limits make of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "battery/capacity.hpp"

namespace bms::battery {
namespace {

class CapacityTest : public testing::Test {
 protected:
  void tell(std::optional<double> nominal_ah, int seconds = 1, std::optional<double> full_ah = {}) {
    Reading reading;
    reading.design_capacity_ah = nominal_ah;
    reading.full_ah = full_ah;
    for (int i = 0; i < seconds; ++i) {
      capacity.follow(reading, configured, kept, first ? 0 : 1);
      first = false;
    }
  }
  [[nodiscard]] double believed() const { return capacity.believed_ah(kept).value_or(-1); }
  [[nodiscard]] double sure() const { return capacity.sure_ah().value_or(-1); }

  Capacity capacity;
  Kept kept;
  bool configured = false;
  bool first = true;
};

TEST_F(CapacityTest, TheFirstOneIsBelieved) {
  tell({}, 30);
  EXPECT_EQ(believed(), -1);
  EXPECT_EQ(sure(), -1);
  tell(280);
  EXPECT_EQ(believed(), 280);
  EXPECT_EQ(sure(), 280);
}

TEST_F(CapacityTest, LimitsLeaveTheFirstOneAtOnceForASmallerOne) {
  tell(6553.5);
  EXPECT_EQ(believed(), -1) << "no pack is as large";
  tell(655);
  EXPECT_EQ(sure(), 655);
  tell(100);
  EXPECT_EQ(sure(), 100);
}

TEST_F(CapacityTest, ARiseIsBelievedWhenItHasBeenRepeated) {
  tell(100, 5);
  tell(655, 10);
  EXPECT_EQ(believed(), 100);
  EXPECT_EQ(capacity.doubted_ah(), 655);
  EXPECT_EQ(sure(), 100);
  tell(655);
  EXPECT_EQ(believed(), 655);
  EXPECT_FALSE(capacity.doubted_ah());
}

TEST_F(CapacityTest, LimitsFollowARiseByOnePercentInASecond) {
  tell(100, 5);
  tell(655, 11);
  double before_ah = sure();
  int seconds = 0;
  for (; sure() < 655; ++seconds) {
    tell(655);
    EXPECT_LE(sure(), std::max(before_ah * 1.01, before_ah + 0.0025 * 655) + 1e-9);
    before_ah = sure();
    ASSERT_LT(seconds, 1000);
  }
  EXPECT_GT(seconds, 160);
}

TEST_F(CapacityTest, ASingleOneChangesNothing) {
  tell(100, 5);
  for (int i = 0; i < 60; ++i) {
    tell(655);
    tell(100);
    EXPECT_EQ(believed(), 100);
    EXPECT_EQ(sure(), 100);
  }
}

TEST_F(CapacityTest, OnesThatDifferDoNotRepeatEachOther) {
  tell(100, 5);
  for (int i = 1; i < 60; ++i) tell(100 + 20 * i);
  EXPECT_EQ(believed(), 100);
  EXPECT_EQ(sure(), 100);
}

TEST_F(CapacityTest, SlowReadingsMustBeRepeatedAsOften) {
  tell(100, 5);
  Reading reading;
  reading.design_capacity_ah = 200;
  for (int i = 0; i < 4; ++i) capacity.follow(reading, false, kept, 60);
  EXPECT_EQ(believed(), 100);
  capacity.follow(reading, false, kept, 60);
  EXPECT_EQ(believed(), 200);
}

TEST_F(CapacityTest, AFallIsFollowedAtTheThirdReadingAndBelievedLater) {
  tell(280, 5);
  tell(100, 2);
  EXPECT_EQ(believed(), 280);
  EXPECT_EQ(sure(), 280);
  tell(100);
  EXPECT_EQ(believed(), 280);
  EXPECT_EQ(sure(), 100);
  tell(280);
  EXPECT_EQ(sure(), 101) << "limits come back slowly";
  tell(100, 12);
  EXPECT_EQ(believed(), 100);
}

TEST_F(CapacityTest, OneTinyReadingTakesNothingAway) {
  tell(100, 5);
  tell(1);
  tell(100, 3);
  EXPECT_EQ(sure(), 100);
  tell(1, 3);
  EXPECT_EQ(sure(), 1);
  tell(100, 250);
  EXPECT_EQ(sure(), 100) << "back within some minutes";
}

TEST_F(CapacityTest, LimitsGoByTheLeastThatAnybodyTells) {
  tell(280, 3, 265);
  EXPECT_EQ(believed(), 265);
  EXPECT_EQ(sure(), 265);
  tell(30, 5, 265);
  EXPECT_EQ(believed(), 265);
  EXPECT_EQ(sure(), 30);
}

TEST_F(CapacityTest, WhatWeHaveLearnedNeverRaisesALimit) {
  kept.learned_capacity_ah = 310;
  tell(280, 3);
  EXPECT_EQ(believed(), 310);
  EXPECT_EQ(capacity.told_ah(), 280);
  EXPECT_EQ(sure(), 280);
  kept.learned_capacity_ah = 200;
  tell(280, 3);
  EXPECT_EQ(believed(), 200);
  EXPECT_EQ(sure(), 200);
}

TEST_F(CapacityTest, TheOwnerIsBelievedAtOnce) {
  tell(30, 20);
  configured = true;
  tell(86);
  EXPECT_EQ(believed(), 86);
  EXPECT_EQ(sure(), 86);
  tell(8000);
  EXPECT_EQ(sure(), 8000) << "more than a board is believed, but not more than may be configured";
  EXPECT_FALSE(kept.told_capacity_ah) << "what somebody configures once is not what the BMS tells";
}

TEST_F(CapacityTest, WhatIsNoLongerToldCountsForAMinute) {
  tell(280, 5);
  tell({}, 60);
  EXPECT_EQ(believed(), 280);
  EXPECT_EQ(sure(), 280);
  tell({}, 2);
  EXPECT_EQ(believed(), -1);
  EXPECT_EQ(sure(), -1);
  tell(300);
  EXPECT_EQ(believed(), 300);
}

TEST_F(CapacityTest, ARestartRemembersItButAllowsNothingBecauseOfThat) {
  tell(100, 5);
  capacity = Capacity();
  first = true;
  tell({});
  EXPECT_EQ(believed(), 100);
  EXPECT_EQ(sure(), -1);
  tell(655);
  EXPECT_EQ(believed(), 100);
  EXPECT_EQ(sure(), 100);
}

TEST_F(CapacityTest, WhatABmsLearnsMayMoveOn) {
  tell({}, 5, 280);
  for (int i = 0; i < 100; ++i) tell({}, 1, 280 - 0.1 * i);
  EXPECT_NEAR(believed(), 270.1, 1e-9);
  EXPECT_NEAR(sure(), 270.1, 1e-9);
}

TEST_F(CapacityTest, NonsenseIsNotTold) {
  for (const double nonsense : {0.0, -100.0, 0.1, 6553.5, 1e9, std::numeric_limits<double>::quiet_NaN()}) {
    tell(nonsense, 3);
    EXPECT_EQ(believed(), -1) << nonsense;
    EXPECT_EQ(sure(), -1) << nonsense;
  }
}

}  // namespace
}  // namespace bms::battery
