// The tables of the JBD protocol: sound in themselves, true to the wire, and the same in docs/jbd.md.
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
    const auto protocol = make_jbd();
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

// --- docs/jbd.md -----------------------------------------------------------------------------------------------------

/// Names as Venus OS shows them below /Alarms, in the order of Alarm.
constexpr std::array<std::string_view, alarm_count> venus_names{"LowVoltage",
                                                                "HighVoltage",
                                                                "LowCellVoltage",
                                                                "HighCellVoltage",
                                                                "LowSoc",
                                                                "HighChargeCurrent",
                                                                "HighDischargeCurrent",
                                                                "LowChargeTemperature",
                                                                "HighChargeTemperature",
                                                                "LowTemperature",
                                                                "HighTemperature",
                                                                "HighInternalTemperature",
                                                                "CellImbalance",
                                                                "TemperatureSensor",
                                                                "InternalFailure",
                                                                "BmsCable"};

std::string venus_name(Alarm alarm) { return std::string(venus_names.at(static_cast<std::size_t>(alarm))); }

std::string alarm_table() {
  std::ostringstream out;
  out << "| Bit | Protection | Alarm |\n|---|---|---|\n";
  for (std::size_t bit = 0; bit < protection_bits.size(); ++bit) {
    std::string alarms;
    for (const auto& alarm : protection_bits[bit].alarms)
      if (alarm) alarms += (alarms.empty() ? "" : ", ") + venus_name(*alarm);
    out << "| " << bit << " | " << protection_bits[bit].name << " | " << (alarms.empty() ? "none" : alarms) << " |\n";
  }
  return out.str();
}

std::string warning_table() {
  std::ostringstream out;
  out << "| Bit | Warning |\n|---|---|\n";
  for (std::size_t bit = 0; bit < warning_bits.size(); ++bit)
    out << "| " << bit << " | " << venus_name(warning_bits[bit]) << " |\n";
  return out.str();
}

std::string register_table() {
  std::ostringstream out;
  out << "| Register | Name | Unit | Range for writing | What it is |\n|---|---|---|---|---|\n";
  for (const Parameter& parameter : parameters) {
    out << "| " << std::hex << std::uppercase << std::setw(2) << std::setfill('0') << unsigned{parameter.address}
        << std::dec << " | " << parameter.name << " | " << (parameter.scale.is_text ? "text" : parameter.scale.unit)
        << " | ";
    if (parameter.access == Access::read_write) {
      out << parameter.min << " to " << parameter.max;
    } else {
      out << "read only";
    }
    out << " | " << parameter.description << (parameter.scale.follows_unit_flag ? " \\*" : "") << " |\n";
  }
  return out.str();
}

/// What stands in the page between the two comments that enclose a table.
std::string documented(const std::string& table) {
  std::ifstream file(TEST_FRAMES_DIR "/../../docs/jbd.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::string open = "<!-- " + table + " -->\n";
  const std::size_t begin = page.find(open);
  const std::size_t end = page.find("<!-- end -->", begin);
  if (begin == std::string::npos || end == std::string::npos) return "no table '" + table + "' in docs/jbd.md";
  return page.substr(begin + open.size(), end - begin - open.size());
}

TEST(JbdTables, ThePageForOwnersHoldsTheSameTables) {
  EXPECT_EQ(documented("alarms"), alarm_table()) << "paste this into docs/jbd.md:\n" << alarm_table();
  EXPECT_EQ(documented("warnings"), warning_table()) << "paste this into docs/jbd.md:\n" << warning_table();
  EXPECT_EQ(documented("registers"), register_table()) << "paste this into docs/jbd.md:\n" << register_table();
}

}  // namespace
}  // namespace bms::jbd
