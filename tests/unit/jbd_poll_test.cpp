// Polling and identifying a board over a wire that may fail.
#include <gtest/gtest.h>

#include <algorithm>

#include "bms/hex.hpp"
#include "jbd/jbd.hpp"
#include "jbd/jbd_tables.hpp"
#include "jbd_wire.hpp"

namespace bms::jbd {
namespace {

using jbd_test::Basic;
using jbd_test::ByteVector;
using jbd_test::Fault;
using jbd_test::Wire;
using jbd_test::WireBoard;

struct JbdPoll : testing::Test {
  WireBoard board;
  Wire wire{board};
  std::unique_ptr<Protocol> protocol = jbd::make();

  Result<Reading> poll() {
    Query<Reading>& query = protocol->poll();
    wire.run(query);
    return query.result();
  }

  DeviceInfo identify() {
    const auto query = protocol->identify();
    wire.run(*query);
    return query->result().value();
  }
};

TEST_F(JbdPoll, BringsWhatTheBoardSays) {
  board.basic = {.voltage = 1329, .current = 0xFFCB, .balance_low = 0x8005};
  board.cells = {3320, 3330, 3310, 3330};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 13.29);
  EXPECT_EQ(reading.current_a, -0.53);
  EXPECT_EQ(reading.soc_pct, 50);
  EXPECT_EQ(reading.remaining_ah, 50);
  EXPECT_EQ(reading.design_capacity_ah, 100);
  EXPECT_EQ(reading.full_ah, std::nullopt);
  EXPECT_EQ(reading.cycles, 7);
  EXPECT_EQ(reading.balancing->to_ulong(), 5U) << "cell 16 does not exist";
  EXPECT_EQ(reading.charge_fet, true);
  EXPECT_EQ(reading.discharge_fet, true);
  EXPECT_TRUE(std::ranges::equal(reading.cells_v, std::vector{3.32, 3.33, 3.31, 3.33}));
  ASSERT_EQ(reading.temperatures_c.size(), 2U);
  EXPECT_EQ(reading.temperatures_c[1], 26.0);
}

TEST_F(JbdPoll, AsksForInformationAndThenForCells) {
  ASSERT_TRUE(poll());
  ASSERT_EQ(wire.sent.size(), 2U);
  EXPECT_EQ(to_hex(wire.sent[0]), "DDA50300FFFD77");
  EXPECT_EQ(to_hex(wire.sent[1]), "DDA50400FFFC77");
}

TEST_F(JbdPoll, KnowsTheSizeOfAnswersOnceItHasSeenThem) {
  EXPECT_EQ(protocol->poll().request()->reply_size, 30U);
  ASSERT_TRUE(poll());
  Query<Reading>& query = protocol->poll();
  EXPECT_EQ(query.request()->reply_size, 34U) << "two sensors";
  query.receive(board.answer(query.request()->bytes));
  EXPECT_EQ(query.request()->reply_size, 15U) << "four cells";
}

TEST_F(JbdPoll, AsksMoreOftenUntilTheBoardIsAwake) {
  ASSERT_TRUE(poll());
  ASSERT_TRUE(poll());
  EXPECT_EQ(wire.attempts, (std::vector{5, 3, 3, 3}));
}

TEST_F(JbdPoll, AnAbsentSensorKeepsItsPlace) {
  board.basic.temperatures = {0, 2981};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.temperatures_c.at(0), std::nullopt);
  EXPECT_EQ(reading.temperatures_c.at(1), 25.0);
}

TEST_F(JbdPoll, ABrokenSenseWireIsAReading) {
  board.cells = {3320, 0, 5000, 3320};
  EXPECT_EQ(poll()->cells_v[1], 0.0);
}

TEST_F(JbdPoll, EveryProtectionBitReachesItsAlarmsAndNoOther) {
  for (std::size_t bit = 0; bit < protection_bits.size(); ++bit) {
    board.basic.protection = 1U << bit;
    const Reading reading = poll().value();
    EXPECT_EQ(reading.raw_protection, 1U << bit);
    for (std::size_t alarm = 0; alarm < alarm_count; ++alarm) {
      const auto one = static_cast<Alarm>(alarm);
      const auto& raised = protection_bits[bit].alarms;
      const auto& level = reading.alarms[one];
      if (std::ranges::find(raised, std::optional(one)) != raised.end()) {
        EXPECT_EQ(level, AlarmLevel::alarm) << bit << " " << alarm;
      } else {
        EXPECT_NE(level, AlarmLevel::alarm) << bit << " " << alarm;
        EXPECT_NE(level, AlarmLevel::warning) << bit << " " << alarm;
      }
    }
  }
}

TEST_F(JbdPoll, DeclaresExactlyTheAlarmsThatTheBoardCanRaise) {
  const Alarms without_tail = poll()->alarms;
  board.basic.tail.emplace();
  const Alarms with_tail = poll()->alarms;
  for (const Alarm alarm :
       {Alarm::low_voltage, Alarm::high_voltage, Alarm::low_cell_voltage, Alarm::high_cell_voltage,
        Alarm::high_charge_current, Alarm::high_discharge_current, Alarm::low_charge_temperature,
        Alarm::high_charge_temperature, Alarm::low_temperature, Alarm::high_temperature, Alarm::internal_failure}) {
    EXPECT_EQ(without_tail[alarm], AlarmLevel::ok);
    EXPECT_EQ(with_tail[alarm], AlarmLevel::ok);
  }
  for (const Alarm alarm : {Alarm::cell_imbalance, Alarm::low_soc}) {
    EXPECT_EQ(without_tail[alarm], std::nullopt);
    EXPECT_EQ(with_tail[alarm], AlarmLevel::ok);
  }
  for (const Alarm alarm : {Alarm::bms_cable, Alarm::temperature_sensor, Alarm::high_internal_temperature})
    EXPECT_EQ(with_tail[alarm], std::nullopt);
}

TEST_F(JbdPoll, TheTailWarnsAndReservedBitsDoNot) {
  for (std::size_t bit = 0; bit < warning_bits.size(); ++bit) {
    board.basic.tail = {.alarm_status = 1U << bit};
    EXPECT_EQ(poll()->alarms[warning_bits[bit]], AlarmLevel::warning) << bit;
  }
  board.basic.tail.emplace();
  const Alarms healthy = poll()->alarms;
  board.basic.tail->alarm_status = 0xF000;
  EXPECT_EQ(poll()->alarms, healthy);
}

TEST_F(JbdPoll, AnAlarmIsNotLoweredByItsWarning) {
  board.basic.protection = 1;
  board.basic.tail = {.alarm_status = 1};
  EXPECT_EQ(poll()->alarms[Alarm::high_cell_voltage], AlarmLevel::alarm);
}

TEST_F(JbdPoll, StateOfChargeIsTheBmsOwnOrAFinerOneThatAgrees) {
  board.basic.remaining = 16558;
  board.basic.soc = 53;
  board.basic.nominal = 30000;
  EXPECT_EQ(poll()->soc_pct, 53) << "nominal capacity is no measure";
  board.basic.tail = {.full = 31247};
  EXPECT_DOUBLE_EQ(poll()->soc_pct.value(), 100 * 165.58 / 312.47);
  EXPECT_EQ(poll()->full_ah, 312.47);
  board.basic.soc = 60;
  EXPECT_EQ(poll()->soc_pct, 60) << "disagrees";
  board.basic.tail = {.full = 0};
  EXPECT_EQ(poll()->soc_pct, 60);
  EXPECT_EQ(poll()->full_ah, std::nullopt);
  board.basic = {.remaining = 10050, .soc = 100, .tail = jbd_test::Tail{.full = 10000}};
  EXPECT_EQ(poll()->soc_pct, 100) << "never more than full";
}

TEST_F(JbdPoll, TheUnitFlagScalesCurrentAndCapacitiesAndNothingElse) {
  board.basic = {
      .current = 0xF254, .remaining = 6000, .nominal = 8400, .fets = 0x83, .tail = jbd_test::Tail{.full = 8000}};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 13.28);
  EXPECT_EQ(reading.current_a, -350);
  EXPECT_EQ(reading.remaining_ah, 600);
  EXPECT_EQ(reading.design_capacity_ah, 840);
  EXPECT_EQ(reading.full_ah, 800);
}

TEST_F(JbdPoll, SeesThirtyTwoCells) {
  board.basic.cells = 32;
  board.basic.balance_high = 0x8000;
  board.cells = std::vector<unsigned>(32, 3300);
  const Reading reading = poll().value();
  EXPECT_EQ(reading.cells_v.size(), 32U);
  EXPECT_TRUE(reading.balancing->test(31));
}

TEST_F(JbdPoll, WhenTheCountsDifferTheSmallerOneIsPublished) {
  board.cells = {3320, 3320, 3320};
  EXPECT_EQ(poll()->cells_v.size(), 3U);
  board.cells = {3320, 3320, 3320, 3320, 0, 0};
  EXPECT_EQ(poll()->cells_v.size(), 4U);
}

TEST_F(JbdPoll, RefusesWhatCannotBeTrue) {
  const Basic impossible[] = {{.voltage = 0, .remaining = 0}, {.cells = 0}, {.cells = 33}};
  for (const Basic& basic : impossible) {
    board.basic = basic;
    EXPECT_EQ(poll().error().kind, ErrorKind::implausible);
  }
  board.basic = {};
  EXPECT_TRUE(poll()) << "and recovers";
}

TEST_F(JbdPoll, ASingleValueThatCannotBeIsPassedOn) {
  board.basic = {.nominal = 0, .soc = 101};
  EXPECT_EQ(poll()->soc_pct, 101);
  EXPECT_EQ(poll()->design_capacity_ah, 0);
  EXPECT_EQ(poll()->cells_v.size(), 4U);
}

TEST_F(JbdPoll, EndsWithTheReasonWhenAQuestionIsGivenUp) {
  // The first refusal is met by leaving factory mode; see JbdRefusedPoll.
  wire.fault = [](std::size_t n) { return n == 0 ? Fault::refused : Fault::none; };
  ASSERT_TRUE(poll());
  for (const std::size_t question : {0U, 1U}) {
    for (const auto& [fault, kind] : {std::pair{Fault::request_lost, ErrorKind::silent},
                                      {Fault::damaged, ErrorKind::checksum},
                                      {Fault::refused, ErrorKind::status}}) {
      wire.fault = [question, fault](std::size_t n) { return n == question ? fault : Fault::none; };
      const auto result = poll();
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().kind, kind);
      EXPECT_EQ(result.error().status.has_value(), kind == ErrorKind::status);
    }
  }
  wire.fault = [](std::size_t) { return Fault::none; };
  EXPECT_TRUE(poll());
}

TEST_F(JbdPoll, OnlyEchoesAreSilence) {
  Query<Reading>& query = protocol->poll();
  const Request request = query.request().value();
  const Progress progress = query.receive(request.bytes);
  EXPECT_FALSE(progress.answered);
  EXPECT_FALSE(progress.begun);
  EXPECT_EQ(query.timed_out().kind, ErrorKind::silent);
}

TEST_F(JbdPoll, BytesAfterTheEndChangeNothing) {
  ASSERT_TRUE(poll());
  Query<Reading>& query = protocol->poll();
  wire.run(query);
  EXPECT_FALSE(query.receive(jbd_test::reply(3, 0, Basic{.voltage = 1400}.payload())).answered);
  EXPECT_EQ(query.result()->voltage_v, 13.28);
}

TEST_F(JbdPoll, BoundsHoldForEveryReadingOfAHealthyBoard) {
  const Bounds& bounds = protocol->bounds();
  EXPECT_LT(bounds.cell_min_v, bounds.cell_max_v);
  EXPECT_LE(bounds.cell_min_v, 0.0);
  EXPECT_GE(bounds.current_max_a, 3276.6);
  EXPECT_LT(bounds.current_max_a, 3276.7) << "the end of the wire format is no measurement";
}

TEST_F(JbdPoll, IdentifyTellsNameBarcodeAndFirmware) {
  ASSERT_TRUE(poll());
  ByteVector barcode(32);
  barcode[0] = 4;
  std::ranges::copy(std::string("AB12"), barcode.begin() + 1);
  board.parameters[88] = barcode;
  EXPECT_EQ(identify(), (DeviceInfo{.family = "JBD", .model = "JBD-TEST", .serial = "AB12", .firmware = "8.0"}));
}

TEST_F(JbdPoll, IdentifyFallsBackToTheChipId) {
  board.parameters[170] = from_hex("00112233445566778899AABB").value();
  const ByteVector unusable[] = {ByteVector(32), ByteVector(32, 0xFF), [] {
                                   ByteVector bytes(32, ' ');
                                   bytes[0] = 9;
                                   return bytes;
                                 }()};
  for (const ByteVector& barcode : unusable) {
    board.parameters[88] = barcode;
    EXPECT_EQ(identify().serial, "00112233445566778899AABB");
  }
  board.parameters[170] = ByteVector(12, 0xFF);
  EXPECT_EQ(identify().serial, "");
}

TEST_F(JbdPoll, IdentifyAsksForNothingTwiceThatTheBoardDoesNotKnow) {
  EXPECT_EQ(identify().serial, "");
  ASSERT_EQ(wire.sent.size(), 2U) << "name and barcode";
  EXPECT_EQ(wire.attempts[1], 1);
  wire.fault = [](std::size_t) { return Fault::request_lost; };
  EXPECT_EQ(identify(), (DeviceInfo{.family = "JBD", .model = "", .serial = "", .firmware = ""}));
  EXPECT_EQ(wire.sent.size(), 4U);
}

TEST_F(JbdPoll, IdentifyNeverWrites) {
  board.parameters[88] = ByteVector(32);
  board.parameters[170] = ByteVector(12, 7);
  identify();
  for (const ByteVector& request : wire.sent) EXPECT_EQ(request.at(1), 0xA5) << to_hex(request);
}

}  // namespace
}  // namespace bms::jbd
