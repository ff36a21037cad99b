// When a Chargery frame has an effect, and how many of the slots are cells.
#include "chargery/chargery_belief.hpp"

#include <gtest/gtest.h>

#include "chargery/chargery_cell_count.hpp"

namespace bms::chargery {
namespace {

System healthy(unsigned soc_pct = 50) {
  return {.layout = Layout::system_v126,
          .charge_end_mv = 3650,
          .mode = Mode::storage,
          .current_a = 0,
          .temperatures_c = {20.0, 21.0},
          .soc_pct = soc_pct,
          .discharge_end_mv = 2700,
          .active = {false, false}};
}

Cells cells_of(std::initializer_list<std::uint16_t> slots_mv) {
  Cells cells;
  cells.slots_mv.assign(slots_mv.begin(), slots_mv.end());
  return cells;
}

struct SystemBelief : testing::Test {
  Belief<System> belief;
  bool take(const System& next) {
    return belief.take(next, [](const System& a, const System& b) { return follows(a, b); });
  }
};

TEST_F(SystemBelief, TheFirstFrameIsBelieved) {
  EXPECT_TRUE(take(healthy()));
  EXPECT_TRUE(belief.fresh());
  belief.forget_freshness();
  EXPECT_FALSE(belief.fresh());
  EXPECT_EQ(belief.value(), healthy());
}

TEST_F(SystemBelief, AJumpOfTheStateOfChargeNeedsASecondFrame) {
  take(healthy(50));
  EXPECT_TRUE(take(healthy(60)));
  EXPECT_TRUE(take(healthy(50)));
  EXPECT_FALSE(take(healthy(61)));
  EXPECT_EQ(belief.value()->soc_pct, 50U);
  EXPECT_TRUE(take(healthy(62))) << "agrees with the one before";
  EXPECT_EQ(belief.value()->soc_pct, 62U);
}

TEST_F(SystemBelief, ASingleJumpIsForgotten) {
  take(healthy(50));
  EXPECT_FALSE(take(healthy(90)));
  EXPECT_TRUE(take(healthy(50)));
  EXPECT_FALSE(take(healthy(90))) << "the doubted one of before does not count any more";
  EXPECT_FALSE(take(healthy(10))) << "and two that differ do not confirm each other";
  EXPECT_EQ(belief.value()->soc_pct, 50U);
}

TEST_F(SystemBelief, DoubtedFramesAreNotFresh) {
  take(healthy(50));
  belief.forget_freshness();
  take(healthy(90));
  EXPECT_FALSE(belief.fresh());
}

TEST_F(SystemBelief, SettingsAndLayoutsNeedASecondFrame) {
  take(healthy());
  System other = healthy();
  other.charge_end_mv = 3600;
  EXPECT_FALSE(take(other));
  EXPECT_TRUE(take(other));
  other.discharge_end_mv = 2800;
  EXPECT_FALSE(take(other));
  EXPECT_TRUE(take(other));
  other.layout = Layout::system_v122;
  EXPECT_FALSE(take(other));
  EXPECT_TRUE(take(other));
}

TEST_F(SystemBelief, AProtectionThatBecomesActiveDoesNotWait) {
  for (const std::size_t which : {0U, 1U}) {
    belief = {};
    take(healthy(50));
    System active = healthy(100);
    active.active[which] = true;
    EXPECT_TRUE(take(active)) << "together with a jump";
    active.soc_pct = 50;
    EXPECT_FALSE(take(active)) << "it was active already";
  }
}

struct CellBelief : testing::Test {
  CellWindow window{.lowest_mv = 2700, .highest_mv = 3650};
  Belief<Cells> belief;
  bool take(const Cells& next) {
    return belief.take(next, [this](const Cells& a, const Cells& b) { return follows(a, b, window); });
  }
};

TEST_F(CellBelief, ACellThatJumpsNeedsASecondFrame) {
  take(cells_of({3000, 3000}));
  EXPECT_TRUE(take(cells_of({3500, 3000})));
  EXPECT_TRUE(take(cells_of({3000, 3000})));
  EXPECT_FALSE(take(cells_of({3501, 3000})));
  EXPECT_TRUE(take(cells_of({3502, 3000})));
}

TEST_F(CellBelief, ACellThatJumpsOutOfTheLimitsActsAtOnce) {
  take(cells_of({3100, 3100}));
  EXPECT_TRUE(take(cells_of({3651, 3100})));
  take(cells_of({3300, 3100}));
  EXPECT_TRUE(take(cells_of({2699, 3100})));
  window = {};
  take(cells_of({3100, 3100}));
  take(cells_of({3100, 3100}));
  EXPECT_FALSE(take(cells_of({3651, 3100}))) << "no limit is known";
}

TEST_F(CellBelief, ACellThatIsLongDeadDoesNotExcuseTheJumpOfAnother) {
  take(cells_of({0, 3000}));
  EXPECT_FALSE(take(cells_of({0, 3550})));
}

TEST_F(CellBelief, AnotherNumberOfSlotsNeedsASecondFrame) {
  take(cells_of({3300, 3300}));
  EXPECT_FALSE(take(cells_of({3300, 3300, 3300})));
  EXPECT_TRUE(take(cells_of({3300, 3300})));
  Cells older = cells_of({3300, 3300});
  older.layout = Layout::cells_v122;
  EXPECT_FALSE(take(older));
  EXPECT_TRUE(take(older));
}

TEST(ChargeryCellCount, IsTheHighestSlotWithAVoltage) {
  EXPECT_EQ(count_cells(cells_of({3300, 112, 3300, 27, 0}), 0), 3U) << "a dead cell inside the pack counts";
  EXPECT_EQ(count_cells(cells_of({300, 299}), 0), 1U);
  EXPECT_EQ(count_cells(cells_of({27, 13, 0}), 0), 0U);
  EXPECT_EQ(count_cells(cells_of({3300, 3300}), 0), 2U);
}

TEST(ChargeryCellCount, ImpedancesCountWhereTheVoltagesDoNotSpeakAgainstIt) {
  const Cells cells = cells_of({3300, 3300, 3300, 27, 3300});
  EXPECT_EQ(count_cells(cells, 3), 3U);
  EXPECT_EQ(count_cells(cells, 5), 5U) << "as many as slots";
  EXPECT_EQ(count_cells(cells, 4), 5U) << "slot 4 has no cell";
  EXPECT_EQ(count_cells(cells, 2), 5U) << "slot 3 has one";
  EXPECT_EQ(count_cells(cells, 6), 5U) << "there is no slot 6";
  EXPECT_EQ(count_cells(cells, 24), 5U);
}

TEST(ChargeryCellCount, IsKnownOnceThreeFramesInARowAgree) {
  CellCount count(0);
  const Cells three = cells_of({3300, 3300, 3300, 0});
  const Cells two = cells_of({3300, 3300, 0, 0});
  for (const Cells& cells : {three, three, two, three, three}) {
    count.take(cells, 0);
    EXPECT_EQ(count.known(), 0U);
  }
  count.take(three, 0);
  EXPECT_EQ(count.known(), 3U);
  for (int i = 0; i < 10; ++i) count.take(two, 0);
  EXPECT_EQ(count.known(), 3U) << "a cell that dies stays in the list";
  for (int i = 0; i < 10; ++i) count.take(three, 1);
  EXPECT_EQ(count.known(), 3U);
}

TEST(ChargeryCellCount, WhatTheUserSaidCounts) {
  CellCount count(7);
  EXPECT_EQ(count.known(), 7U);
  for (int i = 0; i < 10; ++i) count.take(cells_of({3300, 3300}), 0);
  EXPECT_EQ(count.known(), 7U);
}

TEST(ChargeryCellCount, ABoardWithoutCellsIsNeverCounted) {
  CellCount count(0);
  for (int i = 0; i < 10; ++i) count.take(cells_of({27, 0}), 0);
  EXPECT_EQ(count.known(), 0U);
}

}  // namespace
}  // namespace bms::chargery
