// The parameters of all families: described soundly, and held to what the description says.
#include "parameters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "rec/rec_instructions.hpp"
#include "registry.hpp"

namespace bms {
namespace {

struct Dialect {
  const Family* family;
  const Variant* variant;
};

std::vector<Dialect> dialects() {
  std::vector<Dialect> all;
  for (const Family& family : families())
    for (const Variant& variant : family.variants) all.push_back({&family, &variant});
  return all;
}

std::string test_name(const testing::TestParamInfo<Dialect>& one) {
  const auto& [family, variant] = one.param;
  std::string name = std::string(family->name).append("_").append(variant->dialect).append("_");
  name += std::to_string(variant->baud) + "_" + std::to_string(variant->address);
  std::ranges::replace(name, '-', '_');
  return name;
}

class ParametersOf : public testing::TestWithParam<Dialect> {
 protected:
  ParameterList parameters = GetParam().family->parameters(*GetParam().variant);
  std::unique_ptr<Protocol> protocol = GetParam().family->make({.variant = *GetParam().variant});

  Error refusal(const Parameter& parameter, double value) {
    auto prepared = protocol->command(WriteParameter{std::string(parameter.name), value});
    return prepared ? Error{.kind = ErrorKind::garbage, .message = "it was taken", .status = {}} : prepared.error();
  }
};

/// snake_case, or a mnemonic of a REC unit.
bool is_a_name(std::string_view name) {
  const auto all_of = [name](std::string_view letters) {
    return !name.empty() && name.find_first_not_of(letters) == std::string_view::npos;
  };
  return all_of("abcdefghijklmnopqrstuvwxyz0123456789_") ||
         (name.size() == 4 && all_of("*ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
}

bool is_a_whole_number_of_steps(const Parameter& parameter, double value) {
  const double steps = value / parameter.resolution;
  return std::abs(steps - std::round(steps)) < 1e-6;
}

TEST_P(ParametersOf, AreDescribedSoundly) {
  std::set<std::string_view> names;
  for (const Parameter* const parameter : parameters) {
    SCOPED_TRACE(parameter->name);
    EXPECT_TRUE(is_a_name(parameter->name));
    EXPECT_TRUE(names.insert(parameter->name).second);
    EXPECT_EQ(find_parameter(parameters, parameter->name), parameter);
    EXPECT_TRUE(parameter->words.size() > 5 && !parameter->words.ends_with('.'));
    EXPECT_FALSE(std::islower(static_cast<unsigned char>(parameter->words.front())));
    EXPECT_EQ(parameter->resolution > 0, is_number(parameter->kind));
    if (is_whole(parameter->kind)) {
      EXPECT_EQ(parameter->resolution, 1);
      EXPECT_EQ(parameter->unit, "");
    }
    if (parameter->range) {
      EXPECT_LT(parameter->range->min, parameter->range->max);
      EXPECT_TRUE(is_a_whole_number_of_steps(*parameter, parameter->range->min));
      EXPECT_TRUE(is_a_whole_number_of_steps(*parameter, parameter->range->max));
    }
    EXPECT_TRUE(parameter->coarser >= 1);
  }
}

TEST_P(ParametersOf, AreWrittenOnlyWhereThatIsAllowedAtAll) {
  for (const Parameter* const parameter : parameters) {
    SCOPED_TRACE(parameter->name);
    if (parameter->access == Access::read) {
      EXPECT_EQ(restore_of(*parameter), Restore::no);
      continue;
    }
    EXPECT_TRUE(parameter->range && is_number(parameter->kind));
    EXPECT_NE(parameter->risk, Risk::never);
    EXPECT_NE(parameter->group, ParameterGroup::identity);
    EXPECT_NE(parameter->group, ParameterGroup::measurements);
    // What trims this very board, or counts by itself, does not go onto another one.
    const bool trims = parameter->group == ParameterGroup::calibration;
    const bool counts = parameter->group == ParameterGroup::counters || parameter->group == ParameterGroup::clock;
    if (trims) {
      EXPECT_EQ(parameter->risk, Risk::calibration);
      EXPECT_EQ(restore_of(*parameter), Restore::same_board);
    }
    if (counts) {
      EXPECT_EQ(restore_of(*parameter), Restore::no);
    }
  }
}

TEST_P(ParametersOf, CanAllBeAskedFor) {
  for (const Parameter* const parameter : parameters) {
    const auto prepared = protocol->command(ReadParameter{std::string(parameter->name)});
    ASSERT_TRUE(prepared) << parameter->name;
    EXPECT_TRUE((*prepared)->request()) << parameter->name;
  }
}

/// What is taken as long as the board has not said which model it is: of REC units the least that any model takes.
Range range_before_it_is_known(const Parameter& parameter) {
  const auto row = std::ranges::find(rec::model_ranges(), parameter.name, &rec::ModelRange::mnemonic);
  return row == rec::model_ranges().end() ? *parameter.range : row->others;
}

TEST_P(ParametersOf, TakeTheirWholeRangeAndNotOneStepMore) {
  for (const Parameter* const parameter : parameters) {
    if (parameter->access == Access::read) continue;
    SCOPED_TRACE(parameter->name);
    const auto [min, max] = range_before_it_is_known(*parameter);
    for (const double value : {min, max})
      EXPECT_TRUE(protocol->command(WriteParameter{std::string(parameter->name), value})) << value;
    for (const double value :
         {min - parameter->resolution, max + parameter->resolution, std::numeric_limits<double>::quiet_NaN(),
          std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
      const Error error = refusal(*parameter, value);
      EXPECT_EQ(error.kind, ErrorKind::rejected) << value;
      EXPECT_EQ(error.message, std::string(parameter->name) + " takes " + range_text({min, max}, parameter->unit) +
                                   ", not " + shortest(value));
    }
    if (is_whole(parameter->kind)) {
      EXPECT_EQ(refusal(*parameter, min + 0.5).kind, ErrorKind::rejected);
    }
  }
}

TEST_P(ParametersOf, ThatAreOnlyReadRefuseEveryValue) {
  for (const Parameter* const parameter : parameters) {
    if (parameter->access == Access::read_write) continue;
    for (const double value : {0.0, 1.0, parameter->range.value_or(Range{2, 3}).max}) {
      const Error error = refusal(*parameter, value);
      EXPECT_EQ(error.kind, ErrorKind::rejected) << parameter->name;
      EXPECT_EQ(error.message, std::string(parameter->name) + " is read only");
    }
  }
}

TEST_P(ParametersOf, AreTheOnlyOnes) {
  for (const std::string& name : {std::string("no_such"), std::string(), std::string(100000, 'x')}) {
    EXPECT_EQ(find_parameter(parameters, name), nullptr);
    for (const Command& command : {Command(ReadParameter{name}), Command(WriteParameter{name, 1})}) {
      const auto prepared = protocol->command(command);
      ASSERT_FALSE(prepared);
      EXPECT_EQ(prepared.error().kind, ErrorKind::rejected);
      EXPECT_LT(prepared.error().message.size(), 200U);
    }
  }
}

TEST_P(ParametersOf, HoldTheThresholdsThatAreReadAtTheStart) {
  const auto& [over, under] = GetParam().family->thresholds;
  for (const std::string_view name : {over, under}) {
    if (name.empty()) continue;
    const Parameter* const parameter = find_parameter(parameters, name);
    ASSERT_NE(parameter, nullptr) << name;
    EXPECT_EQ(parameter->unit, "V");
    EXPECT_EQ(parameter->group, ParameterGroup::cell_limits);
  }
}

INSTANTIATE_TEST_SUITE_P(Registry, ParametersOf, testing::ValuesIn(dialects()), test_name);

TEST(ParameterTables, AreAsLargeAsWhatIsKnown) {
  const auto count = [](std::string_view family, std::string_view dialect) -> std::size_t {
    const Family& found = *find_family(family);
    const auto variant = std::ranges::find(found.variants, dialect, &Variant::dialect);
    return found.parameters(*variant).size();
  };
  EXPECT_EQ(count("jbd", ""), 59U);
  EXPECT_EQ(count("jbd", "up"), 15U);
  EXPECT_EQ(count("jbd", "addressed"), 0U);
  EXPECT_EQ(count("daly", "a5"), 39U);
  EXPECT_EQ(count("daly", "a5-bluetooth"), 39U);
  EXPECT_EQ(count("daly", "p81"), 22U);
  EXPECT_EQ(count("daly", "d2"), 19U);
  EXPECT_EQ(count("ant", "new"), 46U);
  EXPECT_EQ(count("ant", "old"), 26U);
  EXPECT_EQ(count("chargery", ""), 0U);
  EXPECT_EQ(count("rec", ""), 64U);
}

/// What would lose a protection, however it is called: the classes of risk that an owner is asked twice about.
TEST(ParameterTables, WhatIsDangerousIsSaidToBe) {
  struct Row {
    std::string_view family, dialect, name;
    Risk risk;
  };
  constexpr Row rows[] = {{"jbd", "", "cell_count", Risk::safety},
                          {"jbd", "", "charge_undertemperature", Risk::safety},
                          {"jbd", "", "cell_overvoltage", Risk::limits},
                          {"jbd", "", "shunt", Risk::calibration},
                          {"jbd", "", "device_name", Risk::never},
                          {"daly", "p81", "board_number", Risk::communication},
                          {"daly", "d2", "battery_type", Risk::safety},
                          {"ant", "new", "cell_overvoltage_l2", Risk::safety},
                          {"ant", "old", "pack_overvoltage", Risk::safety},
                          {"rec", "", "CMAX", Risk::safety},
                          {"rec", "", "CHEM", Risk::safety},
                          {"rec", "", "IOJA", Risk::calibration},
                          {"rec", "", "CANF", Risk::communication},
                          {"rec", "", "ERRD", Risk::never}};
  for (const Row& row : rows) {
    const Family& family = *find_family(row.family);
    const auto variant = std::ranges::find(family.variants, row.dialect, &Variant::dialect);
    const Parameter* const parameter = find_parameter(family.parameters(*variant), row.name);
    ASSERT_NE(parameter, nullptr) << row.name;
    EXPECT_EQ(parameter->risk, row.risk) << row.name;
  }
}

constexpr Parameter sample{.name = "pressure",
                           .unit = "bar",
                           .access = Access::read_write,
                           .risk = Risk::none,
                           .range = Range{-1.5, 3276.7},
                           .resolution = 0.1,
                           .words = "How hard it presses"};

TEST(WriteCheck, SaysWhatIsExpectedAndWhatCame) {
  EXPECT_TRUE(check_write(sample, -1.5));
  EXPECT_TRUE(check_write(sample, 3276.7));
  EXPECT_EQ(check_write(sample, 3276.8).error().message, "pressure takes -1.5 to 3276.7 bar, not 3276.8");
  EXPECT_EQ(check_write(sample, NAN).error().message, "pressure takes -1.5 to 3276.7 bar, not nan");
  EXPECT_EQ(check_write(sample, 5, Range{0, 4}).error().message, "pressure takes 0 to 4 bar, not 5");
  Parameter count = sample;
  count.kind = ParameterKind::count;
  count.unit = "";
  count.range = Range{1, 5};
  EXPECT_TRUE(check_write(count, 5));
  EXPECT_EQ(check_write(count, 2.5).error().message, "pressure takes whole numbers from 1 to 5, not 2.5");
  count.access = Access::read;
  EXPECT_EQ(check_write(count, 1).error().message, "pressure is read only");
  EXPECT_EQ(check_soc(101).error().message, "the state of charge takes 0 to 100 %, not 101");
}

TEST(WriteCheck, NumbersHaveAsManyDigitsAsTheyNeed) {
  EXPECT_EQ(shortest(0.0078125), "0.0078125");
  EXPECT_EQ(shortest(327.67 * 10), "3276.7");
  EXPECT_EQ(shortest(1e300), "1e+300");
  EXPECT_EQ(shortest(1e-7), "0.0000001");
  EXPECT_EQ(shortest(-0.0003), "-0.0003");
  EXPECT_EQ(shortest(0), "0");
  EXPECT_EQ(shortest(100), "100");
}

TEST(Restored, IsWhatASettingOfTheOwnerIs) {
  Parameter parameter = sample;
  EXPECT_EQ(restore_of(parameter), Restore::yes);
  parameter.group = ParameterGroup::calibration;
  EXPECT_EQ(restore_of(parameter), Restore::same_board);
  parameter.risk = Risk::communication;
  EXPECT_EQ(restore_of(parameter), Restore::no);
  parameter = sample;
  parameter.momentary = true;
  EXPECT_EQ(restore_of(parameter), Restore::no);
  parameter = sample;
  parameter.risk = Risk::never;
  EXPECT_EQ(restore_of(parameter), Restore::no);
}

TEST(ParameterWords, AreDifferentAndCanBeTyped) {
  std::set<std::string_view> words;
  for (int group = 0; group <= static_cast<int>(ParameterGroup::clock); ++group)
    EXPECT_TRUE(words.insert(name_of(static_cast<ParameterGroup>(group))).second) << group;
  EXPECT_EQ(words.size(), 16U);
  std::set<std::string_view> risks;
  for (int risk = 0; risk <= static_cast<int>(Risk::never); ++risk)
    EXPECT_TRUE(risks.insert(name_of(static_cast<Risk>(risk))).second) << risk;
  EXPECT_EQ(risks, (std::set<std::string_view>{"none", "limits", "safety", "calibration", "communication", "never"}));
  EXPECT_EQ(name_of(Access::read), "r");
  EXPECT_EQ(name_of(Access::read_write), "rw");
}

TEST(Scales, CountInEitherDirection) {
  constexpr Scale falling{.unit = "A", .counts_per_unit = -10, .offset = 30000};
  EXPECT_EQ(falling.value(29000), 100);
  EXPECT_EQ(falling.word(100), 29000);
  EXPECT_EQ(falling.resolution(), 0.1);
  EXPECT_FALSE(std::signbit(falling.value(30000))) << "no current has no sign";
  constexpr Scale signed_words{.unit = "A", .counts_per_unit = 100, .is_signed = true};
  EXPECT_EQ(signed_words.value(0xA628), -230);
  EXPECT_EQ(signed_words.word(-230), 0xA628);
  EXPECT_EQ(signed_words.coarser(10).word(-2300), 0xA628);
  EXPECT_EQ(suffix_of("Ah"), "_ah");
  EXPECT_EQ(suffix_of(""), "");
}

}  // namespace
}  // namespace bms
