// Every row of the table of derived alarms: thresholds, delays, hysteresis, causes.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "estimator_fixture.hpp"

namespace bms::battery {
namespace {

using enum Alarm;
using enum AlarmLevel;

/// A quantity that a rule watches, and how a frame shows it.
struct Row {
  const char* name;
  Alarm alarm;
  void (*show)(EstimatorTest&, double value);
  double healthy, warning, nearly_cleared, cleared;  ///< of the warning
  double warning_s, clear_s;
  std::optional<double> alarm_value, stepped_down;  ///< where the alarm begins, and where it falls back to a warning
  double alarm_s = 0;
  const char* cause = "";
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }  // NOLINT(readability-identifier-naming)

void show_cell(EstimatorTest& test, double cell_v) { test.reading().cells_v[3] = cell_v; }
void show_all_cells(EstimatorTest& test, double cell_v) { test.all_cells(cell_v); }
void show_soc(EstimatorTest& test, double soc_pct) { test.reading().soc_pct = soc_pct; }
void show_soh(EstimatorTest& test, double soh_pct) { test.reading().soh_pct = soh_pct; }
void show_mos(EstimatorTest& test, double temperature_c) { test.reading().mos_temperature_c = temperature_c; }
void show_current(EstimatorTest& test, double current_a) {
  test.findings.base_charge_a = 100;
  test.findings.base_discharge_a = 200;
  test.reading().current_a = current_a;
}
void show_cold(EstimatorTest& test, double current_a) {
  test.findings.too_cold_to_charge = true;
  test.reading().current_a = current_a;
}
void show_hot(EstimatorTest& test, double current_a) {
  test.findings.too_hot_to_charge = true;
  test.reading().current_a = current_a;
}
void show_open_charge_fet(EstimatorTest& test, double current_a) {
  test.reading().charge_fet = false;
  test.reading().current_a = current_a;
}
void show_open_discharge_fet(EstimatorTest& test, double current_a) {
  test.reading().discharge_fet = false;
  test.reading().current_a = current_a;
}
void show_faulty_sensors(EstimatorTest& test, double level) {
  test.battery.faulty_sensors = level > 0 ? 1 : 0;
  test.battery.sensor_fault = "sensor 2 reads -40 °C";
  test.battery.protecting_temperatures_c.clear();
  if (level < 2) test.battery.protecting_temperatures_c.push_back(20);
}
void show_spread_at_top(EstimatorTest& test, double spread_v) {
  test.all_cells(3.42);
  test.reading().cells_v[3] = 3.42 + spread_v;
}

const Row rows[] = {
    // clang-format off
    {"low_soc", low_soc, show_soc, 50, 20, 22.9, 23, 60, 0, 10, 13, 60, "20.0 %"},
    {"low_cell", low_cell_voltage, show_cell, 3.30, 2.95, 3.09, 3.10, 10, 60, 2.85, 3.00, 5, "cell 4, 2.95 V"},
    {"high_cell", high_cell_voltage, show_cell, 3.30, 3.58, 3.53, 3.52, 10, 60, 3.62, 3.56, 3, "cell 4, 3.58 V"},
    {"low_pack", low_voltage, show_all_cells, 3.30, 2.95, 3.09, 3.10, 10, 60, 2.85, 3.00, 5, "47.20 V"},
    {"high_pack", high_voltage, show_all_cells, 3.30, 3.58, 3.53, 3.52, 10, 60, 3.62, 3.56, 3, "57.28 V"},
    {"mos", high_internal_temperature, show_mos, 40, 80, 71, 70, 5, 0, 90, 80, 5, "MOSFETs at 80 °C"},
    {"soh", state_of_health, show_soh, 95, 69.9, 71.9, 72, 5, 0, 59.9, 62, 5, "70 %"},
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

class AlarmRow : public EstimatorTest, public testing::WithParamInterface<Row> {
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
  // The spread of cells passes a filter of 10 s.
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

class SwitchedOffAlarm : public EstimatorTest, public testing::WithParamInterface<SwitchedOff> {};

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

}  // namespace
}  // namespace bms::battery
