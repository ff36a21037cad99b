// Requests, checksums, and the rules by which the receiver finds an answer between other bytes.
#include <gtest/gtest.h>

#include "ant/ant_bytes.hpp"
#include "ant/ant_new_frame.hpp"
#include "ant/ant_old_frame.hpp"
#include "ant_wire.hpp"
#include "bms/hex.hpp"

namespace bms::ant {
namespace {

using ant_test::ByteVector;
using ant_test::concat;
using ant_test::hex;
using ant_test::new_frame;
using ant_test::Pack;
using ant_test::word;

const ByteVector new_status = Pack{}.new_status();
const ByteVector old_status = Pack{}.old_status();
const NewExpectation wants_new_status = new_expectation_of(status_request());
const OldExpectation wants_old_status{.request = old_status_requests[0]};

template <class Expectation>
Receiver<Expectation> waiting_for(const Expectation& expected) {
  Receiver<Expectation> receiver;
  receiver.expect(expected);
  return receiver;
}

TEST(AntNewFrame, BuildsRequestsThatWereCapturedFromOthers) {
  EXPECT_EQ(to_hex(status_request()), "7EA1010000BE1855AA55");
  EXPECT_EQ(to_hex(device_info_request()), "7EA1026C022058C4AA55");
  EXPECT_EQ(to_hex(identity_request()), "7EA10400000C98ECAA55");
  EXPECT_EQ(to_hex(settings_request(0, 56)), "7EA10200003899B3AA55");
  EXPECT_EQ(to_hex(settings_request(2, 2)), "7EA102020002B860AA55");
  EXPECT_EQ(to_hex(write_request(0, 3650)), "7EA122000002420EBDECAA55");
  EXPECT_EQ(to_hex(password_request(362, "123456789abc")), "7EA1236A010C3132333435363738396162632062AA55");
  EXPECT_EQ(to_hex(password_request(330, "12345678")), "7EA1234A01083132333435363738DB50AA55");
  const std::pair<unsigned, const char*> controls[] = {{0x01, "7EA151010000D8E5AA55"}, {0x03, "7EA1510300007925AA55"},
                                                       {0x04, "7EA151040000C8E4AA55"}, {0x06, "7EA1510600006924AA55"},
                                                       {0x07, "7EA15107000038E4AA55"}, {0x0D, "7EA1510D000018E6AA55"},
                                                       {0x0E, "7EA1510E0000E8E6AA55"}};
  for (const auto& [command, bytes] : controls)
    EXPECT_EQ(to_hex(control_request(static_cast<std::uint8_t>(command))), bytes);
}

TEST(AntNewFrame, CrcOfTheRecordsIsTheOneThatBoardsSend) {
  EXPECT_EQ(crc_of(hex("FF0B0000")), 0xF241);
  EXPECT_EQ(crc_of(hex("FF0A0000")), 0x3210);
}

TEST(AntOldFrame, BuildsRequestsThatWereCapturedFromOthers) {
  EXPECT_EQ(to_hex(old_status_requests[0]), "DBDB00000000");
  EXPECT_EQ(to_hex(old_status_requests[1]), "5A5A00000101");
  EXPECT_EQ(to_hex(read_word_request(0x1F)), "5A5A1F00001F");
  EXPECT_EQ(to_hex(read_word_request(0x20)), "5A5A20000020");
  EXPECT_EQ(to_hex(write_word_request(0xFA, 1)), "A5A5FA0001FB");
  EXPECT_EQ(to_hex(write_word_request(0xF9, 0)), "A5A5F90000F9");
  EXPECT_EQ(to_hex(write_word_request(0xFC, 0)), "A5A5FC0000FC");
  EXPECT_EQ(to_hex(write_word_request(0xF1, 0x3132)), "A5A5F1313254");
  EXPECT_EQ(to_hex(write_word_request(0xF4, 0x3738)), "A5A5F4373863");
}

TEST(AntBytes, ReadInBothOrders) {
  const ByteVector bytes = hex("0102030405060788");
  EXPECT_EQ(u16_le(bytes, 0), 0x0201);
  EXPECT_EQ(s16_le(bytes, 6), -30713);
  EXPECT_EQ(u32_le(bytes, 1), 0x05040302U);
  EXPECT_EQ(u64_le(bytes, 0), 0x8807060504030201U);
  EXPECT_EQ(u32_be(bytes, 0), 0x01020304U);
  EXPECT_EQ(s32_be(hex("FFFFFFFE"), 0), -2);
}

TEST(AntNewFrame, TheRecordBehindTheCrcMayBeThereOrNot) {
  const NewExpectation expected = new_expectation_of(settings_request(0, 2));
  for (const bool trailer : {false, true}) {
    const ByteVector frame = new_frame(0x12, 0, {0x36, 0x10}, trailer);
    const auto outcome = search(frame, expected);
    ASSERT_TRUE(outcome.answer) << trailer;
    EXPECT_EQ(to_hex(outcome.answer->payload), "3610");
  }
}

TEST(AntNewFrame, ARecordIsPartOfTheFrame) {
  const NewExpectation expected = new_expectation_of(settings_request(0, 2));
  const ByteVector sound = new_frame(0x12, 0, {0x36, 0x10}, true);
  ByteVector bad_record = sound;
  bad_record[bad_record.size() - 6] ^= 1U;
  EXPECT_EQ(search(bad_record, expected).reason, ErrorKind::checksum);
  ByteVector bad_end = sound;
  bad_end.back() = 0;
  EXPECT_EQ(search(bad_end, expected).reason, ErrorKind::end_marker);
  EXPECT_EQ(search(Bytes(sound).first(sound.size() - 1), expected).reason, ErrorKind::truncated);
  EXPECT_EQ(search(new_frame(0x11, 0, Pack{}.new_payload(), true), wants_new_status).reason, ErrorKind::end_marker)
      << "a status has none";
}

TEST(AntNewFrame, CountsHaveToBePossibleAndToFit) {
  Pack pack;
  pack.cells.assign(32, 3300);
  pack.probes.assign(6, 20);
  EXPECT_TRUE(search(pack.new_status(), wants_new_status).answer);
  pack.cells.push_back(3300);
  EXPECT_EQ(search(pack.new_status(), wants_new_status).reason, ErrorKind::length);
  pack.cells.assign(4, 3300);
  pack.probes.push_back(20);
  EXPECT_EQ(search(pack.new_status(), wants_new_status).reason, ErrorKind::length);
  ByteVector payload = Pack{}.new_payload();
  payload.pop_back();
  EXPECT_EQ(search(new_frame(0x11, 0, payload), wants_new_status).reason, ErrorKind::length);
  payload.resize(250);
  EXPECT_TRUE(search(new_frame(0x11, 0, payload), wants_new_status).answer) << "more than is known of";
}

TEST(AntNewFrame, AnAnswerFromAnotherPlaceIsAStranger) {
  const NewExpectation expected = new_expectation_of(settings_request(8, 2));
  const ByteVector wanted = new_frame(0x12, 8, {1, 2}, true);
  const ByteVector other = new_frame(0x12, 10, {1, 2}, true);
  EXPECT_EQ(search(other, expected).reason, ErrorKind::unexpected_command);
  EXPECT_TRUE(search(concat(other, wanted), expected).answer);
  EXPECT_EQ(search(new_frame(0x12, 8, {1, 2, 3, 4}, true), expected).reason, ErrorKind::length);
}

TEST(AntNewFrame, AnImpossibleContentWithARightCrcIsALengthError) {
  EXPECT_EQ(search(new_frame(0x14, 0, ByteVector(11)), new_expectation_of(identity_request())).reason,
            ErrorKind::length);
  EXPECT_EQ(search(new_frame(0x61, 6, {}), new_expectation_of(control_request(6))).reason, ErrorKind::length);
}

TEST(AntNewReceiver, SkipsEchoAndStrangersAndCountsTheStrangers) {
  auto receiver = waiting_for(wants_new_status);
  const auto request = status_request();
  const auto first = receiver.push(concat({request.begin(), request.end()}, new_frame(0x61, 4, {1, 0})));
  EXPECT_FALSE(first.answer);
  EXPECT_FALSE(first.begun);
  EXPECT_EQ(first.strangers, 1U);
  EXPECT_TRUE(receiver.push(new_status).answer);
}

TEST(AntNewReceiver, TellsWhatIsMissing) {
  auto receiver = waiting_for(wants_new_status);
  EXPECT_EQ(receiver.push(ByteVector{0x7E}).missing, 9U);
  const auto header = receiver.push(Bytes(new_status).subspan(1, 5));
  EXPECT_EQ(header.missing, new_status.size() - 6);
  EXPECT_TRUE(header.begun);
}

TEST(AntNewReceiver, DoesNotWaitForAFrameOfImpossibleLength) {
  for (const char* noise : {"7EA111000004", "7EA1140000FF", "7EA1FF0000FF", "7EA1220000FF"}) {
    auto receiver = waiting_for(wants_new_status);
    EXPECT_TRUE(receiver.push(concat(hex(noise), new_status)).answer) << noise;
  }
}

TEST(AntNewReceiver, FindsTheSameInAFrameOfImpossibleLengthHoweverItComes) {
  const NewExpectation expected = new_expectation_of(settings_request(8, 2));
  const ByteVector wanted = new_frame(0x12, 8, {1, 2}, true);
  const ByteVector impossible = new_frame(0x14, 0, wanted);
  EXPECT_TRUE(search(impossible, expected).answer);
  EXPECT_TRUE(waiting_for(expected).push(impossible).answer);
  auto receiver = waiting_for(expected);
  bool answered = false;
  for (const std::uint8_t byte : impossible) answered = receiver.push(Bytes(&byte, 1)).answer || answered;
  EXPECT_TRUE(answered);
}

TEST(AntNewReceiver, StepsOverALateAnswerOfAnotherSize) {
  auto receiver = waiting_for(new_expectation_of(settings_request(8, 2)));
  const ByteVector late = new_frame(0x12, 10, {1, 2, 3, 4}, true);
  EXPECT_EQ(receiver.push(Bytes(late).first(8)).missing, late.size() - 8 - trailer_size);
  EXPECT_EQ(receiver.push(Bytes(late).subspan(8)).strangers, 1U);
}

TEST(AntNewReceiver, FindsTheFrameBehindOneThatWasCutOff) {
  auto receiver = waiting_for(wants_new_status);
  EXPECT_TRUE(
      receiver.push(concat(ByteVector(new_status.begin(), new_status.begin() + 70), concat(new_status, new_status)))
          .answer);
}

TEST(AntNewReceiver, SurvivesEndlessNoiseAndStillFindsTheFrame) {
  auto receiver = waiting_for(wants_new_status);
  for (int i = 0; i < 5000; ++i) EXPECT_FALSE(receiver.push(hex("7EA11100008E")).answer);
  EXPECT_TRUE(receiver.push(concat(ByteVector(300), new_status)).answer);
}

TEST(AntOldFrame, ZerosAreNoStatusAlthoughTheirSumIsRight) {
  ByteVector zeros = hex("AA55AAFF");
  zeros.resize(140);
  EXPECT_EQ(search(zeros, wants_old_status).reason, ErrorKind::length);
}

TEST(AntOldFrame, AStatusInsideOneThatNeverEndedIsFound) {
  const ByteVector head(old_status.begin(), old_status.begin() + 61);
  EXPECT_TRUE(search(concat(head, old_status), wants_old_status).answer);
}

TEST(AntOldReceiver, TakesItsOwnRequestForAnEchoAndSaysSo) {
  bool echoes = false;
  auto receiver = waiting_for(OldExpectation{.request = old_status_requests[0], .line_echoes = &echoes});
  const auto first = receiver.push(hex("DBDB00000000"));
  EXPECT_FALSE(first.begun);
  EXPECT_TRUE(echoes);
  EXPECT_TRUE(receiver.push(old_status).answer);
}

TEST(AntOldReceiver, AnAcknowledgementLooksLikeTheRequestUnlessTheLineEchoes) {
  const OldRequest request = write_word_request(0xFA, 1);
  const ByteVector bytes(request.begin(), request.end());
  auto quiet = waiting_for(OldExpectation{.request = request});
  EXPECT_TRUE(quiet.push(bytes).answer);
  auto echoing = waiting_for(OldExpectation{.request = request, .line_echoes = nullptr, .echo_due = true});
  EXPECT_FALSE(echoing.push(bytes).answer);
  EXPECT_TRUE(echoing.push(bytes).answer);
}

TEST(AntOldReceiver, ALateAcknowledgementInFrontIsAStranger) {
  auto receiver = waiting_for(OldExpectation{.request = write_word_request(0xFA, 1)});
  const auto intake = receiver.push(concat(word(0x5A, 0xFF, 0), concat(word(0xA5, 0xFF, 0), word(0xA5, 0xFA, 1))));
  ASSERT_TRUE(intake.answer);
  EXPECT_EQ(intake.strangers, 1U) << "the other one has another header";
  EXPECT_FALSE(intake.answer->refused());
}

TEST(AntOldReceiver, ARefusalAnswersAnyWrite) {
  auto receiver = waiting_for(OldExpectation{.request = write_word_request(0xFA, 1)});
  const auto intake = receiver.push(word(0xA5, 0xF5, 1));
  ASSERT_TRUE(intake.answer);
  EXPECT_TRUE(intake.answer->refused());
}

TEST(AntOldFrame, ReasonsForWordsThatAreNone) {
  const OldExpectation expected{.request = read_word_request(3)};
  EXPECT_EQ(search(hex("5A5A030E4255"), expected).reason, ErrorKind::checksum);
  EXPECT_EQ(search(hex("5A5A030E42"), expected).reason, ErrorKind::truncated);
  EXPECT_EQ(search(hex("5A5A04083440"), expected).reason, ErrorKind::unexpected_command);
  EXPECT_EQ(search(hex("A5A5030E4253"), expected).reason, ErrorKind::garbage);
  EXPECT_EQ(search(hex("5A5A030E4253"), expected).answer->value(), 3650);
}

}  // namespace
}  // namespace bms::ant
