// What makes an alert, and when it ends.
#include "battery/cell_monitor.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "cell_fixture.hpp"

namespace bms::battery {
namespace {

class CellAlertsTest : public testing::Test, protected MonitoredBattery {};

TEST_F(CellAlertsTest, AnAlarmIsOneAlertHoweverLongItLasts) {
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

TEST_F(CellAlertsTest, TheNextOneIsANewEntryBeforeTheOld) {
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

TEST_F(CellAlertsTest, ASpreadThatBecomesAnAlarmIsStillOneAlert) {
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

TEST_F(CellAlertsTest, WhatWasFoundAtTheTopEndsThere) {
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

TEST_F(CellAlertsTest, TheWayToEmptyMakesASpreadNoWorse) {
  cells_mv({3300, 3300, 3270, 3300});
  run(1100);
  battery.reading.current_a = -20;
  cells_mv({3100, 3100, 2900, 3100});
  run(600);
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_EQ(alerts()[0].peak_mv, 30);
}

TEST_F(CellAlertsTest, WhoWantsNoSuchAlarmGetsNoSuchEntry) {
  config.alarms.imbalance_rest_v = {};
  cells_mv({3300, 3300, 3200, 3300});
  run(3600);
  EXPECT_TRUE(alerts().empty());
}

TEST_F(CellAlertsTest, WhatIsAcknowledgedDoesNotCountUntilItBecomesWorse) {
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

TEST_F(CellAlertsTest, FiftyAlertsAreKept) {
  for (int i = 0; i < 200; ++i) {
    raise(Alarm::high_cell_voltage, AlarmLevel::warning);
    frame();
    raise(Alarm::high_cell_voltage, AlarmLevel::ok);
    frame();
  }
  EXPECT_EQ(alerts().size(), CellAlerts::most);
  EXPECT_EQ(alerts()[0].ended_unix_s, *unix_s);
}

}  // namespace
}  // namespace bms::battery
