// Whether readings come from one battery: changes, damage, and two boards on one line.
#include "battery/continuity.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "battery/model.hpp"
#include "sample.hpp"

namespace bms::battery {
namespace {

using namespace std::chrono_literals;

/// What two packs, or one before and after, may differ in.
struct Pack {
  double soc_pct = 50;
  double cell_v = 3.300;
  double current_a = 10;
  double cycles = 12;
  std::size_t sensors = 2;
};

Reading reading_of(const Pack& pack) {
  Reading reading = test::healthy_reading();
  reading.soc_pct = pack.soc_pct;
  reading.current_a = pack.current_a;
  reading.cycles = pack.cycles;
  reading.temperatures_c.resize(pack.sensors, 20.0);
  reading.cells_v.assign(16, pack.cell_v);
  reading.voltage_v = 16 * pack.cell_v;
  return reading;
}

class ContinuityTest : public testing::Test {
 protected:
  ContinuityTest() { begin(); }

  /// A new model, which knows the capacity of its battery.
  void begin() {
    model = Model(test::bounds, {});
    model.battery().estimate.sure_capacity_ah = model.battery().estimate.capacity_ah = 280;
  }

  /// Takes a reading a second after the last one; whether it was believed.
  bool take(const Pack& pack, Clock::duration later = 1s) {
    now += later;
    const auto taken = model.accept(reading_of(pack), now);
    said = taken ? "" : taken.error().message;
    return taken.has_value();
  }
  int believed_of(const Pack& pack, int times) {
    int count = 0;
    for (int i = 0; i < times; ++i) count += take(pack) ? 1 : 0;
    return count;
  }
  [[nodiscard]] Contact contact() {
    model.time_passes(now);
    return model.battery().contact;
  }

  Model model{test::bounds, {}};
  TimePoint now = TimePoint{} + 1h;
  std::string said;
};

struct Two {
  const char* name;
  Pack one, other;
};

class TwoBoards : public ContinuityTest, public testing::WithParamInterface<Two> {
 protected:
  /// Lets both speak in turns of so many readings; for how many of them the second was believed.
  int take_turns(int of, int seconds) {
    int believed = 0;
    for (int second = 0; second < seconds; ++second) {
      const bool second_speaks = second / of % 2 == 1;
      if (take(second_speaks ? GetParam().other : GetParam().one) && second_speaks) ++believed;
    }
    return believed;
  }
};

TEST_P(TwoBoards, ThatTakeTurnsAreNotBelieved) {
  EXPECT_EQ(take_turns(1, 20), 0);
  EXPECT_NE(said.find("two boards answer on this line"), std::string::npos) << said;
  EXPECT_EQ(contact(), Contact::stale);
  EXPECT_EQ(take_turns(1, 600), 0);
  EXPECT_EQ(contact(), Contact::lost);
}

TEST_P(TwoBoards, AreNotBelievedByTurnsOfSeveralReadings) {
  for (const int of : {2, 3, 5, 8}) {
    // What only the direction of the current contradicts is a load that was switched, once it has been repeated.
    if (of > 2 && GetParam().name == std::string("cells_against_the_current")) break;
    begin();
    EXPECT_LE(take_turns(of, 120), of) << "at most once, in turns of " << of;
    const auto since = model.battery().read_at;
    take_turns(of, 120);
    EXPECT_EQ(model.battery().read_at, since);
    EXPECT_EQ(contact(), Contact::lost);
  }
}

TEST_P(TwoBoards, OneThatIsAloneAgainIsBelievedAfterAWhile) {
  take_turns(1, 60);
  EXPECT_EQ(believed_of(GetParam().other, 29), 0);
  EXPECT_GT(believed_of(GetParam().other, 3), 0);
  EXPECT_EQ(believed_of(GetParam().other, 10), 10);
}

TEST_P(TwoBoards, AChangeIsBelievedWhenItIsRepeated) {
  EXPECT_EQ(believed_of(GetParam().one, 5), 5);
  EXPECT_FALSE(take(GetParam().other));
  EXPECT_NE(said.find(" went from "), std::string::npos) << said;
  EXPECT_FALSE(take(GetParam().other));
  EXPECT_EQ(believed_of(GetParam().other, 100), 100);
}

TEST_P(TwoBoards, ADamagedReadingCostsItselfAlone) {
  ASSERT_TRUE(take(GetParam().one));
  for (int i = 0; i < 30; ++i) {
    EXPECT_FALSE(take(GetParam().other)) << i;
    EXPECT_EQ(believed_of(GetParam().one, 9), 9) << i << ": " << said;
  }
}

TEST_P(TwoBoards, AfterALostContactAnotherOneIsBelieved) {
  ASSERT_TRUE(take(GetParam().one));
  now += 100s;
  EXPECT_EQ(contact(), Contact::lost);
  EXPECT_TRUE(take(GetParam().other)) << said;
  EXPECT_EQ(believed_of(GetParam().other, 10), 10);
}

INSTANTIATE_TEST_SUITE_P(Packs, TwoBoards,
                         testing::Values(Two{"all_of_it", {20, 3.300, 10}, {95, 3.450, -30}},
                                         Two{"soc", {20, 3.300, 10}, {95, 3.300, 10}}, Two{"soc_by_little", {50}, {57}},
                                         Two{"cells", {50, 3.300, 10}, {50, 3.450, 10}},
                                         Two{"cells_against_the_current", {50, 3.300, 10}, {50, 3.450, -30}},
                                         Two{"cycles", {50, 3.300, 10, 12}, {50, 3.300, 10, 40}},
                                         Two{"sensors", {50, 3.300, 10, 12, 2}, {50, 3.300, 10, 12, 3}}),
                         [](const auto& two) { return std::string(two.param.name); });

// A battery is not two boards because of what is done with it.

TEST_F(ContinuityTest, AnSocThatTheBmsWasToldIsBelievedAtOnce) {
  ASSERT_TRUE(take({.soc_pct = 50}));
  EXPECT_FALSE(take({.soc_pct = 75})) << "nobody has said so";
  ASSERT_TRUE(take({.soc_pct = 50}));
  model.soc_was_set();
  EXPECT_TRUE(take({.soc_pct = 75}));
  EXPECT_FALSE(take({.soc_pct = 50})) << "once";
}

TEST_F(ContinuityTest, LoadsComeAndGo) {
  const Pack idle{50, 3.300, 0};
  const Pack loaded{50, 3.150, -100};
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(take(i % 2 == 0 ? idle : loaded)) << i << ": " << said;
  }
}

TEST_F(ContinuityTest, LoadsMayShowInTheCellsBeforeTheCurrentOrAfterIt) {
  const Pack cells_first{50, 3.150, 0};
  const Pack current_first{50, 3.300, -100};
  const Pack idle{50, 3.300, 0};
  const Pack loaded{50, 3.150, -100};
  int refused = 0;
  for (int i = 0; i < 100; ++i) {
    for (const Pack& pack : {idle, cells_first, loaded, loaded, current_first, idle, idle})
      refused += take(pack) ? 0 : 1;
    EXPECT_EQ(contact(), Contact::fresh);
  }
  EXPECT_LE(refused, 200) << "the doubtful reading, and no other";
}

TEST_F(ContinuityTest, ASmallOldPackOfUnknownSizeMayDropByMuch) {
  for (int i = 0; i < 100; ++i) {
    now += 1s;
    model.battery().estimate = {};
    Reading reading = reading_of(i / 5 % 2 == 0 ? Pack{50, 3.30, 0} : Pack{50, 2.85, -20});
    reading.design_capacity_ah.reset();
    reading.remaining_ah.reset();
    EXPECT_TRUE(model.accept(reading, now)) << i;
  }
}

TEST_F(ContinuityTest, ABoardThatCountsTheWrongWayRoundIsOneBoard) {
  const Pack idle{50, 3.300, 0};
  const Pack loaded{50, 3.240, 100};
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(take(i / 3 % 2 == 0 ? idle : loaded)) << i << ": " << said;
}

TEST_F(ContinuityTest, TheSocIsPutRight) {
  ASSERT_EQ(believed_of({90}, 10), 10);
  EXPECT_EQ(believed_of({100}, 10), 8);
  EXPECT_EQ(believed_of({60}, 10), 8);
  EXPECT_EQ(contact(), Contact::fresh);
}

TEST_F(ContinuityTest, MuchMayHappenInASilence) {
  ASSERT_TRUE(take({50, 3.300, 0}));
  EXPECT_TRUE(take({55, 3.420, 50}, 50s)) << said;
  ASSERT_TRUE(take({55, 3.420, 50}));
  EXPECT_FALSE(take({90, 3.420, 50}, 30s));
  EXPECT_FALSE(take({90, 3.420, 50}));
  EXPECT_TRUE(take({90, 3.420, 50}));
}

TEST_F(ContinuityTest, AChargeGoesItsWay) {
  double cell_v = 3.2;
  for (double soc_pct = 0; soc_pct < 100; soc_pct += 0.1, cell_v += 0.0003) {
    EXPECT_TRUE(take({std::floor(soc_pct), cell_v, 100}, 4s)) << soc_pct;
  }
}

}  // namespace
}  // namespace bms::battery
