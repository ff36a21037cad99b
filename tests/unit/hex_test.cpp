// Hexadecimal text, as captures and people write it.
#include "bms/hex.hpp"

#include <gtest/gtest.h>

namespace bms {
namespace {

using ByteVector = std::vector<std::uint8_t>;

TEST(Hex, WritesUpperCaseWithoutBlanks) {
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(to_hex(ByteVector{0x00, 0x0A, 0xDD, 0xFF}), "000ADDFF");
}

TEST(Hex, ReadsEitherCaseAndBlanksBetweenBytes) {
  EXPECT_EQ(from_hex(""), ByteVector{});
  EXPECT_EQ(from_hex("dD a5\t"), std::nullopt);
  EXPECT_EQ(from_hex(" dD a5 "), (ByteVector{0xDD, 0xA5}));
}

TEST(Hex, RefusesWhatIsNoPairOfDigits) {
  for (const char* text : {"D", "DDA", "D D", "0x00", "GG", "-1", "DD,A5", "\xC3\xA4"})
    EXPECT_EQ(from_hex(text), std::nullopt) << text;
}

TEST(Hex, ReadsBackEveryByte) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const ByteVector bytes{static_cast<std::uint8_t>(byte)};
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
  }
}

}  // namespace
}  // namespace bms
