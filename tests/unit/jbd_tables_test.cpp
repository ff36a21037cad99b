// The tables of the JBD protocol: sound in themselves and true to the wire.
#include "jbd/jbd_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "jbd/jbd.hpp"
#include "jbd/jbd_parameters.hpp"
#include "jbd_wire.hpp"

namespace bms::jbd {
namespace {

constexpr bool is_snake_case(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}
static_assert(std::ranges::all_of(protection_bits, is_snake_case, &ProtectionBit::name));

TEST(JbdTables, CoverEveryRegisterOfTheConfigurationOnceAndInOrder) {
  std::vector<unsigned> addresses;
  for (const ConfigRegister& parameter : config_registers()) addresses.push_back(parameter.address);
  std::vector<unsigned> all;
  for (unsigned address = 0x10; address <= 0x47; ++address) all.push_back(address);
  for (unsigned address = 0xA0; address <= 0xA2; ++address) all.push_back(address);
  EXPECT_EQ(addresses, all);
}

TEST(JbdTables, RangesFitIntoAWordInEitherScale) {
  for (const ConfigRegister& parameter : config_registers()) {
    if (parameter.access == Access::read) continue;
    for (const bool coarse : {false, true}) {
      const double wide = coarse ? parameter.coarser : 1;
      for (const double value : {parameter.range->min * wide, parameter.range->max * wide}) {
        const auto raw = raw_of(parameter, value, coarse);
        ASSERT_TRUE(raw) << parameter.name;
        EXPECT_NEAR(value_of(parameter, *raw, coarse), value, 1e-6) << parameter.name;
      }
      EXPECT_FALSE(raw_of(parameter, (parameter.range->max + parameter.resolution) * wide, coarse)) << parameter.name;
    }
  }
}

TEST(JbdTables, AmountsAloneFollowTheUnitFlag) {
  for (const ConfigRegister& parameter : config_registers()) {
    const bool amount = parameter.unit == "A" || parameter.unit == "Ah";
    EXPECT_EQ(parameter.coarser, amount ? 10 : 1) << parameter.name;
  }
}

TEST(JbdTables, EveryWordOfEveryWritableRegisterComesBackOrIsRefused) {
  for (const ConfigRegister& parameter : config_registers()) {
    if (parameter.access == Access::read) continue;
    for (unsigned raw = 0; raw <= 0xFFFF; ++raw) {
      const double value = value_of(parameter, static_cast<std::uint16_t>(raw), false);
      if (!parameter.range->contains(value)) {
        if (raw % 64 != 0) continue;  // a refusal costs a sentence
        ASSERT_FALSE(raw_of(parameter, value, false)) << parameter.name << raw;
      } else {
        ASSERT_EQ(raw_of(parameter, value, false).value(), raw) << parameter.name;
      }
    }
  }
}

TEST(JbdTables, EveryParameterIsReadAndEveryWritableOneWrittenOverTheWire) {
  for (const ConfigRegister& parameter : config_registers()) {
    jbd_test::WireBoard board;
    jbd_test::Wire wire(board);
    const bool text = parameter.kind == ParameterKind::text;
    if (text) board.texts[parameter.address] = {1, 'x'};
    if (!text) board.words[parameter.address] = 0xFFF;  // whose bit 12 is clear
    const auto protocol = jbd::make();
    const auto read = protocol->command(ReadParameter{std::string(parameter.name)}).value();
    wire.run(*read);
    ASSERT_TRUE(read->result()) << parameter.name;
    if (text) {
      EXPECT_EQ(std::get<std::string>(read->result().value()), "x");
    } else {
      EXPECT_DOUBLE_EQ(std::get<double>(read->result().value()), value_of(parameter, 0xFFF, false)) << parameter.name;
    }

    if (parameter.access == Access::read) continue;
    const double value = parameter.range->min;
    const auto write = protocol->command(WriteParameter{std::string(parameter.name), value}).value();
    wire.run(*write);
    EXPECT_DOUBLE_EQ(std::get<double>(write->result().value()), value) << parameter.name;
    EXPECT_EQ(board.words[parameter.address], raw_of(parameter, value, false).value());
  }
}

TEST(JbdTables, NothingThatDescribesTheHardwareCanBeWritten) {
  for (const unsigned address : {0x2CU, 0x2DU, 0x2EU, 0x2FU, 0x36U, 0x37U, 0x38U, 0x39U, 0xA0U, 0xA1U, 0xA2U})
    EXPECT_EQ(std::ranges::find(config_registers(), address, &ConfigRegister::address)->access, Access::read)
        << address;
  for (const ConfigRegister& parameter : config_registers())
    EXPECT_TRUE(parameter.address <= 0x47 || parameter.access == Access::read);
}

}  // namespace
}  // namespace bms::jbd
