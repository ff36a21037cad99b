// The table of options: every row takes what it says it takes, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <random>
#include <set>

#include "config/config.hpp"
#include "config/document.hpp"
#include "config/option_places.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"

namespace bms::config {
namespace {

/// Texts that an option must take, and texts that it must not.
struct Samples {
  std::vector<std::string> good, bad;
};

std::string just_below(double value) { return number_text(value - 0.001 * std::max(1.0, std::abs(value))); }
std::string just_above(double value) { return number_text(value + 0.001 * std::max(1.0, std::abs(value))); }

Samples bounds(double min, double max) {
  return {{number_text(min), number_text(max)},
          {just_below(min), just_above(max), "nan", "inf", "1e999", "0x10", "1,5", "x", "1 2"}};
}

Samples samples_of(const Number& kind) {
  Samples samples = bounds(kind.min, kind.max);
  samples.bad.emplace_back("");
  if (kind.whole) samples.bad.push_back(number_text(kind.min + 0.5));
  return samples;
}

Samples samples_of(const OptionalNumber& kind) {
  Samples samples = bounds(kind.min, kind.max);
  samples.good.insert(samples.good.end(), {"", std::string(kind.none), "OFF"});
  if (kind.whole) samples.bad.push_back(number_text(kind.min + 0.5));
  return samples;
}

Samples samples_of(const Flag& /*kind*/) {
  return {{"yes", "no", "True", "FALSE", "on", "off", "0", "1"}, {"", "2", "maybe", "y"}};
}

Samples samples_of(const Word& kind) {
  Samples samples{{}, {"", "nonsense", "0"}};
  for (const std::string_view word : kind.words) samples.good.emplace_back(word);
  return samples;
}

Samples samples_of(const Text& kind) {
  if (kind.fits != nullptr) return {{"", std::string(kind.example)}, {"House 1"}};
  if (kind.one_of == nullptr) return {{"", "House 1", "\" #1 \""}, {}};
  Samples samples{{""}, {"nonsense"}};
  for (const std::string_view word : kind.one_of()) samples.good.emplace_back(word);
  return samples;
}

Samples samples_of(const Addresses& kind) {
  return {{"", "0", "1", "1, 2,5-8", number_text(kind.max)},
          {"-1", number_text(kind.max + 1), "3-2", "1,,2", "one", "1-"}};
}

Samples samples_of(const NumberList& kind) {
  return {{"", "off", number_text(kind.min), number_text(kind.max), "1, 2.5"},
          {just_below(kind.min), just_above(kind.max), "1,,2", "x"}};
}

Samples samples_of(const Current& kind) {
  const std::string max_a = number_text(kind.max_a);
  const std::string max_c = number_text(kind.max_c);
  return {{"0", max_a, max_a + "A", max_a + " A", "0.5C", max_c + " C", "0.5C, at most 120", "0.5c, at most 120 A"},
          {"", "-1", just_above(kind.max_a), just_above(kind.max_c) + "C", "C", "A", "nan", "infC", "0.5 CA",
           "80, at most 50", "0.5C, 50", "0.5C, at most", "0.5C, at most 50, 20",
           "0.5C, at most " + just_above(kind.max_a), "0.5C, at most 1C"}};
}

Samples samples_of(const CurveOf& kind) {
  const std::string first = number_text(kind.min_at) + ":";
  const std::string last = number_text(kind.max_at) + ":";
  const std::string low = number_text(kind.min_value);
  const std::string high = number_text(kind.max_value);
  const std::string end = number_text(kind.ends_with.value_or(kind.max_value));
  Samples samples{
      {"", "off", std::string(kind.none), first + low + "," + last + end},
      {first + low + "," + first + end, just_below(kind.min_at) + ":" + low + "," + last + end,
       first + low + "," + just_above(kind.max_at) + ":" + end, first + just_below(kind.min_value) + "," + last + end,
       first + just_above(kind.max_value), "1", ":", first, first + low + "," + last + end + ","}};
  if (kind.ends_with) samples.bad.push_back(first + "0," + last + "0.5");
  if (kind.calibrates) {
    const std::string middle = number_text((kind.min_at + kind.max_at) / 2) + ":";
    samples.good.push_back(first + low + "," + middle + "0,1:0," + last + high);
    samples.bad.insert(samples.bad.end(), {first + high + "," + last + high, first + high + "," + last + low,
                                           first + low + "," + middle + "0," + last + "0"});
  }
  return samples;
}

std::vector<const Option*> all_options() {
  std::vector<const Option*> all;
  for (const OptionGroup& group : battery_options().groups()) {
    for (const Option& option : group.options) all.push_back(&option);
  }
  return all;
}

class EveryOption : public testing::TestWithParam<const Option*> {
 protected:
  const Option& option_ = *GetParam();
  Settings settings_;
};

TEST_P(EveryOption, TakesItsBoundsAndRefusesWhatLiesJustOutside) {
  const Samples samples = std::visit([](const auto& kind) { return samples_of(kind); }, option_.kind);
  for (const std::string& text : samples.good) EXPECT_TRUE(option_.set(settings_, 0, text)) << text;
  for (const std::string& text : samples.bad) {
    const std::string before = option_.text(settings_);
    EXPECT_FALSE(option_.set(settings_, 0, text)) << text;
    EXPECT_EQ(option_.text(settings_), before) << text;
  }
}

TEST_P(EveryOption, PrintsWhatItWouldTake) {
  const Samples samples = std::visit([](const auto& kind) { return samples_of(kind); }, option_.kind);
  for (const std::string& sample : samples.good) {
    if (sample.starts_with('"')) continue;  // quotes are not part of the value
    ASSERT_TRUE(option_.set(settings_, 0, sample));
    Settings again;
    EXPECT_TRUE(option_.set(again, 0, option_.text(settings_)));
    EXPECT_EQ(option_.text(again), option_.text(settings_));
  }
}

TEST_P(EveryOption, TakesWhatItPrintsWithTheUnit) {
  const Samples samples = std::visit([](const auto& kind) { return samples_of(kind); }, option_.kind);
  for (const std::string& sample : samples.good) {
    if (sample.starts_with('"')) continue;
    ASSERT_TRUE(option_.set(settings_, 0, sample));
    Settings again;
    EXPECT_TRUE(option_.set(again, 0, option_.text_with_unit(settings_))) << option_.text_with_unit(settings_);
    EXPECT_EQ(option_.text(again), option_.text(settings_));
  }
}

/// A text with a number in it that the option takes. Empty: it is not about numbers.
std::string with_number(const Option& option, const std::string& unit) {
  if (const auto* any = std::get_if<Number>(&option.kind)) return number_text(any->max) + unit;
  if (const auto* any = std::get_if<OptionalNumber>(&option.kind)) return number_text(any->max) + unit;
  if (const auto* any = std::get_if<NumberList>(&option.kind)) return number_text(any->max) + unit + ", 1" + unit;
  if (const auto* any = std::get_if<Current>(&option.kind)) return number_text(any->max_a) + unit;
  const auto* any = std::get_if<CurveOf>(&option.kind);
  if (any == nullptr) return "";
  const std::string both = any->calibrates ? unit : "";
  return number_text(any->min_at) + unit + ":" + number_text(any->min_value) + both + ", " + number_text(any->max_at) +
         unit + ":" + number_text(any->ends_with.value_or(any->max_value)) + both;
}

TEST_P(EveryOption, TakesItsUnitWithOrWithoutABlankAndNoOther) {
  if (with_number(option_, "").empty()) return;
  ASSERT_TRUE(option_.set(settings_, 0, with_number(option_, "")));
  const std::string plain = option_.text(settings_);
  const std::string unit(option_.unit);
  for (const std::string& written : {unit, " " + unit}) {
    Settings again;
    EXPECT_TRUE(option_.set(again, 0, with_number(option_, written))) << with_number(option_, written);
    EXPECT_EQ(option_.text(again), plain);
  }
  const bool is_current = std::holds_alternative<Current>(option_.kind);
  for (const char* other : {"V", "A", "s", "%", "°C", "Ah", "min", "mV", "C", "x"}) {
    if (equal_without_case(other, unit) || (is_current && std::string_view(other) == "C")) continue;
    EXPECT_FALSE(option_.set(settings_, 0, with_number(option_, other))) << with_number(option_, other);
  }
}

TEST_P(EveryOption, HasADefaultThatItWouldTakeAndADescription) {
  Settings again;
  EXPECT_TRUE(option_.set(again, 0, option_.text(settings_))) << option_.text(settings_);
  EXPECT_EQ(option_.text(again), option_.text(settings_));
  EXPECT_FALSE(option_.description.empty());
  EXPECT_FALSE(option_.expected().empty());
  EXPECT_FALSE(option_.description.ends_with('.'));
}

TEST_P(EveryOption, IsFoundByItsNameAndHasItsOwnPlace) {
  const std::string name = Named{&option_, 0}.name();
  EXPECT_EQ(battery_options().find(name), (Named{&option_, 0}));
  EXPECT_EQ(battery_options().nearest(name + "x"), name);
  // Nothing else changes with it.
  const Samples samples = std::visit([](const auto& kind) { return samples_of(kind); }, option_.kind);
  for (const std::string& sample : samples.good) {
    Settings changed;
    ASSERT_TRUE(option_.set(changed, 0, sample));
    for (const Option* other : all_options()) {
      if (other == &option_) continue;
      EXPECT_EQ(other->text(changed), other->text(settings_)) << other->name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Options, EveryOption, testing::ValuesIn(all_options()), [](const auto& row) {
  std::string name(row.param->name);
  for (char& letter : name) letter = std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
  return name;
});

TEST(Options, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const Option* option : all_options()) EXPECT_TRUE(names.insert(option->name).second) << option->name;
}

TEST(Options, OfSensorsAreKeptApart) {
  Settings settings;
  ASSERT_TRUE(battery_options().find("temperature_2.offset")->option->set(settings, 1, "3"));
  EXPECT_EQ(battery_options().find("temperature_16.offset")->index, 15U);
  EXPECT_EQ(settings.battery.calibration.sensors[1].offset_k, 3);
  EXPECT_EQ(settings.battery.calibration.sensors[0].offset_k, 0);
  for (const char* name : {"temperature_0.offset", "temperature_17.offset", "temperature_01.offset",
                           "temperature_.offset", "temperature_*.offset", "temperature_1e0.offset"}) {
    EXPECT_FALSE(battery_options().find(name)) << name;
  }
}

TEST(Options, OfLimitsAndVoltagesKnowWhichSideIsSafe) {
  for (const char* name : {"max_charge_current", "max_discharge_current", "absorption_cell_voltage",
                           "float_cell_voltage", "balancing_cell_voltage", "cable_drop", "charge_temperature_curve"}) {
    EXPECT_EQ(option_named(name).careful, Careful::lower) << name;
  }
  for (const char* name : {"min_cell_voltage", "cutoff_cell_voltage", "reopen_cell_voltage"}) {
    EXPECT_EQ(option_named(name).careful, Careful::higher) << name;
  }
}

TEST(Options, FindWhatWasProbablyMeant) {
  EXPECT_EQ(battery_options().nearest("max_charg_current"), "max_charge_current");
  EXPECT_EQ(battery_options().nearest("poll"), "poll_interval");
  EXPECT_EQ(battery_options().nearest("temprature_3.role"), "temperature_1.role");
}

// ---- Numbers and units ----

TEST(NumberText, IsTheShortestThatIsReadAsTheSameNumber) {
  EXPECT_EQ(number_text(0.010 + 0.003), "0.013");
  EXPECT_EQ(number_text(0.1 + 0.2), "0.3");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(-1e-9), "0");
  EXPECT_EQ(number_text(-0.0004), "-0.0004");
  EXPECT_EQ(number_text(1'000'000), "1000000");
  EXPECT_EQ(number_text(0.0001), "0.0001");
  std::mt19937 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const double value = (static_cast<double>(random()) / 1e6 - 2000) / (1 + static_cast<double>(random() % 1000));
    EXPECT_EQ(parse_number(number_text(value)), settled(value));
    EXPECT_LE(number_text(value).size(), 12U) << number_text(value);
  }
}

TEST(Units, ThatAreWrongAreNamed) {
  EXPECT_EQ(option_named("poll_interval").expected_instead_of("2 min"),
            "a number from 0.2 to 60 (s); the unit is s, not min");
  EXPECT_EQ(option_named("rebulk_discharged").expected_instead_of("20 %"),
            "a number from 0.01 to 1; there is no unit here, not %");
  EXPECT_THAT(option_named("max_charge_current").expected_instead_of("80V"), testing::EndsWith("the unit is A, not V"));
  for (const char* text : {"5000", "5000 A", "50C", "lots", "", "1,5"}) {
    const Option& option = option_named("max_charge_current");
    EXPECT_EQ(option.expected_instead_of(text), option.expected()) << text;
  }
}

// ---- Curves: the lower of two ----

TEST(Curves, TheLowerOfTwoIsNowhereAboveEither) {
  const Option& option = option_named("charge_temperature_curve");
  Settings a;
  Settings b;
  ASSERT_TRUE(option.set(a, 0, "0:0, 10:1, 30:1, 40:0.2"));
  ASSERT_TRUE(option.set(b, 0, "-5:0.5, 12:0.6, 25:0.9, 50:0"));
  const Curve first = a.charge.charge_temperature_curve;
  const Curve second = b.charge.charge_temperature_curve;
  option.limit_to(b, a, 0);
  for (double at = -10; at < 60; at += 0.25) {
    const double lower = interpolate(a.charge.charge_temperature_curve, at);
    EXPECT_LE(lower, std::min(interpolate(first, at), interpolate(second, at)) + 1e-12) << at;
  }
  EXPECT_EQ(interpolate(a.charge.charge_temperature_curve, 12), 0.6);
}

TEST(Curves, OffIsTheHigherOne) {
  const Option& option = option_named("charge_temperature_curve");
  Settings off;
  ASSERT_TRUE(option.set(off, 0, "off"));
  Settings defaults;
  option.limit_to(off, defaults, 0);
  EXPECT_EQ(defaults.charge.charge_temperature_curve, Settings{}.charge.charge_temperature_curve);
  option.limit_to(defaults, off, 0);
  EXPECT_EQ(off.charge.charge_temperature_curve, Settings{}.charge.charge_temperature_curve);
}

TEST(Curves, TooManyPointsEndAtTheLowest) {
  const Option& option = option_named("charge_soc_curve");
  Settings a;
  Settings b;
  std::string even;
  std::string odd;
  for (int i = 0; i < 16; ++i) {
    even += (i == 0 ? "" : ", ") + std::to_string(2 * i) + ":0.7";
    odd += (i == 0 ? "" : ", ") + std::to_string(2 * i + 1) + ":0." + std::to_string(9 - i / 4);
  }
  ASSERT_TRUE(option.set(a, 0, even));
  ASSERT_TRUE(option.set(b, 0, odd));
  option.limit_to(b, a, 0);
  EXPECT_EQ(a.charge.charge_soc_curve, (Curve{{0, 0.6}}));
}

// ---- Presets ----

TEST(Presets, OfLiFePo4AreTheDefaultsOfTheCode) {
  Settings preset = preset_settings(Chemistry::lfp);
  Settings defaults;
  for (const Option* option : all_options()) EXPECT_EQ(option->text(preset), option->text(defaults)) << option->name;
}

TEST(Presets, LieWithinTheirBoundsAndFitTogether) {
  for (const Chemistry chemistry : {Chemistry::lfp, Chemistry::li_ion, Chemistry::lto}) {
    std::istringstream file("[default]\nchemistry = " + std::string(name_of(chemistry)) + "\n");
    const Config config = Config::read(file);
    EXPECT_TRUE(config.faults().empty()) << config.faults().front().text();
    Settings settings = preset_settings(chemistry);
    for (const PresetRow& row : preset_rows()) {
      const Option& option = option_named(row.option);
      Settings again;
      EXPECT_TRUE(option.set(again, 0, option.text(settings))) << row.option;
      // What a chemistry decides must not depend on what nobody configured.
      Settings resolved = config.settings_for({});
      EXPECT_EQ(option.text(resolved), option.text(settings)) << row.option << " follows something";
    }
  }
}

TEST(Presets, OrderTheirThresholdsSensibly) {
  for (const Chemistry chemistry : {Chemistry::lfp, Chemistry::li_ion, Chemistry::lto}) {
    const Settings s = preset_settings(chemistry);
    const auto& alarms = s.battery.alarms;
    const std::vector<double> rising{
        s.charge.cutoff_cell_v,     *alarms.low_cell_v.alarm,  s.charge.min_cell_v,         *alarms.low_cell_v.warning,
        s.charge.reopen_cell_v,     s.keep_min_cell_v,         s.charge.rebulk_cell_v,      s.charge.float_cell_v,
        s.charge.absorption_cell_v, s.charge.balancing_cell_v, *alarms.high_cell_v.warning, *alarms.high_cell_v.alarm};
    EXPECT_TRUE(std::ranges::is_sorted(rising, std::ranges::less_equal{})) << name_of(chemistry);
    EXPECT_LE(s.keep_max_cell_v, s.charge.float_cell_v);
    // Above the knee of the charge curve, so that regulation itself never raises an alarm.
    EXPECT_GT(*alarms.high_cell_v.warning, s.charge.absorption_cell_v + 0.080 * s.charge.charge_knee_scale);
    // A cell that is held there while the mean comes to 50 mV below the target is not an imbalance either.
    EXPECT_GE(*alarms.imbalance_top_v.warning, 0.050 + 0.080 * s.charge.charge_knee_scale);
  }
}

// ---- The page ----

TEST(ConfigurationPage, IsThatOfTheTables) {
  const std::string path = TEST_FRAMES_DIR "/../../docs/configuration.md";
  if (std::getenv("UPDATE_DOCS") != nullptr) std::ofstream(path) << configuration_as_markdown();
  std::ifstream file{path};
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, configuration_as_markdown()) << "tools/docs writes it";
}

}  // namespace
}  // namespace bms::config
