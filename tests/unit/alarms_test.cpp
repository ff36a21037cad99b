// Alarms: every row of the table with its thresholds, delays and hysteresis; bits of the BMS; causes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "estimator_fixture.hpp"
#include "venus/battery_paths.hpp"

namespace bms::battery {
namespace {

using enum Alarm;
using enum AlarmLevel;

class AlarmsTest : public EstimatorTest {};

/// A quantity that a rule watches, and how a frame shows it.
struct Row {
  const char* name;
  Alarm alarm;
  void (*show)(AlarmsTest&, double value);
  double healthy, warning, nearly_cleared, cleared;  ///< of the warning
  double warning_s, clear_s;
  std::optional<double> alarm_value, stepped_down;  ///< where the alarm begins, and where it falls back to a warning
  double alarm_s = 0;
  const char* cause = "";
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }  // NOLINT(readability-identifier-naming)

void show_cell(AlarmsTest& test, double cell_v) { test.reading().cells_v[3] = cell_v; }
void show_all_cells(AlarmsTest& test, double cell_v) { test.all_cells(cell_v); }
void show_soc(AlarmsTest& test, double soc_pct) { test.reading().soc_pct = soc_pct; }
void show_soh(AlarmsTest& test, double soh_pct) { test.reading().soh_pct = soh_pct; }
void show_mos(AlarmsTest& test, double temperature_c) { test.reading().mos_temperature_c = temperature_c; }
void show_current(AlarmsTest& test, double current_a) {
  test.findings.base_charge_a = 100;
  test.findings.base_discharge_a = 200;
  test.reading().current_a = current_a;
}
void show_cold(AlarmsTest& test, double current_a) {
  test.findings.too_cold_to_charge = true;
  test.reading().current_a = current_a;
}
void show_hot(AlarmsTest& test, double current_a) {
  test.findings.too_hot_to_charge = true;
  test.reading().current_a = current_a;
}
void show_open_charge_fet(AlarmsTest& test, double current_a) {
  test.reading().charge_fet = false;
  test.reading().current_a = current_a;
}
void show_open_discharge_fet(AlarmsTest& test, double current_a) {
  test.reading().discharge_fet = false;
  test.reading().current_a = current_a;
}
void show_faulty_sensors(AlarmsTest& test, double level) {
  test.battery.faulty_sensors = level > 0 ? 1 : 0;
  test.battery.sensor_fault = "sensor 2 reads -40 °C";
  test.battery.protecting_temperatures_c.clear();
  if (level < 2) test.battery.protecting_temperatures_c.push_back(20);
}
void show_spread_at_top(AlarmsTest& test, double spread_v) {
  test.all_cells(3.42);
  test.reading().cells_v[3] = 3.42 + spread_v;
}

const Row rows[] = {
    // clang-format off
    {"low_soc", low_soc, show_soc, 50, 20, 22.9, 23, 60, 0, 10, 13, 60, "SoC 20.0 %"},
    {"low_cell", low_cell_voltage, show_cell, 3.30, 2.95, 3.09, 3.10, 10, 60, 2.85, 3.00, 5, "cell 4 at 2.950 V"},
    {"high_cell", high_cell_voltage, show_cell, 3.30, 3.58, 3.53, 3.52, 10, 60, 3.62, 3.56, 3, "cell 4 at 3.580 V"},
    {"low_pack", low_voltage, show_all_cells, 3.30, 2.95, 3.09, 3.10, 10, 60, 2.85, 3.00, 5, "pack at 47.20 V"},
    {"high_pack", high_voltage, show_all_cells, 3.30, 3.58, 3.53, 3.52, 10, 60, 3.62, 3.56, 3, "pack at 57.28 V"},
    {"mos", high_internal_temperature, show_mos, 40, 80, 71, 70, 5, 0, 90, 80, 5, "MOSFETs at 80 °C"},
    {"soh", state_of_health, show_soh, 95, 69.9, 71.9, 72, 5, 0, 59.9, 62, 5, "SoH 70 %"},
    {"too_cold", low_charge_temperature, show_cold, 0, 6, 5.7, 5.6, 60, 60, {}, {}, 0,
     "charging with 6.0 A although too cold, 21.5 °C"},
    {"too_hot", high_charge_temperature, show_hot, 0, 6, 5.7, 5.6, 60, 60, {}, {}, 0,
     "charging with 6.0 A although too hot, 22.5 °C"},
    {"charge_current", high_charge_current, show_current, 50, 111, 101, 100, 30, 60, {}, {}, 0, "111.0 A of 100.0 A"},
    {"discharge_current", high_discharge_current, show_current, -50, -221, -201, -200, 30, 60, {}, {}, 0,
     "221.0 A of 200.0 A"},
    {"spread_at_top", cell_imbalance, show_spread_at_top, 0, .160, .100, .085, 300, 600, .260, .145, 300,
     "cells 1 and 4 differ by 160 mV"},
    {"sensors", temperature_sensor, show_faulty_sensors, 0, 1, 1, 0, 0, 0, 2, 1, 0, "sensor 2 reads -40 °C"},
    {"charge_fet", internal_failure, show_open_charge_fet, 0, 0.6, 0.41, 0.4, 10, 60, 6, 4, 10,
     "0.6 A through the charge FET, which is said to be off"},
    {"discharge_fet", internal_failure, show_open_discharge_fet, 0, -0.6, -0.41, -0.4, 10, 60, -6, -4, 10,
     "0.6 A through the discharge FET, which is said to be off"},
    // clang-format on
};

class AlarmRow : public AlarmsTest, public testing::WithParamInterface<Row> {
 protected:
  AlarmRow() {
    config.soc.cap_until_full = false;
    configure();
    show(row.healthy);
    frame(0);
    run(700);
  }
  void show(double value) { row.show(*this, value); }
  std::optional<AlarmLevel> after(double seconds) {
    run(seconds);
    return level(row.alarm);
  }
  // A filter of 10 s stands before the spread of cells.
  [[nodiscard]] double settling_s() const { return row.alarm == cell_imbalance ? 60 : 2; }

  const Row& row = GetParam();
};

class DelayedAlarmRow : public AlarmRow {};
class TwoLevelAlarmRow : public AlarmRow {};
class SwingingAlarmRow : public AlarmRow {};

TEST_P(AlarmRow, IsDeclaredFromTheStart) { EXPECT_EQ(level(row.alarm), ok); }

TEST_P(AlarmRow, WarnsAfterItsDelayAndNotBefore) {
  show(row.warning);
  if (row.warning_s > 0) {
    EXPECT_EQ(after(row.warning_s), ok);
  }
  EXPECT_EQ(after(settling_s()), warning);
  EXPECT_EQ(cause(row.alarm), row.cause);
}

TEST_P(DelayedAlarmRow, AnInterruptionBeginsTheDelayAnew) {
  for (int i = 0; i < 4; ++i) {
    show(row.warning);
    EXPECT_EQ(after(row.warning_s), ok);
    show(row.healthy);
    EXPECT_EQ(after(settling_s()), ok);
  }
}

TEST_P(AlarmRow, StandsUntilTheValueIsFarEnoughBack) {
  show(row.warning);
  EXPECT_EQ(after(row.warning_s + settling_s()), warning);
  show(row.nearly_cleared);
  EXPECT_EQ(after(2000), warning);
  show(row.cleared);
  if (row.clear_s > 0) {
    EXPECT_EQ(after(row.clear_s), warning);
  }
  EXPECT_EQ(after(settling_s()), ok);
  EXPECT_EQ(cause(row.alarm), "");
}

TEST_P(TwoLevelAlarmRow, BecomesAnAlarmAndFallsBackSlowly) {
  show(*row.alarm_value);
  if (row.alarm_s > 0) {
    EXPECT_LT(after(row.alarm_s).value(), AlarmLevel::alarm);
  }
  EXPECT_EQ(after(settling_s()), AlarmLevel::alarm);
  show(*row.stepped_down);
  EXPECT_EQ(after(60), AlarmLevel::alarm) << "one minute at least";
  EXPECT_EQ(after(std::max(settling_s(), row.clear_s)), warning);
  show(row.healthy);
  EXPECT_EQ(after(row.clear_s + settling_s()), ok);
}

TEST_P(TwoLevelAlarmRow, BecomesAnAlarmAndEndsThroughTheClearCondition) {
  show(*row.alarm_value);
  EXPECT_EQ(after(row.alarm_s + settling_s()), AlarmLevel::alarm);
  show(row.healthy);
  EXPECT_EQ(after(row.clear_s + settling_s()), ok);
}

// A value that swings around the threshold of the alarm, within its hysteresis and at any speed, must not notify again
// and again.
TEST_P(SwingingAlarmRow, NeverTogglesBetweenWarningAndAlarm) {
  for (const int period_s : {3, 20, 90, 400}) {
    std::vector<AlarmLevel> seen;
    for (int second = 0; second < 10 * period_s; ++second) {
      const bool beyond = second % period_s < period_s / 2;
      show(beyond ? *row.alarm_value : *row.alarm_value + 0.9 * (*row.stepped_down - *row.alarm_value));
      frame();
      const AlarmLevel now = *level(row.alarm);
      if (seen.empty() || seen.back() != now) seen.push_back(now);
    }
    EXPECT_LE(seen.size(), 3U) << "ok, warning, alarm, with a period of " << period_s;
  }
}

TEST_P(AlarmRow, GivesTheSameAtSlowPolls) {
  config.poll_interval_s = 5;
  configure();
  show(row.warning);
  run(row.warning_s + settling_s() + 5, 5);
  EXPECT_EQ(level(row.alarm), warning);
}

std::string name_of_row(const testing::TestParamInfo<Row>& info) { return info.param.name; }

std::vector<Row> rows_where(bool (*wanted)(const Row&)) {
  std::vector<Row> result;
  std::ranges::copy_if(rows, std::back_inserter(result), wanted);
  return result;
}

INSTANTIATE_TEST_SUITE_P(Table, AlarmRow, testing::ValuesIn(rows), name_of_row);
INSTANTIATE_TEST_SUITE_P(Table, DelayedAlarmRow,
                         testing::ValuesIn(rows_where([](const Row& row) { return row.warning_s > 0; })), name_of_row);
INSTANTIATE_TEST_SUITE_P(Table, SwingingAlarmRow, testing::ValuesIn(rows_where([](const Row& row) {
                           return row.alarm_value.has_value() && row.alarm != temperature_sensor;
                         })),
                         name_of_row);
INSTANTIATE_TEST_SUITE_P(Table, TwoLevelAlarmRow,
                         testing::ValuesIn(rows_where([](const Row& row) { return row.alarm_value.has_value(); })),
                         name_of_row);

struct SwitchedOff {
  const char* name;
  void (*apply)(AlarmConfig&);
};

class SwitchedOffAlarm : public AlarmsTest, public testing::WithParamInterface<SwitchedOff> {};

TEST_P(SwitchedOffAlarm, IsNeverRaised) {
  GetParam().apply(config.alarms);
  configure();
  for (const Row& row : rows) {
    if (std::string_view(row.name) != GetParam().name) continue;
    row.show(*this, row.alarm_value.value_or(row.warning));
    frame(0);
    run(2000);
    EXPECT_EQ(level(row.alarm).value_or(ok), ok);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, SwitchedOffAlarm,
                         testing::Values(SwitchedOff{"low_soc", [](AlarmConfig& c) { c.low_soc = {}; }},
                                         SwitchedOff{"low_cell", [](AlarmConfig& c) { c.low_cell_v = {}; }},
                                         SwitchedOff{"low_pack", [](AlarmConfig& c) { c.low_cell_v = {}; }},
                                         SwitchedOff{"high_cell", [](AlarmConfig& c) { c.high_cell_v = {}; }},
                                         SwitchedOff{"high_pack", [](AlarmConfig& c) { c.high_cell_v = {}; }},
                                         SwitchedOff{"mos", [](AlarmConfig& c) { c.mos_temperature_c = {}; }},
                                         SwitchedOff{"soh", [](AlarmConfig& c) { c.soh = {}; }},
                                         SwitchedOff{"too_cold", [](AlarmConfig& c) { c.charge_temperature = false; }},
                                         SwitchedOff{"charge_current",
                                                     [](AlarmConfig& c) { c.high_current_ratio = 0; }},
                                         SwitchedOff{"spread_at_top", [](AlarmConfig& c) { c.imbalance_top_v = {}; }},
                                         SwitchedOff{"sensors", [](AlarmConfig& c) { c.temperature_sensor = false; }},
                                         SwitchedOff{"charge_fet", [](AlarmConfig& c) { c.stuck_fet_a = {}; }}),
                         [](const auto& off) { return std::string(off.param.name); });

TEST_F(AlarmsTest, LowSocIsSilentWhileSocIsUncertain) {
  config.soc.source = SocSource::own;
  configure();
  reading().soc_pct.reset();
  all_cells(3.0);
  frame(0);
  run(200);
  EXPECT_TRUE(battery.estimate.soc_uncertain);
  EXPECT_LT(soc(), 10);
  EXPECT_EQ(level(low_soc), ok);
}

TEST_F(AlarmsTest, ThresholdsMoveWithTheBalancingVoltage) {
  findings.balancing = true;
  findings.balancing_cell_v = 3.55;
  frame(0);
  reading().cells_v[3] = 3.599;
  run(100);
  EXPECT_EQ(level(high_cell_voltage), ok);
  reading().cells_v[3] = 3.60;
  run(12);
  EXPECT_EQ(level(high_cell_voltage), warning);
  reading().cells_v[3] = 3.63;
  run(5);
  EXPECT_EQ(level(high_cell_voltage), AlarmLevel::alarm) << "never suppressed";
}

TEST_F(AlarmsTest, ThePackOfABmsThatWatchesItIsLeftToIt) {
  reading().alarms.declare(low_voltage);
  frame(0);
  all_cells(2.8);
  run(100);
  EXPECT_EQ(level(low_voltage), ok);
  EXPECT_EQ(level(low_cell_voltage), AlarmLevel::alarm);
}

TEST_F(AlarmsTest, TheCutOffIsAnAlarmOfTheLowestCell) {
  config.alarms.low_cell_v = {.warning = 2.5, .alarm = 2.4};
  configure();
  frame(0);
  reading().cells_v[6] = 2.79;
  findings.cut_off = true;
  run(2);
  EXPECT_EQ(level(low_cell_voltage), AlarmLevel::alarm);
  EXPECT_EQ(cause(low_cell_voltage), "cell 7 at 2.790 V");
}

class Imbalance : public AlarmsTest {
 protected:
  Imbalance() { frame(0); }
  void rest(double cell_v, double spread_v, double seconds) {
    reading().current_a = 0;
    all_cells(cell_v);
    reading().cells_v[3] = cell_v + spread_v;
    run(seconds);
  }
};

TEST_F(Imbalance, CountsAtRestAfterTenMinutes) {
  rest(3.30, .055, 590);
  EXPECT_EQ(level(cell_imbalance), ok);
  rest(3.30, .055, 100);
  EXPECT_EQ(level(cell_imbalance), warning);
  EXPECT_EQ(cause(cell_imbalance), "cells 1 and 4 differ by 55 mV");
  rest(3.30, .110, 100);
  EXPECT_EQ(level(cell_imbalance), AlarmLevel::alarm);
}

TEST_F(Imbalance, MeansNothingUnderLoadOrWhereVoltageIsSteep) {
  rest(3.10, .120, 2000);
  EXPECT_EQ(level(cell_imbalance), ok);
  rest(3.30, .120, 0);
  for (int i = 0; i < 100; ++i) {
    reading().current_a = -15;
    run(30);
    reading().current_a = 0;
    run(30);
  }
  EXPECT_EQ(level(cell_imbalance), ok);
}

TEST_F(Imbalance, KeepsItsStateWhereNothingCanBeSaid) {
  rest(3.30, .055, 800);
  ASSERT_EQ(level(cell_imbalance), warning);
  rest(3.10, 0, 3600);
  EXPECT_EQ(level(cell_imbalance), warning);
  reading().current_a = -50;
  run(3600);
  EXPECT_EQ(level(cell_imbalance), warning);
  rest(3.30, .029, 500);
  EXPECT_EQ(level(cell_imbalance), warning);
  rest(3.30, .029, 1500);
  EXPECT_EQ(level(cell_imbalance), ok);
}

TEST_F(Imbalance, FollowsFromAnAbsorptionThatTookTooLongWithUnevenCells) {
  all_cells(3.42);
  reading().cells_v[3] = 3.49;
  reading().current_a = 5;
  run(100);
  findings.ended_by_cap = true;
  frame();
  findings.ended_by_cap = false;
  frame();
  EXPECT_EQ(level(cell_imbalance), warning);
  EXPECT_EQ(cause(cell_imbalance), "cells 1 and 4 differ by 70 mV at the end of absorption");
  all_cells(3.33);
  run(3600);
  EXPECT_EQ(level(cell_imbalance), warning);
  charge_is_full();
  run(2);
  EXPECT_EQ(level(cell_imbalance), ok);
}

TEST_F(Imbalance, DoesNotFollowFromACapWithEvenCells) {
  all_cells(3.42);
  run(100);
  findings.ended_by_cap = true;
  run(10);
  EXPECT_EQ(level(cell_imbalance), ok);
}

TEST_F(AlarmsTest, ACellThatNoCellCanBeIsNamedAfterThreeFrames) {
  frame(0);
  for (const double cell_v : {0.0, 0.49, 5.1, 2.2, 4.4}) {
    all_cells(3.30);
    run(70);
    ASSERT_EQ(level(internal_failure), ok);
    reading().cells_v[4] = cell_v;
    run(2);
    EXPECT_EQ(level(internal_failure), ok);
    run(1);
    EXPECT_EQ(level(internal_failure), warning) << cell_v;
    EXPECT_TRUE(cause(internal_failure).starts_with("cell 5 reads ")) << cause(internal_failure);
    run(100);
    EXPECT_EQ(level(low_cell_voltage), ok) << "a broken wire is no empty cell";
    EXPECT_EQ(level(high_cell_voltage), ok) << "nor a full one";
  }
}

TEST_F(AlarmsTest, CurrentThroughAnOpenFetCountsInItsDirectionOnly) {
  reading().charge_fet = false;
  reading().discharge_fet = true;
  reading().current_a = -50;
  frame(0);
  run(100);
  EXPECT_EQ(level(internal_failure), ok) << "discharging past an open charge FET is what its diode is for";
}

class EveryAlarm : public AlarmsTest, public testing::WithParamInterface<AlarmEffect> {
 protected:
  const Alarm alarm = GetParam().alarm;
  [[nodiscard]] int frames_needed() const { return alarm == internal_failure ? 1 : 2; }
};

TEST_P(EveryAlarm, each_bms_bit_reaches_its_path) {
  frame(0);
  EXPECT_EQ(venus::path_of(alarm), "/Alarms/" + std::string(GetParam().venus_name));
  for (const AlarmLevel wanted : {warning, AlarmLevel::alarm}) {
    reading().alarms.set(alarm, wanted);
    run(frames_needed() - 1);
    EXPECT_LT(level(alarm).value_or(ok), wanted) << "a single frame may be wrong";
    run(1);
    EXPECT_EQ(level(alarm), wanted);
    EXPECT_EQ(cause(alarm), "BMS: " + std::string(GetParam().name));
    for (const AlarmEffect& other : alarm_effects) {
      if (other.alarm == alarm) continue;
      EXPECT_EQ(level(other.alarm).value_or(ok), ok) << other.name;
    }
  }
  reading().alarms.set(alarm, ok);
  run(30);
  EXPECT_EQ(level(alarm), AlarmLevel::alarm);
  run(1);
  EXPECT_EQ(level(alarm), ok);
  EXPECT_EQ(cause(alarm), "");
}

TEST_P(EveryAlarm, ABitThatFlickersIsOneAlarm) {
  frame(0);
  int changes = 0;
  for (int i = 0; i < 600; ++i) {
    const auto before = level(alarm);
    reading().alarms.set(alarm, i % 20 < 2 ? AlarmLevel::alarm : i % 20 < 10 ? warning : ok);
    frame();
    if (level(alarm).value_or(ok) != before.value_or(ok)) ++changes;
  }
  EXPECT_EQ(changes, 1);
}

INSTANTIATE_TEST_SUITE_P(All, EveryAlarm, testing::ValuesIn(alarm_effects),
                         [](const auto& effect) { return std::string(effect.param.venus_name); });

TEST(AlarmRules, AreWrittenDownForPeople) {
  const std::string path = TEST_FRAMES_DIR "/../../docs/alarms.md";
  if (std::getenv("UPDATE_DOCS") != nullptr) std::ofstream(path) << alarms_as_markdown();
  std::ifstream file{path};
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, alarms_as_markdown()) << "UPDATE_DOCS=1 unit_tests --gtest_filter=AlarmRules* writes it";
}

TEST_F(AlarmsTest, NobodyKnowsOfAnAlarmThatNobodyWatches) {
  frame(0);
  for (const Alarm unknown : {low_temperature, high_temperature, fuse_blown, contactor, state_of_health})
    EXPECT_FALSE(level(unknown)) << venus_name(unknown);
  for (const Alarm ours : {low_cell_voltage, high_cell_voltage, cell_imbalance, low_soc, temperature_sensor})
    EXPECT_EQ(level(ours), ok) << venus_name(ours);
  reading().alarms.declare(fuse_blown);
  frame();
  EXPECT_EQ(level(fuse_blown), ok);
}

TEST_F(AlarmsTest, TheHigherOfTwoSourcesCountsAndIsNamed) {
  frame(0);
  reading().cells_v[3] = 3.59;
  reading().alarms.set(high_cell_voltage, warning);
  run(20);
  EXPECT_EQ(level(high_cell_voltage), warning);
  EXPECT_EQ(cause(high_cell_voltage), "cell 4 at 3.590 V") << "says more than the BMS does";
  reading().alarms.set(high_cell_voltage, AlarmLevel::alarm);
  run(2);
  EXPECT_EQ(level(high_cell_voltage), AlarmLevel::alarm);
  EXPECT_EQ(cause(high_cell_voltage), "BMS: high cell voltage");
}

TEST_F(AlarmsTest, ATextChangesOnlyWithTheSituationAndNotTooOften) {
  frame(0);
  reading().cells_v[3] = 3.59;
  run(20);
  const std::string first(cause(high_cell_voltage));
  for (int i = 0; i < 100; ++i) {
    reading().cells_v[3] = 3.585 + 0.0001 * i;
    frame();
    EXPECT_EQ(cause(high_cell_voltage), first);
  }
  std::set<std::string> texts;
  for (int i = 0; i < 50; ++i) {
    all_cells(3.30);
    reading().cells_v[static_cast<std::size_t>(i % 16)] = 3.59;
    const std::string before(cause(high_cell_voltage));
    frame();
    if (before != cause(high_cell_voltage)) texts.insert(before);
  }
  EXPECT_GE(texts.size(), 2U);
  EXPECT_LE(texts.size(), 10U);
}

}  // namespace
}  // namespace bms::battery
