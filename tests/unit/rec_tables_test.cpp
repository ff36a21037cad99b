// The tables of the REC protocol: sound in themselves.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "rec/rec.hpp"
#include "rec/rec_errors.hpp"
#include "rec/rec_instructions.hpp"
#include "rec/rec_parameters.hpp"
#include "rec/rec_plausible.hpp"
#include "rec/rec_text.hpp"
#include "rec_wire.hpp"

namespace bms::rec {
namespace {

constexpr bool mnemonics_are_unique() {
  for (std::size_t i = 0; i < instructions.size(); ++i)
    for (std::size_t j = i + 1; j < instructions.size(); ++j)
      if (instructions[i].mnemonic == instructions[j].mnemonic) return false;
  return true;
}
static_assert(mnemonics_are_unique());

constexpr bool is_mnemonic(std::string_view name) {
  return name.size() == 4 &&
         std::ranges::all_of(name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '*'; });
}
static_assert(std::ranges::all_of(instructions, is_mnemonic, &Instruction::mnemonic));
static_assert(std::ranges::none_of(instructions, &std::string_view::empty, &Instruction::description));

TEST(RecTables, ErrandsAskWhatThereIs) {
  for (const Errand& errand : errands) {
    EXPECT_NE(find_instruction(errand.mnemonic), nullptr) << errand.mnemonic;
    EXPECT_GT(errand.every, 0U) << errand.mnemonic;
  }
}

TEST(RecTables, RangesHoldTheFactoryValueAndNarrowOnesLieInWideOnes) {
  for (const Instruction& instruction : instructions) {
    if (!instruction.range) continue;
    EXPECT_LT(instruction.range->min, instruction.range->max) << instruction.mnemonic;
    if (instruction.factory) {
      EXPECT_TRUE(instruction.range->contains(*instruction.factory)) << instruction.mnemonic;
    }
    for (const auto& model : {instruction.q1, instruction.abms}) {
      if (!model) continue;
      EXPECT_TRUE(model->contains(instruction.range->min) && model->contains(instruction.range->max))
          << instruction.mnemonic;
    }
    EXPECT_TRUE(plausible_setting(instruction, instruction.range->min));
    EXPECT_TRUE(plausible_setting(instruction, instruction.range->max));
    EXPECT_FALSE(plausible_setting(instruction, instruction.range->max * 10 + 1)) << instruction.mnemonic;
  }
}

TEST(RecTables, EveryValueOfARangeSurvivesBeingWritten) {
  for (const Instruction& instruction : instructions) {
    if (!why_not_written(instruction).empty()) continue;
    for (const Model model : {Model::unknown, Model::q1, Model::abms, Model::master}) {
      if (!may_know(model, instruction.models)) continue;
      const Range range = write_range(instruction, model).value();
      for (int step = 0; step <= 1000; ++step) {
        double value = range.min + (range.max - range.min) * step / 1000;
        if (instruction.type == Type::count) value = std::round(value);
        const auto text = text_to_write(instruction, value, model);
        ASSERT_TRUE(text) << instruction.mnemonic << value;
        const auto back = number_of(rec_test::ascii(*text));
        ASSERT_TRUE(back && (same_number(*back, value) || std::abs(*back - value) < 1e-12)) << *text;
        EXPECT_TRUE(range.contains(*back)) << instruction.mnemonic << *text;
        EXPECT_LE(instruction.mnemonic.size() + 1 + text->size(), max_request_text);
      }
    }
  }
}

TEST(RecTables, NothingOfUnknownPurposeOrRangeIsWritten) {
  for (const char* const name : {"ERRD", "RE1T", "OP2T", "RE1L", "OP2L", "TIME", "DATE", "SERI", "REFC", "ERRL"})
    EXPECT_FALSE(why_not_written(*find_instruction(name)).empty()) << name;
}

TEST(RecTables, ErrorsCountFromOne) {
  for (std::size_t i = 0; i < error_rules.size(); ++i) {
    EXPECT_EQ(error_rules[i].number, i + 1);
    EXPECT_TRUE(error_rules[i].alarms[0]);
  }
  EXPECT_EQ(error_name(1), "cell_overvoltage");
  EXPECT_EQ(error_name(17), "unknown_error_17");
  EXPECT_EQ(error_name(255), "unknown_error_255");
}

TEST(RecTables, VariantsComeInTheOrderOfTheirSpread) {
  ASSERT_EQ(std::size(variants), 9U);
  EXPECT_EQ(variants[0].baud, 56000U);
  EXPECT_EQ(variants[4].baud, 115200U);
  EXPECT_EQ(variants[4].address, 2U);
  EXPECT_EQ(variants[8].address, 16U);
  for (const Variant& variant : variants)
    EXPECT_TRUE(variant.address >= family.first_address && variant.address <= family.last_address);
}

}  // namespace
}  // namespace bms::rec
