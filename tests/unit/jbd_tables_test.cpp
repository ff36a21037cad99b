// The tables of the JBD protocol: sound in themselves and true to the wire.
#include "jbd/jbd_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <set>
#include <sstream>

#include "jbd/jbd.hpp"
#include "jbd/jbd_parameters.hpp"
#include "jbd_wire.hpp"

namespace bms::jbd {
namespace {

constexpr bool names_and_registers_are_unique() {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    for (std::size_t j = i + 1; j < parameters.size(); ++j)
      if (parameters[i].name == parameters[j].name || parameters[i].address >= parameters[j].address) return false;
  return true;
}
static_assert(names_and_registers_are_unique());

constexpr bool is_snake_case(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}
static_assert(std::ranges::all_of(parameters, is_snake_case, &Parameter::name));
static_assert(std::ranges::all_of(parameters,
                                  [](const Parameter& p) { return p.min < p.max && !p.description.empty(); }));
static_assert(std::ranges::all_of(protection_bits, is_snake_case, &ProtectionBit::name));

TEST(JbdTables, CoverEveryRegisterOfTheConfiguration) {
  std::set<unsigned> addresses;
  for (const Parameter& parameter : parameters) addresses.insert(parameter.address);
  for (unsigned address = 0x10; address <= 0x47; ++address) EXPECT_TRUE(addresses.contains(address)) << address;
  for (unsigned address = 0xA0; address <= 0xA2; ++address) EXPECT_TRUE(addresses.contains(address)) << address;
}

TEST(JbdTables, RangesFitIntoAWordInEitherScale) {
  for (const Parameter& parameter : parameters) {
    if (parameter.access == Access::read) continue;
    for (const bool coarse : {false, true}) {
      const double wide = coarse && parameter.scale.follows_unit_flag ? 10 : 1;
      for (const double value : {parameter.min * wide, parameter.max * wide}) {
        const auto raw = raw_of(parameter, value, coarse);
        ASSERT_TRUE(raw) << parameter.name;
        EXPECT_NEAR(value_of(parameter, *raw, coarse), value, 1e-6) << parameter.name;
      }
    }
  }
}

TEST(JbdTables, EveryWordOfEveryRegisterComesBackOrIsRefused) {
  for (const Parameter& parameter : parameters) {
    if (parameter.scale.is_text) continue;
    for (unsigned raw = 0; raw <= 0xFFFF; ++raw) {
      const double value = value_of(parameter, static_cast<std::uint16_t>(raw), false);
      if (value < parameter.min || value > parameter.max) {
        if (raw % 64 != 0) continue;  // a refusal costs a sentence
        ASSERT_FALSE(raw_of(parameter, value, false)) << parameter.name << raw;
      } else {
        ASSERT_EQ(raw_of(parameter, value, false).value(), raw) << parameter.name;
      }
    }
  }
}

TEST(JbdTables, EveryParameterIsReadAndEveryWritableOneWrittenOverTheWire) {
  for (const Parameter& parameter : parameters) {
    jbd_test::WireBoard board;
    jbd_test::Wire wire(board);
    if (parameter.scale.is_text) {
      board.texts[parameter.address] = {1, 'x'};
    } else {
      board.words[parameter.address] = raw_of(parameter, parameter.max, false).value();
    }
    if (parameter.address == 0x2D) board.words[0x2D] = 0xFFFF;
    const auto protocol = jbd::make();
    const auto read = protocol->command(ReadParameter{std::string(parameter.name)}).value();
    wire.run(*read);
    ASSERT_TRUE(read->result()) << parameter.name;
    if (parameter.scale.is_text) {
      EXPECT_EQ(std::get<std::string>(read->result().value()), "x");
    } else {
      EXPECT_DOUBLE_EQ(std::get<double>(read->result().value()), parameter.max) << parameter.name;
    }

    auto write = protocol->command(WriteParameter{std::string(parameter.name), parameter.min});
    EXPECT_EQ(write.has_value(), parameter.access == Access::read_write) << parameter.name;
    if (!write) continue;
    wire.run(**write);
    EXPECT_DOUBLE_EQ(std::get<double>((*write)->result().value()), parameter.min) << parameter.name;
    EXPECT_EQ(board.words[parameter.address], raw_of(parameter, parameter.min, false).value());
  }
}

TEST(JbdTables, NothingThatDescribesTheHardwareCanBeWritten) {
  for (const unsigned address : {0x2CU, 0x2DU, 0x2EU, 0x2FU, 0x36U, 0x37U, 0x38U, 0x39U, 0xA0U, 0xA1U, 0xA2U})
    EXPECT_EQ(std::ranges::find(parameters, address, &Parameter::address)->access, Access::read) << address;
  for (const Parameter& parameter : parameters)
    EXPECT_TRUE(parameter.address <= 0x47 || parameter.access == Access::read);
}

}  // namespace
}  // namespace bms::jbd
