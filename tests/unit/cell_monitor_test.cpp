// Which cells are compared when, what is remembered of them, and what makes an alert.
#include "battery/cell_monitor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <string>

#include "cell_fixture.hpp"

namespace bms::battery {
namespace {

class CellMonitorTest : public testing::Test, protected MonitoredBattery {};

// Classes.

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

TEST_F(CellMonitorTest, DeviationsAreThoseFromTheMedian) {
  cells_mv({3390, 3400, 3410, 3480});
  battery.reading.current_a = 20;
  run(120);
  const ClassMeans& top = record().of(CellClass::charge_top);
  EXPECT_NEAR(top.deviation_mv(0), -15, 0.01);
  EXPECT_NEAR(top.deviation_mv(1), -5, 0.01);
  EXPECT_NEAR(top.deviation_mv(2), 5, 0.01);
  EXPECT_NEAR(top.deviation_mv(3), 75, 0.01);
}

TEST_F(CellMonitorTest, OneCellThatGetsThereAloneIsEnough) {
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

TEST_F(CellMonitorTest, AnOccurrenceIsAStayWithShortInterruptions) {
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

TEST_F(CellMonitorTest, OldOccurrencesFade) {
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

TEST_F(CellMonitorTest, ABatteryThatAlwaysRestsIsJudgedEachDay) {
  cells_mv({3300, 3300, 3300, 3310});
  run(3 * 86400 + 1200, 20);
  EXPECT_EQ(record().of(CellClass::rest).occurrences(), 4U);
  EXPECT_NEAR(record().of(CellClass::rest).deviation_mv(3), 10, 0.01);
}

TEST_F(CellMonitorTest, ABrokenSenseWireIsNotCompared) {
  cells_mv({3400, 3400, 0, 3420});
  battery.reading.current_a = 20;
  run(600);
  EXPECT_EQ(record().of(CellClass::charge_top).occurrences(), 0U);
  EXPECT_EQ(record().present_mv[2], 0);
  EXPECT_EQ(record().extremes[2], CellExtremes{});
  EXPECT_EQ(record().extremes[3].highest_mv, 3420);
}

TEST_F(CellMonitorTest, TimeThatNobodySawIsNotCompared) {
  battery.reading.current_a = 20;
  cells_mv({3400, 3400, 3400, 3420});
  run(120);
  frame(3 * 86400);
  EXPECT_EQ(record().of(CellClass::charge_top).occurrences(), 1U);
  EXPECT_EQ(record().of(CellClass::charge_top).state().done, 1U);
}

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

// Alerts.

TEST_F(CellMonitorTest, AnAlarmIsOneAlertHoweverLongItLasts) {
  run(10);
  const double begun_s = *unix_s + 1;
  raise(Alarm::low_cell_voltage, AlarmLevel::warning);
  cells_mv({3000, 2940, 3000, 3000});
  battery.reading.current_a = -10;
  run(300);
  raise(Alarm::low_cell_voltage, AlarmLevel::alarm);
  cells_mv({3000, 2840, 3000, 3000});
  frame();
  const double peak_s = *unix_s;
  run(20);
  raise(Alarm::low_cell_voltage, AlarmLevel::warning);
  cells_mv({3000, 2900, 3000, 3000});
  run(300);
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_TRUE(alerts()[0].lasts);
  raise(Alarm::low_cell_voltage, AlarmLevel::ok);
  frame();
  ASSERT_EQ(alerts().size(), 1U);
  const CellAlert expected{.kind = CellAlertKind::low_cell,
                           .level = CellAlertLevel::alarm,
                           .cell = 2,
                           .peak_mv = 2840,
                           .begun_unix_s = begun_s,
                           .peak_unix_s = peak_s,
                           .ended_unix_s = *unix_s,
                           .lasts = false};
  EXPECT_EQ(alerts()[0], expected);
}

TEST_F(CellMonitorTest, TheNextOneIsANewEntryBeforeTheOld) {
  for (const auto alarm : {Alarm::low_cell_voltage, Alarm::high_cell_voltage, Alarm::high_cell_voltage}) {
    raise(alarm, AlarmLevel::warning);
    run(5);
    raise(alarm, AlarmLevel::ok);
    run(5);
  }
  ASSERT_EQ(alerts().size(), 3U);
  EXPECT_EQ(alerts()[0].kind, CellAlertKind::high_cell);
  EXPECT_EQ(alerts()[1].kind, CellAlertKind::high_cell);
  EXPECT_EQ(alerts()[2].kind, CellAlertKind::low_cell);
  EXPECT_GT(alerts()[0].begun_unix_s, alerts()[1].ended_unix_s);
}

struct SpreadCase {
  const char* name;
  double cell_mv, current_a, spread_mv;
  double seconds;
  bool noted;
};
void PrintTo(const SpreadCase& each, std::ostream* out) { *out << each.name; }

class NotableSpread : public testing::TestWithParam<SpreadCase>, protected MonitoredBattery {};

TEST_P(NotableSpread, IsAnEntryWithoutBeingAnAlarm) {
  const SpreadCase& each = GetParam();
  const double mv = each.cell_mv;
  cells_mv({mv, mv, mv - each.spread_mv, mv});
  battery.reading.current_a = each.current_a;
  run(each.seconds);
  ASSERT_EQ(alerts().size(), each.noted ? 1U : 0U);
  EXPECT_EQ(record().alerts.unacknowledged(), 0U);
  if (!each.noted) return;
  EXPECT_EQ(alerts()[0].level, CellAlertLevel::info);
  EXPECT_EQ(alerts()[0].kind, CellAlertKind::spread);
  EXPECT_EQ(alerts()[0].cell, 3);
  EXPECT_EQ(alerts()[0].peak_mv, each.spread_mv);
}

INSTANTIATE_TEST_SUITE_P(Spreads, NotableSpread,
                         testing::Values(SpreadCase{"at_rest", 3300, 0, 25, 1100, true},
                                         SpreadCase{"at_rest_less", 3300, 0, 24, 3600, false},
                                         SpreadCase{"at_rest_not_yet", 3300, 0, 25, 800, false},
                                         SpreadCase{"nearly_empty_at_rest", 3190, 0, 40, 3600, false},
                                         SpreadCase{"at_the_top", 3450, 10, 75, 450, true},
                                         SpreadCase{"at_the_top_less", 3450, 10, 74, 3600, false},
                                         SpreadCase{"while_discharging", 3250, -50, 200, 3600, false}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(CellMonitorTest, ASpreadThatBecomesAnAlarmIsStillOneAlert) {
  cells_mv({3300, 3300, 3270, 3300});
  run(1100);
  raise(Alarm::cell_imbalance, AlarmLevel::warning);
  run(100);
  EXPECT_EQ(record().alerts.unacknowledged(), 1U);
  raise(Alarm::cell_imbalance, AlarmLevel::ok);
  run(100);
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_TRUE(alerts()[0].lasts);  // as a thing to note
  cells_mv({3300, 3300, 3290, 3300});
  run(800);
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_FALSE(alerts()[0].lasts);
  EXPECT_EQ(alerts()[0].level, CellAlertLevel::warning);
}

TEST_F(CellMonitorTest, WhatWasFoundAtTheTopEndsThere) {
  cells_mv({3450, 3450, 3370, 3450});
  battery.reading.current_a = 10;
  run(450);
  ASSERT_EQ(alerts().size(), 1U);
  cells_mv({3300, 3300, 3300, 3300});
  battery.reading.current_a = 0;
  run(3600);
  EXPECT_TRUE(alerts()[0].lasts);
  cells_mv({3450, 3450, 3440, 3450});
  run(700);
  EXPECT_FALSE(alerts()[0].lasts);
  EXPECT_EQ(alerts().size(), 1U);
}

TEST_F(CellMonitorTest, TheWayToEmptyMakesASpreadNoWorse) {
  cells_mv({3300, 3300, 3270, 3300});
  run(1100);
  battery.reading.current_a = -20;
  cells_mv({3100, 3100, 2900, 3100});
  run(600);
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_EQ(alerts()[0].peak_mv, 30);
}

TEST_F(CellMonitorTest, WhoWantsNoSuchAlarmGetsNoSuchEntry) {
  config.alarms.imbalance_rest_v = {};
  cells_mv({3300, 3300, 3200, 3300});
  run(3600);
  EXPECT_TRUE(alerts().empty());
}

TEST_F(CellMonitorTest, WhatIsAcknowledgedDoesNotCountUntilItBecomesWorse) {
  raise(Alarm::high_cell_voltage, AlarmLevel::warning);
  run(5);
  EXPECT_EQ(record().alerts.unacknowledged(), 1U);
  monitor.acknowledge();
  EXPECT_EQ(record().alerts.unacknowledged(), 0U);
  run(100);
  EXPECT_EQ(record().alerts.unacknowledged(), 0U);
  raise(Alarm::high_cell_voltage, AlarmLevel::alarm);
  run(5);
  EXPECT_EQ(record().alerts.unacknowledged(), 1U);
}

TEST_F(CellMonitorTest, FiftyAlertsAreKept) {
  for (int i = 0; i < 200; ++i) {
    raise(Alarm::high_cell_voltage, AlarmLevel::warning);
    frame();
    raise(Alarm::high_cell_voltage, AlarmLevel::ok);
    frame();
  }
  EXPECT_EQ(alerts().size(), CellAlerts::most);
  EXPECT_EQ(alerts()[0].ended_unix_s, *unix_s);
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
