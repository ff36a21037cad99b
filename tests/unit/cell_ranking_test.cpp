// Which cell is called weak, and what the others are called.
#include "battery/cell_ranking.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>

namespace bms::battery {
namespace {

void set(CellRecord& record, CellClass which, std::size_t cell, double deviation_mv) {
  ClassMeans::State state = record.of(which).state();
  state.done = 1;
  state.mean_mv[cell] = static_cast<float>(deviation_mv);
  record.classes[static_cast<std::size_t>(which)] = ClassMeans(state);
}

struct VerdictCase {
  const char* name;
  double top_mv, end_mv;
  CellVerdict verdict;
};
void PrintTo(const VerdictCase& each, std::ostream* out) { *out << each.name; }

class Verdict : public testing::TestWithParam<VerdictCase> {};

TEST_P(Verdict, FollowsFromBothEnds) {
  const VerdictCase& each = GetParam();
  CellRecord record{.cells = 3};
  set(record, CellClass::charge_top, 1, each.top_mv);
  set(record, CellClass::discharge_end, 1, each.end_mv);
  for (const RankedCell& cell : ranked(record)) {
    EXPECT_EQ(cell.verdict, cell.cell == 2 ? each.verdict : CellVerdict::even) << text_of(cell.verdict);
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, Verdict,
                         testing::Values(VerdictCase{"even", 19, -19, CellVerdict::even},
                                         VerdictCase{"small", 60, -150, CellVerdict::weak},
                                         VerdictCase{"small_and_balanced_at_the_top", 5, -200, CellVerdict::weak},
                                         VerdictCase{"small_and_even_at_the_end", 80, -5, CellVerdict::weak},
                                         VerdictCase{"large", -60, 40, CellVerdict::strong},
                                         VerdictCase{"large_at_the_end", 0, 40, CellVerdict::strong},
                                         VerdictCase{"large_at_the_top", -30, 0, CellVerdict::strong},
                                         VerdictCase{"fuller", 90, 30, CellVerdict::fuller},
                                         VerdictCase{"emptier", -40, -150, CellVerdict::emptier}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Ranking, BeginsWithTheWeakestCell) {
  CellRecord record{.cells = 4};
  set(record, CellClass::charge_top, 0, 100);  // only fuller: 100 - 80
  set(record, CellClass::discharge_end, 0, 80);
  set(record, CellClass::discharge_end, 2, -50);
  set(record, CellClass::charge_top, 3, -10);
  const auto cells = ranked(record);
  ASSERT_EQ(cells.size(), 4U);
  EXPECT_EQ(cells[0].cell, 3U);
  EXPECT_EQ(cells[0].weakness_mv, 50);
  EXPECT_EQ(cells[1].cell, 1U);
  EXPECT_EQ(cells[1].weakness_mv, 20);
  EXPECT_EQ(cells[2].cell, 2U);
  EXPECT_EQ(cells[3].cell, 4U);
  EXPECT_EQ(cells[3].weakness_mv, -10);
}

TEST(Ranking, GoesByRestWhereTheEndHasNotBeenSeen) {
  CellRecord record{.cells = 2};
  set(record, CellClass::rest, 1, -7);
  const auto cells = ranked(record);
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[0].cell, 2U);
  EXPECT_EQ(cells[0].weakness_mv, 7);
  EXPECT_EQ(cells[0].verdict, CellVerdict::unknown);
  EXPECT_FALSE(cells[0].charge_top_mv);
  EXPECT_EQ(cells[0].rest_mv, -7);
}

TEST(Ranking, SaysNothingBeforeAnythingWasCompared) { EXPECT_TRUE(ranked(CellRecord{.cells = 4}).empty()); }

}  // namespace
}  // namespace bms::battery
