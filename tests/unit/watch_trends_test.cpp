// Arrows at cells: which way each of them goes.
#include "cli/watch/trends.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "cli/watch/cells.hpp"
#include "cli/watch/screen.hpp"

namespace bms::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class Trends : public testing::Test {
 protected:
  /// What was seen last stays for so long, and then this is seen.
  void look(std::chrono::milliseconds later, std::initializer_list<std::optional<double>> voltages_v) {
    const auto then = now_ + later;
    while (now_ + 10s < then) trends_.note(now_ += 10s, model_);
    look_after_a_pause(then - now_, voltages_v);
  }

  /// Likewise, but nobody looked meanwhile.
  void look_after_a_pause(CellTrends::Clock::duration pause, std::initializer_list<std::optional<double>> voltages_v) {
    now_ += pause;
    model_.clear();
    model_.set("/Battery/Request/Id", pack_);
    int number = 0;
    for (const auto& voltage_v : voltages_v)
      model_.set("/Voltages/Cell" + std::to_string(++number), voltage_v ? BusValue{*voltage_v} : BusValue{});
    trends_.note(now_, model_);
  }

  [[nodiscard]] std::optional<Heading> of(std::size_t number) const { return trends_.of(model_.cells()[number - 1]); }

  CellTrends trends_;
  CellTrends::Clock::time_point now_;
  WatchModel model_;
  std::int64_t pack_ = 1;
};

TEST_F(Trends, AreKnownAfterAMinute) {
  look(0s, {3.300, 3.300, 3.300, 3.300, 3.300});
  look(59s, {3.310, 3.302, 3.301, 3.298, 3.290});
  EXPECT_EQ(of(1), std::nullopt);
  look(5s, {3.310, 3.302, 3.301, 3.298, 3.290});
  EXPECT_EQ(of(1), Heading::up);
  EXPECT_EQ(of(2), Heading::up) << "2 mV";
  EXPECT_EQ(of(3), Heading::level) << "1 mV";
  EXPECT_EQ(of(4), Heading::down);
  EXPECT_EQ(of(5), Heading::down);
}

TEST_F(Trends, FadeAMinuteAfterTheLastChange) {
  look(0s, {3.300});
  look(60s, {3.310});
  for (int i = 0; i < 11; ++i) {
    look(5s, {3.310});
    EXPECT_EQ(of(1), Heading::up) << i;
  }
  look(5s, {3.310});
  EXPECT_EQ(of(1), Heading::level);
}

TEST_F(Trends, HowOftenSomebodyLooksMakesNoDifference) {
  look(0s, {3.300});
  for (int i = 0; i < 599; ++i) look(100ms, {3.300 + i * 0.0001});
  EXPECT_EQ(of(1), std::nullopt) << "the last look that counts was a moment before the minute was over";
  look(5s, {3.360});
  EXPECT_EQ(of(1), Heading::up);
}

TEST_F(Trends, OfACellThatIsNotKnownThereIsNone) {
  look(0s, {std::nullopt, 3.300});
  look(60s, {3.310, std::nullopt});
  EXPECT_EQ(of(1), std::nullopt);
  EXPECT_EQ(of(2), std::nullopt);
}

TEST_F(Trends, AnotherNumberOfCellsBeginsAnew) {
  look(0s, {3.300, 3.300});
  look(60s, {3.310, 3.310, 3.310});
  EXPECT_EQ(of(1), std::nullopt);
  look(60s, {3.320, 3.320, 3.320});
  EXPECT_EQ(of(3), Heading::up);
}

TEST_F(Trends, AnotherPackOfABankBeginsAnew) {
  look(0s, {3.300});
  look(60s, {3.310});
  pack_ = 2;
  look(60s, {3.250});
  EXPECT_EQ(of(1), std::nullopt);
}

TEST_F(Trends, WhatWasLongAgoIsForgotten) {
  look(0s, {3.300});
  look(60s, {3.300});
  look_after_a_pause(600s, {3.310});
  EXPECT_EQ(of(1), std::nullopt) << "the terminal was not looked at";
}

TEST_F(Trends, AreDrawnAsArrows) {
  look(0s, {3.300, 3.310, 3.320});
  look(60s, {3.304, 3.310, 3.316});
  const auto drawn = [&](bool utf8, const CellTrends* trends) {
    std::string text;
    for (const std::string& line : watch_screen(model_, "com.victronenergy.battery.ttyUSB0", Presence::here,
                                                {.columns = 80, .utf8 = utf8, .trends = trends}))
      text += line + "\n";
    return text;
  };
  const std::string picture = drawn(true, &trends_);
  EXPECT_THAT(picture, HasSubstr(" 3.304↑min\n"));
  EXPECT_THAT(picture, HasSubstr(" 3.310\n"));
  EXPECT_THAT(picture, HasSubstr(" 3.316↓max\n"));
  EXPECT_THAT(picture, HasSubstr("   ↑↓ 2 mV or more in a minute\n"));
  EXPECT_THAT(drawn(false, &trends_), HasSubstr(" 3.316vmax\n"));
  EXPECT_THAT(drawn(true, nullptr), Not(HasSubstr("minute")));
}

}  // namespace
}  // namespace bms::cli
