// Rules between options: what nobody has set follows what somebody has, and what contradicts itself is named.
#include "config/fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "config/config.hpp"
#include "config/options.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"

namespace bms::config {
namespace {

Config read(const std::string& lines) {
  std::istringstream in("[default]\n" + lines);
  return Config::read(in);
}

Settings settings_of(const std::string& lines) {
  const Config config = read(lines);
  EXPECT_TRUE(config.faults().empty()) << config.faults().front().text();
  return config.settings_for({});
}

double number_of(Settings settings, std::string_view option) { return option_named(option).number(settings).value(); }

void expect_numbers(const std::string& lines, const std::vector<std::pair<const char*, double>>& expected) {
  SCOPED_TRACE(lines);
  const Settings settings = settings_of(lines);
  for (const auto& [option, value] : expected) EXPECT_NEAR(number_of(settings, option), value, 1e-9) << option;
}

// ---- High cells ----

struct Target {
  const char* lines;
  double balancing_v, warning_v, alarm_v;
};

TEST(Fit, ThresholdsOfHighCellsFollowTheTarget) {
  const Target targets[] = {
      {"absorption_cell_voltage = 3.40\n", 3.55, 3.58, 3.62},
      {"absorption_cell_voltage = 3.50\n", 3.55, 3.58, 3.62},
      {"absorption_cell_voltage = 3.55\n", 3.55, 3.63, 3.67},
      {"absorption_cell_voltage = 3.60\n", 3.60, 3.68, 3.72},
      {"absorption_cell_voltage = 3.65\n", 3.65, 3.70, 3.74},
      {"chemistry = Li-ion\nabsorption_cell_voltage = 4.15\n", 4.15, 4.23, 4.27},
      {"chemistry = Li-ion\nabsorption_cell_voltage = 4.20\n", 4.20, 4.28, 4.30},
      {"chemistry = Li-ion\nabsorption_cell_voltage = 4.25\n", 4.25, 4.28, 4.30},
      {"chemistry = LTO\nabsorption_cell_voltage = 2.80\n", 2.80, 2.88, 2.92},
      {"chemistry = LTO\nabsorption_cell_voltage = 2.85\n", 2.85, 2.91, 2.95},
  };
  for (const Target& target : targets) {
    expect_numbers(target.lines, {{"balancing_cell_voltage", target.balancing_v},
                                  {"high_cell_voltage_warning", target.warning_v},
                                  {"high_cell_voltage_alarm", target.alarm_v}});
    const Settings settings = settings_of(target.lines);
    EXPECT_EQ(settings.charge.warned_cell_v, target.warning_v) << target.lines;
    EXPECT_GE(settings.charge.borne_cell_v, target.warning_v) << target.lines;
  }
}

TEST(Fit, AnOwnCurveLiftsThemAsWell) {
  expect_numbers(
      "charge_cell_curve = 3.45:1, 3.60:0.1, 3.66:0\n",
      {{"high_cell_voltage_warning", 3.67}, {"high_cell_voltage_alarm", 3.71}, {"absorption_cell_voltage", 3.45}});
  expect_numbers("charge_cell_curve = 3.30:1, 3.40:0\n",
                 {{"absorption_cell_voltage", 3.40}, {"float_cell_voltage", 3.375}});
}

TEST(Fit, TheTargetStaysBelowAThresholdThatSomebodyHasSet) {
  expect_numbers("high_cell_voltage_warning = 3.48\n",
                 {{"absorption_cell_voltage", 3.43}, {"high_cell_voltage_alarm", 3.62}});
  expect_numbers("high_cell_voltage_alarm = 3.45\n",
                 {{"absorption_cell_voltage", 3.40}, {"high_cell_voltage_warning", 3.45}});
  expect_numbers("high_cell_voltage_alarm = off\nabsorption_cell_voltage = 3.60\n",
                 {{"high_cell_voltage_warning", 3.68}});
  expect_numbers("balancing_cell_voltage = 3.40\n", {{"absorption_cell_voltage", 3.40}});
}

// ---- Low cells ----

TEST(Fit, EverythingAboutLowCellsFollowsTheMinimum) {
  struct Minimum {
    double min_v, cutoff_v, alarm_v, warning_v, reopen_v, reopen_charging_v;
  };
  const Minimum minima[] = {
      {3.00, 2.90, 2.95, 3.05, 3.15, 3.00}, {2.90, 2.80, 2.85, 2.95, 3.05, 2.90}, {2.75, 2.65, 2.70, 2.80, 2.90, 2.75},
      {2.64, 2.54, 2.59, 2.69, 2.79, 2.64}, {2.55, 2.50, 2.52, 2.60, 2.75, 2.60}, {2.50, 2.50, 2.52, 2.55, 2.75, 2.60},
      {2.30, 2.30, 2.32, 2.35, 2.55, 2.40},
  };
  for (const Minimum& minimum : minima) {
    expect_numbers("min_cell_voltage = " + number_text(minimum.min_v) + "\n",
                   {{"cutoff_cell_voltage", minimum.cutoff_v},
                    {"low_cell_voltage_alarm", minimum.alarm_v},
                    {"low_cell_voltage_warning", minimum.warning_v},
                    {"reopen_cell_voltage", minimum.reopen_v},
                    {"reopen_charging_cell_voltage", minimum.reopen_charging_v}});
  }
  expect_numbers("chemistry = Li-ion\nmin_cell_voltage = 3.0\n",
                 {{"cutoff_cell_voltage", 2.9}, {"low_cell_voltage_warning", 3.05}, {"reopen_cell_voltage", 3.15}});
  expect_numbers("chemistry = LTO\nmin_cell_voltage = 1.7\n",
                 {{"cutoff_cell_voltage", 1.6}, {"low_cell_voltage_warning", 1.75}, {"reopen_cell_voltage", 1.85}});
}

TEST(Fit, TheMinimumFollowsTheCutOffAndTheCurve) {
  expect_numbers("cutoff_cell_voltage = 2.60\n",
                 {{"min_cell_voltage", 2.70}, {"low_cell_voltage_warning", 2.75}, {"reopen_cell_voltage", 2.85}});
  expect_numbers("discharge_cell_curve = 2.55:0.02, 2.80:1\n",
                 {{"min_cell_voltage", 2.65}, {"cutoff_cell_voltage", 2.55}, {"low_cell_voltage_alarm", 2.60}});
  expect_numbers("discharge_cell_curve = 2.70:0, 2.80:0.1, 2.90:0.5, 3.10:1\nmin_cell_voltage = 3.0\n",
                 {{"cutoff_cell_voltage", 2.70}, {"low_cell_voltage_warning", 3.05}});
  expect_numbers("discharge_cell_curve = 2.90:0, 3.00:0.1, 3.10:1\n",
                 {{"min_cell_voltage", 2.90}, {"cutoff_cell_voltage", 2.80}});
  expect_numbers("min_cell_voltage = 3.2\ncutoff_cell_voltage = 2.9\n",
                 {{"reopen_cell_voltage", 3.35}, {"reopen_charging_cell_voltage", 3.2}});
}

TEST(Fit, WhatIsSetStays) {
  expect_numbers("absorption_cell_voltage = 3.60\nhigh_cell_voltage_warning = 3.64\nhigh_cell_voltage_alarm = 3.66\n",
                 {{"high_cell_voltage_warning", 3.64}, {"high_cell_voltage_alarm", 3.66}});
  expect_numbers("min_cell_voltage = 2.64\ncutoff_cell_voltage = 2.64\nlow_cell_voltage_warning = 2.9\n",
                 {{"cutoff_cell_voltage", 2.64}, {"low_cell_voltage_warning", 2.9}, {"low_cell_voltage_alarm", 2.66}});
}

// ---- Others ----

TEST(Fit, OfTwoThatBelongTogetherTheOtherOneFollows) {
  const std::pair<const char*, std::pair<const char*, double>> cases[] = {
      {"low_soc_alarm = 25\n", {"low_soc_warning", 25}},
      {"low_soc_warning = 5\n", {"low_soc_alarm", 5}},
      {"mos_temperature_warning = 100\n", {"mos_temperature_alarm", 100}},
      {"imbalance_top_warning = 0.3\n", {"imbalance_top_alarm", 0.3}},
      {"stuck_fet_warning = 9\n", {"stuck_fet_alarm", 9}},
      {"soh_warning = 50\n", {"soh_alarm", 50}},
      {"low_cell_voltage_warning = 2.7\n", {"low_cell_voltage_alarm", 2.7}},
      {"keep_min_cell_voltage = 3.40\n", {"keep_max_cell_voltage", 3.45}},
      {"absorption_cap = 600\n", {"absorption_time", 600}},
      {"balancing_cap = 600\n", {"balancing_time", 600}},
      {"release_after = 10\n", {"stale_after", 9}},
      {"stale_after = 60\n", {"release_after", 61}},
      {"absorption_spread = 0.1\n", {"rebulk_spread", 0.12}},
      {"float_cell_voltage = 3.30\n", {"rebulk_cell_voltage", 3.27}},
  };
  for (const auto& [lines, expected] : cases) expect_numbers(lines, {expected});
}

struct Clash {
  const char* name;
  const char* lines;
  const char* says;
  const char* falls_back_to;
};

class ClashOf : public testing::TestWithParam<Clash> {};

TEST_P(ClashOf, TwoIsNamedWithWhatGivesWay) {
  const Config config = read(GetParam().lines);
  for (const Fault& fault : config.faults()) SCOPED_TRACE(fault.text());
  ASSERT_EQ(config.faults().size(), 1U);
  EXPECT_THAT(config.faults()[0].message, testing::HasSubstr(GetParam().says));
  EXPECT_THAT(config.faults()[0].fallback, testing::HasSubstr(GetParam().falls_back_to));
  EXPECT_EQ(config.faults()[0].line, 3);
}

INSTANTIATE_TEST_SUITE_P(
    Fit, ClashOf,
    testing::Values(
        Clash{"warning", "absorption_cell_voltage = 3.60\nhigh_cell_voltage_warning = 3.55\n",
              "absorption_cell_voltage = 3.6 V must be below high_cell_voltage_warning = 3.55 V",
              "high_cell_voltage_warning = 3.68 V is used"},
        Clash{"warning_too_near", "high_cell_voltage_warning = 3.62\nabsorption_cell_voltage = 3.60\n",
              "must be at least 0.03 V below high_cell_voltage_warning = 3.62 V", "high_cell_voltage_warning = 3.68 V"},
        Clash{"alarm", "absorption_cell_voltage = 3.60\nhigh_cell_voltage_alarm = 3.60\n",
              "must be below high_cell_voltage_alarm = 3.6 V", "high_cell_voltage_alarm = 3.72 V is used"},
        Clash{"curve", "charge_cell_curve = 3.4:1, 3.53:0\nabsorption_cell_voltage = 3.60\n",
              "absorption_cell_voltage = 3.6 V must not be above the last point of charge_cell_curve = 3.53 V",
              "absorption_cell_voltage = 3.45 V is used"},
        Clash{"curve_and_warning", "charge_cell_curve = 3.4:1, 3.60:0\nhigh_cell_voltage_warning = 3.55\n",
              "the last point of charge_cell_curve = 3.6 V must be below high_cell_voltage_warning = 3.55 V",
              "high_cell_voltage_warning = 3.61 V is used"},
        Clash{"cutoff", "min_cell_voltage = 2.64\ncutoff_cell_voltage = 2.80\n",
              "cutoff_cell_voltage = 2.8 V must not be above min_cell_voltage = 2.64 V",
              "min_cell_voltage = 2.9 V is used"},
        Clash{"reopen", "cutoff_cell_voltage = 2.80\nreopen_cell_voltage = 2.82\n",
              "cutoff_cell_voltage = 2.8 V must be at least 0.05 V below reopen_cell_voltage = 2.82 V",
              "reopen_cell_voltage = 3.05 V is used"},
        Clash{"balancing", "absorption_cell_voltage = 3.60\nbalancing_cell_voltage = 3.55\n", "must not be above",
              "balancing_cell_voltage = 3.6 V is used"}),
    [](const auto& clash) { return clash.param.name; });

TEST(Fit, SaysWhatFollowsWhat) {
  const Config config = read("absorption_cell_voltage = 3.60\nmin_cell_voltage = 2.64\n");
  std::vector<std::string> followed;
  for (const Explanation& one : config.explain({})) {
    if (one.from.starts_with("follows")) followed.push_back(one.name + " = " + one.value + " " + one.from);
  }
  EXPECT_THAT(followed,
              testing::UnorderedElementsAre("balancing_cell_voltage = 3.6 follows absorption_cell_voltage",
                                            "high_cell_voltage_warning = 3.68 follows absorption_cell_voltage",
                                            "high_cell_voltage_alarm = 3.72 follows high_cell_voltage_warning",
                                            "cutoff_cell_voltage = 2.54 follows min_cell_voltage",
                                            "low_cell_voltage_warning = 2.69 follows min_cell_voltage",
                                            "low_cell_voltage_alarm = 2.59 follows min_cell_voltage",
                                            "reopen_cell_voltage = 2.79 follows cutoff_cell_voltage",
                                            "reopen_charging_cell_voltage = 2.64 follows cutoff_cell_voltage"));
}

TEST(Fit, ASectionLeadsWhatTheDefaultSectionHasNotSet) {
  std::istringstream in("[default]\nhigh_cell_voltage_alarm = 3.70\n[battery x]\nabsorption_cell_voltage = 3.55\n");
  const Config config = Config::read(in);
  EXPECT_TRUE(config.faults().empty());
  EXPECT_EQ(config.settings_for({"x"}).battery.alarms.high_cell_v.warning, 3.63);
  EXPECT_EQ(config.settings_for({"x"}).battery.alarms.high_cell_v.alarm, 3.70);
  EXPECT_EQ(config.settings_for({"y"}).battery.alarms.high_cell_v.warning, 3.58);
}

// ---- While the battery is in use ----

TEST(Fit, ChoicesLeadAsIfTheyStoodInTheFile) {
  const Settings high = settings_of("absorption_cell_voltage = 3.60\nfloat_cell_voltage = 3.50\n");
  const Choice lower[] = {{"absorption_cell_voltage", 3.45}, {"float_cell_voltage", 3.30}};
  const Settings chosen = with_choices(high, lower);
  EXPECT_EQ(chosen.charge.absorption_cell_v, 3.45);
  EXPECT_EQ(chosen.battery.absorption_cell_v, 3.45);
  EXPECT_EQ(chosen.battery.alarms.high_cell_v.warning, 3.58) << "back to where it would be by itself";
  EXPECT_EQ(chosen.battery.alarms.high_cell_v.alarm, 3.62);
  EXPECT_EQ(chosen.charge.warned_cell_v, 3.58);
  EXPECT_EQ(chosen.charge.balancing_cell_v, 3.55);
  EXPECT_EQ(chosen.charge.rebulk_cell_v, 3.27) << "else it would go back to bulk for ever";
  const Settings again = with_choices(chosen, {});
  EXPECT_EQ(again.charge.rebulk_cell_v, 3.27);
}

TEST(Fit, WhatIsSetYieldsToAChoice) {
  const Settings settings = settings_of("rebulk_cell_voltage = 3.34\n");
  const Choice lower[] = {{"float_cell_voltage", 3.30}};
  EXPECT_EQ(with_choices(settings, lower).charge.rebulk_cell_v, 3.29);
  EXPECT_EQ(with_choices(settings, {}).charge.rebulk_cell_v, 3.34);
}

// ---- Whatever is set ----

bool holds(const FollowRule& rule, Settings& settings) {
  const auto option = option_named(rule.option).number(settings);
  const auto leader = rule.leader.of(settings);
  if (!option || !leader) return true;
  const double apart = *option - *leader - rule.apart;
  return rule.way == Way::at_least ? apart > -1e-6 : rule.way == Way::at_most ? apart < 1e-6 : std::abs(apart) < 1e-6;
}

TEST(Fit, AtTheDefaultsOfEveryChemistryAllRulesHold) {
  for (const Chemistry chemistry : {Chemistry::lfp, Chemistry::li_ion, Chemistry::lto}) {
    Settings settings = preset_settings(chemistry);
    EXPECT_EQ(broken_rule(settings), nullptr);
    for (const FollowRule& rule : follow_rules()) EXPECT_TRUE(holds(rule, settings)) << rule.option << words_of(rule);
  }
}

TEST(Fit, RulesNameOptionsThatThereAre) {
  for (const FollowRule& rule : follow_rules()) {
    Settings settings;
    EXPECT_TRUE(option_named(rule.option).number(settings)) << rule.option << " cannot follow";
    EXPECT_NO_THROW((void)rule.leader.of(settings)) << rule.leader.option;
  }
  for (const OrderRule& rule : order_rules()) {
    EXPECT_TRUE(rule.yields == rule.lower.option || rule.yields == rule.upper.option) << rule.yields;
  }
}

TEST(Fit, WordsSayWhatRulesDo) {
  const FollowRule warning{"high_cell_voltage_warning", Way::at_least, 0.08, {"absorption_cell_voltage"}};
  EXPECT_EQ(words_of(warning, "`"), "at least 0.08 V above `absorption_cell_voltage`");
  EXPECT_EQ(words_of(FollowRule{"rebulk_cell_voltage", Way::at_most, -0.03, {"float_cell_voltage"}}),
            "at least 0.03 V below float_cell_voltage");
  EXPECT_EQ(words_of(FollowRule{"min_cell_voltage", Way::at_most, 0.1, {"discharge_cell_curve", Part::first_point}}),
            "at most 0.1 V above the first point of discharge_cell_curve");
  EXPECT_EQ(words_of(FollowRule{"cutoff_cell_voltage", Way::exactly, -0.1, {"min_cell_voltage"}}),
            "0.1 V below min_cell_voltage");
}

/// Some options of the rules, each somewhere in the range it may have.
class SomeOptions {
 public:
  explicit SomeOptions(unsigned seed) : random_(seed) {}

  std::string lines(std::vector<std::string>& names) {
    static constexpr const char* chemistries[] = {"LFP", "Li-ion", "LTO"};
    const unsigned chemistry = below(3);
    std::string text = std::string("chemistry = ") + chemistries[chemistry] + "\n";
    const unsigned count = 1 + below(4);
    for (unsigned i = 0; i < count; ++i) {
      const std::string name(follow_rules()[below(static_cast<unsigned>(follow_rules().size()))].option);
      if (std::ranges::find(names, name) != names.end()) continue;
      names.push_back(name);
      text += name + " = " + value(name, chemistry) + "\n";
    }
    return text;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  std::string value(const std::string& name, unsigned chemistry) {
    const auto row = std::ranges::find(cell_range_rows(), name, &CellRangeRow::option);
    Settings preset = preset_settings(static_cast<Chemistry>(chemistry));
    const double usual = option_named(name).number(preset).value();
    const double share = below(1001) / 1000.0;
    if (row == cell_range_rows().end()) return number_text(std::round(usual * (800 + 400 * share)) / 1000);
    const CellRange& range = row->ranges[chemistry];
    return number_text(std::round((range.min_v + share * (range.max_v - range.min_v)) * 1000) / 1000);
  }

  std::mt19937 random_;
};

TEST(Fit, WhateverIsSetEverythingFitsTogetherAfterwards) {
  unsigned clean = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    SomeOptions some(seed);
    std::vector<std::string> names;
    const std::string lines = some.lines(names);
    SCOPED_TRACE(lines);
    const Config config = read(lines);
    Settings settings = config.settings_for({});
    const OrderRule* broken = broken_rule(settings);
    EXPECT_EQ(broken, nullptr) << broken->lower.option << " " << words_of(*broken);
    clean += config.faults().empty() ? 1 : 0;
    for (const Fault& fault : config.faults()) {
      EXPECT_TRUE(std::ranges::any_of(names, [&](const std::string& name) { return fault.message.contains(name); }))
          << fault.text();
    }
    // What has followed has arrived: once more changes nothing.
    Settings again = settings;
    let_follow(again);
    for (const FollowRule& rule : follow_rules()) {
      EXPECT_EQ(option_named(rule.option).number(again), option_named(rule.option).number(settings)) << rule.option;
    }
    // And a battery with it has thresholds in a sound order.
    const charge::Config& charge = settings.charge;
    const battery::AlarmConfig& alarms = settings.battery.alarms;
    EXPECT_LT(charge.absorption_cell_v, *alarms.high_cell_v.warning);
    EXPECT_LE(*alarms.high_cell_v.warning, *alarms.high_cell_v.alarm);
    EXPECT_LE(*alarms.low_cell_v.alarm, *alarms.low_cell_v.warning);
    EXPECT_LE(charge.cutoff_cell_v, charge.min_cell_v);
    EXPECT_LT(charge.cutoff_cell_v, charge.reopen_cell_v);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(clean, 1000U) << "most of it fits without a word";
}

}  // namespace
}  // namespace bms::config
