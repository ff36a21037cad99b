// Alarms besides the rows of their table: special conditions, bits of the BMS, merging, causes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "estimator_fixture.hpp"
#include "items/alarm_paths.hpp"

namespace bms::battery {
namespace {

using enum Alarm;
using enum AlarmLevel;

class AlarmsTest : public EstimatorTest {};

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

TEST_F(AlarmsTest, BalancedCellsMayRestWhereTheyAre) {
  findings.balancing = true;
  findings.balancing_cell_v = 3.65;
  frame(0);
  all_cells(3.64);
  run(100);
  findings.balancing = false;
  findings.balancing_cell_v = 3.45;
  run(3600);
  EXPECT_EQ(level(high_cell_voltage), ok);
  EXPECT_EQ(level(high_voltage), ok);
  reading().cells_v[3] = 3.71;
  run(12);
  EXPECT_EQ(level(high_cell_voltage), warning) << "no more than cells bear";
  all_cells(3.40);
  run(100);
  reading().cells_v[3] = 3.60;
  run(12);
  EXPECT_EQ(level(high_cell_voltage), warning) << "they have come down";
}

TEST_F(AlarmsTest, WarningsComeBeforeAnEndThatTheBmsHasRaised) {
  frame(0);
  all_cells(3.05);
  run(20);
  EXPECT_EQ(level(low_cell_voltage), ok);
  findings.cut_off_raised_v = 0.15;
  run(20);
  EXPECT_EQ(level(low_cell_voltage), warning) << "at 3.10 V instead of 2.95 V";
  EXPECT_EQ(level(low_voltage), warning);
  all_cells(2.99);
  run(20);
  EXPECT_EQ(level(low_cell_voltage), AlarmLevel::alarm) << "at 3.00 V instead of 2.85 V";
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
  EXPECT_EQ(cause(low_cell_voltage), "cell 7, 2.79 V");
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
  rest(3.25, .110, 100);
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

TEST_F(Imbalance, DoesNotRestWhileACellIsHeldAtTheTop) {
  rest(3.38, .10, 3600);
  EXPECT_EQ(level(cell_imbalance), ok) << "the end of a charge, where little current flows";
  // Where that begins depends on the cells, and not on how far they are charged.
  config.absorption_cell_v = 3.60;
  configure();
  rest(3.44, .10, 3600);
  EXPECT_EQ(level(cell_imbalance), ok);
  rest(3.30, .055, 700);
  EXPECT_EQ(level(cell_imbalance), warning);
}

TEST_F(Imbalance, DoesNotCountOnTheWayToTheBalancingVoltage) {
  findings.balancing = true;
  findings.balancing_cell_v = 3.65;
  frame();
  rest(3.45, .20, 1200);
  EXPECT_EQ(level(cell_imbalance), ok);
  rest(3.62, .20, 400);
  EXPECT_EQ(level(cell_imbalance), warning);
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
  EXPECT_EQ(items::path_of(alarm), "/Alarms/" + std::string(GetParam().venus_name));
  for (const AlarmLevel wanted : {warning, AlarmLevel::alarm}) {
    reading().alarms.set(alarm, wanted);
    run(frames_needed() - 1);
    EXPECT_LT(level(alarm).value_or(ok), wanted) << "a single frame may be wrong";
    run(1);
    EXPECT_EQ(level(alarm), wanted);
    EXPECT_FALSE(cause(alarm).empty());
    EXPECT_EQ(source(alarm).cause, AlarmCause::bms);
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
  EXPECT_EQ(source(alarm), AlarmSource{});
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
  EXPECT_EQ(page, alarms_as_markdown()) << "tools/docs writes it";
}

TEST_F(AlarmsTest, FetsThatSayNoMoreHowHotTheyAreHaveNotCooledDown) {
  for (const double hot_c : {85.0, 95.0}) {
    const AlarmLevel expected = hot_c > 90 ? AlarmLevel::alarm : warning;
    reading().mos_temperature_c = hot_c;
    run(20);
    ASSERT_EQ(level(high_internal_temperature), expected);
    reading().mos_temperature_c.reset();
    run(600);
    EXPECT_EQ(level(high_internal_temperature), expected);
    reading().mos_temperature_c = 40;
    run(10);
    EXPECT_EQ(level(high_internal_temperature), ok);
    reading().mos_temperature_c.reset();
    run(2);
  }
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

struct Said {
  Alarm alarm;
  const char* words;
  int number;
};

TEST_F(AlarmsTest, OfAnAlarmOfTheBmsTheReadingsSayWhatItIsAbout) {
  reading().cells_v[6] = 3.648;
  reading().cells_v[2] = 2.901;
  reading().temperatures_c = {-4.5, 61.0};
  reading().mos_temperature_c = 92.4;
  reading().current_a = -212.5;
  reading().soc_pct = 4;
  reading().soh_pct = 55;
  const Said said[] = {{high_cell_voltage, "cell 7, 3.65 V", 7},
                       {low_cell_voltage, "cell 3, 2.90 V", 3},
                       {high_voltage, "52.80 V", 0},
                       {low_voltage, "52.80 V", 0},
                       {low_soc, "4.0 %", 0},
                       {high_discharge_current, "212.5 A", 0},
                       {high_charge_current, "212.5 A", 0},
                       {low_charge_temperature, "sensor 1, -4.5 °C", 1},
                       {low_temperature, "sensor 1, -4.5 °C", 1},
                       {high_temperature, "sensor 2, 61.0 °C", 2},
                       {high_charge_temperature, "sensor 2, 61.0 °C", 2},
                       {high_internal_temperature, "MOSFETs at 92 °C", 0},
                       {cell_imbalance, "cells 3 and 7 differ by 747 mV", 0},
                       {state_of_health, "55 %", 0},
                       {fuse_blown, "reported by the BMS", 0},
                       {contactor, "reported by the BMS", 0},
                       {temperature_sensor, "reported by the BMS", 0}};
  config.alarms = {.low_soc = {},
                   .low_cell_v = {},
                   .high_cell_v = {},
                   .mos_temperature_c = {},
                   .imbalance_rest_v = {},
                   .imbalance_top_v = {},
                   .soh = {},
                   .stuck_fet_a = {},
                   .temperature_sensor = false};
  configure();
  for (const Said& each : said) reading().alarms.set(each.alarm, AlarmLevel::alarm);
  frame(0);
  frame();
  for (const Said& each : said) {
    EXPECT_EQ(cause(each.alarm), each.words) << venus_name(each.alarm);
    EXPECT_EQ(source(each.alarm).number, each.number) << venus_name(each.alarm);
  }
}

TEST_F(AlarmsTest, WordsOfTheBmsDoNotMoveWithItsValues) {
  frame(0);
  reading().alarms.set(high_cell_voltage, AlarmLevel::alarm);
  reading().cells_v[6] = 3.50;
  run(2);
  const std::string first(cause(high_cell_voltage));
  for (int i = 0; i < 60; ++i) {
    reading().cells_v[6] = 3.50 + 0.001 * i;
    frame();
    ASSERT_EQ(cause(high_cell_voltage), first);
  }
}

class UnitsTest : public AlarmsTest {
 protected:
  UnitsTest() { reading().modules = 4; }
};

TEST_F(UnitsTest, TheUnitsWhoseCellsAreToBlameAreNamed) {
  frame(0);
  reading().cells_v[5] = 3.60;
  reading().cells_v[13] = 3.61;
  run(30);
  ASSERT_EQ(level(high_cell_voltage), warning);
  EXPECT_EQ(source(high_cell_voltage).units, 0b1010U);
  EXPECT_EQ(source(high_cell_voltage).number, 14);
  all_cells(3.55);
  run(5);
  ASSERT_EQ(level(high_cell_voltage), warning);
  EXPECT_EQ(source(high_cell_voltage).units, 0b1010U) << "it only lasts on";
}

TEST_F(UnitsTest, TheBmsNamesTheUnitItself) {
  frame(0);
  reading().alarms.set(internal_failure, AlarmLevel::alarm);
  reading().alarm_unit = 3;
  run(2);
  EXPECT_EQ(source(internal_failure).units, 0b0100U);
  reading().alarms.set(internal_failure, ok);
  run(100);
  EXPECT_EQ(source(internal_failure), AlarmSource{});
}

TEST_F(AlarmsTest, TheHigherOfTwoSourcesCountsAndIsNamed) {
  frame(0);
  reading().cells_v[3] = 3.59;
  reading().alarms.set(high_cell_voltage, warning);
  run(20);
  EXPECT_EQ(level(high_cell_voltage), warning);
  EXPECT_EQ(cause(high_cell_voltage), "cell 4, 3.59 V");
  reading().alarms.set(high_cell_voltage, AlarmLevel::alarm);
  run(2);
  EXPECT_EQ(level(high_cell_voltage), AlarmLevel::alarm);
  EXPECT_EQ(cause(high_cell_voltage), "cell 4, 3.59 V");
  EXPECT_EQ(source(high_cell_voltage).cause, AlarmCause::bms);
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
