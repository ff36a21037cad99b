// State of charge: counting, sources, synchronisation, and where it starts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "estimator_fixture.hpp"

namespace bms::battery {
namespace {

constexpr double hour_s = 3600;

TEST(CountedCurrent, HasADeadbandAndWhatIsAlwaysDrawn) {
  const SocConfig plain;
  EXPECT_EQ(counted_current_a(0.049, plain), 0);
  EXPECT_EQ(counted_current_a(-0.049, plain), 0);
  EXPECT_EQ(counted_current_a(-0.051, plain), -0.051);
  const SocConfig hungry{.self_consumption_a = 0.2};
  EXPECT_DOUBLE_EQ(counted_current_a(0.01, hungry), -0.2);
  EXPECT_DOUBLE_EQ(counted_current_a(10, hungry), 9.8);
}

struct Interval {
  const char* name;
  double before_a, after_a, dt_s;
  double charged_ah, discharged_ah, missed_ah;
};

class Counting : public testing::TestWithParam<Interval> {};

TEST_P(Counting, TakesTrapezoidsAndLeavesGaps) {
  const Interval& interval = GetParam();
  ChargeCounter counter;
  counter.follow(interval.before_a, 50, 0);
  const Flow flow = counter.follow(interval.after_a, 54, interval.dt_s);
  EXPECT_NEAR(flow.charged_ah, interval.charged_ah, 1e-9);
  EXPECT_NEAR(flow.discharged_ah, interval.discharged_ah, 1e-9);
  EXPECT_NEAR(flow.missed_ah, interval.missed_ah, 1e-9);
  EXPECT_NEAR(flow.charged_kwh, interval.charged_ah * 0.052, 1e-9);
  EXPECT_NEAR(flow.discharged_kwh, interval.discharged_ah * 0.052, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(
    Intervals, Counting,
    testing::Values(Interval{"second", 36, 36, 1, .01, 0, 0}, Interval{"slope", 0, -72, 1, 0, .01, 0},
                    Interval{"turns", -36, 36, 15, 0, 0, 0}, Interval{"gap_same_sign", 36, 36, 120, 1.2, 0, 0},
                    Interval{"gap_turns", -36, 36, 16, 0, 0, .16}, Interval{"long_gap", 36, 36, 121, 0, 0, 1.21},
                    Interval{"years", 36, 36, 1e9, 0, 0, 864}),
    [](const auto& interval) { return std::string(interval.param.name); });

class SocTest : public EstimatorTest {
 protected:
  void source(SocSource wanted) {
    config.soc.source = wanted;
    configure();
  }
  [[nodiscard]] double counted_ah() const { return estimator.kept().charge_ah.value_or(-1); }

  /// The next frames, and the largest step of what is shown, in % per second.
  double largest_step(int seconds) {
    double largest = 0;
    for (int i = 0; i < seconds; ++i) {
      const double before = soc();
      frame();
      largest = std::max(largest, std::abs(soc() - before));
    }
    return largest;
  }
};

TEST_F(SocTest, StartsAtTheBmsAndCounts) {
  source(SocSource::own);
  frame(0);
  EXPECT_DOUBLE_EQ(soc(), 50);
  reading().current_a = -28;
  frame();
  run(hour_s);
  EXPECT_NEAR(soc(), 40, 0.01);
  EXPECT_NEAR(*battery.estimate.remaining_ah, 112, 0.03);
  EXPECT_NEAR(*battery.derived.consumed_ah, -168, 0.03);
  reading().current_a = 28;
  frame();
  run(hour_s);
  EXPECT_NEAR(soc(), 49.95, 0.01) << "of what is charged 0.5 % do not stay";
}

TEST_F(SocTest, ShowsTheBmsByDefaultButNoFullBatteryTooEarly) {
  frame(0);
  reading().soc_pct = 62;
  frame();
  EXPECT_EQ(soc(), 62) << "steps of the BMS are its own";
  reading().soc_pct = 100;
  frame();
  EXPECT_EQ(soc(), 99);
  config.soc.cap_until_full = false;
  configure();
  frame();
  EXPECT_EQ(soc(), 100);
}

TEST_F(SocTest, GoesToFullWithoutAStep) {
  source(SocSource::own);
  reading().soc_pct = 80;
  frame(0);
  charge_is_full();
  EXPECT_DOUBLE_EQ(counted_ah(), 280) << "counted at once";
  EXPECT_NEAR(soc(), 80, 0.2);
  EXPECT_LE(largest_step(190), 0.1 + 1e-9);
  EXPECT_LT(soc(), 100);
  run(20);
  EXPECT_DOUBLE_EQ(soc(), 100);
}

TEST_F(SocTest, GoesToFullAtTheSameSpeedWithSlowFrames) {
  source(SocSource::own);
  config.poll_interval_s = 5;
  configure();
  reading().soc_pct = 80;
  frame(0);
  charge_is_full();
  run(100, 5);
  EXPECT_NEAR(soc(), 90, 0.6);
}

TEST_F(SocTest, IsCappedUntilFullAndAgainAfterTheNextDischarge) {
  source(SocSource::own);
  reading().soc_pct = 98;
  frame(0);
  reading().current_a = 100;
  run(1000);
  EXPECT_DOUBLE_EQ(soc(), 99);
  reading().current_a = 0;
  charge_is_full();
  run(20);
  EXPECT_DOUBLE_EQ(soc(), 100);
  reading().current_a = -28;
  run(0.02 * hour_s * 10);
  EXPECT_NEAR(soc(), 98, 0.1);
  reading().current_a = 28;
  run(hour_s);
  EXPECT_DOUBLE_EQ(soc(), 99);
}

TEST_F(SocTest, no_flap_with_wrong_bms_soc) {
  for (const SocSource wanted : {SocSource::bms, SocSource::own}) {
    estimator = Estimator(config);
    source(wanted);
    reading().soc_pct = 70;  // and it stays there, whatever the cells say
    frame(0);
    charge_is_full();
    run(600);
    EXPECT_DOUBLE_EQ(soc(), wanted == SocSource::own ? 100 : 70);
    EXPECT_EQ(largest_step(3600), 0);
    EXPECT_EQ(estimator.kept().automatic_syncs, 1);
  }
}

TEST_F(SocTest, EmptyLowersToOnePercentWithoutAStep) {
  source(SocSource::own);
  reading().soc_pct = 20;
  frame(0);
  all_cells(3.0);
  reading().cells_v[3] = 2.9;
  reading().current_a = -10;
  run(60);
  EXPECT_NEAR(soc(), 20, 0.1) << "not for less than a minute";
  EXPECT_LE(largest_step(100), 0.1 + 0.002);
  run(150);
  EXPECT_DOUBLE_EQ(soc(), 1);
  run(hour_s);
  EXPECT_DOUBLE_EQ(soc(), 1) << "0 % is left to the cut-off";
  findings.cut_off = true;
  run(30);
  EXPECT_DOUBLE_EQ(soc(), 0);
}

TEST_F(SocTest, EmptyNeverRaises) {
  source(SocSource::own);
  reading().soc_pct = 0.5;
  frame(0);
  const double before_ah = counted_ah();
  all_cells(2.8);
  reading().current_a = -10;
  run(120);
  EXPECT_LT(counted_ah(), before_ah);
}

struct NotEmpty {
  const char* name;
  void (*apply)(Reading&);
};

class SocNotEmpty : public SocTest, public testing::WithParamInterface<NotEmpty> {};

TEST_P(SocNotEmpty, soc_empty_timer_resets) {
  source(SocSource::own);
  reading().soc_pct = 40;
  all_cells(2.85);
  reading().current_a = -10;
  const Reading empty = reading();
  frame(0);
  for (int hour = 0; hour < 20; ++hour) {
    battery.reading = empty;
    run(59);
    GetParam().apply(reading());
    frame();
  }
  EXPECT_GT(soc(), 38.5) << "a sample at the minimum now and then is no empty battery";
  battery.reading = empty;
  run(62);
  EXPECT_NEAR(counted_ah(), 2.8, 0.1) << "but a minute of them is";
}

INSTANTIATE_TEST_SUITE_P(Ends, SocNotEmpty,
                         testing::Values(NotEmpty{"cell_recovers", [](Reading& r) { r.cells_v.assign(16, 2.91); }},
                                         NotEmpty{"current_small", [](Reading& r) { r.current_a = -5.5; }},
                                         NotEmpty{"charging", [](Reading& r) { r.current_a = 10; }}),
                         [](const auto& end) { return std::string(end.param.name); });

class SocLearning : public SocTest, public testing::WithParamInterface<double> {};

TEST_P(SocLearning, TakesTheCapacityFromEmptyToFull) {
  source(SocSource::own);
  reading().soc_pct = 3;
  frame(0);
  findings.cut_off = true;
  frame();
  findings.cut_off = false;
  config.soc.charge_efficiency = 1;
  configure();
  reading().current_a = GetParam() / 2.5;
  run(2.5 * hour_s);
  reading().current_a = 0;
  charge_is_full();
  run(2000);
  EXPECT_NEAR(*battery.estimate.capacity_ah, GetParam(), 0.1);
  EXPECT_DOUBLE_EQ(soc(), 100);
  reading().full_ah = 265;
  run(12);
  EXPECT_EQ(battery.estimate.capacity_ah, 265) << "what the BMS has learned itself goes before it";
}

INSTANTIATE_TEST_SUITE_P(Amounts, SocLearning, testing::Values(250.0, 310.0));

TEST_F(SocTest, LearnsNothingThatIsOutOfProportion) {
  source(SocSource::own);
  frame(0);
  for (const double hours : {1.0, 5.0}) {
    findings.cut_off = true;
    frame();
    findings.cut_off = false;
    reading().current_a = 100;
    run(hours * hour_s);
    reading().current_a = 0;
    charge_is_full();
    frame();
    EXPECT_EQ(battery.estimate.capacity_ah, 280) << hours * 100 << " Ah";
  }
}

// There is no clock in here to be stepped; what is left of one is dt, and that is bounded.
TEST_F(SocTest, clock_step_no_effect) {
  source(SocSource::own);
  reading().current_a = 10;
  frame(0);
  for (const double step_s :
       {86400.0, 1e12, -86400.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    frame(step_s);
    EXPECT_DOUBLE_EQ(soc(), 50) << step_s;
    EXPECT_TRUE(std::isfinite(*battery.estimate.average_current_a)) << step_s;
  }
  EXPECT_TRUE(battery.estimate.soc_uncertain) << "a day at 10 A is not known of";
}

TEST_F(SocTest, LongGapsMakeItUncertainUntilTheNextFullCharge) {
  source(SocSource::own);
  reading().current_a = -28;
  frame(0);
  frame(300);
  EXPECT_FALSE(battery.estimate.soc_uncertain) << "2.3 Ah of 280";
  frame(3000);
  EXPECT_TRUE(battery.estimate.soc_uncertain);
  charge_is_full();
  frame();
  EXPECT_FALSE(battery.estimate.soc_uncertain);
}

TEST_F(SocTest, AnotherServiceGivesTheSoc) {
  source(SocSource::external);
  external.soc_pct = 73;
  frame(0);
  EXPECT_DOUBLE_EQ(soc(), 73);
  EXPECT_FALSE(battery.estimate.soc_uncertain);
  external.soc_pct.reset();
  reading().current_a = -28;
  frame();
  EXPECT_NEAR(soc(), 73, 0.01) << "goes on from there";
  EXPECT_TRUE(battery.estimate.soc_uncertain);
  run(hour_s);
  EXPECT_NEAR(soc(), 63, 0.05);
  external.soc_pct = 60;
  EXPECT_LE(largest_step(60), 0.1 + 0.003) << "back without a step";
  EXPECT_DOUBLE_EQ(soc(), 60);
  EXPECT_FALSE(battery.estimate.soc_uncertain);
}

TEST_F(SocTest, WithoutTheExternalCurrentItIsUncertain) {
  source(SocSource::own);
  config.soc.current_source = CurrentSource::external;
  configure();
  external.current_a = -5;
  frame(0);
  EXPECT_FALSE(battery.estimate.soc_uncertain);
  external.current_a.reset();
  frame();
  EXPECT_TRUE(battery.estimate.soc_uncertain);
  external.current_a = -5;
  frame();
  EXPECT_FALSE(battery.estimate.soc_uncertain) << "a moment";
  external.current_a.reset();
  run(62);
  external.current_a = -5;
  frame();
  EXPECT_TRUE(battery.estimate.soc_uncertain) << "a minute";
}

TEST_F(SocTest, AnotherSourceMakesNoStep) {
  frame(0);
  reading().soc_pct = 58;
  frame();
  source(SocSource::own);
  EXPECT_LE(largest_step(100), 0.1 + 1e-9);
  EXPECT_DOUBLE_EQ(soc(), 50);
}

TEST_F(SocTest, TheUserSaysWhatItIs) {
  source(SocSource::own);
  frame(0);
  for (const double said_pct : {83.5, 100.0, 0.0, 50.0}) {
    estimator.set_soc(battery, said_pct);
    EXPECT_DOUBLE_EQ(soc(), said_pct) << "to be read back at once";
    frame();
    EXPECT_DOUBLE_EQ(soc(), said_pct);
  }
  estimator.set_soc(battery, std::numeric_limits<double>::quiet_NaN());
  EXPECT_DOUBLE_EQ(soc(), 50);
}

TEST_F(SocTest, IsGuessedFromTheVoltageWhereNothingIsKnown) {
  reading().soc_pct.reset();
  all_cells(3.265);
  frame(0);
  EXPECT_NEAR(soc(), 30, 0.1);
  EXPECT_TRUE(battery.estimate.soc_uncertain);
  charge_is_full();
  frame();
  EXPECT_FALSE(battery.estimate.soc_uncertain);
}

struct Restart {
  const char* name;
  double saved_pct;
  std::optional<double> bms_pct;
  std::optional<double> down_s;
  SocSource source;
  double starts_at_pct;
  bool uncertain;
};

class SocRestart : public SocTest, public testing::WithParamInterface<Restart> {};

TEST_P(SocRestart, StartsWhereItIsCredible) {
  const Restart& restart = GetParam();
  Kept saved;
  saved.charge_ah = restart.saved_pct / 100 * 280;
  saved.shown_soc_pct = restart.saved_pct;
  source(restart.source);
  reading().soc_pct = restart.bms_pct;
  estimator.restore(saved, restart.down_s);
  frame(0);
  EXPECT_NEAR(counted_ah() / 280 * 100, restart.starts_at_pct, 1e-6);
  EXPECT_EQ(estimator.kept().uncertain, restart.uncertain);
  if (restart.source == SocSource::own) {
    EXPECT_NEAR(soc(), restart.starts_at_pct, 1e-6);
  }
}

using enum SocSource;
constexpr double day_s = 24 * 3600;
INSTANTIATE_TEST_SUITE_P(Starts, SocRestart,
                         testing::Values(Restart{"agrees", 60, 52, 60, bms, 60, false},
                                         Restart{"bms_differs", 60, 40, 60, bms, 40, false},
                                         Restart{"bms_not_trusted", 60, 40, 60, own, 60, false},
                                         Restart{"too_old", 60, 40, day_s + 1, own, 40, false},
                                         Restart{"too_old_though_it_agrees", 60, 55, day_s + 1, own, 55, false},
                                         Restart{"no_clock_agrees", 60, 55, {}, own, 60, false},
                                         Restart{"no_clock_differs", 60, 40, {}, own, 60, true},
                                         Restart{"no_clock_bms_trusted", 60, 40, {}, bms, 40, false},
                                         Restart{"bms_silent", 60, {}, 60, bms, 60, false}),
                         [](const auto& restart) { return std::string(restart.param.name); });

TEST_F(SocTest, ARestartMakesNoStepWhileItGoesToFull) {
  source(SocSource::own);
  reading().soc_pct = 90;
  frame(0);
  charge_is_full();
  run(30);
  const double before_pct = soc();
  Estimator next(config);
  next.restore(estimator.kept(), 20);
  estimator = next;
  frame(0);
  EXPECT_NEAR(soc(), before_pct, 1e-9);
  run(100);
  EXPECT_DOUBLE_EQ(soc(), 100) << "and it still knows that it is full";
}

TEST_F(SocTest, AnotherCapacityMakesNoStep) {
  source(SocSource::own);
  reading().full_ah = 280;
  frame(0);
  reading().full_ah = 250;
  EXPECT_LE(largest_step(200), 0.1 + 1e-9);
  EXPECT_NEAR(soc(), 56, 0.01);
}

// What is shown never comes from a value that was not shown before.

TEST_F(SocTest, ACapacityThatComesLaterDoesNotMoveIt) {
  for (const SocSource wanted : {SocSource::bms, SocSource::own, SocSource::external}) {
    estimator = Estimator(config);
    source(wanted);
    external.soc_pct = wanted == SocSource::external ? std::optional(60.0) : std::nullopt;
    reading().soc_pct = 60;
    reading().design_capacity_ah.reset();
    frame(0);
    run(5);
    reading().design_capacity_ah = 280;
    EXPECT_EQ(largest_step(60), 0);
    EXPECT_EQ(soc(), 60);
  }
}

TEST_F(SocTest, ACapacityThatComesLaterShowsWhatWasCountedAtOnce) {
  source(SocSource::own);
  reading().soc_pct.reset();
  reading().design_capacity_ah.reset();
  all_cells(3.265);
  frame(0);
  run(5);
  EXPECT_EQ(soc(), -1) << "nobody knows";
  reading().design_capacity_ah = 280;
  frame();
  EXPECT_NEAR(soc(), 30, 0.1);
}

TEST_F(SocTest, ARestartBeforeTheCapacityIsToldGoesOnWhereItWas) {
  source(SocSource::own);
  reading().soc_pct = 60;
  frame(0);
  reading().current_a = -100;
  run(600);
  const double before_pct = soc();
  Estimator next(config);
  next.restore(estimator.kept(), 20);
  estimator = next;
  reading().current_a = 0;
  reading().design_capacity_ah.reset();
  frame(0);
  EXPECT_NEAR(soc(), before_pct, 1e-9) << "not what the BMS says";
  reading().design_capacity_ah = 280;
  EXPECT_EQ(largest_step(30), 0);
}

TEST_F(SocTest, ACapacityThatChangesIsNoReasonToDoubtTheBms) {
  reading().soc_pct = 60;
  frame(0);
  run(5);
  reading().design_capacity_ah = 300;
  reading().soc_pct = 40;
  frame();
  EXPECT_EQ(soc(), 40);
  EXPECT_EQ(largest_step(60), 0);
}

TEST_F(SocTest, AfterNothingWasShownItComesAtOnce) {
  source(SocSource::external);
  external.soc_pct = 70;
  reading().soc_pct.reset();
  reading().design_capacity_ah.reset();
  frame(0);
  EXPECT_EQ(soc(), 70);
  external.soc_pct.reset();
  run(60);
  EXPECT_EQ(soc(), -1);
  external.soc_pct = 40;
  frame();
  EXPECT_EQ(soc(), 40);
}

TEST_F(SocTest, AStepOfTheBmsOnTheWayFromAnotherSourceIsNotOverdone) {
  source(SocSource::own);
  frame(0);
  reading().soc_pct = 60;
  source(SocSource::bms);
  frame();
  EXPECT_NEAR(soc(), 50, 0.11) << "on its way";
  reading().soc_pct = 30;
  frame();
  EXPECT_EQ(soc(), 30) << "not 20";
}

/// Whatever happens beside it, and whatever the BMS says, only what it has said is shown: since the last change of the
/// source nothing outside of what came, and while the source is another one no step of our own.
TEST(SocProperty, WhatTheBmsSaysIsShownAsItComes) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    const auto one_in = [&random](unsigned count) { return random() % count == 0; };
    EstimatedBattery b;
    double said_pct = 50;
    double lowest_pct = 50;
    double highest_pct = 50;
    b.reading().soc_pct = said_pct;
    if (one_in(2)) b.reading().design_capacity_ah.reset();
    b.frame(0);
    for (int second = 0; second < 600; ++second) {
      if (one_in(50)) said_pct = static_cast<double>(random() % 101);
      if (one_in(5)) said_pct = std::min(100.0, said_pct + 0.1);
      if (one_in(60)) b.reading().design_capacity_ah = 50.0 + static_cast<double>(random() % 500);
      if (one_in(60))
        b.reading().full_ah = one_in(2) ? std::optional(40.0 + static_cast<double>(random() % 500)) : std::nullopt;
      if (one_in(60)) b.reading().current_a = static_cast<double>(random() % 200) - 100;
      if (one_in(40)) b.charge_is_full();
      if (one_in(80)) b.findings.cut_off = !b.findings.cut_off;
      b.reading().soc_pct = said_pct;
      b.frame();
      // 100 % is shown as 99 before the battery is full, and on the way between the two.
      lowest_pct = std::min(lowest_pct, std::min(said_pct, 99.0));
      highest_pct = std::max(highest_pct, said_pct);
      ASSERT_GE(b.soc(), lowest_pct) << "seed " << seed << ", second " << second;
      ASSERT_LE(b.soc(), highest_pct) << "seed " << seed << ", second " << second;
      if (said_pct <= 99) {
        ASSERT_EQ(b.soc(), said_pct) << "seed " << seed << ", second " << second;
      } else {
        ASSERT_GE(b.soc(), 99) << "seed " << seed << ", second " << second;
      }
    }
  }
}

TEST(SocProperty, NothingThatWeDoOurselvesIsAStep) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    const auto one_in = [&random](unsigned count) { return random() % count == 0; };
    EstimatedBattery b;
    b.reading().current_a = 0;
    if (one_in(2)) b.reading().design_capacity_ah.reset();
    b.frame(0);
    for (int second = 0; second < 600; ++second) {
      if (one_in(60)) {
        b.config.soc.source = one_in(2) ? SocSource::own : SocSource::bms;
        b.configure();
      }
      if (one_in(60)) b.reading().design_capacity_ah = 50.0 + static_cast<double>(random() % 500);
      if (one_in(40)) b.charge_is_full();
      if (one_in(80)) b.findings.cut_off = !b.findings.cut_off;
      const double before_pct = b.soc();
      b.frame();
      ASSERT_LE(std::abs(b.soc() - before_pct), 0.1 + 1e-9) << "seed " << seed << ", second " << second;
    }
  }
}

}  // namespace
}  // namespace bms::battery
