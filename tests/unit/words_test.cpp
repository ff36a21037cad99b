// Words around numbers and names.
#include "bms/words.hpp"

#include <gtest/gtest.h>

#include "bms/alarm.hpp"
#include "bms/short_text.hpp"
#include "registry.hpp"

namespace bms {
namespace {

TEST(Words, OneIsSingular) {
  EXPECT_EQ(counted(0, "cell"), "0 cells");
  EXPECT_EQ(counted(1, "cell"), "1 cell");
  EXPECT_EQ(counted(16, "cell"), "16 cells");
}

TEST(Words, EveryFamilyHasItsArticle) {
  for (const Family& family : families()) {
    const std::string wanted = family.name == "ant" ? "an ANT" : "a " + std::string(family.title);
    EXPECT_EQ(with_article(family.title), wanted);
  }
}

TEST(Words, TitlesBeginWithACapital) {
  for (const AlarmEffect& effect : alarm_effects) {
    std::string title = "x";
    append_title(title, effect.name);
    EXPECT_TRUE(title[1] >= 'A' && title[1] <= 'Z') << title;
    EXPECT_EQ(title.substr(2), effect.name.substr(1));
  }
}

TEST(ShortTexts, NothingHasNoSign) {
  const auto printed = [](double value, int decimals) {
    return std::string(ShortText().append(value, decimals).view());
  };
  EXPECT_EQ(printed(-0.04, 1), "0.0");
  EXPECT_EQ(printed(-0.0, 0), "0");
  EXPECT_EQ(printed(-0.0004, 3), "0.000");
  EXPECT_EQ(printed(-0.06, 1), "-0.1");
  EXPECT_EQ(printed(-10, 0), "-10");
  EXPECT_EQ(printed(-0.5, 1), "-0.5");
}

}  // namespace
}  // namespace bms
