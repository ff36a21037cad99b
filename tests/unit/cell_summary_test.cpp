// What goes out of what the days have shown of the cells, and how seldom it changes.
#include "battery/cell_summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "cell_fixture.hpp"

namespace bms::battery {
namespace {

/// A watched battery with its summary.
struct Summed : MonitoredBattery {
  void step(double dt_s) {
    frame(dt_s);
    sum_up(dt_s);
  }
  void sum_up(double dt_s) { summarizer.follow(record(), units, dt_s, summary); }
  void pass(double seconds, double dt_s = 30) {
    for (double passed_s = 0; passed_s < seconds - dt_s / 2; passed_s += dt_s) step(dt_s);
  }

  std::size_t units = 1;
  CellSummarizer summarizer;
  CellSummary summary;
};

TEST(CellSummary, SaysNothingBeforeAnythingIsKnown) {
  Summed battery;
  battery.cells_mv({});
  battery.step(1);
  EXPECT_FALSE(battery.summary.lowest_v || battery.summary.mean_v || battery.summary.widest_v);
  EXPECT_TRUE(battery.summary.weakest.empty() && battery.summary.latest_alert.empty());
  EXPECT_TRUE(battery.summary.trend.empty());
}

TEST(CellSummary, NamesTheLowestCellOfEveryHalfHour) {
  Summed battery;
  battery.cells_mv({3300, 3280, 3300, 3300});
  battery.pass(3600);
  battery.cells_mv({3300, 3300, 3300, 3296});
  battery.pass(3700);
  EXPECT_EQ(battery.summary.trend, "2:15,2:15,4:3,4:3");
  EXPECT_EQ(battery.summary.lowest_v, 3.280);
  EXPECT_EQ(battery.summary.highest_v, 3.300);
  EXPECT_EQ(battery.summary.widest_v, 0.020);
  EXPECT_NEAR(*battery.summary.mean_v, 3.297, 0.0005);
}

TEST(CellSummary, LeavesOutWhatNobodySaw) {
  Summed battery;
  battery.cells_mv({3300, 3280, 3300, 3300});
  battery.pass(3600);
  battery.step(7200);
  battery.pass(3700);
  const std::string& trend = battery.summary.trend;
  EXPECT_TRUE(trend.starts_with("2:15,2:15,")) << trend;
  EXPECT_NE(trend.find(",,,"), std::string::npos) << trend;
  EXPECT_TRUE(trend.ends_with(",2:15,2:15")) << trend;
}

TEST(CellSummary, HoldsTwoDaysAndChangesTwiceAnHour) {
  Summed battery;
  int changes = 0;
  std::string before;
  for (int step = 0; step < 72 * 3600 / 60; ++step) {
    // Another cell is the lowest all the time.
    battery.cells_mv({3300, 3300.0 - step % 7, 3299, 3300.0 - step % 5});
    battery.step(60);
    if (battery.summary.trend != before) ++changes;
    before = battery.summary.trend;
  }
  EXPECT_EQ(std::ranges::count(before, ',') + 1, 96);
  EXPECT_GT(changes, 100);
  EXPECT_LE(changes, 72 * 2 + 1);
}

TEST(CellSummary, ForgetsWhatIsOlderThanTwoDays) {
  Summed battery;
  battery.cells_mv({3300, 3100, 3300, 3450});
  battery.pass(3600, 60);
  EXPECT_EQ(battery.summary.lowest_v, 3.100);
  battery.cells_mv({3300, 3300, 3300, 3300});
  battery.pass(50.0 * 3600, 60);
  EXPECT_EQ(battery.summary.lowest_v, 3.300);
  EXPECT_EQ(battery.summary.highest_v, 3.300);
  EXPECT_EQ(battery.summary.widest_v, 0.0);
}

struct RankCase {
  const char* name;
  std::size_t units;
  const char* weakest;
  const char* strongest;
};
void PrintTo(const RankCase& each, std::ostream* out) { *out << each.name; }

class CellSummaryRank : public testing::TestWithParam<RankCase> {};

TEST_P(CellSummaryRank, NamesTheWeakestAndTheStrongestCell) {
  CellRecord record{.cells = 4, .trend = CellTrend(4)};
  ClassMeans::State top = record.of(CellClass::charge_top).state();
  top.done = 1;
  top.mean_mv[2] = 40;
  top.mean_mv[0] = -12;
  record.classes[static_cast<std::size_t>(CellClass::charge_top)] = ClassMeans(top);
  CellSummarizer summarizer;
  CellSummary summary;
  summarizer.follow(record, GetParam().units, 1, summary);
  EXPECT_EQ(summary.weakest, GetParam().weakest);
  EXPECT_EQ(summary.strongest, GetParam().strongest);
}

INSTANTIATE_TEST_SUITE_P(Units, CellSummaryRank,
                         testing::Values(RankCase{"one", 1, "C3 40 mV", "C1 -12 mV"},
                                         RankCase{"none_is_one", 0, "C3 40 mV", "C1 -12 mV"},
                                         RankCase{"two", 2, "U2C1 40 mV", "U1C1 -12 mV"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(CellSummary, SaysAtOnceWhatHappensToACell) {
  Summed battery;
  battery.step(1);
  battery.step(1);
  EXPECT_EQ(battery.summary.alerts, 0);
  battery.cells_mv({3300, 3300, 2871, 3300});
  battery.raise(Alarm::low_cell_voltage, AlarmLevel::warning);
  battery.step(1);
  EXPECT_EQ(battery.summary.alerts, 1);
  EXPECT_EQ(battery.summary.latest_alert, "warning: C3 too low, 2.871 V");
  EXPECT_EQ(battery.summary.latest_alert_code, "1:1:3:2871:1:0:1800000003");
  battery.raise(Alarm::low_cell_voltage, AlarmLevel::alarm);
  battery.step(1);
  EXPECT_EQ(battery.summary.latest_alert_code, "1:2:3:2871:1:0:1800000003");
  battery.raise(Alarm::low_cell_voltage, AlarmLevel::ok);
  battery.step(1);
  EXPECT_EQ(battery.summary.latest_alert_code, "1:2:3:2871:0:0:1800000003");
  battery.monitor.acknowledge();
  battery.sum_up(0);
  EXPECT_EQ(battery.summary.alerts, 0);
  EXPECT_EQ(battery.summary.latest_alert_code, "1:2:3:2871:0:1:1800000003");
}

TEST(CellSummary, SaysHowFarCellsAreApart) {
  Summed battery;
  battery.step(1);
  battery.cells_mv({3450, 3450, 3450, 3350});
  battery.raise(Alarm::cell_imbalance, AlarmLevel::warning);
  battery.step(1);
  battery.step(1);
  EXPECT_EQ(battery.summary.latest_alert, "warning: cells apart 100 mV, C4");
  EXPECT_EQ(battery.summary.latest_alert_code, "0:1:4:100:1:0:1800000002");
}

TEST(CellSummary, AWorseMomentOfTheSameEventWaitsForTheHalfHour) {
  Summed battery;
  battery.step(1);
  battery.raise(Alarm::low_cell_voltage, AlarmLevel::warning);
  battery.cells_mv({3300, 3300, 2900, 3300});
  battery.step(1);
  const auto first = battery.summary.latest_alert;
  int changes = 0;
  for (double cell_mv = 2899; cell_mv > 2800; cell_mv -= 1) {
    const auto before = battery.summary.latest_alert_code;
    battery.cells_mv({3300, 3300, cell_mv, 3300});
    battery.step(30);
    if (battery.summary.latest_alert_code != before) ++changes;
  }
  EXPECT_NE(battery.summary.latest_alert, first);
  EXPECT_GE(changes, 1);
  EXPECT_LE(changes, 2);
}

TEST(CellSummary, BeginsAnewWithAnotherBattery) {
  Summed battery;
  battery.cells_mv({3300, 3280, 3300, 3300});
  battery.pass(3700);
  EXPECT_FALSE(battery.summary.trend.empty());
  battery.cells_mv({3300, 3300});
  battery.step(1);
  EXPECT_TRUE(battery.summary.trend.empty());
}

TEST(CellSummary, ForgettingWritesEverythingAnew) {
  Summed battery;
  battery.cells_mv({3300, 3280, 3300, 3300});
  battery.pass(3700);
  const std::string before = std::exchange(battery.summary.trend, "");
  battery.sum_up(1);
  EXPECT_TRUE(battery.summary.trend.empty());
  battery.summarizer.forget();
  battery.sum_up(1);
  EXPECT_EQ(battery.summary.trend, before);
  EXPECT_FALSE(before.empty());
}

}  // namespace
}  // namespace bms::battery
