// What the log lets through.
#include "driver/log_sieve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bms::driver {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class Sieve : public testing::Test {
 protected:
  /// What is written of a line that comes so often, once in `pace`.
  std::vector<std::string> written(const std::string& line, int times, Clock::duration pace, bool is_error = false) {
    std::vector<std::string> lines;
    for (int i = 0; i < times; ++i) {
      now_ += pace;
      if (auto passed = sieve_.pass(line, is_error, now_)) lines.push_back(*std::move(passed));
    }
    return lines;
  }

  LogSieve sieve_;
  TimePoint now_ = TimePoint{} + 1s;  // just booted
};

TEST_F(Sieve, WritesWhatComesNowAndThen) {
  for (int day = 0; day < 30; ++day)
    EXPECT_THAT(written("charging is allowed", 1, 24h), ElementsAre("charging is allowed"));
}

TEST_F(Sieve, WritesTheFirstOnesOfMany) {
  EXPECT_THAT(written("Refused a write to /Soc", 6800, 1ms), SizeIs(LogSieve::alike.at_once));
  now_ += 10min;
  EXPECT_THAT(written("Refused a write to /Soc", 1, 1ms),
              ElementsAre("Refused a write to /Soc (and 6795 times since the last line like this)"));
}

TEST_F(Sieve, WritesAFewOfWhatNeverEnds) {
  const auto lines = written("ttyO1: has left the bus", 24 * 3600 * 20, 50ms);
  EXPECT_LT(lines.size(), 160U);
  EXPECT_THAT(lines.back(), HasSubstr("times since the last line like this"));
}

TEST_F(Sieve, TakesLinesForAlikeThatDifferInNumbers) {
  int lines = 0;
  for (int i = 0; i < 1000; ++i)
    lines += static_cast<int>(
        written("charging: highest cell 3." + std::to_string(i) + " V (" + std::to_string(i % 16) + ")", 1, 1ms)
            .size());
  EXPECT_EQ(lines, LogSieve::alike.at_once);
}

TEST_F(Sieve, TellsBatteriesAndPathsApart) {
  for (int board = 1; board <= 16; ++board) {
    const std::string name = "ttyUSB0_" + std::to_string(board) + ": ";
    for (const char* line : {"found JBD SP24S", "nothing is remembered of this battery", "on the bus as x, instance 3"})
      EXPECT_THAT(written(name + line, 1, 1ms), ElementsAre(name + line));
  }
  written("Refused a write to /Soc", 100, 1ms);
  EXPECT_THAT(written("Refused a write to /Mode", 1, 1ms), SizeIs(1));
}

TEST_F(Sieve, KeepsRoomWhenEveryLineIsNew) {
  std::size_t lines = 0;
  for (int i = 0; i < 100'000; ++i) lines += written("com.victronenergy.battery.x" + std::to_string(i), 1, 10ms).size();
  EXPECT_LE(lines, 420U);
  // An error has its own allowance.
  EXPECT_THAT(written("the BMS is lost", 1, 1ms, true), SizeIs(1));
}

TEST_F(Sieve, SaysHowManyOthersWereLeftOut) {
  for (int i = 0; i < 1000; ++i)
    written("name" + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i), 1, 1ms);
  now_ += 1h;
  EXPECT_THAT(written("something else", 1, 1ms).front(), HasSubstr("lines were left out"));
}

TEST_F(Sieve, LetsOldKindsGo) {
  for (int i = 0; i < 2000; ++i) {
    now_ += 10min;
    EXPECT_THAT(written("kind" + std::to_string(i) + "x", 1, 1s), SizeIs(1)) << i;
  }
}

}  // namespace
}  // namespace bms::driver
