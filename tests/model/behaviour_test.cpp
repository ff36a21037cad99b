// What only shows in closed loop.
#include <gtest/gtest.h>

#include <cmath>

#include "scenarios.hpp"

namespace bms::model {
namespace {

TEST(ClosedLoop, float_reached_with_runner) {
  const Scenario& scenario = case_named("runner").scenario;
  OurControl control(config_for(scenario, 1));
  Bench bench(scenario, control, 1);
  const Figures& figures = bench.run();
  ASSERT_TRUE(figures.absorption_left_s);
  EXPECT_EQ(bench.published().state, ChargeState::floating);
  EXPECT_EQ(figures.transitions, 3);
}

TEST(ClosedLoop, feedin_runner_peak) {
  for (const char* name : {"runner-feed-in", "fast-runner-feed-in", "strong-sun-feed-in"}) {
    const Figures figures = run_ours(case_named(name).scenario, 1);
    EXPECT_LE(figures.peak_cell_v, 3.52) << name;
    EXPECT_EQ(figures.too_high_s, 0) << name;
  }
}

TEST(ClosedLoop, no_export_below_rest_voltage) {
  const Scenario& scenario = case_named("runner-feed-in").scenario;
  const Figures figures = run_ours(scenario, 1);
  EXPECT_LE(figures.exported_before_ah, 0.15);
  EXPECT_LE(figures.exported_after_ah, 0.15);

  // Without following the resting voltage, float would sell what was just charged.
  charge::Config config = config_for(scenario, 1);
  config.float_follow = false;
  OurControl control(config);
  EXPECT_GT(Bench(scenario, control, 1).run().exported_after_ah, 1);
}

TEST(ClosedLoop, no_flap_with_wrong_bms_soc) {
  for (const double soc_pct : {0.0, 60.0, 79.0}) {
    Scenario scenario = case_named("balanced").scenario;
    scenario.false_soc_pct = soc_pct;
    const Figures figures = run_ours(scenario, 1);
    EXPECT_EQ(figures.transitions, 3) << soc_pct;
    EXPECT_TRUE(figures.absorption_left_s) << soc_pct;
  }
}

TEST(ClosedLoop, restart_in_float_stays_float) {
  const Scenario& scenario = case_named("balanced").scenario;
  OurControl control(config_for(scenario, 1));
  Bench bench(scenario, control, 1);
  while (bench.published().state != ChargeState::floating && bench.advance()) {
  }
  ASSERT_EQ(bench.published().state, ChargeState::floating);
  for (int second = 0; second < 300; ++second) bench.advance();
  const double before_v = *bench.published().cvl_v;
  control.restart();
  for (int second = 0; second < 1800; ++second) {
    bench.advance();
    ASSERT_EQ(bench.published().state, ChargeState::floating) << second;
    ASSERT_LE(*bench.published().cvl_v, before_v + 0.1) << second;
  }
}

TEST(ClosedLoop, restart_anywhere_overcharges_nothing) {
  const Scenario& scenario = case_named("strong-sun-feed-in").scenario;
  OurControl control(config_for(scenario, 1));
  Bench bench(scenario, control, 1);
  while (bench.advance()) {
    if (bench.second() % 400 == 0) control.restart();
  }
  EXPECT_LE(bench.figures().peak_cell_v, 3.52);
}

}  // namespace
}  // namespace bms::model
