// S6: a line that hangs ends the process, however well the other lines are.
#include <gtest/gtest.h>

#include <sys/time.h>
#include <unistd.h>

#include "driver/watchdog.hpp"

namespace bms::driver {
namespace {

using namespace std::chrono_literals;

/// What is left until the process is ended; 0: nothing ends it.
std::chrono::microseconds left() {
  itimerval timer{};
  getitimer(ITIMER_REAL, &timer);
  return std::chrono::seconds(timer.it_value.tv_sec) + std::chrono::microseconds(timer.it_value.tv_usec);
}

TEST(Watchdog, IsQuietWhileThereIsNoLine) {
  const Watchdog watchdog;
  EXPECT_EQ(left(), 0us);
}

TEST(Watchdog, WaitsForTheLineThatIsDueFirst) {
  Watchdog watchdog;
  Pulse slow(watchdog, 1000s);
  EXPECT_GT(left(), 500s);
  Pulse fast(watchdog, 100s);
  EXPECT_LE(left(), 100s);
  slow.beat();
  EXPECT_LE(left(), 100s) << "one line does not beat for another";
  fast.beat(2000s);
  EXPECT_LE(left(), 1000s);
  EXPECT_GT(left(), 500s);
}

TEST(Watchdog, ForgetsALineThatHasEnded) {
  Watchdog watchdog;
  Pulse stays(watchdog, 1000s);
  {
    const Pulse goes(watchdog, 100s);
    EXPECT_LE(left(), 100s);
  }
  EXPECT_GT(left(), 500s);
  stays.stop();
  EXPECT_EQ(left(), 0us);
}

TEST(WatchdogDeathTest, EndsAProcessThatHangsInASystemCall) {
  EXPECT_EXIT(
      {
        Watchdog watchdog;
        const Pulse pulse(watchdog, 1s);
        for (;;) pause();
      },
      testing::ExitedWithCode(static_cast<int>(ExitCode::lost)), "");
}

TEST(WatchdogDeathTest, LeavesAProcessAloneWhoseLineBeats) {
  EXPECT_EXIT(
      {
        Watchdog watchdog;
        Pulse pulse(watchdog, 2s);
        for (int i = 0; i < 150; ++i) {
          usleep(20'000);
          pulse.beat();
        }
        _exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST(WatchdogDeathTest, ALineThatHangsEndsTheProcessWhileAnotherBeats) {
  EXPECT_EXIT(
      {
        Watchdog watchdog;
        const Pulse hangs(watchdog, 1s);
        Pulse lives(watchdog, 1s);
        for (;;) {
          lives.beat();
          usleep(1000);
        }
      },
      testing::ExitedWithCode(static_cast<int>(ExitCode::lost)), "");
}

}  // namespace
}  // namespace bms::driver
