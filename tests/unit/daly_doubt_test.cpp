// What a damaged frame whose sum is right could do to a poll, and does not.
#include <gtest/gtest.h>

#include <algorithm>

#include "daly_a5_fixture.hpp"

namespace bms::daly {
namespace {

using daly_test::ByteVector;
using DalyDoubt = daly_test::A5Fixture;

TEST_F(DalyDoubt, ADamagedPackStateIsAskedForAgain) {
  ASSERT_TRUE(poll());
  const ByteVector false_values[] = {{0x01, 0x20, 0, 0, 0x75, 0x30, 0x01, 0xF5},
                                     {0x01, 0x08, 0, 0, 0x7D, 0x30, 0x01, 0xF5},
                                     {0x01, 0x08, 0, 0, 0x75, 0x30, 0x03, 0xE8}};
  for (const ByteVector& values : false_values) {
    falsify(0x90, values);
    const Reading reading = poll().value();
    EXPECT_EQ(reading.voltage_v, 26.4);
    EXPECT_EQ(reading.current_a, 0);
    EXPECT_EQ(reading.soc_pct, 50.1);
    EXPECT_EQ(count(0x90), 2);
  }
}

TEST_F(DalyDoubt, AChangeThatIsRepeatedIsBelievedInTheSamePoll) {
  ASSERT_TRUE(poll());
  board.voltage = 250;
  board.current = 31500;
  board.soc = 300;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 25.0);
  EXPECT_EQ(reading.current_a, -150);
  EXPECT_EQ(reading.soc_pct, 30);
  EXPECT_EQ(count(0x90), 2);
  ASSERT_TRUE(poll());
  EXPECT_EQ(count(0x90), 1);
}

TEST_F(DalyDoubt, DamagedFailureBitsAndFetsAreAskedForAgain) {
  ASSERT_TRUE(poll());
  falsify(0x98, {0x02});
  EXPECT_EQ(poll()->alarms[Alarm::high_cell_voltage], AlarmLevel::ok);
  EXPECT_EQ(count(0x98), 2);
  falsify(0x93, {0, 0, 1, 9, 0, 0, 0xCB, 0x20});
  EXPECT_EQ(poll()->charge_fet, true);
  EXPECT_EQ(count(0x93), 2);
  falsify(0x93, {0, 1, 1, 9, 0, 1, 0xCB, 0x20});
  EXPECT_EQ(poll()->remaining_ah, 52);
}

TEST_F(DalyDoubt, OneCellThatJumpsIsAskedForAgain) {
  ASSERT_TRUE(poll());
  wire.before = [this, once = false](const ByteVector& request) mutable {
    if (request[2] != 0x95 || std::exchange(once, true)) return ByteVector();
    const std::vector<unsigned> truth = board.cells;
    board.cells[1] = 3600;
    ByteVector frames = board.answer(request);
    board.cells = truth;
    return frames;
  };
  EXPECT_EQ(poll()->cells_v[1], 3.3);
  EXPECT_EQ(count(0x95), 2);
  wire.before = nullptr;
  board.cells[1] = 3600;
  EXPECT_EQ(poll()->cells_v[1], 3.6) << "repeated";
  EXPECT_EQ(count(0x95), 2);
}

TEST_F(DalyDoubt, ALoadThatPullsAllCellsDownIsNoReasonToAskAgain) {
  ASSERT_TRUE(poll());
  for (unsigned& cell : board.cells) cell -= 200;
  EXPECT_EQ(poll()->cells_v[0], 3.1);
  EXPECT_EQ(count(0x95), 1);
}

TEST_F(DalyDoubt, OpenSenseWiresAreReadingsOnceTheyAreRepeated) {
  board.cells = {3300, 5000, 5000, 0, 3300, 3300, 3300, 3300};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.cells_v[1], 5.0);
  EXPECT_EQ(reading.cells_v[3], 0.0);
  EXPECT_EQ(count(0x95), 2);
  ASSERT_TRUE(poll());
  EXPECT_EQ(count(0x95), 1);
}

TEST_F(DalyDoubt, ADamagedTemperatureOrBalancerIsNeverRemembered) {
  settled();
  falsify(0x96, {1, 99, 62});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(poll()->temperatures_c[0], 21);
  falsify(0x97, {0xFF});
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(poll()->balancing->none());
}

TEST_F(DalyDoubt, AValueThatNeverSettlesIsTheMiddleOfThree) {
  ASSERT_TRUE(poll());
  board.current = 31000;
  wire.before = [this](const ByteVector& request) {
    if (request[2] == 0x90) board.current = board.current == 31000 ? 32000 : board.current == 32000 ? 33000 : 31000;
    return ByteVector();
  };
  EXPECT_EQ(poll()->current_a, -200);
  EXPECT_EQ(count(0x90), 3);
}

TEST_F(DalyDoubt, ACellCountMustBeRepeatedThreeTimesToChange) {
  ASSERT_TRUE(poll());
  falsify(0x94, {7, 2, 0, 0, 2, 0, 7, 0});
  for (int i = 0; i < 12; ++i) EXPECT_EQ(poll()->cells_v.size(), 8U);
}

}  // namespace
}  // namespace bms::daly
