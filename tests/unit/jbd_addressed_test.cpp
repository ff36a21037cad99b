// JBD boards that share a line: plain frames with an address.
#include <gtest/gtest.h>

#include <algorithm>

#include "bms/hex.hpp"
#include "jbd/jbd.hpp"
#include "jbd/jbd_frame.hpp"
#include "jbd/jbd_tables.hpp"
#include "jbd_up_wire.hpp"

namespace bms::jbd {
namespace {

using jbd_up_test::ByteVector;
using jbd_up_test::put;
using jbd_up_test::run;

/// What the checksum of a reply covers: boards may do it either way.
enum class Sum : std::uint8_t { with_address, as_the_maker_says };

ByteVector reply(unsigned board, unsigned reg, const ByteVector& payload, Sum sum, unsigned status = 0) {
  ByteVector frame{0xDD, static_cast<std::uint8_t>(board), static_cast<std::uint8_t>(reg),
                   static_cast<std::uint8_t>(status), static_cast<std::uint8_t>(payload.size())};
  frame.insert(frame.end(), payload.begin(), payload.end());
  unsigned total = 0;
  for (std::size_t at = sum == Sum::with_address ? 1 : 2; at < frame.size(); ++at) total += frame[at];
  put(frame, (0x10000U - total) & 0xFFFFU);
  frame.push_back(0x77);
  return frame;
}

struct SharedBoard {
  unsigned address = 1;
  Sum sum = Sum::with_address;
  unsigned protection = 0, alarm_word = 0, fets = 3, ambient = 2978, mosfet = 2992;
  std::vector<unsigned> cells{3320, 3320, 3320, 3320}, temperatures{2981, 2991};

  [[nodiscard]] ByteVector basic_info() const {
    ByteVector bytes;
    for (const unsigned word : {1328U, 0xFFCBU, 5000U, 10000U, 7U, 0x2C7CU, 0x0002U, 0U, protection}) put(bytes, word);
    for (const unsigned byte : {0x24U, 50U, fets, static_cast<unsigned>(cells.size())})
      bytes.push_back(static_cast<std::uint8_t>(byte));
    for (const unsigned word : {alarm_word, ambient, mosfet}) put(bytes, word);
    bytes.push_back(static_cast<std::uint8_t>(temperatures.size()));
    for (const unsigned raw : temperatures) put(bytes, raw);
    return bytes;
  }

  [[nodiscard]] ByteVector answer(Bytes request) const {
    if (request[1] != address) return {};
    const unsigned reg = request[3];
    if (reg == 0x03) return reply(address, reg, basic_info(), sum);
    if (reg != 0x04) return reply(address, reg, {}, sum, 0x80);
    ByteVector payload;
    for (const unsigned cell : cells) put(payload, cell);
    return reply(address, reg, payload, sum);
  }
};

std::unique_ptr<Protocol> at(unsigned address) {
  return make({.variant = {.dialect = "addressed", .baud = 9600, .address = address, .shares_line = true}});
}

struct JbdAddressed : testing::TestWithParam<Sum> {
  SharedBoard board{.sum = GetParam()};
  std::unique_ptr<Protocol> protocol = at(1);
  std::vector<ByteVector> asked;

  Result<Reading> poll() {
    Query<Reading>& query = protocol->poll();
    asked = run(query, [this](Bytes request) { return board.answer(request); });
    return query.result();
  }
};

TEST_P(JbdAddressed, BringsWhatTheBoardSays) {
  board.alarm_word = 1U << 13U;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 13.28);
  EXPECT_EQ(reading.current_a, -0.53);
  EXPECT_EQ(reading.soc_pct, 50);
  EXPECT_EQ(reading.remaining_ah, 50);
  EXPECT_EQ(reading.design_capacity_ah, 100);
  EXPECT_EQ(reading.cycles, 7);
  EXPECT_EQ(reading.balancing->to_ulong(), 2U);
  EXPECT_EQ(reading.charge_fet, true);
  EXPECT_EQ(reading.cells_v.size(), 4U);
  ASSERT_EQ(reading.temperatures_c.size(), 2U) << "of the cells alone";
  EXPECT_EQ(reading.temperatures_c[0], 25.0);
  EXPECT_EQ(reading.mos_temperature_c, 26.1);
  EXPECT_EQ(reading.alarms[Alarm::cell_imbalance], AlarmLevel::warning);
  EXPECT_EQ(reading.raw_protection, 1U << 29U);
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(to_hex(asked[0]), "DD01A50300FF5777");
  EXPECT_EQ(to_hex(asked[1]), "DD01A50400FF5677");
}

TEST_P(JbdAddressed, AbsentSensorsKeepTheirPlaces) {
  board.temperatures = {2731 + 1500, 2731 - 300, 2981};
  board.mosfet = 2731 + 1500;
  const Reading reading = poll().value();
  ASSERT_EQ(reading.temperatures_c.size(), 3U);
  EXPECT_EQ(reading.temperatures_c[0], std::nullopt);
  EXPECT_EQ(reading.temperatures_c[1], std::nullopt);
  EXPECT_EQ(reading.temperatures_c[2], 25.0);
  EXPECT_EQ(reading.mos_temperature_c, std::nullopt);
}

TEST_P(JbdAddressed, EveryProtectionRaisesItsAlarms) {
  for (std::size_t bit = 0; bit < 16; ++bit) {
    board.protection = 1U << bit;
    const Alarms alarms = poll()->alarms;
    for (std::size_t alarm = 0; alarm < alarm_count; ++alarm) {
      const auto which = static_cast<Alarm>(alarm);
      const auto& own = addressed_protection_bits[bit].alarms;
      const bool raised = std::ranges::find(own, std::optional(which)) != own.end();
      EXPECT_EQ(alarms[which].value_or(AlarmLevel::ok), raised ? AlarmLevel::alarm : AlarmLevel::ok)
          << bit << venus_name(which);
    }
  }
  board.protection = 1U << 15U;
  EXPECT_EQ(poll()->alarms[Alarm::high_internal_temperature], AlarmLevel::alarm) << "of the MOSFETs, not reserved";
}

TEST_P(JbdAddressed, EveryAlarmBitIsAWarning) {
  for (std::size_t bit = 0; bit < 16; ++bit) {
    board.alarm_word = 1U << bit;
    const Alarms alarms = poll()->alarms;
    for (std::size_t alarm = 0; alarm < alarm_count; ++alarm) {
      const auto which = static_cast<Alarm>(alarm);
      const bool raised = bit < addressed_warning_bits.size() &&
                          std::ranges::find(addressed_warning_bits[bit].alarms, std::optional(which)) !=
                              addressed_warning_bits[bit].alarms.end();
      EXPECT_EQ(alarms[which].value_or(AlarmLevel::ok), raised ? AlarmLevel::warning : AlarmLevel::ok)
          << bit << venus_name(which);
    }
  }
}

TEST_P(JbdAddressed, HearsNobodyElse) {
  Query<Reading>& query = protocol->poll();
  board.address = 3;
  run(query, [this](Bytes request) { return reply(3, request[3], board.basic_info(), board.sum); });
  EXPECT_EQ(query.result().error().kind, ErrorKind::silent);
}

TEST_P(JbdAddressed, AFrameWithoutAnAddressIsNoAnswer) {
  const auto plain = from_hex("DD03001D060B000001ED01F400002C7C00000000100080630204030BA00B9D0B98FA5577").value();
  EXPECT_FALSE(protocol->probe()->receive(plain).answered);
  EXPECT_FALSE(make()->probe()->receive(board.answer(from_hex("DD01A50300FF5777").value())).answered);
}

// S1: as each address and each way to sum comes with errors of one bit that turn the one sum into the other, a reading
// needs two answers that agree in that.
TEST_P(JbdAddressed, NoErrorOfABitBringsAReading) {
  for (const unsigned address : {0U, 1U, 2U, 4U, 8U, 15U}) {
    board.address = address;
    for (const unsigned damaged_register : {0x03U, 0x04U}) {
      const ByteVector question{0xDD, static_cast<std::uint8_t>(address), 0xA5,
                                static_cast<std::uint8_t>(damaged_register)};
      const std::size_t bits = 8 * board.answer(question).size();
      for (const bool known : {false, true}) {
        for (std::size_t bit = 0; bit < bits; ++bit) {
          protocol = at(address);
          if (known) {
            ASSERT_TRUE(poll());
          }
          Query<Reading>& query = protocol->poll();
          run(query, [&](Bytes request) {
            ByteVector bytes = board.answer(request);
            if (request[3] == damaged_register) bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
            return bytes;
          });
          EXPECT_FALSE(query.result()) << address << ", bit " << bit << " of register " << damaged_register;
          EXPECT_TRUE(poll()) << "and the next poll is not in the way of that";
        }
      }
    }
  }
}

TEST_P(JbdAddressed, CanOnlyBeRead) {
  for (const Command& command : std::initializer_list<Command>{
           SetFet{Fet::charge, false}, SetFet{Fet::discharge, false}, SetBalancer{true},
           SetSoc{.soc_pct = 50, .now = {}}, ReadParameter{"barcode"}, WriteParameter{"design_capacity", 100}})
    EXPECT_EQ(protocol->command(command).error().kind, ErrorKind::rejected);
}

TEST_P(JbdAddressed, IsAskedWhoItIsByItsAddress) {
  ASSERT_TRUE(poll());
  const auto query = protocol->identify();
  asked = run(*query, [this](Bytes request) { return board.answer(request); });
  for (const ByteVector& request : asked) EXPECT_EQ(request[1], 1);
  EXPECT_EQ(query->result(), (DeviceInfo{.family = "JBD", .model = "", .serial = "", .firmware = "2.4"}));
}

TEST_P(JbdAddressed, IsFoundByOneQuestion) {
  const auto query = protocol->probe();
  asked = run(*query, [this](Bytes request) { return board.answer(request); });
  EXPECT_EQ(asked.size(), 1U);
  EXPECT_EQ(query->result(), "register 0x03, 4 cells");
}

INSTANTIATE_TEST_SUITE_P(Sums, JbdAddressed, testing::Values(Sum::with_address, Sum::as_the_maker_says),
                         [](const auto& one) {
                           return one.param == Sum::with_address ? "WithAddress" : "AsTheMakerSays";
                         });

}  // namespace
}  // namespace bms::jbd
