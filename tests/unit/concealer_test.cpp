// No password is left in what passes over a line, and nothing else of it is changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "bms/hex.hpp"
#include "concealer.hpp"
#include "modbus_crc.hpp"
#include "registry.hpp"

namespace bms {
namespace {

using ByteVector = std::vector<std::uint8_t>;

ByteVector bytes_of(const char* hex) { return from_hex(hex).value(); }

std::size_t asterisks(const ByteVector& bytes) {
  return static_cast<std::size_t>(std::ranges::count(bytes, hidden_byte));
}

bool is_sound(const char* family, Sender sender, const ByteVector& bytes) {
  return ends_with_frame(parts_of(bytes, sender, find_family(family)->anatomy.forms()));
}

struct Case {
  const char* family;
  const char* question;
  const char* shown;  ///< without the checksum and what comes after it
  std::size_t hidden;
};

constexpr Case cases[] = {
    {"ant", "7EA1234A01083132333435363738DB50AA55", "7EA1234A01082A2A2A2A2A2A2A2A", 8},
    {"ant", "7EA1236A010C3132333435363738396162632062AA55", "7EA1236A010C2A2A2A2A2A2A2A2A2A2A2A2A", 12},
    {"ant", "A5A5F1313254", "A5A5F12A2A", 2},
    {"ant", "A5A5F4373863", "A5A5F42A2A", 2},
    {"jbd", "DD5A0907064A3142324434FE8377", "DD5A09072A2A2A2A2A2A2A", 7},
    {"jbd", "DD5A0606313233343536FEBF77", "DD5A06062A2A2A2A2A2A", 6},
};

TEST(Concealer, HidesPasswordsInQuestionsAndLeavesTheFrameSound) {
  for (const Case& one : cases) {
    Concealer concealer;
    ByteVector question = bytes_of(one.question);
    concealer.sent(question);
    EXPECT_EQ(to_hex(question).substr(0, std::string(one.shown).size()), one.shown);
    EXPECT_GE(asterisks(question), one.hidden);
    EXPECT_EQ(is_sound(one.family, Sender::host, question), is_sound(one.family, Sender::host, bytes_of(one.question)))
        << one.question;
    const auto secrets = find_family(one.family)->anatomy.secrets(question);
    const auto hidden = hidden_in(question, secrets);
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(hidden, true)), one.hidden) << "a trace knows where it was";
  }
}

TEST(Concealer, HidesThemInEchoesInWhateverSlices) {
  for (const Case& one : cases) {
    const ByteVector question = bytes_of(one.question);
    for (std::size_t slice = 1; slice <= question.size() + 3; ++slice) {
      Concealer concealer;
      ByteVector shown = question;
      concealer.sent(shown);
      ByteVector echo = bytes_of("00A5FF");
      echo.insert(echo.end(), question.begin(), question.end());
      for (std::size_t at = 0; at < echo.size(); at += slice)
        concealer.received(std::span(echo).subspan(at, std::min(slice, echo.size() - at)));
      EXPECT_TRUE(std::ranges::equal(std::span(echo).subspan(3), shown)) << one.question << " by " << slice;
    }
  }
}

TEST(Concealer, HidesAnAnswerThatComesAfterTheNextQuestion) {
  Concealer concealer;
  ByteVector first = bytes_of("A5A5F1313254");
  ByteVector second = bytes_of("A5A5F2333459");
  concealer.sent(first);
  concealer.sent(second);
  ByteVector answers = bytes_of("A5A5F1313254A5A5F2333459");
  concealer.received(answers);
  EXPECT_EQ(to_hex(answers).substr(0, 10), "A5A5F12A2A");
  EXPECT_EQ(to_hex(answers).substr(12, 10), "A5A5F22A2A");
}

/// An answer of a Daly board of the register map of p81, with a password in its registers 0x126 to 0x128.
ByteVector daly_settings() {
  ByteVector answer = {0x51, 0x03, 0xA2};
  for (int i = 0; i < 81; ++i) answer.insert(answer.end(), {0x01, static_cast<std::uint8_t>(i)});
  std::ranges::copy(bytes_of("313233343536"), answer.begin() + 3 + 2 * 0x26);
  const std::uint16_t crc = modbus_crc(answer);
  answer.insert(answer.end(), {static_cast<std::uint8_t>(crc & 0xFFU), static_cast<std::uint8_t>(crc >> 8U)});
  return answer;
}

TEST(Concealer, HidesWhatABoardTellsOfItsPassword) {
  ByteVector question = bytes_of("8103010000519A0A");
  const ByteVector asked = question;
  Concealer concealer;
  concealer.sent(question);
  EXPECT_EQ(question, asked);
  const ByteVector told = daly_settings();
  ByteVector answer = told;
  concealer.received(answer);
  EXPECT_TRUE(is_sound("daly", Sender::board, answer));
  for (std::size_t i = 0; i < answer.size() - 2; ++i) {
    const bool secret = i >= 79 && i < 85;
    EXPECT_EQ(answer[i], secret ? hidden_byte : told[i]) << i;
  }
}

TEST(Concealer, LeavesADamagedFrameDamaged) {
  ByteVector question = bytes_of("8103010000519A0A");
  Concealer concealer;
  concealer.sent(question);
  ByteVector answer = daly_settings();
  answer[10] ^= 0x40U;
  concealer.received(answer);
  EXPECT_FALSE(is_sound("daly", Sender::board, answer));
}

TEST(Concealer, ChangesNothingElse) {
  Concealer concealer;
  for (const char* const hex : {"DDA50300FFFD77", "DD5A00025678FF3077", "A540900800000000000000007D",
                                "D2030000003ED7B9", "7EA1010000BE1855AA55", "5A5A00000101", "A5A5F50001F6", "DD"}) {
    ByteVector bytes = bytes_of(hex);
    concealer.sent(bytes);
    EXPECT_EQ(to_hex(bytes), hex);
    concealer.received(bytes);
    EXPECT_EQ(to_hex(bytes), hex);
  }
  ByteVector nothing;
  concealer.sent(nothing);
  concealer.received(nothing);
}

}  // namespace
}  // namespace bms
