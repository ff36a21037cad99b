// The tables of the REC protocol: sound in themselves.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
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

TEST(RecTables, HoldTheWholeInstructionSet) {
  constexpr std::string_view of_1q[] = {
      "*IDN", "SWVR", "HWVR", "LCD1", "LCD3", "CELL", "PTEM", "RINT", "BTEM", "ERRO", "BMIN", "BVOL", "CMAX", "MAXH",
      "CMIN", "MINH", "CHAR", "CHIS", "RAZL", "CLOW", "TMAX", "TMIN", "TBAL", "BMTH", "IOFF", "IOJA", "CAPA", "CYCL",
      "CHEM", "SOCH", "SOCS", "CHAC", "DCHC", "MAXC", "MAXD", "SISN", "CANF", "VMAX", "VMIN", "EAVC", "ODDC", "REFC"};
  static_assert(std::size(of_1q) == 42);
  for (const std::string_view name : of_1q) {
    const Instruction* const instruction = find_instruction(name);
    ASSERT_NE(instruction, nullptr) << name;
    EXPECT_NE(instruction->models & models::q1, 0U) << name;
  }
  const auto known_to = [](unsigned model) {
    return std::ranges::count_if(instructions(), [model](const Instruction& row) { return (row.models & model) != 0; });
  };
  EXPECT_EQ(known_to(models::q1), 42);
  EXPECT_EQ(known_to(models::abms), 58);
  EXPECT_EQ(instructions().size(), 64U);
}

TEST(RecTables, ErrandsAskWhatThereIs) {
  for (const Errand& errand : errands) {
    EXPECT_NE(find_instruction(errand.mnemonic), nullptr) << errand.mnemonic;
    EXPECT_GT(errand.every, 0U) << errand.mnemonic;
  }
}

TEST(RecTables, RangesHoldTheFactoryValueAndNarrowOnesLieInWideOnes) {
  for (const Instruction& instruction : instructions()) {
    if (!instruction.range) continue;
    if (instruction.factory) {
      EXPECT_TRUE(write_range(instruction, Model::q1)->contains(*instruction.factory)) << instruction.name;
    }
    for (const Model model : {Model::unknown, Model::q1, Model::abms, Model::master}) {
      const Range range = write_range(instruction, model).value();
      EXPECT_TRUE(instruction.range->contains(range.min) && instruction.range->contains(range.max)) << instruction.name;
    }
    EXPECT_TRUE(plausible_setting(instruction, instruction.range->min));
    EXPECT_TRUE(plausible_setting(instruction, instruction.range->max));
    EXPECT_FALSE(plausible_setting(instruction, instruction.range->max * 10 + 1)) << instruction.name;
  }
}

TEST(RecTables, EveryValueOfARangeSurvivesBeingWritten) {
  for (const Instruction& instruction : instructions()) {
    if (instruction.access == Access::read) continue;
    for (const Model model : {Model::unknown, Model::q1, Model::abms, Model::master}) {
      if (!may_know(model, instruction.models)) continue;
      const Range range = write_range(instruction, model).value();
      for (int step = 0; step <= 1000; ++step) {
        double value = range.min + (range.max - range.min) * step / 1000;
        value = std::clamp(std::round(value / instruction.resolution) * instruction.resolution, range.min, range.max);
        const auto text = text_to_write(instruction, value, model);
        ASSERT_TRUE(text) << instruction.name << value;
        const auto back = number_of(rec_test::ascii(*text));
        ASSERT_TRUE(back && (same_number(*back, value) || std::abs(*back - value) < 1e-12)) << *text;
        EXPECT_TRUE(range.contains(*back)) << instruction.name << *text;
        EXPECT_LE(instruction.name.size() + 1 + text->size(), max_request_text);
      }
    }
  }
}

TEST(RecTables, NothingOfUnknownPurposeOrRangeIsWritten) {
  for (const char* const name : {"ERRD", "RE1T", "OP2T", "RE1L", "OP2L", "TIME", "DATE", "SERI", "REFC", "ERRL"})
    EXPECT_EQ(find_instruction(name)->access, Access::read) << name;
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
