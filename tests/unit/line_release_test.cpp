// A line that is left to others: who hears of it, and when.
#include "driver/line_release.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace bms::driver {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class Released : public testing::Test {
 protected:
  boost::asio::io_context loop_;
  std::vector<Clock::duration> told_;
  std::vector<bool> noted_;
  LineRelease release_{loop_, [this](Clock::duration time) { told_.push_back(time); },
                       [this](bool wished) { noted_.push_back(wished); }};
};

TEST_F(Released, TellsTheLineAndThatSilenceIsWishedUntilContactIsBack) {
  EXPECT_TRUE(release_.give(10));
  EXPECT_TRUE(release_.given());
  EXPECT_THAT(told_, ElementsAre(10min));
  EXPECT_THAT(noted_, ElementsAre(true));
  release_.is_back();
  EXPECT_THAT(noted_, ElementsAre(true)) << "an answer that was on its way ends nothing";
  EXPECT_TRUE(release_.give(0));
  EXPECT_FALSE(release_.given());
  EXPECT_THAT(told_, ElementsAre(10min, 0min));
  EXPECT_THAT(noted_, ElementsAre(true, true)) << "it still has to be connected";
  release_.is_back();
  EXPECT_THAT(noted_, ElementsAre(true, true, false));
  release_.is_back();
  EXPECT_THAT(noted_, ElementsAre(true, true, false));
}

TEST_F(Released, EndsByItself) {
  EXPECT_TRUE(release_.give(0.0005));
  while (release_.given()) loop_.run_one();
  EXPECT_THAT(noted_, ElementsAre(true, true));
  release_.is_back();
  EXPECT_THAT(noted_, ElementsAre(true, true, false));
}

TEST_F(Released, ChangesNothingWhenItIsTakenBackWithoutHavingBeenGiven) {
  EXPECT_TRUE(release_.give(0));
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_THAT(noted_, IsEmpty());
}

TEST(NotReleased, IsWhatHasACable) {
  boost::asio::io_context loop;
  bool noted = false;
  LineRelease release(loop, {}, [&](bool) { noted = true; });
  EXPECT_FALSE(release.give(10));
  EXPECT_FALSE(release.give(0));
  EXPECT_FALSE(noted);
}

}  // namespace
}  // namespace bms::driver
