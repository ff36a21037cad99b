// What takes the place of options that cannot be used, and where each value comes from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "config/config.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"

namespace bms::config {
namespace {

Config read(const std::string& text) {
  std::istringstream in(text);
  return Config::read(in);
}

struct Case {
  const char* name;
  const char* text;
  const char* option;  ///< of battery x
  const char* value;
};

class Fallback : public testing::TestWithParam<Case> {};

TEST_P(Fallback, IsTheInheritedValueOrASaferOne) {
  const Config config = read(GetParam().text);
  ASSERT_EQ(config.faults().size(), 1U);
  Settings settings = config.settings_for({"x"});
  EXPECT_EQ(battery_options().find(GetParam().option)->option->text(settings), GetParam().value)
      << config.faults()[0].text();
  EXPECT_THAT(config.faults()[0].fallback, testing::StartsWith(GetParam().option));
}

INSTANTIATE_TEST_SUITE_P(
    Options, Fallback,
    testing::Values(
        Case{"built_in", "[default]\nmax_charge_current = 8O\n", "max_charge_current", "50"},
        Case{"inherited_smaller", "[default]\nmax_charge_current = 20\n[battery x]\nmax_charge_current = 3o\n",
             "max_charge_current", "20"},
        Case{"inherited_larger", "[default]\nmax_charge_current = 200\n[battery x]\nmax_charge_current = 3o\n",
             "max_charge_current", "50"},
        Case{"inherited_rate", "[default]\nmax_charge_current = 0.5C\n[battery x]\nmax_charge_current = 3o\n",
             "max_charge_current", "0.5C, at most 50"},
        Case{"discharge", "[default]\nmax_discharge_current = 200\n[battery x]\nmax_discharge_current = -3\n",
             "max_discharge_current", "60"},
        Case{"voltage_up", "[default]\nabsorption_cell_voltage = 3.5\n[battery x]\nabsorption_cell_voltage = 3,4\n",
             "absorption_cell_voltage", "3.45"},
        Case{"voltage_down", "[default]\nabsorption_cell_voltage = 3.4\n[battery x]\nabsorption_cell_voltage = 34\n",
             "absorption_cell_voltage", "3.4"},
        Case{"beyond_chemistry",
             "[default]\nabsorption_cell_voltage = 3.4\n[battery x]\nabsorption_cell_voltage = 3.7\n",
             "absorption_cell_voltage", "3.4"},
        Case{"contradiction", "[default]\nfloat_cell_voltage = 3.35\n[battery x]\nfloat_cell_voltage = 3.5\n",
             "float_cell_voltage", "3.35"},
        Case{"low_end", "[default]\nmin_cell_voltage = 2.5\n[battery x]\nmin_cell_voltage = low\n", "min_cell_voltage",
             "2.9"},
        Case{"low_end_high", "[default]\nmin_cell_voltage = 3.1\n[battery x]\nmin_cell_voltage = low\n",
             "min_cell_voltage", "3.1"},
        Case{"curve_off",
             "[default]\ncharge_temperature_curve = off\n[battery x]\ncharge_temperature_curve = 0:0, 0:1\n",
             "charge_temperature_curve", "0:0, 2:0.25, 5:0.5, 10:1, 40:1, 45:0.5, 50:0.25, 55:0"},
        Case{"role", "[default]\ntemperature_1.role = unused\n[battery x]\ntemperature_1.role = celll\n",
             "temperature_1.role", "cell"},
        Case{"no_side_is_safe", "[default]\npoll_interval = 5\n[battery x]\npoll_interval = 0\n", "poll_interval", "5"},
        Case{"twice_first_larger", "[battery x]\nmax_charge_current = 30\nmax_charge_current = 20\n",
             "max_charge_current", "20"},
        Case{"twice_first_smaller", "[battery x]\nmax_charge_current = 20\nmax_charge_current = 30\n",
             "max_charge_current", "20"},
        Case{"twice_in_reopened", "[battery x]\nname = a\n[default]\n[battery x]\nname = b\n", "name", "a"}),
    [](const auto& one) { return one.param.name; });

TEST(Fallbacks, AMisspeltChemistrySwitchesChargingOff) {
  const Config config =
      read("[default]\nmax_charge_current = 30\n[battery x]\nchemistry = LiFe\n[battery y]\nname = y\n");
  EXPECT_EQ(config.settings_for({"x"}).charge.max_charge_current, charge::Amperes{0});
  EXPECT_EQ(config.settings_for({"x"}).charge.max_discharge_current, charge::Amperes{60});
  EXPECT_EQ(config.settings_for({"y"}).charge.max_charge_current, charge::Amperes{30});
  EXPECT_EQ(
      read("[default]\nchemistry = x\n[battery x]\nchemistry = LFP\n").settings_for({"x"}).charge.max_charge_current,
      charge::Amperes{50});
}

TEST(Fallbacks, WhatNobodyHasSetFollowsSilently) {
  const Config config = read("[default]\nabsorption_cell_voltage = 3.35\nrelease_after = 10\nlow_soc_alarm = 25\n");
  EXPECT_TRUE(config.faults().empty()) << config.faults()[0].text();
  const Settings settings = config.settings_for({});
  EXPECT_EQ(settings.charge.float_cell_v, 3.35);
  EXPECT_EQ(settings.stale_after_s, 9);
  EXPECT_EQ(settings.battery.alarms.low_soc.warning, 25);
}

TEST(Fallbacks, AContradictionOfTwoSectionsIsPutRightEvenIfNobodyForesawIt) {
  const Config config =
      read("[battery ttyUSB0]\nfloat_cell_voltage = 3.44\n[battery JBD:1]\nabsorption_cell_voltage = 3.4\n");
  EXPECT_TRUE(config.faults().empty());
  EXPECT_EQ(config.settings_for({"ttyUSB0", "JBD:1"}).charge.float_cell_v, 3.375);
}

TEST(Chemistry, SetsTheStartValuesAndTheRestAppliesOnTop) {
  const Config config = read(
      "[default]\nabsorption_cell_voltage = 3.5\nmax_charge_current = 20\n"
      "charge_cell_curve = 3.3:1, 3.5:0\n"
      "[battery l]\nmin_cell_voltage = 2\nchemistry = lto\n[battery n]\nchemistry = Li-ion\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults()[0].text();
  const Settings lto = config.settings_for({"l"});
  EXPECT_EQ(lto.chemistry, Chemistry::lto);
  EXPECT_EQ(lto.charge.absorption_cell_v, 2.65) << "3.5 V were said of another chemistry";
  EXPECT_TRUE(lto.charge.charge_cell_curve.empty());
  EXPECT_EQ(lto.charge.min_cell_v, 2);
  EXPECT_EQ(lto.charge.max_charge_current, charge::Amperes{20});
  EXPECT_EQ(lto.battery.absorption_cell_v, 2.65);
  EXPECT_EQ(lto.battery.alarms.high_cell_v.alarm, 2.8);
  EXPECT_EQ(config.settings_for({"n"}).charge.charge_knee_scale, 0.75);
  EXPECT_EQ(config.settings_for({"other"}).charge.absorption_cell_v, 3.5);
}

// ---- Explanations ----

std::string from(const Config& config, std::initializer_list<std::string_view> names, std::string_view option) {
  for (const Explanation& one : config.explain(names)) {
    if (one.name == option) return one.value + " | " + one.from;
  }
  return "not there";
}

TEST(Explain, SaysWhereEachValueComesFrom) {
  const Config config = read(
      "[default]\nchemistry = LTO\nmax_charge_current = 20\nfloat_cell_voltage = 2.45\n"
      "[battery ttyUSB0]\nmax_charge_current = 30\ntemperature_2.name = Top\npoll_interval = x\n");
  const std::initializer_list<std::string_view> names{"ttyUSB0", "JBD:1"};
  EXPECT_EQ(from(config, names, "chemistry"), "LTO | config.ini:2 [default]");
  EXPECT_EQ(from(config, names, "max_charge_current"), "30 | config.ini:6 [battery ttyUSB0]");
  EXPECT_EQ(from(config, {}, "max_charge_current"), "20 | config.ini:3 [default]");
  EXPECT_EQ(from(config, names, "absorption_cell_voltage"), "2.65 | preset LTO");
  EXPECT_EQ(from(config, names, "max_discharge_current"), "60 | default");
  EXPECT_EQ(from(config, names, "poll_interval"), "1 | instead of config.ini:8");
  EXPECT_EQ(from(config, names, "temperature_2.name"), "Top | config.ini:7 [battery ttyUSB0]");
  EXPECT_EQ(from(config, names, "temperature_1.name"), "not there");
  EXPECT_EQ(from(read(""), {}, "absorption_cell_voltage"), "3.45 | default");
  EXPECT_EQ(from(read("[default]\nabsorption_cell_voltage = 3.35\n"), {}, "float_cell_voltage"),
            "3.35 | follows absorption_cell_voltage");
}

// ---- Garbage ----

/// Files that are nearly right, which is worse than noise.
class Garbage {
 public:
  explicit Garbage(unsigned seed) : random_(seed) {}

  std::string file() {
    static const std::vector<std::string> headers{
        "[default]", "[battery x]", "[battery y]", "[battery]", "[DEFAULT]", "[", "[]", "", "]", "[mqtt]"};
    std::string text = below(3) == 0 ? "" : pick(headers) + "\n";
    const unsigned lines = below(30);
    for (unsigned i = 0; i < lines; ++i) {
      switch (below(12)) {
        case 0: text += pick(headers); break;
        case 1: text += noise(below(300)); break;
        case 2: text += "    " + value(); break;
        default: text += line();
      }
      text += below(20) == 0 ? "\r\n" : "\n";
    }
    return text;
  }

 private:
  unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit - 1)(random_); }

  const std::string& pick(const std::vector<std::string>& from) {
    return from[below(static_cast<unsigned>(from.size()))];
  }

  std::string noise(unsigned size) {
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += static_cast<char>(below(256));
    return text;
  }

  std::string line() {
    const OptionGroup& group =
        battery_options().groups()[below(static_cast<unsigned>(battery_options().groups().size()))];
    const Option& option = group.options[below(static_cast<unsigned>(group.options.size()))];
    std::string name = Named{&option, 2}.name();
    if (below(8) == 0) {
      char& letter = name[below(static_cast<unsigned>(name.size()))];
      letter = static_cast<char>(below(256));
    }
    Settings settings = preset_settings(static_cast<Chemistry>(below(3)));
    const std::string equals = below(10) == 0 ? ":" : " = ";
    return name + equals + (below(2) == 0 ? value() : option.text(settings));
  }

  std::string value() {
    static const std::vector<std::string> words{
        "",     "off",   "yes",  "-1",  "1e308", "-1e308", "nan",   "inf",           "C",     "0C",      "5C",
        "auto", "LFP",   "LTO",  "own", "bms",   "Li-ion", "1-127", "1,2,3",         "0:0",   "0:0,1:1", "3:1,3.6:0",
        "3.4",  "3.400", "2.95", "100", "3000",  "2",      "\"",    "\"a # b ; c\"", "-5:1,", "#",       "external"};
    return below(4) == 0 ? noise(below(20)) : below(4) == 0 ? number_text(below(4500) / 1000.0) : pick(words);
  }

  std::mt19937 random_;
};

/// Whether a line of the file is what decides the option.
bool is_said(const std::vector<Explanation>& explained, std::string_view name) {
  const auto found = std::ranges::find(explained, name, &Explanation::name);
  return found->from.starts_with("config.ini:");
}

TEST(Garbage, NeverHurtsAndAllowsMoreThanTheDefaultsOnlyWhereALineSaysSo) {
  unsigned said = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    const std::string file = Garbage(seed).file();
    SCOPED_TRACE(file);
    const Config config = read(file);
    for (const Fault& fault : config.faults()) EXPECT_FALSE(fault.message.empty() || fault.fallback.empty());
    const auto explained = config.explain({"x", "y"});
    Settings settings = config.settings_for({"x", "y"});
    Settings preset = preset_settings(settings.chemistry);
    for (const OptionGroup& group : battery_options().groups()) {
      for (const Option& option : group.options) {
        if (option.careful == Careful::neither || option.name.contains('*')) continue;
        if (is_said(explained, option.name)) {
          ++said;
          continue;
        }
        // The more careful of both is what it was already.
        const std::string before = option.text(settings);
        const bool follows = std::ranges::find(explained, option.name, &Explanation::name)->from.starts_with("follows");
        if (!follows) option.limit_to(preset, settings, 0);
        EXPECT_EQ(option.text(settings), before) << option.name;
      }
    }
    const charge::Config& charge = settings.charge;
    EXPECT_LE(charge.float_cell_v, charge.absorption_cell_v);
    EXPECT_LE(charge.absorption_cell_v, charge.balancing_cell_v);
    EXPECT_LT(charge.min_cell_v, charge.float_cell_v);
    EXPECT_LT(charge.cutoff_cell_v, charge.reopen_cell_v);
    EXPECT_LT(settings.stale_after_s, settings.release_after_s);
  }
  EXPECT_GT(said, 1000U) << "this was to be nearly right files";
}

/// The same lines, each made unreadable: nothing of them may count.
TEST(Garbage, OfBadValuesOnlyIsNeverAboveTheDefaults) {
  for (const OptionGroup& group : battery_options().groups()) {
    for (const Option& option : group.options) {
      if (std::holds_alternative<Text>(option.kind) || option.name == "chemistry") continue;
      const std::string name = Named{&option, 0}.name();
      const Config config = read("[default]\n" + name + " = %\n[battery x]\n" + name + " = %%\n");
      EXPECT_EQ(config.faults().size(), 2U) << name;
      Settings settings = config.settings_for({"x"});
      Settings defaults;
      EXPECT_EQ(option.text(settings), option.text(defaults)) << name;
    }
  }
}

}  // namespace
}  // namespace bms::config
