// Our control on the bench: every scenario stays within its bounds, with samples each 1, 2 and 5 s, and whichever
// charger is connected.
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "scenarios.hpp"

namespace bms::model {

void PrintTo(const Case& each, std::ostream* out) { *out << each.title; }

namespace {

constexpr double firm_ripple_a = 550, stiff_ripple_a = 1700, any_ripple_a = 1e6;

std::string printable(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '-', '_');
  return text;
}

void expect_safe(const Figures& figures, const Bounds& bounds) {
  EXPECT_LE(figures.peak_cell_v, bounds.peak_cell_v);
  EXPECT_TRUE(figures.too_high_s == 0 || bounds.peak_cell_v >= too_high_cell_v);
  EXPECT_LE(figures.ccl_excess_a, 1e-6);
  EXPECT_LE(figures.exported_before_ah, bounds.exported_ah);
  EXPECT_LE(figures.exported_after_ah, bounds.exported_ah);
  EXPECT_LE(figures.most_returns_per_hour, 2);
  EXPECT_EQ(figures.cut_offs, bounds.cut_offs);
  EXPECT_GE(figures.lowest_cell_v, bounds.lowest_cell_v);
  EXPECT_LE(figures.lowest_cell_v, bounds.reached_cell_v);
  EXPECT_TRUE(figures.sound);
}

void expect_done_in_time(const Figures& figures, const Bounds& bounds) {
  if (bounds.absorption_left_s == 0) return;
  ASSERT_TRUE(figures.absorption_left_s);
  EXPECT_LE(*figures.absorption_left_s, bounds.absorption_left_s);
}

class EachScenario : public testing::TestWithParam<std::tuple<Case, int>> {};

TEST_P(EachScenario, StaysWithinItsBounds) {
  const auto& [each, sample_s] = GetParam();
  const Figures figures = run_ours(each.scenario, sample_s);
  expect_safe(figures, each.bounds);
  expect_done_in_time(figures, each.bounds);
  EXPECT_LE(figures.ripple_a, each.bounds.ripple_a > 0 ? each.bounds.ripple_a : any_ripple_a);
  EXPECT_GE(figures.cvl_slack_v, -0.050 - each.scenario.pack.cells * each.bounds.cvl_per_cell_v);
}

TEST_P(EachScenario, StaysWithinItsBoundsWithFasterChargers) {
  const auto& [each, sample_s] = GetParam();
  if (each.scenario.feed_in == FeedIn::off || !each.bounds.any_charger) return;  // else CCL does the work
  for (const ChargerKind kind : {ChargerKind::firm, ChargerKind::stiff}) {
    SCOPED_TRACE(kind == ChargerKind::firm ? "firm" : "stiff");
    Scenario scenario = each.scenario;
    scenario.charger = kind;
    const Figures figures = run_ours(scenario, sample_s);
    expect_safe(figures, each.bounds);
    expect_done_in_time(figures, each.bounds);
    const double ripple_a = (kind == ChargerKind::firm ? firm_ripple_a : stiff_ripple_a) * scenario.sun_a / 100;
    EXPECT_LE(figures.ripple_a, each.bounds.ripple_a > 0 ? ripple_a : any_ripple_a);
  }
}

/// What is only configured differently swings no differently: two rates will do.
std::vector<std::tuple<Case, int>> cases_with_frames() {
  std::vector<std::tuple<Case, int>> all;
  for (const Case& each : cases()) {
    for (const int sample_s : {1, 2, 5}) {
      if (sample_s != 2 || each.scenario.config.empty()) all.emplace_back(each, sample_s);
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(ClosedLoop, EachScenario, testing::ValuesIn(cases_with_frames()), [](const auto& test) {
  return printable(std::get<0>(test.param).name) + "_" + std::to_string(std::get<1>(test.param)) + "s";
});

class AlarmsOf : public testing::TestWithParam<Case> {};

// A battery that does what its owner says raises no alarm; what does happen is reported once.
TEST_P(AlarmsOf, EachScenarioAreThoseThatMeanSomething) {
  const Case& each = GetParam();
  const driver::PipelineConfig config = pipeline_config_for(each.scenario, 1);
  DriverControl control(config);
  Bench bench(each.scenario, control, 1);
  const Figures& figures = bench.run();
  expect_safe(figures, each.bounds);
  expect_done_in_time(figures, each.bounds);
  EXPECT_EQ(control.refused(), 0);
  EXPECT_EQ(control.raised().text(), each.bounds.alarms);
  // A warning first, then the alarm.
  const auto levels = std::ranges::count_if(each.bounds.alarms, [](char letter) { return letter == '1'; }) +
                      2 * std::ranges::count_if(each.bounds.alarms, [](char letter) { return letter == '2'; });
  EXPECT_LE(control.raised().begun, levels);
  if (const auto lowest_v = control.raised().lowest_when_low_v) {
    EXPECT_LE(*lowest_v, *config.battery.alarms.low_cell_v.warning + 0.003) << "not on the way there";
    EXPECT_GT(*lowest_v, config.charge.cutoff_cell_v) << "but before the end";
  }
}

INSTANTIATE_TEST_SUITE_P(ClosedLoop, AlarmsOf, testing::ValuesIn(cases().begin(), cases().end()),
                         [](const auto& test) { return printable(test.param.name); });

TEST(ClosedLoop, the_driver_around_our_control_decides_nothing) {
  for (const char* name : {"runner-feed-in", "to-3v65-runner", "discharge-to-2v64"}) {
    const Scenario& scenario = case_named(name).scenario;
    DriverControl control(pipeline_config_for(scenario, 1));
    const Figures figures = Bench(scenario, control, 1).run();
    const Figures ours = run_ours(scenario, 1);
    EXPECT_EQ(figures.peak_cell_v, ours.peak_cell_v) << name;
    EXPECT_EQ(figures.lowest_cell_v, ours.lowest_cell_v) << name;
    EXPECT_EQ(figures.ripple_a, ours.ripple_a) << name;
  }
}

TEST(ClosedLoop, poll_rate_invariance) {
  for (const Case& each : cases()) {
    if (!each.alike_at_all_frames) continue;
    SCOPED_TRACE(each.name);
    const Figures reference = run_ours(each.scenario, 1);
    for (const int sample_s : {2, 5}) {
      SCOPED_TRACE(sample_s);
      const Figures figures = run_ours(each.scenario, sample_s);
      EXPECT_NEAR(figures.peak_cell_v, reference.peak_cell_v, 0.010);
      EXPECT_NEAR(figures.ripple_a, reference.ripple_a, 0.15 * reference.ripple_a);
      ASSERT_TRUE(figures.absorption_left_s && reference.absorption_left_s);
      EXPECT_NEAR(*figures.absorption_left_s, *reference.absorption_left_s, 0.03 * *reference.absorption_left_s);
    }
  }
}

TEST(Cases, HaveNamesOfTheirOwn) {
  for (const Case& each : cases()) EXPECT_EQ(std::ranges::count(cases(), each.name, &Case::name), 1) << each.name;
}

}  // namespace
}  // namespace bms::model
