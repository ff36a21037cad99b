// How fast current limits change, and what of it is published.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "charge/speed_rules.hpp"
#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

TEST(ChargeSpeed, reduction_same_cycle) {
  for (const Profile profile : {Profile::smooth, Profile::serialbattery_linear, Profile::serialbattery_step}) {
    Driven run;
    run.config.profile = profile;
    run.steps(even_frame(), 30);
    ASSERT_EQ(run.last.limits.charge_current_a, 140);
    Sample sample = even_frame();
    sample.temperatures_c = {4.9};
    EXPECT_LT(*run.step(sample).charge_current_a, 70) << "a little as well as a lot";
    sample.temperatures_c = {4.8};
    const double before_a = *run.last.limits.charge_current_a;
    EXPECT_LE(*run.step(sample).charge_current_a, before_a);
    EXPECT_LE(run.charge_a(), 140 * (.25 + .25 * 2.8 / 3) + 1e-9);
  }
}

TEST(ChargeSpeed, published_never_above_computed) {
  for (const Profile profile : {Profile::smooth, Profile::serialbattery_linear}) {
    Driven run;
    run.config.profile = profile;
    std::mt19937 random(1);
    std::normal_distribution<double> noise(0, 0.003);
    for (int second = 0; second < 5000; ++second) {
      const double cell_v = 3.42 + 0.04 * std::sin(second / 300.0) + noise(random);
      run.step(sample_with_cell(cell_v, 3.35, 20));
      // A state without a past computes what this sample allows; the filters only make it slower to forgive.
      const double allowed_a = run.charge_a();
      ASSERT_LE(*run.last.limits.charge_current_a, allowed_a + 1e-9) << second;
      if (profile == Profile::serialbattery_linear) {
        Driven fresh{.config = run.config};
        fresh.step(sample_with_cell(cell_v, 3.35, 20));
        ASSERT_LE(*run.last.limits.charge_current_a, fresh.charge_a() + 1e-9) << second;
      }
    }
  }
}

TEST(ChargeSpeed, RisesSlowlyAfterAHold) {
  Driven run;
  run.step(sample_with_cell(3.48));
  EXPECT_NEAR(run.charge_a(), 2.8, 1e-9);
  double before_a = run.charge_a();
  int risen_after_s = 0;
  for (int second = 1; second <= 200; ++second) {
    run.step(even_frame());
    if (risen_after_s == 0 && run.charge_a() > before_a) risen_after_s = second;
    EXPECT_LE(run.charge_a(), before_a + 1.4 + 1e-9);
    before_a = run.charge_a();
  }
  EXPECT_EQ(risen_after_s, 16);
  EXPECT_EQ(run.charge_a(), 140);
  EXPECT_EQ(run.last.limits.charge_current_a, 140);
}

TEST(ChargeSpeed, DischargeIsHeldTwiceAsLong) {
  Driven run;
  run.step(sample_with_cell(2.95));
  run.steps(even_frame(), 30);
  EXPECT_NEAR(run.discharge_a(), 42, 1e-9);
  run.steps(even_frame(), 10);
  EXPECT_GT(run.discharge_a(), 50);
}

TEST(ChargeSpeed, EveryDecreaseHoldsAnew) {
  AllowedCurrent current{.allowed_a = 50, .since_decrease_s = 100};
  const Speed pace{.base_a = 100, .hold_s = 15, .dt_s = 1, .may_rise = true};
  follow_computed(current, 49.99, {}, pace);
  for (int second = 0; second < 14; ++second) follow_computed(current, 100, {}, pace);
  EXPECT_DOUBLE_EQ(*current.allowed_a, 49.99);
  follow_computed(current, 49.98, {}, pace);
  for (int second = 0; second < 15; ++second) follow_computed(current, 100, {}, pace);
  EXPECT_DOUBLE_EQ(*current.allowed_a, 49.98);
  follow_computed(current, 100, {}, pace);
  EXPECT_DOUBLE_EQ(*current.allowed_a, 50.98);
}

TEST(ChargeSpeed, PublishesEveryDecreaseButOnlyWorthwhileIncreases) {
  AllowedCurrent current;
  const auto published = [&](double allowed_a, bool integer_amps = false) {
    current.allowed_a = allowed_a;
    return publish(current, 100, integer_amps);
  };
  EXPECT_EQ(published(50.09), 50);
  EXPECT_EQ(published(49.99), 49.9);
  EXPECT_EQ(published(50.5), 49.9);
  EXPECT_EQ(published(50.95), 50.9);
  EXPECT_EQ(published(0.05), 0);
  EXPECT_EQ(published(0.15), 0.1) << "zero is left at once";
  EXPECT_EQ(published(99.5), 99.5);
  EXPECT_EQ(published(100), 100) << "the end is reached";
  EXPECT_EQ(published(9.9, true), 9);
  EXPECT_EQ(published(0.9, true), 0);
  EXPECT_EQ(published(12.37, true), 12.3);
}

TEST(ChargeSpeed, RestartBeginsWithTheKeptFactor) {
  Driven run;
  run.steps(sample_with_cell(3.46), 10);
  const double before_a = run.charge_a();
  run.restart();
  run.step(even_frame());
  EXPECT_NEAR(run.charge_a(), before_a, 1e-9);
  EXPECT_EQ(run.steps(even_frame(), 200).charge_current_a, 140);
}

TEST(ChargeSpeed, ReopenedFetBeginsLow) {
  Driven run;
  run.steps(even_frame(), 30);
  Sample open = even_frame();
  open.charge_fet = false;
  EXPECT_EQ(run.step(open).charge_current_a, 0);
  run.steps(open, 60);
  const Limits reopened = run.step(even_frame());
  EXPECT_LE(*reopened.charge_current_a, 7);
  EXPECT_EQ(reopened.discharge_current_a, 140);
  run.steps(even_frame(), 30);
  EXPECT_GT(run.charge_a(), 7);
  EXPECT_LT(run.charge_a(), 140);
}

TEST(ChargeSpeed, LoweredMaximumCountsAtOnce) {
  Driven run;
  run.steps(even_frame(), 30);
  run.config.max_charge_current = {20};
  EXPECT_EQ(run.step(even_frame()).charge_current_a, 20);
  run.config.max_charge_current = {140};
  EXPECT_LE(*run.step(even_frame()).charge_current_a, 20);
  EXPECT_EQ(run.steps(even_frame(), 200).charge_current_a, 140);
}

TEST(ChargeSpeed, poll_rate_invariance) {
  // The same cells, seen every 1, 2 or 5 s: the same limits in the same places.
  const auto limits_at = [](double dt_s) {
    Driven run;
    std::vector<double> limits_a;
    for (double now_s = 0; now_s <= 1200; now_s += dt_s) {
      const double cell_v = 3.38 + 0.1 * std::sin(now_s / 200);
      run.step(sample_with_cell(cell_v, 3.35, 20), dt_s);
      if (std::fmod(now_s, 60) == 0) limits_a.push_back(run.charge_a());
    }
    return limits_a;
  };
  const auto reference_a = limits_at(1);
  for (const double dt_s : {2.0, 5.0}) {
    const auto compared_a = limits_at(dt_s);
    ASSERT_EQ(compared_a.size(), reference_a.size());
    for (std::size_t i = 0; i < reference_a.size(); ++i) EXPECT_NEAR(compared_a[i], reference_a[i], 8) << i;
  }
}

// Time is what the caller counts; a gap of a day is not a day of waiting.
TEST(ChargeSpeed, clock_step_no_effect) {
  Driven run;
  run.step(sample_with_cell(3.48));
  const double before_a = run.charge_a();
  run.step(sample_with_cell(3.44), 86400);
  EXPECT_LE(run.charge_a(), before_a + 3 * 1.4);
  const double held_s = run.state.kept.held_s;
  run.step(even_frame(3.45), 86400);
  EXPECT_LE(run.state.kept.held_s, held_s + 15);
}

}  // namespace
}  // namespace bms::charge
