// Which cells are compared when.
#include "battery/cell_monitor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>
#include <string>

#include "cell_fixture.hpp"

namespace bms::battery {
namespace {

class CellClassesTest : public testing::Test, protected MonitoredBattery {};

struct ClassCase {
  const char* name;
  double cell_mv, current_a;
  double seconds;
  std::optional<CellClass> expected;
};
void PrintTo(const ClassCase& each, std::ostream* out) { *out << each.name; }

class CellClassOf : public testing::TestWithParam<ClassCase>, protected MonitoredBattery {};

TEST_P(CellClassOf, FollowsVoltageAndCurrent) {
  const ClassCase& each = GetParam();
  const double mv = each.cell_mv;
  cells_mv({mv, mv, mv, mv + 8});
  battery.reading.current_a = each.current_a;
  run(each.seconds + 62);  // what holds is reckoned with once a minute
  for (std::size_t i = 0; i < cell_class_count; ++i) {
    const auto which = static_cast<CellClass>(i);
    const bool here = each.expected == which;
    EXPECT_EQ(record().of(which).occurrences() > 0, here) << name_of(which);
    EXPECT_NEAR(record().of(which).deviation_mv(3), here ? 8 : 0, 0.01) << name_of(which);
  }
}

INSTANTIATE_TEST_SUITE_P(Situations, CellClassOf,
                         testing::Values(ClassCase{"charging", 3350, 20, 3000, {}},
                                         ClassCase{"rest_too_short", 3300, 0, 480, {}},
                                         ClassCase{"rest", 3300, 0, 720, CellClass::rest},
                                         ClassCase{"small_current_is_rest", 3300, -4.9, 720, CellClass::rest},
                                         ClassCase{"larger_current_is_none", 3300, -5.1, 720, {}},
                                         ClassCase{"full", 3400, 20, 120, CellClass::charge_top},
                                         ClassCase{"nearly_full", 3396, 20, 120, {}},
                                         ClassCase{"full_at_rest_is_full", 3400, 0, 1200, CellClass::charge_top},
                                         ClassCase{"empty", 3097, -20, 120, CellClass::discharge_end},
                                         ClassCase{"nearly_empty", 3103, -20, 120, {}},
                                         ClassCase{"empty_at_rest_is_empty", 3090, 0, 1200, CellClass::discharge_end}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(CellClassesTest, DeviationsAreThoseFromTheMedian) {
  cells_mv({3390, 3400, 3410, 3480});
  battery.reading.current_a = 20;
  run(120);
  const ClassMeans& top = record().of(CellClass::charge_top);
  EXPECT_NEAR(top.deviation_mv(0), -15, 0.01);
  EXPECT_NEAR(top.deviation_mv(1), -5, 0.01);
  EXPECT_NEAR(top.deviation_mv(2), 5, 0.01);
  EXPECT_NEAR(top.deviation_mv(3), 75, 0.01);
}

TEST_F(CellClassesTest, OneCellThatGetsThereAloneIsEnough) {
  battery.reading.current_a = -20;
  cells_mv({3200, 3200, 3001, 3200});
  run(120);
  EXPECT_EQ(record().of(CellClass::discharge_end).occurrences(), 0U);
  cells_mv({3200, 3200, 3000, 3200});
  run(120);
  EXPECT_NEAR(record().of(CellClass::discharge_end).deviation_mv(2), -200, 0.01);
  cells_mv({3340, 3340, 3500, 3340});
  run(120);
  EXPECT_NEAR(record().of(CellClass::charge_top).deviation_mv(2), 160, 0.01);
}

TEST_F(CellClassesTest, AnOccurrenceIsAStayWithShortInterruptions) {
  battery.reading.current_a = 20;
  for (int i = 0; i < 5; ++i) {
    cells_mv({3400, 3400, 3400, 3420});
    run(300);
    cells_mv({3390, 3390, 3390, 3390});
    run(600);
  }
  EXPECT_EQ(record().of(CellClass::charge_top).occurrences(), 1U);
  run_elsewhere();
  cells_mv({3400, 3400, 3400, 3420});
  run(120);
  EXPECT_EQ(record().of(CellClass::charge_top).occurrences(), 2U);
}

TEST_F(CellClassesTest, OldOccurrencesFade) {
  battery.reading.current_a = 20;
  const auto occurrence = [this](double cell_mv) {
    cells_mv({3400, 3400, 3400, cell_mv});
    run(120, 2);
    run_elsewhere();
  };
  for (int i = 0; i < 20; ++i) occurrence(3420);
  for (int i = 0; i < 20; ++i) occurrence(3440);
  const float mean_mv = record().of(CellClass::charge_top).deviation_mv(3);
  EXPECT_NEAR(mean_mv, 40 - 20 * std::pow(0.95, 20), 0.1);
}

TEST_F(CellClassesTest, ABatteryThatAlwaysRestsIsJudgedEachDay) {
  cells_mv({3300, 3300, 3300, 3310});
  run(3 * 86400 + 1200, 20);
  EXPECT_EQ(record().of(CellClass::rest).occurrences(), 4U);
  EXPECT_NEAR(record().of(CellClass::rest).deviation_mv(3), 10, 0.01);
}

TEST_F(CellClassesTest, ABrokenSenseWireIsNotCompared) {
  cells_mv({3400, 3400, 0, 3420});
  battery.reading.current_a = 20;
  run(600);
  EXPECT_EQ(record().of(CellClass::charge_top).occurrences(), 0U);
  EXPECT_EQ(record().present_mv[2], 0);
  EXPECT_EQ(record().extremes[2], CellExtremes{});
  EXPECT_EQ(record().extremes[3].highest_mv, 3420);
}

TEST_F(CellClassesTest, TimeThatNobodySawIsNotCompared) {
  battery.reading.current_a = 20;
  cells_mv({3400, 3400, 3400, 3420});
  run(120);
  frame(3 * 86400);
  EXPECT_EQ(record().of(CellClass::charge_top).occurrences(), 1U);
  EXPECT_EQ(record().of(CellClass::charge_top).state().done, 1U);
}

}  // namespace
}  // namespace bms::battery
