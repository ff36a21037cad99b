// What is remembered of each cell, over gaps and restarts, and whatever comes.
#include "battery/cell_monitor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cell_fixture.hpp"

namespace bms::battery {
namespace {

class CellMonitorTest : public testing::Test, protected MonitoredBattery {};

// Extremes.

TEST_F(CellMonitorTest, ExtremesHaveTheirDates) {
  run(10);
  cells_mv({3300, 2900, 3300, 3500});
  run(3);
  const double then_s = *unix_s - 1;  // the second of the three has confirmed the first
  cells_mv({3300, 3300, 3300, 3300});
  run(600);
  EXPECT_EQ(record().extremes[1], (CellExtremes{2900, 3300, then_s, started_unix_s + 2}));
  EXPECT_EQ(record().extremes[3], (CellExtremes{3300, 3500, started_unix_s + 2, then_s}));
}

TEST_F(CellMonitorTest, WhatOnlyOneReadingShowsLeavesNoTrace) {
  run(10);
  cells_mv({3300, 2500, 3300, 3900});
  frame();
  cells_mv({3300, 3300, 3300, 3300});
  run(100);
  EXPECT_EQ(record().extremes[1].lowest_mv, 3300);
  EXPECT_EQ(record().extremes[3].highest_mv, 3300);
}

TEST_F(CellMonitorTest, WithoutAClockThereAreNoDates) {
  unix_s.reset();
  run(700);
  EXPECT_EQ(record().extremes[0], (CellExtremes{3300, 3300, 0, 0}));
  EXPECT_EQ(record().trend.pack_until_unix_s, 0);
  EXPECT_EQ(record().trend.pack.size(), 2U);
}

// Trends.

TEST_F(CellMonitorTest, TrendsHaveARowOfThePackInFiveMinutesAndOneOfTheCellsInTen) {
  battery.reading.current_a = -30.04;
  battery.estimate.soc_pct = 61.3;
  cells_mv({3300, 3290, 3300, 3310});
  frame(0);
  run(450);
  cells_mv({3300, 3270, 3300, 3310});
  run(450 + 61);
  const CellTrend& trend = record().trend;
  ASSERT_EQ(trend.pack.size(), 3U);
  EXPECT_EQ(trend.pack[0].front(), (PackPoint{3290, 3310, 2, 4, -300, 123}));
  EXPECT_EQ(trend.pack[1].front(), (PackPoint{3270, 3310, 2, 4, -300, 123}));
  EXPECT_NEAR(trend.pack_until_unix_s, started_unix_s + 900, 0.001);
  ASSERT_EQ(trend.cells_mv.size(), 1U);
  EXPECT_THAT(trend.cells_mv[0], testing::ElementsAre(3300, 3285, 3300, 3310));
  EXPECT_NEAR(trend.cells_until_unix_s, started_unix_s + 600, 0.001);
}

TEST_F(CellMonitorTest, TimeThatNobodySawHasEmptyRows) {
  run(601);
  frame(3600);
  run(660);
  const CellTrend& trend = record().trend;
  ASSERT_EQ(trend.cells_mv.size(), 8U);
  EXPECT_EQ(trend.cells_mv[0].front(), 3300);
  for (std::size_t row = 2; row < 6; ++row) EXPECT_EQ(trend.cells_mv[row].front(), 0) << row;
  EXPECT_EQ(trend.cells_mv[7].front(), 3300);
  EXPECT_NEAR(trend.cells_until_unix_s, started_unix_s + 4801, 1.1);
}

TEST_F(CellMonitorTest, AYearOfSilenceCostsNoTimeAndLeavesNothing) {
  run(1300);
  for (int i = 0; i < 4; ++i) frame(std::numeric_limits<double>::max());
  const CellTrend& trend = record().trend;
  ASSERT_EQ(trend.pack.size(), CellTrend::pack_rows);
  for (std::size_t row = 0; row < trend.pack.size(); ++row) EXPECT_FALSE(trend.pack[row].front().known());
}

// Life.

TEST_F(CellMonitorTest, AnotherNumberOfCellsIsAnotherBattery) {
  raise(Alarm::high_cell_voltage, AlarmLevel::warning);
  run(4000);
  cells_mv({3301, 3302, 3303, 3304, 3305});
  raise(Alarm::high_cell_voltage, AlarmLevel::ok);
  frame();
  CellMonitor fresh;
  fresh.follow(config, battery, unix_s, 0);
  EXPECT_EQ(record(), fresh.record());
}

TEST_F(CellMonitorTest, AReadingWithoutCellsIsNotSeen) {
  run(100);
  const CellRecord before = record();
  battery.reading.cells_v.clear();
  run(50);
  EXPECT_EQ(record().extremes, before.extremes);
  EXPECT_EQ(record().cells, 4U);
}

TEST_F(CellMonitorTest, NothingIsKnownOfABatteryThatNamesNoCells) {
  battery.reading.cells_v.clear();
  run(1000);
  EXPECT_EQ(record(), CellRecord{});
}

TEST_F(CellMonitorTest, AfterARestartItGoesOn) {
  raise(Alarm::low_cell_voltage, AlarmLevel::warning);
  run(1300);
  const CellRecord kept = record();
  monitor = {};
  monitor.restore(kept, 3600);
  EXPECT_EQ(record(), kept);
  *unix_s += 3600;
  frame(0);
  run(700);
  EXPECT_EQ(alerts().size(), 1U);
  EXPECT_TRUE(alerts()[0].lasts);
  EXPECT_EQ(alerts()[0].begun_unix_s, kept.alerts.list()[0].begun_unix_s);
  EXPECT_EQ(record().trend.cells_mv.size(), kept.trend.cells_mv.size() + 7);
  EXPECT_EQ(record().of(CellClass::rest).state().done, 1U);
}

TEST_F(CellMonitorTest, AnAlertThatIsOverAfterARestartEnds) {
  raise(Alarm::low_cell_voltage, AlarmLevel::warning);
  run(10);
  const CellRecord kept = record();
  monitor = {};
  monitor.restore(kept, std::nullopt);
  raise(Alarm::low_cell_voltage, AlarmLevel::ok);
  frame(0);
  EXPECT_FALSE(alerts()[0].lasts);
}

TEST_F(CellMonitorTest, WhatWasKeptOfABatteryWithOtherCellsIsForgotten) {
  run(1300);
  CellMonitor other;
  other.restore(record(), 10);
  cells_mv({3300, 3300});
  other.follow(config, battery, unix_s, 0);
  EXPECT_EQ(other.record().cells, 2U);
  EXPECT_EQ(other.record().trend.cells_mv.size(), 0U);
}

TEST_F(CellMonitorTest, WhatIsReckonedWithLateIsTheSame) {
  // The same cells, seen each second and seen each two seconds.
  MonitoredBattery other;
  for (MonitoredBattery* each : {static_cast<MonitoredBattery*>(this), &other}) {
    const double dt_s = each == this ? 1 : 2;
    each->config.poll_interval_s = dt_s;
    each->frame(0);
    each->cells_mv({3300, 3310, 3300, 3290});
    each->run(1200, dt_s);
    each->cells_mv({3400, 3420, 3405, 3390});
    each->battery.reading.current_a = 20;
    each->run(1200, dt_s);
  }
  for (std::size_t i = 0; i < cell_class_count; ++i)
    for (std::size_t cell = 0; cell < 4; ++cell)
      EXPECT_NEAR(record().classes[i].deviation_mv(cell), other.record().classes[i].deviation_mv(cell), 0.1);
  ASSERT_EQ(record().trend.cells_mv.size(), other.record().trend.cells_mv.size());
  for (std::size_t row = 0; row < record().trend.cells_mv.size(); ++row)
    for (std::size_t cell = 0; cell < 4; ++cell)
      EXPECT_NEAR(record().trend.cells_mv[row][cell], other.record().trend.cells_mv[row][cell], 1);
}

// Whatever comes.

void check(const CellRecord& record) {
  ASSERT_LE(record.cells, max_cells);
  for (std::size_t cell = 0; cell < max_cells; ++cell) {
    ASSERT_LE(record.extremes[cell].lowest_mv, record.extremes[cell].highest_mv);
    ASSERT_LE(record.present_mv[cell], 5000);
    for (const ClassMeans& means : record.classes) {
      ASSERT_TRUE(std::isfinite(means.deviation_mv(cell)));
      ASSERT_LT(std::abs(means.deviation_mv(cell)), 1000.5);
      if (cell >= record.cells) {
        ASSERT_EQ(means.deviation_mv(cell), 0);
      }
    }
  }
  ASSERT_LE(record.trend.cells_mv.size(), CellTrend::cell_rows);
  ASSERT_LE(record.trend.pack.size(), CellTrend::pack_rows);
  for (std::size_t kind = 0; kind < cell_alert_kinds; ++kind)
    ASSERT_LE(std::ranges::count_if(record.alerts.list(),
                                    [&](const CellAlert& alert) {
                                      return alert.lasts && alert.kind == static_cast<CellAlertKind>(kind);
                                    }),
              1);
}

TEST(CellMonitorProperty, AnyReadingsAndAnyGapsLeaveARecordThatMakesSense) {
  std::mt19937 random{17};
  constexpr double gaps_s[] = {0,
                               0.5,
                               1,
                               1,
                               1,
                               7,
                               59,
                               61,
                               299,
                               4000,
                               1e6,
                               1e300,
                               -5,
                               std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity()};
  constexpr double clocks[] = {0, 1.8e9, -1, 1e300, std::numeric_limits<double>::quiet_NaN()};
  for (int life = 0; life < 30; ++life) {
    CellMonitor monitor;
    const Config config;
    std::size_t cells = random() % (max_cells + 1);
    Battery battery = random_battery(random, cells);
    for (int poll = 0; poll < 400; ++poll) {
      if (random() % 100 == 0) cells = random() % (max_cells + 1);
      if (random() % 3 != 0) battery = random_battery(random, cells);
      monitor.follow(config, battery, clocks[random() % std::size(clocks)], gaps_s[random() % std::size(gaps_s)]);
    }
    ASSERT_NO_FATAL_FAILURE(check(monitor.record())) << life;
  }
}

}  // namespace
}  // namespace bms::battery
