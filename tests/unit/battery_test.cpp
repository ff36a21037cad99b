// The model room: derived values, plausibility, the vote of readings, and the stages of a lost BMS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <random>

#include "battery/consensus.hpp"
#include "battery/derive.hpp"
#include "battery/model.hpp"
#include "battery/plausibility.hpp"
#include "sample.hpp"

namespace bms::battery {
namespace {

using namespace std::chrono_literals;
using test::bounds;
using test::healthy_reading;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(Derive, FindsExtremesAndWhatFollows) {
  Reading reading = healthy_reading(4);
  reading.cells_v = {3.31, 3.29, 3.35, 3.29};
  reading.voltage_v = 13.2;
  reading.current_a = -5;
  reading.temperatures_c = {std::nullopt, 24.0, 20.0};
  const Derived derived = derive(reading);
  EXPECT_EQ(derived.min_cell, 2);
  EXPECT_EQ(derived.max_cell, 3);
  EXPECT_DOUBLE_EQ(*derived.cell_sum_v, 13.24);
  EXPECT_NEAR(*derived.cell_diff_v, 0.06, 1e-12);
  EXPECT_DOUBLE_EQ(*derived.power_w, -66);
  EXPECT_DOUBLE_EQ(*derived.consumed_ah, -140);
  EXPECT_EQ(derived.min_sensor, 3);
  EXPECT_EQ(derived.max_sensor, 2);
  EXPECT_DOUBLE_EQ(*derived.mean_temperature_c, 22);
}

TEST(Derive, SaysNothingAboutNothing) {
  const Derived derived = derive(Reading{});
  EXPECT_FALSE(derived.power_w);
  EXPECT_FALSE(derived.consumed_ah);
  EXPECT_FALSE(derived.min_cell_v);
  EXPECT_FALSE(derived.mean_temperature_c);
}

TEST(Derive, ConsumedIsNeverPositive) {
  Reading reading = healthy_reading();
  reading.remaining_ah = 290;  // more than nominal, as some boards say when full
  EXPECT_EQ(derive(reading).consumed_ah, 0);
}

struct Absurdity {
  const char* name;
  std::function<void(Reading&)> apply;
};

class Implausible : public testing::TestWithParam<Absurdity> {};

TEST_P(Implausible, IsRefused) {
  Reading reading = healthy_reading();
  ASSERT_TRUE(check_plausible(reading, bounds));
  GetParam().apply(reading);
  const auto checked = check_plausible(reading, bounds);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::implausible);
  EXPECT_FALSE(checked.error().message.empty());
}

INSTANTIATE_TEST_SUITE_P(Absurdities, Implausible,
                         testing::Values(Absurdity{"no_cells", [](Reading& r) { r.cells_v.clear(); }},
                                         Absurdity{"cell_too_high", [](Reading& r) { r.cells_v[3] = 5.1; }},
                                         Absurdity{"cell_nan", [](Reading& r) { r.cells_v[3] = nan; }},
                                         Absurdity{"pack_nan", [](Reading& r) { r.voltage_v = nan; }},
                                         Absurdity{"pack_is_not_the_sum", [](Reading& r) { *r.voltage_v += 1; }},
                                         Absurdity{"pack_too_low", [](Reading& r) { r.voltage_v = 0; }},
                                         Absurdity{"pack_infinite", [](Reading& r) { r.voltage_v = infinity; }}),
                         [](const auto& case_info) { return case_info.param.name; });

TEST(Plausible, SingleValuesAreJudgedOneByOne) {
  const std::pair<Quantity, void (*)(Reading&)> oddities[] = {
      {Quantity::current, [](Reading& r) { r.current_a = -401; }},
      {Quantity::current, [](Reading& r) { r.current_a = infinity; }},
      {Quantity::current, [](Reading& r) { r.current_a = nan; }},
      {Quantity::soc, [](Reading& r) { r.soc_pct = 100.5; }},
      {Quantity::soh, [](Reading& r) { r.soh_pct = 101; }},
      {Quantity::nominal_capacity, [](Reading& r) { r.design_capacity_ah = 0; }},
      {Quantity::full_capacity, [](Reading& r) { r.full_ah = 1e5; }},
      {Quantity::remaining, [](Reading& r) { r.remaining_ah = 280 * 1.2 + 0.1; }},
      {Quantity::remaining, [](Reading& r) { r.remaining_ah = -0.1; }},
      {Quantity::cycles, [](Reading& r) { r.cycles = 65536; }},
      {Quantity::consumed, [](Reading& r) { r.consumed_ah = -1; }},
      {Quantity::total_charged, [](Reading& r) { r.total_charged_ah = nan; }},
      {Quantity::total_discharged, [](Reading& r) { r.total_discharged_ah = -1; }},
  };
  EXPECT_TRUE(odd_values(healthy_reading(), bounds, {}).none());
  for (const auto& [quantity, apply] : oddities) {
    Reading reading = healthy_reading();
    apply(reading);
    EXPECT_TRUE(check_plausible(reading, bounds));
    Quantities expected;
    expected.set(index_of(quantity));
    EXPECT_EQ(odd_values(reading, bounds, {}), expected) << in_words(reading, quantity);
    leave_out(reading, expected);
    EXPECT_TRUE(odd_values(reading, bounds, {}).none());
  }
}

TEST(Plausible, ACurrentIsMeasuredByTheCapacityAndByTheFamily) {
  const struct {
    double current_a;
    std::optional<double> capacity_ah;
    double family_a;
    bool odd;
  } cases[] = {{1401, 280, 3276, true}, {-1400, 280, 3276, false}, {299, 20, 3276, false},   {301, 20, 3276, true},
               {401, 280, 400, true},   {1401, {}, 3276, true},    {3000, 655, 3276, false}, {3277, 5000, 3276, true}};
  for (const auto& [current_a, capacity_ah, family_a, odd] : cases) {
    Bounds family = bounds;
    family.current_max_a = family_a;
    Reading reading = healthy_reading();
    reading.current_a = current_a;
    EXPECT_EQ(odd_values(reading, family, capacity_ah).any(), odd) << current_a << " A";
  }
}

TEST(Plausible, ABrokenSenseWireIsARealReading) {
  Reading reading = healthy_reading();
  reading.cells_v[7] = 0;
  EXPECT_TRUE(check_plausible(reading, bounds));
}

TEST(Consensus, BelievesTwoEqualReadingsAtOnce) {
  Consensus consensus;
  EXPECT_FALSE(consensus.add(healthy_reading()));
  const auto verdict = consensus.add(healthy_reading());
  ASSERT_TRUE(verdict);
  EXPECT_EQ(*verdict, healthy_reading());
  EXPECT_FALSE(consensus.undecided());
}

// One of three readings is false in some values, anywhere in the order: no false value may come out.
TEST(Consensus, ASingleFalseReadingNeverShowsThrough) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    Reading truth[3];
    for (int i = 0; i < 3; ++i) {
      truth[i] = healthy_reading();
      truth[i].current_a = 10 + 0.01 * (i + 1);  // the true value moves while three readings are taken
      truth[i].cells_v[2] += 0.001 * i;
    }
    const std::size_t liar = random() % 3;
    Reading lie = truth[liar];
    const auto any = [&] { return static_cast<double>(random() % 10000) / 100.0; };
    lie.current_a = any();
    double& cell_v = lie.cells_v[random() % 16];
    cell_v = any();
    lie.soc_pct = random() % 2 != 0 ? std::optional(any()) : std::nullopt;
    lie.charge_fet = random() % 2 != 0;
    lie.temperatures_c[0] = random() % 2 != 0 ? std::optional(any()) : std::nullopt;
    lie.alarms.set(Alarm::internal_failure, AlarmLevel::alarm);
    lie.balancing->flip(random() % 16);
    lie.raw_protection = static_cast<std::uint32_t>(random());

    Consensus consensus;
    std::optional<Reading> verdict;
    for (std::size_t i = 0; i < 3 && !verdict; ++i) verdict = consensus.add(i == liar ? lie : truth[i]);
    ASSERT_TRUE(verdict);
    EXPECT_GE(*verdict->current_a, 10.01);
    EXPECT_LE(*verdict->current_a, 10.03);
    for (std::size_t cell = 0; cell < 16; ++cell) {
      EXPECT_GE(verdict->cells_v[cell], truth[0].cells_v[cell]);
      EXPECT_LE(verdict->cells_v[cell], truth[2].cells_v[cell]);
    }
    EXPECT_EQ(verdict->soc_pct, 50);
    EXPECT_EQ(verdict->charge_fet, true);
    EXPECT_EQ(verdict->temperatures_c[0], 21.5);
    EXPECT_NE(verdict->alarms[Alarm::internal_failure], AlarmLevel::alarm);
    EXPECT_TRUE(verdict->balancing->none());
    EXPECT_EQ(verdict->raw_protection, 0U);
  }
}

// On a line that is only listened to nothing can be asked again at once: after the first verdict each reading has one.
TEST(Consensus, AfterAVerdictEachFurtherReadingHasItsOwn) {
  Consensus consensus;
  Reading reading = healthy_reading();
  const auto with_current = [&](double current_a) {
    reading.current_a = current_a;
    return consensus.add(reading);
  };
  EXPECT_FALSE(with_current(1));
  EXPECT_FALSE(with_current(2));
  EXPECT_EQ(with_current(3)->current_a, 2);
  EXPECT_EQ(with_current(900)->current_a, 3) << "false";
  EXPECT_EQ(with_current(4)->current_a, 4);
  EXPECT_EQ(with_current(5)->current_a, 5);
  consensus.clear();
  EXPECT_FALSE(with_current(6));
  EXPECT_TRUE(consensus.undecided());
}

TEST(Consensus, AReadingOfAnotherShapeIsOutvoted) {
  for (std::size_t liar = 0; liar < 3; ++liar) {
    Consensus consensus;
    std::optional<Reading> verdict;
    for (std::size_t i = 0; i < 4 && !verdict; ++i) {
      Reading reading = healthy_reading(i == liar ? 15 : 16);
      reading.current_a = static_cast<double>(i);
      verdict = consensus.add(reading);
    }
    ASSERT_TRUE(verdict) << "liar " << liar;
    EXPECT_EQ(verdict->cells_v.size(), 16U);
  }
}

class ModelTest : public testing::Test {
 protected:
  Staleness staleness;
  Model model{bounds, staleness};
  TimePoint start = TimePoint{} + 1h;

  Contact contact_after(Clock::duration silence) {
    model.time_passes(start + silence);
    return model.battery().contact;
  }
};

TEST_F(ModelTest, KnowsNothingBeforeTheFirstReading) {
  EXPECT_EQ(contact_after(1h), Contact::never);
  EXPECT_FALSE(model.next_change());
}

TEST_F(ModelTest, AgesThroughItsStagesAtTheirTimes) {
  ASSERT_TRUE(model.accept(healthy_reading(), start));
  EXPECT_EQ(contact_after(9999ms), Contact::fresh);
  EXPECT_EQ(model.next_change(), start + 10s);
  EXPECT_EQ(contact_after(10s), Contact::stale);
  EXPECT_EQ(model.next_change(), start + 60s);
  EXPECT_EQ(contact_after(59999ms), Contact::stale);
  EXPECT_EQ(contact_after(60s), Contact::releasing);
  EXPECT_EQ(contact_after(64s), Contact::lost);
  EXPECT_FALSE(model.next_change());
}

TEST_F(ModelTest, ReturnsOnlyAfterThreeReadingsAndFiveSeconds) {
  ASSERT_TRUE(model.accept(healthy_reading(), start));
  for (const auto silence : {10s, 60s, 100s}) {
    model.time_passes(start + silence);
    const TimePoint back = start + silence;
    ASSERT_TRUE(model.accept(healthy_reading(), back));
    EXPECT_EQ(model.battery().contact, Contact::returning);
    ASSERT_TRUE(model.accept(healthy_reading(), back + 1s));
    ASSERT_TRUE(model.accept(healthy_reading(), back + 4s));
    EXPECT_EQ(model.battery().contact, Contact::returning);
    ASSERT_TRUE(model.accept(healthy_reading(), back + 5s));
    EXPECT_EQ(model.battery().contact, Contact::fresh);
    start = back + 5s;
  }
}

TEST_F(ModelTest, ARefusedReadingDoesNotProlongTrust) {
  ASSERT_TRUE(model.accept(healthy_reading(), start));
  Reading absurd = healthy_reading();
  absurd.cells_v[0] = 6;
  EXPECT_FALSE(model.accept(absurd, start + 9s));
  EXPECT_EQ(model.battery().reading.soc_pct, 50);
  EXPECT_EQ(contact_after(10s), Contact::stale);
}

TEST_F(ModelTest, AnotherNumberOfCellsIsNeverAccepted) {
  ASSERT_TRUE(model.accept(healthy_reading(16), start));
  for (int i = 1; i < 200; ++i) EXPECT_FALSE(model.accept(healthy_reading(8), start + i * 1s));
  EXPECT_EQ(model.battery().contact, Contact::lost);
  EXPECT_EQ(model.battery().cell_count, 16U);
}

TEST_F(ModelTest, CyclesThatJumpAreDoubtedUntilRepeated) {
  ASSERT_TRUE(model.accept(healthy_reading(), start));
  Reading reset = healthy_reading();
  reset.cycles = 0;
  EXPECT_FALSE(model.accept(reset, start + 1s));
  ASSERT_TRUE(model.accept(healthy_reading(), start + 2s));  // it was a lie: the doubt is over
  EXPECT_FALSE(model.accept(reset, start + 3s));
  EXPECT_FALSE(model.accept(reset, start + 4s));
  EXPECT_TRUE(model.accept(reset, start + 5s));
  EXPECT_EQ(model.battery().reading.cycles, 0);
}

}  // namespace
}  // namespace bms::battery
