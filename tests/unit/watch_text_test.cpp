// Strings from the bus must never steer the terminal, whatever is in them.
#include "cli/watch/text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace bms::cli {
namespace {

struct Cleaning {
  const char* name;
  std::string raw, utf8, ascii;
};

class Clean : public testing::TestWithParam<Cleaning> {};

TEST_P(Clean, LeavesOnlyWhatMayBeShown) {
  EXPECT_EQ(clean(GetParam().raw, true), GetParam().utf8);
  EXPECT_EQ(clean(GetParam().raw, false), GetParam().ascii);
}

INSTANTIATE_TEST_SUITE_P(Texts, Clean,
                         testing::Values(Cleaning{"plain", "House bank", "House bank", "House bank"},
                                         Cleaning{"colour", "\x1b[31mred", "[31mred", "[31mred"},
                                         Cleaning{"title", "a\x1b]0;owned\x07z", "a]0;ownedz", "a]0;ownedz"},
                                         Cleaning{"line_ends", "one\r\ntwo\tthree", "onetwothree", "onetwothree"},
                                         Cleaning{"nul", std::string("a\0b", 3), "ab", "ab"},
                                         Cleaning{"del", "a\x7f", "a", "a"},
                                         Cleaning{"c1_as_utf8",
                                                  "a\xC2\x9B"
                                                  "31mb",
                                                  "a31mb", "a?31mb"},
                                         Cleaning{"c1_as_byte",
                                                  "a\x9B"
                                                  "31mb",
                                                  "a?31mb", "a?31mb"},
                                         Cleaning{"umlaut", "Küche", "Küche", "K?che"},
                                         Cleaning{"direction_override", "a\u202Eb", "ab", "a?b"},
                                         Cleaning{"overlong_escape", "\xC0\x9B", "??", "??"},
                                         Cleaning{"surrogate", "\xED\xA0\x80", "???", "???"},
                                         Cleaning{"cut_short", "a\xE2\x82", "a??", "a??"}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Clean, NeverLetsAControlByteThrough) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 2000; ++round) {
    std::string raw(20, ' ');
    for (char& c : raw) c = static_cast<char>(byte(random));
    for (const char c : clean(raw, false)) ASSERT_TRUE(c >= 0x20 && c < 0x7F);
    const std::string shown = clean(raw, true);
    ASSERT_EQ(clean(shown, true), shown);
    for (const char c : shown) ASSERT_FALSE((c >= 0 && c < 0x20) || c == 0x7F);
  }
}

TEST(Width, CountsColumnsNotBytes) {
  EXPECT_EQ(width_of("21.3 °C"), 7U);
  EXPECT_EQ(width_of("█▌░"), 3U);
  EXPECT_EQ(width_of("电池"), 4U);
}

TEST(Cut, NeverSplitsACharacter) {
  EXPECT_EQ(cut("°°°", 2), "°°");
  EXPECT_EQ(cut("电池", 3), "电");
  EXPECT_EQ(cut("abc", 5), "abc");
}

TEST(Line, IsCutAtTheWidthAndEndsItsColours) {
  Line line;
  line.add("ok ").add("FORBIDDEN", Style::bad);
  EXPECT_EQ(line.print(6, false), "ok FOR");
  EXPECT_EQ(line.print(6, true), "ok \x1b[1;31mFOR\x1b[0m");
}

TEST(Flow, GoesOnUnderTheFirstPiece) {
  const std::vector<Line> pieces{Line{}.add("one"), Line{}, Line{}.add("two"), Line{}.add("three")};
  std::vector<std::string> printed;
  for (const Line& line : flow(Line{}.add("label "), pieces, 15, 2)) printed.push_back(line.print(80, false));
  EXPECT_EQ(printed, (std::vector<std::string>{"label one  two", "      three"}));
}

}  // namespace
}  // namespace bms::cli
