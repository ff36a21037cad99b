// CVL: the voltage at which the pack draws what is allowed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "charge/charge_voltage.hpp"
#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

constexpr double target_v = 16 * 3.450;
constexpr double resistance_ohm = 16 * 0.001 * 150 / 280 * 1.3;

// The law without filter and slew, for a pack that is at `pack_v` and draws `current_a`.
double law(double pack_v, double current_a, double factor, double trim_v = 0) {
  const Config config = big_config();
  State state;
  state.cell_count = cells;
  state.pack_v.restart(pack_v);
  state.current_a.restart(current_a);
  state.highest_v.restart(pack_v / 16);
  state.trim_v = trim_v;
  const Sample sample = even_frame(pack_v / 16, current_a);
  const Situation now = look_at(config, state, sample, 1);
  return voltage_for(now, state, {.allowed_a = 140 * factor, .factor = factor, .blocked = false});
}

TEST(ChargeVoltage, LawGivesTheVoltageOfTheAllowedCurrent) {
  EXPECT_NEAR(law(54.40, 100, 1), 54.712, 0.0005);
  EXPECT_NEAR(law(54.60, 100, .5), 54.366, 0.0005);
  EXPECT_NEAR(law(54.90, 60, .15), 54.596, 0.0005);
  EXPECT_NEAR(law(55.00, 20, .15), 55.008, 0.0005);
  EXPECT_NEAR(law(55.00, 3, .02), 54.998, 0.0005);
}

TEST(ChargeVoltage, LawHasALowBound) {
  EXPECT_NEAR(law(55.00, 0, 0), 55.00, 0.0005) << "resting";
  EXPECT_NEAR(law(55.30, 3, 0), 55.30 - .7 * 3 * resistance_ohm, 0.1) << "a pack above its target";
  EXPECT_NEAR(law(55.60, 3, .02), 55.60 - 1.5 * 3 * resistance_ohm - 0.020, 0.0005);
}

TEST(ChargeVoltage, LawStaysBelowTheTarget) { EXPECT_EQ(law(55.10, 0, 1), target_v); }

TEST(ChargeVoltage, DischargingIsNotLimited) {
  EXPECT_EQ(law(52.00, -50, 1), target_v);
  EXPECT_NEAR(law(54.00, -50, .1), 54.00 + .7 * (14 + 50) * resistance_ohm, 1e-9);
}

TEST(ChargeVoltage, ResistanceFollowsSizeAndConfiguration) {
  const State state;
  Config config;
  Sample sample = even_frame();
  EXPECT_NEAR(look_at(config, state, sample, 1).resistance_ohm, 0.011143, 1e-6);
  sample.capacity_ah = 100;
  EXPECT_NEAR(look_at(config, state, sample, 1).resistance_ohm, 0.0312, 1e-6);
  sample.capacity_ah.reset();
  EXPECT_NEAR(look_at(config, state, sample, 1).resistance_ohm, 0.0312, 1e-6);
  config.pack_resistance_ohm = 0.02;
  EXPECT_EQ(look_at(config, state, sample, 1).resistance_ohm, 0.02);
}

TEST(ChargeVoltage, TargetsAreThoseOfAllCells) {
  for (const auto& [cell_v, pack_v] : {Point{3.225, 51.6}, {3.375, 54.0}, {3.45, 55.2}, {3.65, 58.4}}) {
    Driven run;
    run.config.absorption_cell_v = cell_v;
    EXPECT_NEAR(*run.steps(even_frame(3.10, -5), 10).charge_voltage_v, pack_v, 1e-9);
  }
  for (const auto& [cell_v, pack_v] : {Point{2.9, 46.4}, {3.1, 49.6}}) {
    Driven run;
    run.config.min_cell_v = cell_v;
    EXPECT_NEAR(*run.step(even_frame()).low_voltage_v, pack_v, 1e-9);
  }
}

TEST(ChargeVoltage, FirstFrameHasNoPast) {
  Driven run;
  EXPECT_NEAR(*run.step(even_frame(3.400, 100)).charge_voltage_v, 54.712, 0.001);
}

TEST(ChargeVoltage, MovesNoFasterThanItsSlew) {
  Driven run;
  run.steps(even_frame(3.30, 100), 60);
  double before_v = *run.last.limits.charge_voltage_v;
  for (const auto& sample : {sample_with_cell(3.48, 3.40, 100), even_frame(3.30, 100)}) {
    for (int second = 0; second < 100; ++second) {
      const double after_v = *run.step(sample).charge_voltage_v;
      ASSERT_GE(after_v, before_v - 0.25 - 1e-9);
      ASSERT_LE(after_v, before_v + 0.02);
      before_v = after_v;
    }
  }
}

TEST(ChargeVoltage, BlockTakesTheVoltageDownAtOnce) {
  Driven run;
  run.steps(even_frame(3.40, 100), 60);
  Sample sample = even_frame(3.40, 100);
  sample.bms_alarms.raise(Alarm::high_cell_voltage, AlarmLevel::alarm);
  const double expected_v = 16 * 3.40 - .7 * 100 * resistance_ohm;
  EXPECT_NEAR(*run.step(sample).charge_voltage_v, expected_v, 0.03);
}

// With DC feed-in a voltage below rest would drain the pack into the grid.
TEST(ChargeVoltage, no_export_below_rest_voltage) {
  Driven run;
  for (const double cell_v : {3.35, 3.40, 3.44, 3.48}) {
    run.steps(sample_with_cell(cell_v + 0.02, cell_v, 0), 60);
    const double pack_v = 16 * cell_v + 0.02;
    EXPECT_GE(*run.last.limits.charge_voltage_v, std::min(pack_v, target_v) - 0.025) << cell_v;
  }
  // A current that has stopped and turned round is met with the resting voltage at once.
  run.steps(sample_with_cell(3.475, 3.43, 60), 30);
  ASSERT_LT(*run.last.limits.charge_voltage_v, 54.6);
  run.steps(sample_with_cell(3.46, 3.41, -10), 8);
  EXPECT_GE(*run.last.limits.charge_voltage_v, 16 * 3.41);
}

TEST(ChargeVoltage, RunnerTakesTheVoltageDown) {
  Driven run;
  run.steps(sample_with_cell(3.40, 3.36, 100), 30);
  const double before_v = *run.last.limits.charge_voltage_v;
  run.steps(sample_with_cell(3.49, 3.38, 100), 30);
  EXPECT_LT(*run.last.limits.charge_voltage_v, before_v - 0.5);
  EXPECT_LT(*run.last.limits.charge_voltage_v, 16 * 3.38) << "below what is measured, as long as current flows";
}

TEST(ChargeVoltage, EveryProfileProtectsARunner) {
  for (const Profile profile : {Profile::smooth, Profile::serialbattery_linear, Profile::serialbattery_step,
                                Profile::first_release, Profile::bms}) {
    Driven run;
    run.config.profile = profile;
    Sample sample = sample_with_cell(3.36, 3.34, 100);
    sample.max_charge_current_a = 120;
    run.steps(sample, 30);
    if (profile != Profile::smooth) {
      EXPECT_EQ(run.last.limits.charge_voltage_v, target_v);
    }
    sample.cells_v[3] = 3.50;
    run.steps(sample, 30);
    EXPECT_LT(*run.last.limits.charge_voltage_v, 16 * 3.34) << static_cast<int>(profile);
  }
}

// Nobody knows what flows; the cell alone must do.
TEST(ChargeVoltage, UnknownCurrentStillProtects) {
  Driven run;
  Sample sample = sample_with_cell(3.50, 3.40);
  sample.current_a.reset();
  run.steps(sample, 30);
  EXPECT_LT(*run.last.limits.charge_voltage_v, 16 * 3.40 - 0.1);
  sample = even_frame(3.30);
  sample.current_a.reset();
  run.steps(sample, 600);
  EXPECT_NEAR(*run.last.limits.charge_voltage_v, target_v, 0.001);
}

TEST(ChargeVoltage, PublishesStepsThatAreWorthIt) {
  Driven run;
  run.step(even_frame(3.30, 0));
  int changes = 0;
  double before_v = *run.last.limits.charge_voltage_v;
  for (int second = 0; second < 600; ++second) {
    const double after_v = *run.step(sample_with_cell(3.46 + 0.00002 * (second % 7), 3.40, 20)).charge_voltage_v;
    const double change_v = std::abs(after_v - before_v);
    if (change_v > 0 && change_v < 0.0049) ++changes;
    EXPECT_NEAR(after_v * 1000, std::round(after_v * 1000), 1e-6) << "three decimals";
    before_v = after_v;
  }
  EXPECT_LE(changes, 30) << "only arrivals";
}

TEST(ChargeVoltage, BoundsHoldAtOnce) {
  Driven run;
  run.steps(even_frame(3.30, -5), 10);
  EXPECT_EQ(run.last.limits.charge_voltage_v, target_v);
  run.config.absorption_cell_v = 3.40;
  EXPECT_LE(*run.step(even_frame(3.30, -5)).charge_voltage_v, 16 * 3.40);
  Sample sample = even_frame(3.30, -5);
  sample.max_charge_voltage_v = 54.0;
  EXPECT_LE(*run.step(sample).charge_voltage_v, 54.0);
  sample.max_charge_voltage_v.reset();
  sample.cell_over_voltage_v = 3.45;
  EXPECT_LE(*run.step(sample).charge_voltage_v, 16 * 3.35 + 1e-9);
}

struct ToldVoltage {
  double told_v;
  double charge_a;  ///< CCL of a pack that rests at 54.08 V
  double least_v, most_v;
};

TEST(ChargeVoltage, WhatTheBmsTellsIsObeyedAndBelowThePackNothingIsCharged) {
  constexpr double pack_v = 16 * 3.38;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const ToldVoltage table[] = {
      {58, 140, target_v - 0.1, target_v},
      {55, 140, 54.9, 55.0},
      {54, 140, 53.9, 54.0},
      {53, 0, 52.9, 53.0},
      {50, 0, 49.9, 50.0},
      {46.5, 0, 46.4, 46.5},
      {45, 0, pack_v - 0.1, pack_v},
      {20, 0, pack_v - 0.1, pack_v},
      {1, 0, pack_v - 0.1, pack_v},
      {0, 140, target_v - 0.1, target_v},
      {-3, 140, target_v - 0.1, target_v},
      {nan, 140, target_v - 0.1, target_v},
  };
  for (const ToldVoltage& row : table) {
    Driven run;
    Sample sample = even_frame(3.38);
    run.steps(sample, 60);
    sample.max_charge_voltage_v = row.told_v;
    run.step(sample);
    EXPECT_EQ(run.last.limits.charge_current_a, row.charge_a) << row.told_v;
    run.steps(sample, 200);
    EXPECT_EQ(run.last.limits.charge_current_a, row.charge_a) << row.told_v;
    EXPECT_GE(*run.last.limits.charge_voltage_v, row.least_v) << row.told_v;
    EXPECT_LE(*run.last.limits.charge_voltage_v, row.most_v + 1e-9) << row.told_v;
  }
}

TEST(ChargeVoltage, AVoltageThatTheBmsNoLongerTellsCountsForAMinute) {
  for (const double told_v : {55.0, 45.0}) {
    Driven run;
    Sample sample = even_frame(3.38);
    sample.max_charge_voltage_v = told_v;
    run.steps(sample, 100);
    const Limits before = run.last.limits;
    for (const std::optional<double> silent : {std::optional<double>(), std::optional(0.0)}) {
      sample.max_charge_voltage_v = silent;
      for (int second = 0; second < 29; ++second) {
        run.step(sample);
        EXPECT_LE(*run.last.limits.charge_voltage_v, *before.charge_voltage_v) << second;
        EXPECT_LE(*run.last.limits.charge_current_a, *before.charge_current_a) << second;
      }
    }
    run.steps(sample, 300);
    EXPECT_GT(*run.last.limits.charge_voltage_v, 55.1);
    EXPECT_EQ(run.last.limits.charge_current_a, 140);
  }
}

TEST(ChargeVoltage, AVoltageOfTheBmsIsNamed) {
  Driven run;
  Sample sample = even_frame(3.38);
  sample.max_charge_voltage_v = 45;
  run.step(sample);
  EXPECT_EQ(run.last.limits.charge_reason, "charge voltage of the BMS 45.0 V");
  EXPECT_EQ(run.last.limits.charge_code, LimitReason::bms_maximum);
  EXPECT_EQ(run.last.limits.discharge_current_a, 140);
}

TEST(ChargeVoltage, APackAtTheVoltageOfTheBmsIsHeldThere) {
  Driven run;
  int zeros = 0;
  for (int second = 0; second < 3600; ++second) {
    Sample sample = even_frame(3.40 + 0.004 * std::sin(second / 20.0), 4);
    sample.max_charge_voltage_v = 16 * 3.40;
    zeros += run.step(sample).charge_current_a == 0 ? 1 : 0;
  }
  EXPECT_EQ(zeros, 0);
  for (int second = 0; second < 7200; ++second) {
    Sample sample = even_frame(second / 100 % 2 == 0 ? 3.405 : 3.435);
    sample.max_charge_voltage_v = 16 * 3.40;
    run.step(sample);
    if (second > 200) {
      EXPECT_EQ(run.last.limits.charge_current_a, 0) << second;
    }
  }
}

TEST(ChargeVoltage, NeverBelowTheLowVoltage) {
  Driven run;
  run.steps(even_frame(2.60, 50), 60);
  EXPECT_GE(*run.last.limits.charge_voltage_v, 16 * 2.9 + 0.5);
  EXPECT_NEAR(*run.last.limits.low_voltage_v, 46.4, 1e-9);
}

TEST(ChargeVoltage, CableDropIsAdded) {
  Driven run;
  run.config.cable_drop_v = 0.2;
  run.config.cable_resistance_ohm = 0.002;
  run.steps(even_frame(3.30, -5), 10);
  EXPECT_NEAR(*run.last.limits.charge_voltage_v, target_v + 0.2, 0.001);
  run.steps(even_frame(3.30, 100), 600);
  EXPECT_NEAR(*run.last.limits.charge_voltage_v, *run.state.charge_voltage_v + 0.4, 0.006);
}

// A charger that holds a little too much would lift a full cell by fractions of an ampere, for hours.
TEST(ChargeVoltage, CellBeyondTheEndOfTheCurveIsRelieved) {
  Driven run;
  run.steps(sample_with_cell(3.55, 3.40, 0.1), 60);
  const double before_v = *run.last.limits.charge_voltage_v;
  run.steps(sample_with_cell(3.55, 3.40, 0.1), 3600);
  EXPECT_LT(*run.last.limits.charge_voltage_v, before_v - 0.05) << "until the current has turned round";
}

TEST(ChargeVoltage, TrimGrowsOnlyWhileTooMuchFlows) {
  Driven run;
  run.steps(sample_with_cell(3.47, 3.42, 30), 120);
  const double grown_v = run.state.trim_v;
  EXPECT_GT(grown_v, 0.1);
  EXPECT_LE(grown_v, 16 * 0.075);
  run.steps(sample_with_cell(3.47, 3.42, 3), 120);
  EXPECT_LT(run.state.trim_v, grown_v);
  run.steps(even_frame(3.34, -40), 60);
  EXPECT_LT(run.state.trim_v, 0.01) << "what drains the pack is forgotten quickly";
}

}  // namespace
}  // namespace bms::charge
