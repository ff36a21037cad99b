// What each source of a current limit allows: tables, alarms, FETs, the user, the BMS's own limits.
#include <gtest/gtest.h>

#include "charge/profiles.hpp"
#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

TEST(ChargeLimits, bms_limit_scales_table) {
  Sample sample = sample_with_cell(3.400);
  sample.max_charge_current_a = 20;
  EXPECT_NEAR(charge_limit(usual(Profile::serialbattery_linear), sample), 5, 1e-9);
  sample.max_charge_current_a = 200;
  EXPECT_NEAR(charge_limit(usual(Profile::serialbattery_linear), sample), 12.5, 1e-9);
  for (const double nonsense : {0.0, -5.0, std::numeric_limits<double>::quiet_NaN()}) {
    sample.max_charge_current_a = nonsense;
    EXPECT_NEAR(charge_limit(usual(Profile::serialbattery_linear), sample), 12.5, 1e-9) << nonsense;
  }
}

TEST(ChargeLimits, BmsProfilePassesTheBmsLimitsUnderOurCaps) {
  Sample sample = sample_with_cell(3.480);
  sample.max_charge_current_a = 30;
  sample.max_discharge_current_a = 500;
  EXPECT_EQ(charge_limit(usual(Profile::bms), sample), 30);
  EXPECT_EQ(discharge_limit(usual(Profile::bms), sample), 60);
  sample.max_charge_current_a.reset();
  EXPECT_NEAR(charge_limit(usual(Profile::bms), sample), 50 * .02, 1e-9) << "a BMS that names none leaves it to us";
  sample.charge_fet = false;
  sample.max_charge_current_a = 30;
  EXPECT_EQ(charge_limit(usual(Profile::bms), sample), 0);
}

TEST(ChargeLimits, CRatesAreOfTheCapacity) {
  Config config;
  config.max_charge_current = {.value = .25, .c_rate = true};
  config.max_discharge_current = {.value = .5, .c_rate = true};
  Sample sample = even_frame();
  EXPECT_EQ(charge_limit(config, sample), 70);
  EXPECT_EQ(discharge_limit(config, sample), 140);
}

TEST(ChargeLimits, NothingIsAllowedThatIsAMultipleOfAnUnknownCapacity) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::optional<double> unknown : {std::optional<double>(), std::optional(0.0), std::optional(nan)}) {
    Sample sample = even_frame();
    sample.capacity_ah = unknown;
    sample.max_charge_current_a = 30;
    Driven run{.config = usual(Profile::smooth)};
    run.config.max_charge_current = {.value = .5, .c_rate = true};
    run.steps(sample, 10);
    EXPECT_EQ(run.last.limits.charge_current_a, 0);
    EXPECT_EQ(run.last.limits.discharge_current_a, 60) << "amperes need no capacity";
    EXPECT_EQ(run.last.limits.charge_reason, "capacity unknown; set capacity");
    run.config.user_max_charge_a = 0;
    run.steps(sample, 10);
    EXPECT_EQ(run.last.limits.charge_reason, "capacity unknown; set capacity");
    Driven by_bms{.config = usual(Profile::bms)};
    by_bms.config.max_discharge_current = {.value = 1, .c_rate = true};
    by_bms.steps(sample, 10);
    EXPECT_EQ(by_bms.last.limits.charge_current_a, 30);
    EXPECT_EQ(by_bms.last.limits.discharge_current_a, 0);
    EXPECT_TRUE(by_bms.last.limits.charge_voltage_v);
  }
}

TEST(ChargeLimits, FramesThatComeSlowlyOfAnUnknownCapacityAllowLittle) {
  Sample sample = even_frame();
  sample.capacity_ah.reset();
  Driven run;
  run.steps(sample, 600, 10);
  EXPECT_LE(*run.last.limits.charge_current_a, 3);
}

TEST(ChargeLimits, CellsThatEndureLessAreNotCharged) {
  Sample sample = even_frame();
  sample.endures_less = true;
  Driven run;
  run.steps(sample, 10);
  EXPECT_EQ(run.last.limits.charge_current_a, 0);
  EXPECT_EQ(run.last.limits.allow_charge, false);
  EXPECT_EQ(run.last.limits.discharge_current_a, 140);
  EXPECT_EQ(run.last.limits.charge_reason, "other cells than configured; set chemistry");
}

TEST(ChargeLimits, EveryAlarmBlocksExactlyWhatItSays) {
  for (const AlarmEffect& effect : alarm_effects) {
    for (const AlarmLevel level : {AlarmLevel::ok, AlarmLevel::warning, AlarmLevel::alarm}) {
      const bool stands = level == AlarmLevel::alarm;
      Sample sample = even_frame();
      sample.bms_alarms.raise(effect.alarm, level);
      EXPECT_EQ(charge_limit(Config{}, sample), stands && effect.blocks_charge ? 0 : 50) << effect.name;
      EXPECT_EQ(discharge_limit(Config{}, sample), stands && effect.blocks_discharge ? 0 : 60) << effect.name;

      // Our own alarms leave discharging to the curve, which ends it later.
      Sample derived = even_frame();
      derived.alarms.raise(effect.alarm, level);
      EXPECT_EQ(charge_limit(Config{}, derived), stands && effect.blocks_charge ? 0 : 50) << effect.name;
      EXPECT_EQ(discharge_limit(Config{}, derived), 60) << effect.name;
    }
  }
}

TEST(ChargeLimits, unknown_fet) {
  Driven run;
  Sample sample = even_frame();
  sample.charge_fet.reset();
  sample.discharge_fet.reset();
  const Limits unknown = run.step(sample);
  EXPECT_EQ(unknown.charge_current_a, 140);
  EXPECT_EQ(unknown.allow_charge, std::nullopt);
  EXPECT_EQ(unknown.allow_discharge, std::nullopt);

  sample.bms_alarms.raise(Alarm::high_cell_voltage, AlarmLevel::alarm);
  const Limits forbidden = run.step(sample);
  EXPECT_EQ(forbidden.charge_current_a, 0);
  EXPECT_EQ(forbidden.allow_charge, false) << "something else forbids it";
  EXPECT_EQ(forbidden.allow_discharge, std::nullopt);
}

TEST(ChargeLimits, PermissionsFollowFetsAndLimits) {
  Driven run;
  EXPECT_EQ(run.step(even_frame()).allow_charge, true);
  Sample sample = even_frame();
  sample.charge_fet = false;
  const Limits open = run.step(sample);
  EXPECT_EQ(open.charge_current_a, 0);
  EXPECT_EQ(open.allow_charge, false);
  EXPECT_EQ(open.discharge_current_a, 140) << "discharging goes on";
  EXPECT_EQ(open.charge_reason, "charge FET open") << "a text does not outlive what it says";
  const Limits& again = run.steps(even_frame(), 3);
  EXPECT_EQ(again.charge_reason, "rising slowly");
}

// An under-voltage opens the discharge FET; the pack must be rechargeable then.
TEST(ChargeLimits, OpenDischargeFetLeavesCharging) {
  Sample sample = even_frame(2.7);
  sample.discharge_fet = false;
  EXPECT_EQ(charge_limit(Config{}, sample), 50);
  EXPECT_EQ(discharge_limit(Config{}, sample), 0);
}

TEST(ChargeLimits, broken_ntc_excluded) {
  Sample sample = even_frame();
  sample.temperatures_c.clear();
  EXPECT_EQ(charge_limit(Config{}, sample), 5) << "no sensor left that should be there: a tenth";
  EXPECT_EQ(discharge_limit(Config{}, sample), 6);
  sample.temperatures_c = {std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(charge_limit(Config{}, sample), 5);
  sample.temperatures_c = {std::numeric_limits<double>::quiet_NaN(), 25};
  EXPECT_EQ(charge_limit(Config{}, sample), 50) << "the other one will do";
  sample.temperatures_c.clear();
  sample.sensors_expected = false;
  EXPECT_EQ(charge_limit(Config{}, sample), 50) << "a board without sensors has no such limit";
}

TEST(ChargeLimits, TemperatureRecoversWithPlay) {
  Driven run{.config = Config{}};
  Sample sample = even_frame();
  sample.temperatures_c = {0};
  run.step(sample);
  EXPECT_EQ(run.charge_a(), 0);
  sample.temperatures_c = {0.9};
  EXPECT_EQ(run.steps(sample, 100).charge_current_a, 0);
  sample.temperatures_c = {3};
  EXPECT_NEAR(*run.steps(sample, 100).charge_current_a, 12.5, 0.5) << "as at 2 °C";
}

TEST(ChargeLimits, HotMosMustCoolDown) {
  Driven run{.config = Config{}};
  Sample sample = even_frame();
  sample.mos_temperature_c = 90;
  EXPECT_EQ(run.step(sample).charge_current_a, 0);
  sample.mos_temperature_c = 81;
  EXPECT_EQ(run.steps(sample, 100).charge_current_a, 0);
  sample.mos_temperature_c = 79;
  EXPECT_GT(run.steps(sample, 100).charge_current_a, 10);
}

TEST(ChargeLimits, HeaterGetsItsCurrent) {
  Sample sample = even_frame();
  sample.temperatures_c = {-5};
  sample.charge_fet = false;
  sample.bms_alarms.raise(Alarm::low_charge_temperature, AlarmLevel::alarm);
  Config config;
  config.heater_current_a = 5;
  EXPECT_EQ(charge_limit(config, sample), 0) << "cold alone is not heating";
  sample.heating = true;
  EXPECT_EQ(charge_limit(config, sample), 5);
  EXPECT_EQ(charge_limit(Config{}, sample), 0) << "only when the owner says so";
  sample.bms_alarms.raise(Alarm::internal_failure, AlarmLevel::alarm);
  EXPECT_EQ(charge_limit(config, sample), 0) << "nor with any other alarm";
}

TEST(ChargeLimits, UserBlocksCurrents) {
  Config config;
  config.charge_blocked = true;
  EXPECT_EQ(charge_limit(config, even_frame()), 0);
  EXPECT_EQ(discharge_limit(config, even_frame()), 60);
  config = Config{};
  config.discharge_blocked = true;
  EXPECT_EQ(charge_limit(config, even_frame()), 50);
  EXPECT_EQ(discharge_limit(config, even_frame()), 0);
}

TEST(ChargeLimits, SlowReadingsAllowLess) {
  Driven run;
  run.steps(even_frame(), 60, 5);
  EXPECT_EQ(run.charge_a(), 140);
  run.steps(even_frame(), 60, 10);
  EXPECT_NEAR(run.charge_a(), 84, 1e-9);
  EXPECT_EQ(run.last.limits.charge_reason, "readings come slowly");
}

// Cells that cannot be true.

TEST(ChargeLimits, CellFarAboveTheOthersEndsChargingAtOnce) {
  for (const double cell_v : {4.4, 4.6, 20.0, std::numeric_limits<double>::infinity()}) {
    Driven run;
    run.steps(even_frame(), 10);
    const Limits limits = run.step(sample_with_cell(cell_v));
    EXPECT_EQ(limits.charge_current_a, 0) << cell_v;
    EXPECT_EQ(limits.discharge_current_a, 140) << cell_v;
  }
}

TEST(ChargeLimits, BrokenSenseWireIsBorneForTwoFrames) {
  for (const double cell_v : {0.0, 2.0, -3.0, std::numeric_limits<double>::quiet_NaN()}) {
    Driven run;
    run.steps(even_frame(), 10);
    const double before_v = *run.last.limits.charge_voltage_v;
    for (int sample = 0; sample < 2; ++sample) {
      const Limits limits = run.step(sample_with_cell(cell_v));
      EXPECT_EQ(limits.charge_current_a, 140) << cell_v;
      EXPECT_EQ(limits.discharge_current_a, 140) << cell_v;
      EXPECT_NEAR(*limits.charge_voltage_v, before_v, 0.05) << cell_v;
    }
    const Limits limits = run.step(sample_with_cell(cell_v));
    EXPECT_EQ(limits.charge_current_a, 0) << cell_v;
    EXPECT_EQ(limits.discharge_current_a, 0) << cell_v;
    run.steps(sample_with_cell(cell_v), 6);
    EXPECT_EQ(run.last.limits.charge_reason, "cell voltage not believable");
    EXPECT_GT(run.steps(even_frame(), 100).discharge_current_a, 10) << "and it comes back";
  }
}

TEST(ChargeLimits, NothingRisesOnABrokenFrame) {
  Driven run;
  run.step(sample_with_cell(3.45));
  run.steps(even_frame(), 40);
  const double before_a = *run.last.limits.charge_current_a;
  ASSERT_LT(before_a, 140);
  EXPECT_LE(*run.step(sample_with_cell(0)).charge_current_a, before_a);
}

TEST(ChargeLimits, FirstFrameWithoutBelievableCellsAllowsNothing) {
  Driven run;
  const Limits limits = run.step(sample_with_cell(0));
  EXPECT_EQ(limits.charge_current_a, 0);
  EXPECT_EQ(limits.discharge_current_a, 0);
  EXPECT_EQ(limits.charge_voltage_v, 16 * 3.375);
}

// The cut-off and the way back.

TEST(ChargeLimits, CutsOffOnceAndReopensLate) {
  Driven run;
  run.steps(even_frame(3.2), 10);
  run.steps(sample_with_cell(2.70), 20);
  EXPECT_EQ(run.last.limits.discharge_current_a, 0);
  EXPECT_TRUE(run.last.cut_off);
  EXPECT_EQ(run.steps(even_frame(3.04), 600).discharge_current_a, 0) << "recovered without the load, but not enough";
  EXPECT_EQ(run.steps(even_frame(3.20), 50).discharge_current_a, 0);
  EXPECT_GT(run.steps(even_frame(3.20), 30).discharge_current_a, 0);
}

TEST(ChargeLimits, ChargingReopensSooner) {
  Driven run;
  run.steps(sample_with_cell(2.70), 20);
  run.steps(even_frame(2.95, 10), 20);
  EXPECT_FALSE(run.last.cut_off);
  EXPECT_GT(run.last.limits.discharge_current_a, 0);
}

TEST(ChargeLimits, ShortDipDoesNotCutOff) {
  Driven run;
  run.steps(even_frame(3.0), 10);
  run.steps(sample_with_cell(2.6), 3);
  run.steps(even_frame(3.0), 10);
  EXPECT_FALSE(run.last.cut_off);
  EXPECT_GT(run.last.limits.discharge_current_a, 0);
}

TEST(ChargeLimits, ClosedHighestCellMustFallClearly) {
  Driven run;
  run.steps(sample_with_cell(3.54), 10);
  EXPECT_EQ(run.last.limits.charge_current_a, 0);
  EXPECT_EQ(run.steps(sample_with_cell(3.505), 120).charge_current_a, 0);
  EXPECT_GT(run.steps(sample_with_cell(3.48), 120).charge_current_a, 0);
}

// The BMS's thresholds.

TEST(ChargeLimits, ThresholdsOfTheBmsBoundOurVoltages) {
  const Config config;
  const Targets high = targets_within(config, 3.65, 2.50);
  EXPECT_NEAR(high.absorption_v, 3.45, 1e-9);
  EXPECT_NEAR(high.balancing_v, 3.55, 1e-9);
  EXPECT_NEAR(high.low_v, 2.90, 1e-9);
  const Targets tight = targets_within(config, 3.50, 2.90);
  EXPECT_NEAR(tight.absorption_v, 3.40, 1e-9);
  EXPECT_NEAR(tight.balancing_v, 3.45, 1e-9);
  EXPECT_NEAR(*tight.ceiling_v, 3.45, 1e-9);
  EXPECT_NEAR(tight.low_v, 3.00, 1e-9);
  EXPECT_NEAR(tight.cut_off_v, 2.95, 1e-9);
  const Targets nonsense = targets_within(config, 0.1, 9);
  EXPECT_NEAR(nonsense.absorption_v, 3.45, 1e-9);
  EXPECT_NEAR(nonsense.low_v, 2.90, 1e-9);
}

TEST(ChargeLimits, AnEndThatTheBmsRaisesIsLedDownTo) {
  Driven run;
  Sample sample = even_frame(3.3);
  sample.cell_under_voltage_v = 2.90;
  run.step(sample);
  EXPECT_NEAR(run.last.cut_off_raised_v, 0.15, 1e-9);
  sample.cells_v.assign(cells, 2.96);
  EXPECT_NEAR(discharge_limit(Config{}, sample), 60 * .026, 1e-9) << "2 % at the cut-off of 2.95 V";
}

TEST(ChargeLimits, CurveEndsBelowTheThresholdOfTheBms) {
  for (const double over_v : {3.50, 3.55, 3.60, 3.65}) {
    Sample sample = sample_with_cell(over_v - 0.050);
    sample.cell_over_voltage_v = over_v;
    EXPECT_EQ(charge_limit(Config{}, sample), 0) << over_v;
    sample.cells_v[3] = over_v - 0.052;
    EXPECT_EQ(charge_limit(Config{}, sample) > 0, over_v < 3.59) << over_v;
    Driven run;
    sample.cells_v.assign(cells, over_v - 0.2);
    run.step(sample);
    EXPECT_EQ(run.last.bounded_by_bms, over_v < 3.595) << over_v;
  }
}

TEST(ChargeLimits, CurvesMoveWithTheChemistry) {
  Config lto;
  lto.absorption_cell_v = 2.65;
  lto.float_cell_v = 2.50;
  lto.min_cell_v = 1.90;
  lto.cutoff_cell_v = 1.80;
  lto.reopen_cell_v = 2.05;
  EXPECT_NEAR(charge_limit(lto, sample_with_cell(2.65, 2.4)), 50 * .15, 1e-9);
  EXPECT_NEAR(discharge_limit(lto, sample_with_cell(1.90, 2.4)), 60 * .10, 1e-9);
  Config nmc;
  nmc.absorption_cell_v = 4.10;
  nmc.charge_knee_scale = 0.75;
  nmc.warned_cell_v = 4.18;
  nmc.borne_cell_v = 4.27;
  nmc.balancing_cell_v = 4.15;
  nmc.float_cell_v = 4.0;
  nmc.min_cell_v = 3.2;
  nmc.cutoff_cell_v = 3.1;
  nmc.reopen_cell_v = 3.35;
  nmc.reopen_charging_cell_v = 3.2;
  EXPECT_NEAR(charge_limit(nmc, sample_with_cell(4.10 + 0.75 * 0.030, 4.0)), 50 * .02, 1e-6);
  EXPECT_EQ(charge_limit(nmc, sample_with_cell(4.16, 4.0)), 0);
}

TEST(ChargeLimits, LoadCompensationForgivesALittle) {
  Config config = big_config();
  const Sample sample = sample_with_cell(2.95, 3.1, -100);
  const double plain_a = discharge_limit(config, sample);
  config.load_compensation_max_v = 0.1;
  const double forgiven_a = discharge_limit(config, sample);
  EXPECT_NEAR(plain_a, 140 * .3, 1e-9);
  EXPECT_NEAR(forgiven_a, 140 * .757, 0.1) << "100 A cost about 70 mV";
}

TEST(ChargeLimits, ReasonsNameTheSource) {
  const auto reason = [](const Sample& sample, const Config& config = Config{}) {
    Driven run{.config = config};
    return run.step(sample).charge_reason;
  };
  EXPECT_EQ(reason(even_frame()), "configured maximum");
  EXPECT_EQ(reason(sample_with_cell(3.462)), "highest cell 3.462 V");
  Sample cold = even_frame();
  cold.temperatures_c = {4.1};
  EXPECT_EQ(reason(cold), "temperature 4.1 °C");
  Sample hot = even_frame();
  hot.mos_temperature_c = 75;
  EXPECT_EQ(reason(hot), "FET temperature 75 °C");
  Sample limited = even_frame();
  limited.max_charge_current_a = 20;
  EXPECT_EQ(reason(limited), "maximum of the BMS");
  Sample alarmed = even_frame();
  alarmed.bms_alarms.raise(Alarm::high_cell_voltage, AlarmLevel::alarm);
  EXPECT_EQ(reason(alarmed), "high cell voltage");
  Config blocked;
  blocked.charge_blocked = true;
  EXPECT_EQ(reason(even_frame(), blocked), "blocked by the user");
  Sample nearly_full = even_frame();
  nearly_full.soc_pct = 97;
  EXPECT_EQ(reason(nearly_full, usual(Profile::first_release)), "SoC 97 %");
  Driven run;
  run.step(sample_with_cell(2.93));
  EXPECT_EQ(run.last.limits.discharge_reason, "lowest cell 2.930 V");
}

TEST(ChargeLimits, ReasonsStayForFiveSeconds) {
  Driven run;
  run.step(even_frame());
  int changes = 0;
  ShortText before = run.last.limits.charge_reason;
  for (int second = 0; second < 60; ++second) {
    run.step(sample_with_cell(second % 2 == 0 ? 3.46 : 3.45));
    changes += run.last.limits.charge_reason == before ? 0 : 1;
    before = run.last.limits.charge_reason;
  }
  EXPECT_GE(changes, 5);
  EXPECT_LE(changes, 12);
}

}  // namespace
}  // namespace bms::charge
