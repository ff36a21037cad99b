// Daly requests, sums, and the rules by which an answer is found between other bytes.
#include <gtest/gtest.h>

#include "bms/hex.hpp"
#include "daly/daly_a5_decode.hpp"
#include "daly/daly_a5_frame.hpp"
#include "daly/daly_modbus_frame.hpp"
#include "daly_wire.hpp"

namespace bms::daly {
namespace {

using daly_test::a5_frame;
using daly_test::ByteVector;
using daly_test::concat;
using daly_test::with_crc;

const ByteVector pack = a5_frame(1, 0x90, {0x02, 0x10, 0, 0, 0x75, 0x30, 0x01, 0xF4});
const ByteVector range = a5_frame(1, 0x91, {0x0E, 0xC8, 5, 0x0E, 0x9C, 9, 1, 0xF4});
const ByteVector echo = a5_frame(0x40, 0x90, {});
constexpr Expectation wants_pack{.board = 1, .command = 0x90};

template <class Expected>
Receiver<Expected> waiting_for(const Expected& expected) {
  Receiver<Expected> receiver;
  receiver.expect(expected);
  return receiver;
}

ByteVector cell_frame(unsigned number, unsigned mv) {
  ByteVector data{static_cast<std::uint8_t>(number)};
  for (int slot = 0; slot < 3; ++slot) daly_test::put(data, mv);
  return a5_frame(1, 0x95, data);
}

constexpr Expectation wants_cells{.board = 1, .command = 0x95, .frames = 3};

TEST(DalyFrame, BuildsRequestsFilledWithAlternatingBits) {
  EXPECT_EQ(to_hex(read_request(0x40, 0x90)), "A5409008AAAAAAAAAAAAAAAACD");
  EXPECT_EQ(to_hex(read_request(0x80, 0x95)), "A5809508AAAAAAAAAAAAAAAA12");
  for (unsigned command = 0x50; command <= 0x98; ++command)
    EXPECT_EQ(judge(read_request(0x41, static_cast<std::uint8_t>(command)), 1), Candidate::foreign);
}

TEST(DalyFrame, BuildsOrdersAsCapturedFromTheVendorsSoftware) {
  EXPECT_EQ(to_hex(write_request(0x40, 0xD9, {1})), "A540D9080100000000000000C7");
  EXPECT_EQ(to_hex(write_request(0x40, 0x21, {0x16, 0x0C, 0x0D, 0x15, 0x1D, 0x27, 0x01, 0x2C})),
            "A5402108160C0D151D27012CC3");
}

TEST(DalyFrame, KnowsWhichBoardAnswersAHost) {
  EXPECT_EQ(host_for(1), 0x40);
  EXPECT_EQ(host_for(16), 0x4F);
  for (unsigned board = 1; board <= 16; ++board) EXPECT_EQ(board_behind(host_for(board)), board);
  EXPECT_EQ(board_behind(0x80), 1);
  EXPECT_EQ(board_behind(0x20), 1);
}

TEST(DalyFrame, JudgesWhatBeginsWithAStartByte) {
  ByteVector frame = pack;
  EXPECT_EQ(judge(frame, 1), Candidate::ours);
  EXPECT_EQ(judge(frame, 2), Candidate::foreign);
  EXPECT_EQ(judge(echo, 1), Candidate::foreign);
  EXPECT_EQ(judge(ByteVector{0xA5}, 1), Candidate::incomplete);
  EXPECT_EQ(judge(ByteVector{0xA5, 0x11}, 1), Candidate::noise) << "nobody has that address";
  EXPECT_EQ(judge(ByteVector{0xA5, 0x02, 0x90, 0x07}, 1), Candidate::noise);
  EXPECT_EQ(judge(ByteVector{0xA5, 0x01, 0x90, 0x07}, 1), Candidate::wrong_length);
  frame.back() ^= 1U;
  EXPECT_EQ(judge(frame, 1), Candidate::wrong_checksum);
  EXPECT_EQ(judge(frame, 2), Candidate::noise);
}

TEST(DalyReceiver, SkipsEchoAndStrangersAndCountsTheStrangers) {
  auto receiver = waiting_for(wants_pack);
  const ByteVector other_board = a5_frame(2, 0x90, {0x02, 0x22});
  const auto first = receiver.push(concat(concat(echo, range), other_board));
  EXPECT_FALSE(first.answer);
  EXPECT_FALSE(first.begun);
  EXPECT_EQ(first.strangers, 2U);
  const auto second = receiver.push(pack);
  ASSERT_TRUE(second.answer);
  EXPECT_EQ(second.answer->data, data_of(pack));
}

TEST(DalyReceiver, AnAnswerBeginsWithItsOwnCommandOnly) {
  auto receiver = waiting_for(wants_pack);
  EXPECT_FALSE(receiver.push(Bytes(range).first(6)).begun);
  receiver.expect(wants_pack);
  EXPECT_FALSE(receiver.push(Bytes(pack).first(2)).begun);
  EXPECT_TRUE(receiver.push(Bytes(pack).subspan(2, 2)).begun);
}

TEST(DalyReceiver, StartBytesInsideOfDataDoNotSplitAFrame) {
  auto receiver = waiting_for(Expectation{.board = 1, .command = 0x91});
  const ByteVector tricky = a5_frame(1, 0x91, {0x0C, 0xA5, 0x01, 0x0C, 0x80, 3});
  EXPECT_TRUE(receiver.push(concat({0xA5, 0x01, 0x91, 0x08, 0x0C, 0xA5}, tricky)).answer);
}

TEST(DalyReceiver, CollectsTheFramesOfAnAnswer) {
  auto receiver = waiting_for(wants_cells);
  EXPECT_FALSE(receiver.push(cell_frame(1, 3301)).answer);
  EXPECT_TRUE(receiver.push(Bytes(cell_frame(2, 3302)).first(3)).begun);
  receiver.push(Bytes(cell_frame(2, 3302)).subspan(3));
  const auto last = receiver.push(cell_frame(3, 3303));
  ASSERT_TRUE(last.answer);
  for (std::size_t cell = 1; cell <= 9; ++cell)
    EXPECT_EQ(cell_of(last.answer->frames, cell), cell <= 3 ? 3.301 : cell <= 6 ? 3.302 : 3.303);
}

TEST(DalyReceiver, DoesNotMixTwoCollections) {
  auto receiver = waiting_for(wants_cells);
  receiver.push(concat(cell_frame(2, 3000), cell_frame(3, 3000)));
  EXPECT_FALSE(receiver.push(concat(cell_frame(1, 3301), cell_frame(2, 3302))).answer);
  EXPECT_FALSE(receiver.push(cell_frame(1, 3401)).answer) << "a new collection";
  EXPECT_FALSE(receiver.push(cell_frame(3, 3403)).answer);
  EXPECT_FALSE(receiver.push(cell_frame(3, 3503)).answer) << "frame 3 of another one, whose beginning was lost";
  EXPECT_FALSE(receiver.push(cell_frame(2, 3502)).answer);
  EXPECT_EQ(receiver.finish().reason, ErrorKind::truncated);
  EXPECT_FALSE(receiver.push(concat(cell_frame(2, 3302), cell_frame(3, 3302))).answer) << "forgotten";
}

TEST(DalyReceiver, ZeroAndEverythingBeyondSixteenAreNoFrameNumbers) {
  auto receiver = waiting_for(Expectation{.board = 1, .command = 0x95, .frames = 1});
  for (const unsigned number : {0U, 17U, 0xFFU}) EXPECT_FALSE(receiver.push(cell_frame(number, 3300)).answer);
  EXPECT_TRUE(receiver.push(cell_frame(1, 3300)).answer);
}

TEST(DalyReceiver, SurvivesEndlessNoiseAndStillFindsTheFrame) {
  auto receiver = waiting_for(wants_pack);
  for (int i = 0; i < 5000; ++i) EXPECT_FALSE(receiver.push(ByteVector{0xA5, 0x01, 0x90, 0x07, 0xA5}).answer);
  EXPECT_TRUE(receiver.push(concat(ByteVector(300), pack)).answer);
}

TEST(DalyModbusFrame, BuildsRequestsThatWereCaptured) {
  EXPECT_EQ(to_hex(modbus_read(d2_addresses, 0x00, 62)), "D2030000003ED7B9");
  EXPECT_EQ(to_hex(modbus_read(d2_addresses, 0x80, 41)), "D20300800029965F");
  EXPECT_EQ(to_hex(modbus_read(d2_addresses, 0xA9, 32)), "D20300A900208791");
  EXPECT_EQ(to_hex(modbus_read(p81_addresses(1), 0x00, 64)), "8103000000405BFA");
  EXPECT_EQ(to_hex(modbus_read(p81_addresses(1), 0x41, 62)), "81030041003E8BCE");
  EXPECT_EQ(to_hex(modbus_read(p81_addresses(1), 0x178, 74)), "81030178004A5A18");
  EXPECT_EQ(to_hex(modbus_write(d2_addresses, 0xA5, 1)), "D20600A500014B8A");
  EXPECT_EQ(to_hex(modbus_write(d2_addresses, 0xA6, 0)), "D20600A600007A4A");
  EXPECT_EQ(p81_addresses(3).request, 0x83);
  EXPECT_EQ(p81_addresses(3).answer, 0x53);
}

ModbusExpectation asked(ModbusAddress to, std::uint16_t first, std::uint16_t count) {
  return {.request = modbus_read(to, first, count), .answer_address = to.answer};
}

TEST(DalyModbusReceiver, SkipsTheEchoOnEitherMap) {
  for (const ModbusAddress to : {d2_addresses, p81_addresses(1)}) {
    auto receiver = waiting_for(asked(to, 0x10, 1));
    const auto first = receiver.push(modbus_read(to, 0x10, 1));
    EXPECT_FALSE(first.answer);
    EXPECT_FALSE(first.begun);
    const auto second = receiver.push(with_crc({to.answer, 3, 2, 0x12, 0x34}));
    ASSERT_TRUE(second.answer);
    EXPECT_EQ(to_hex(second.answer->words), "1234");
  }
}

TEST(DalyModbusReceiver, AnAnswerOfAnotherSizeOrFromAnotherAddressIsNone) {
  auto receiver = waiting_for(asked(p81_addresses(1), 0x10, 1));
  EXPECT_FALSE(receiver.push(with_crc({0x51, 3, 4, 1, 2, 3, 4})).answer);
  EXPECT_FALSE(receiver.push(with_crc({0x81, 3, 2, 1, 2})).answer);
  EXPECT_FALSE(receiver.push(with_crc({0x52, 3, 2, 1, 2})).answer);
  EXPECT_FALSE(receiver.push(with_crc({0x51, 6, 0, 0x10, 0, 1})).answer);
  EXPECT_TRUE(receiver.push(with_crc({0x51, 3, 2, 1, 2})).answer);
}

TEST(DalyModbusReceiver, ARefusalIsAnAnswer) {
  auto receiver = waiting_for(asked(d2_addresses, 0x300, 1));
  const auto intake = receiver.push(with_crc({0xD2, 0x83, 2}));
  ASSERT_TRUE(intake.answer);
  EXPECT_EQ(intake.answer->refusal, 2);
}

TEST(DalyModbusReceiver, AnOrderIsAcknowledgedByItsEchoAndByNoOther) {
  const ModbusExpectation expected{.request = modbus_write(p81_addresses(2), 0x121, 1), .answer_address = 0x52};
  auto receiver = waiting_for(expected);
  EXPECT_FALSE(receiver.push(with_crc({0x52, 6, 0x01, 0x22, 0, 1})).answer);
  EXPECT_FALSE(receiver.push(with_crc({0x52, 6, 0x01, 0x21, 0, 0})).answer);
  EXPECT_TRUE(receiver.push(with_crc({0x52, 6, 0x01, 0x21, 0, 1})).answer);
}

}  // namespace
}  // namespace bms::daly
