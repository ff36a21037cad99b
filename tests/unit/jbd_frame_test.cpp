// Requests, checksums and the rules by which the receiver finds an answer between other bytes.
#include "jbd/jbd_frame.hpp"

#include <gtest/gtest.h>

#include "bms/hex.hpp"
#include "jbd_wire.hpp"

namespace bms::jbd {
namespace {

using jbd_test::Basic;
using jbd_test::ByteVector;
using jbd_test::concat;
using jbd_test::reply;

const ByteVector echo = from_hex("DDA50300FFFD77").value();
const ByteVector cells = from_hex("DD0400080F450F3D0F370F3DFEC677").value();
const ByteVector basic = reply(0x03, 0, Basic{}.payload());
const Expectation wants_basic = expectation_of(echo);

Intake<Reply> push(FrameReceiver& receiver, const ByteVector& bytes) { return receiver.push(bytes); }

FrameReceiver waiting_for(const Expectation& expected) {
  FrameReceiver receiver;
  receiver.expect(expected);
  return receiver;
}

TEST(JbdFrame, BuildsRequestsThatWereCapturedFromOthers) {
  EXPECT_EQ(to_hex(read_request(0x03)), "DDA50300FFFD77");
  EXPECT_EQ(to_hex(read_request(0xAA)), "DDA5AA00FF5677");
  EXPECT_EQ(to_hex(write_request(0x00, 0x5678)), "DD5A00025678FF3077");
  EXPECT_EQ(to_hex(write_request(0x01, 0x2828)), "DD5A01022828FFAD77");
  EXPECT_EQ(to_hex(write_request(0xE1, 3)), "DD5AE1020003FF1A77");
  EXPECT_EQ(to_hex(read_parameters_request(1, 2)), "DDA5FA03000102FF0077");
  EXPECT_EQ(to_hex(read_parameters_request(170, 6)), "DDA5FA0300AA06FE5377");
}

TEST(JbdFrame, ChecksumOfNothingIsZeroInSixteenBits) {
  EXPECT_EQ(checksum(ByteVector{0, 0}), 0);
  EXPECT_EQ(checksum(ByteVector{3, 0}), 0xFFFD);
}

TEST(JbdFrame, NothingBesideGarbageInAnEmptyStream) { EXPECT_EQ(search({}, wants_basic).reason, ErrorKind::garbage); }

TEST(JbdFrame, TheFirstRejectedCandidateIsTheReason) {
  ByteVector bad_checksum = basic;
  bad_checksum[5] ^= 1U;
  ByteVector bad_end = basic;
  bad_end.back() = 0;
  EXPECT_EQ(search(concat(bad_checksum, bad_end), wants_basic).reason, ErrorKind::checksum);
  EXPECT_EQ(search(concat(bad_end, bad_checksum), wants_basic).reason, ErrorKind::end_marker);
  EXPECT_EQ(search(concat(cells, bad_checksum), wants_basic).reason, ErrorKind::checksum);
  EXPECT_EQ(search(concat(echo, cells), wants_basic).reason, ErrorKind::unexpected_command);
}

TEST(JbdFrame, AnImpossibleLengthWithARightChecksumIsALengthError) {
  EXPECT_EQ(search(reply(0x03, 0, ByteVector(22)), wants_basic).reason, ErrorKind::length);
  EXPECT_EQ(search(reply(0x03, 0, ByteVector(200)), wants_basic).reason, ErrorKind::length);
  EXPECT_EQ(search(reply(0x03, 0, {}), wants_basic).reason, ErrorKind::length);
  EXPECT_EQ(search(reply(0xE1, 0, {0, 0}), expectation_of(write_request(0xE1, 1))).reason, ErrorKind::length);
  EXPECT_EQ(search(reply(0x24, 0, {}), expectation_of(read_request(0x24))).reason, ErrorKind::length);
}

TEST(JbdFrame, AnAnswerInsideAFrameThatNeverEndedIsFoundInTheEnd) {
  const ByteVector head{0xDD, 0x03, 0x00, 0x50};
  EXPECT_TRUE(search(concat(head, basic), wants_basic).answer);
}

TEST(JbdFrame, AnAnswerAboutOtherParametersIsAStranger) {
  const Expectation wants_barcode = expectation_of(read_parameters_request(88, 1));
  EXPECT_EQ(search(reply(0xFA, 0, {0, 170, 1, 1, 2}), wants_barcode).reason, ErrorKind::unexpected_command);
  EXPECT_TRUE(search(reply(0xFA, 0, {0, 88, 1, 1, 2}), wants_barcode).answer);
}

TEST(JbdReceiver, TellsWhatIsMissingAsSoonAsTheHeaderIsThere) {
  FrameReceiver receiver = waiting_for(wants_basic);
  EXPECT_EQ(push(receiver, {0x00}).missing, 7U);
  EXPECT_EQ(push(receiver, {0xDD}).missing, 6U);
  EXPECT_EQ(push(receiver, {0x03, 0x00}).missing, 4U);
  const auto header = push(receiver, {27});
  EXPECT_EQ(header.missing, 30U);
  EXPECT_TRUE(header.begun);
}

TEST(JbdReceiver, SkipsEchoAndStrangersAndCountsTheStrangers) {
  FrameReceiver receiver = waiting_for(wants_basic);
  const auto first = push(receiver, concat(echo, cells));
  EXPECT_FALSE(first.answer);
  EXPECT_FALSE(first.begun);
  EXPECT_EQ(first.strangers, 1U);
  const auto second = push(receiver, concat(cells, basic));
  ASSERT_TRUE(second.answer);
  EXPECT_EQ(second.strangers, 1U);
}

TEST(JbdReceiver, DoesNotWaitForAFrameOfImpossibleLength) {
  FrameReceiver receiver = waiting_for(wants_basic);
  EXPECT_TRUE(push(receiver, concat({0xDD, 0x03, 0x00, 0xFF}, basic)).answer);
  receiver.expect(wants_basic);
  EXPECT_TRUE(push(receiver, concat({0xDD, 0x04, 0x00, 0x07}, basic)).answer);
  receiver.expect(wants_basic);
  EXPECT_TRUE(push(receiver, concat({0xDD, 0x99, 0x00, 0x60}, basic)).answer);
}

TEST(JbdReceiver, ARefusalIsAnAnswerAnEchoIsNot) {
  FrameReceiver receiver = waiting_for(wants_basic);
  const auto intake = push(receiver, concat(echo, reply(0x03, 0x80, {})));
  ASSERT_TRUE(intake.answer);
  EXPECT_EQ(intake.answer->status, 0x80);
}

TEST(JbdReceiver, KeepsNothingOverFromAnEarlierQuestion) {
  FrameReceiver receiver = waiting_for(wants_basic);
  push(receiver, ByteVector(basic.begin(), basic.end() - 1));
  receiver.expect(wants_basic);
  EXPECT_TRUE(receiver.untouched());
  EXPECT_FALSE(push(receiver, {0x77}).answer);
}

TEST(JbdReceiver, SurvivesEndlessNoiseAndStillFindsTheFrame) {
  FrameReceiver receiver = waiting_for(wants_basic);
  for (int i = 0; i < 5000; ++i) EXPECT_FALSE(push(receiver, {0xDD, 0x03, 0x00, 0x30, 0x01}).answer);
  EXPECT_TRUE(push(receiver, concat(ByteVector(300), basic)).answer);
}

TEST(JbdReceiver, RemembersTheFirstReasonBeyondItsBuffer) {
  ByteVector bad_end = basic;
  bad_end.back() = 0;
  FrameReceiver receiver = waiting_for(wants_basic);
  push(receiver, bad_end);
  push(receiver, ByteVector(5000));
  EXPECT_EQ(receiver.finish().reason, ErrorKind::end_marker);
}

}  // namespace
}  // namespace bms::jbd
