// What is tried next when a board is lost, and what is learned from how connections end.
#include <gtest/gtest.h>

#include "bluetooth/endurance.hpp"
#include "bluetooth/recovery.hpp"

namespace bms::bluetooth {
namespace {

using namespace std::chrono_literals;

constexpr Failure failures[] = {Failure::no_adapter, Failure::unseen, Failure::out_of_reach, Failure::refused,
                                Failure::unusable,   Failure::mute,   Failure::no_room,      Failure::unpaired};

TEST(BluetoothRecovery, NeverEndsAndNeverHurries) {
  ASSERT_EQ(std::size(failures), failure_count);
  for (const Failure failure : failures) {
    Recovery recovery;
    auto before = 0s;
    for (int times = 0; times < 100'000; ++times) {
      const NextAttempt next = recovery.failed(failure);
      ASSERT_GE(next.pause, before) << "a failure that repeats itself";
      ASSERT_GE(next.pause, 1s);
      ASSERT_LE(next.pause, 10min);
      before = next.pause;
    }
  }
}

TEST(BluetoothRecovery, WaitsForABoardThatIsAwayWithoutPausesAndAlmostWithoutScans) {
  Recovery recovery;
  std::vector<int> looks;
  for (int failure = 1; failure <= 100; ++failure) {
    const NextAttempt next = recovery.failed(Failure::out_of_reach);
    EXPECT_EQ(next.pause, 1s);
    EXPECT_FALSE(next.start_over) << "it may come back at any moment, and is to be connected without a scan then";
    EXPECT_FALSE(next.blame_adapter);
    if (next.look) looks.push_back(failure);
  }
  EXPECT_EQ(looks, (std::vector<int>{3, 6, 12, 24, 48, 96}));
}

TEST(BluetoothRecovery, ScansWithGrowingPausesForABoardThatNobodyKnows) {
  Recovery recovery;
  std::vector<std::chrono::seconds> pauses(7);
  for (auto& pause : pauses) pause = recovery.failed(Failure::unseen).pause;
  EXPECT_EQ(pauses, (std::vector<std::chrono::seconds>{30s, 60s, 120s, 240s, 480s, 600s, 600s}));
}

TEST(BluetoothRecovery, StartsOverAtTheSecondGhostAndBlamesTheAdapterInTheEnd) {
  Recovery recovery;
  EXPECT_FALSE(recovery.failed(Failure::unusable).start_over);
  EXPECT_TRUE(recovery.failed(Failure::unusable).start_over);
  for (int failure = 3; failure < 6; ++failure) EXPECT_FALSE(recovery.failed(Failure::unusable).blame_adapter);
  EXPECT_TRUE(recovery.failed(Failure::unusable).blame_adapter);
}

TEST(BluetoothRecovery, ForgetsEverythingOnceTheBoardAnswers) {
  Recovery recovery;
  const NextAttempt first = recovery.failed(Failure::refused);
  static_cast<void>(recovery.failed(Failure::refused));
  static_cast<void>(recovery.failed(Failure::refused));
  recovery.succeeded();
  EXPECT_EQ(recovery.failed(Failure::refused), first);
}

TEST(BluetoothRecovery, DoesNotInsistWhereAPersonIsNeeded) {
  Recovery recovery;
  EXPECT_EQ(recovery.failed(Failure::unpaired).pause, 10min);
}

/// Connections one after the other, on a clock of their own.
struct Connections {
  Endurance endurance;
  TimePoint now{100h};

  /// One that lasts so long, and the time until the next one. Returns as Endurance::lost.
  bool one(Clock::duration lasts, Clock::duration gap = 4s) {
    endurance.made(now);
    now += lasts;
    const bool recognised = endurance.lost(now);
    now += gap;
    return recognised;
  }
};

TEST(BluetoothEndurance, RecognisesTheRhythmOfAMinuteAtTheThirdLoss) {
  for (const auto lasts : {55s, 60s, 65s}) {
    Connections connections;
    EXPECT_FALSE(connections.one(lasts));
    EXPECT_FALSE(connections.one(lasts));
    EXPECT_FALSE(connections.endurance.has_rhythm());
    EXPECT_TRUE(connections.one(lasts));
    EXPECT_EQ(connections.endurance.quality(connections.now).trouble, minute_rhythm);
  }
}

TEST(BluetoothEndurance, TakesNothingElseForIt) {
  for (const auto lasts : {1s, 30s, 54s, 66s, 120s, 3600s}) {
    Connections connections;
    for (int times = 0; times < 10; ++times) EXPECT_FALSE(connections.one(lasts));
    EXPECT_TRUE(connections.endurance.quality(connections.now).trouble.empty());
  }
  Connections now_and_then;
  for (int times = 0; times < 20; ++times) EXPECT_FALSE(now_and_then.one(times % 3 == 2 ? 600s : 60s));
}

TEST(BluetoothEndurance, NamesAWeekOfTheRhythmOnceAndForgetsItWhenConnectionsLast) {
  Connections connections;
  const TimePoint end = connections.now + 7 * 24h;
  int named = 0;
  while (connections.now < end) named += connections.one(60s) ? 1 : 0;
  EXPECT_EQ(named, 1);
  const LinkQuality quality = connections.endurance.quality(connections.now);
  EXPECT_NEAR(*quality.losses_per_day, 24 * 3600 / 64.0, 60) << "of the last day, not of the week";
  EXPECT_NEAR(*quality.longest_gap_s, 4, 0.01);
  connections.one(10h);
  EXPECT_TRUE(connections.endurance.quality(connections.now).trouble.empty());
  EXPECT_FALSE(connections.one(60s));
}

TEST(BluetoothEndurance, HoldsItsTongueOnceAConnectionLasts) {
  Connections connections;
  for (int times = 0; times < 10; ++times) connections.one(60s);
  Endurance& endurance = connections.endurance;
  endurance.made(connections.now);
  EXPECT_EQ(endurance.quality(connections.now + 66s).trouble, minute_rhythm);
  EXPECT_TRUE(endurance.quality(connections.now + 5min).trouble.empty()) << "somebody has switched it off";
}

TEST(BluetoothEndurance, NeitherCountsNorMeasuresWhatTheOwnerHasGivenAway) {
  Connections connections;
  connections.one(1h, 5s);
  Endurance& endurance = connections.endurance;
  endurance.made(connections.now);
  endurance.given_away(connections.now + 1h);
  endurance.given_away(connections.now + 1h);
  EXPECT_FALSE(endurance.lost(connections.now + 1h)) << "the end of a connection that is no more";
  endurance.made(connections.now + 2h);
  const LinkQuality quality = endurance.quality(connections.now + 2h);
  EXPECT_EQ(quality.losses_per_day, 1);
  EXPECT_NEAR(*quality.longest_gap_s, 5, 0.01);
  endurance.lost(connections.now + 3h);
  endurance.given_away(connections.now + 3h + 20s);
  EXPECT_NEAR(*endurance.quality(connections.now + 9h).longest_gap_s, 20, 0.01) << "until it was given away";
}

TEST(BluetoothEndurance, CountsTheGapThatIsGoingOn) {
  Connections connections;
  EXPECT_EQ(connections.endurance.quality(connections.now).longest_gap_s, std::nullopt);
  connections.one(1h, 0s);
  EXPECT_NEAR(*connections.endurance.quality(connections.now + 30s).longest_gap_s, 30, 0.01);
  EXPECT_EQ(connections.endurance.quality(connections.now + 30h).losses_per_day, 0);
}

}  // namespace
}  // namespace bms::bluetooth
