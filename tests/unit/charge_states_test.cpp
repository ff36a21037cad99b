// Bulk, Absorption, Float, Balancing, Blocked: when one follows the other, and what outlives a restart.
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "charge/staleness.hpp"
#include "charge/state_machine.hpp"
#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;
using enum ChargeState;

constexpr double day_s = 86400;

/// At the target with even cells and a current that is not a tail.
Sample full_frame() { return even_frame(3.445, 20); }

/// At the target with a spread that is not even.
Sample uneven_frame(double spread_v = 0.025, double current_a = 20) {
  return sample_with_cell(3.445 + spread_v, 3.445, current_a);
}

Driven in_absorption() {
  Driven run;
  run.steps(even_frame(3.35, 50), 30);
  EXPECT_TRUE(run.steps_until(absorption, uneven_frame(), 600));
  run.transitions = 0;
  return run;
}

Driven in_float() {
  Driven run = in_absorption();
  EXPECT_TRUE(run.steps_until(float_transition, full_frame(), 1200));
  run.transitions = 0;
  return run;
}

TEST(ChargeStates, BulkEndsAtTheTarget) {
  Driven run;
  run.steps(even_frame(3.42, 50), 600);
  EXPECT_EQ(run.last.limits.state, bulk);
  EXPECT_TRUE(run.steps_until(absorption, even_frame(3.435, 20), 120));
  ASSERT_TRUE(run.last.transition);
  EXPECT_EQ(run.last.transition->from, bulk);
  EXPECT_EQ(run.last.transition->reason, "target voltage reached");
}

TEST(ChargeStates, OneHighCellEndsBulkToo) {
  Driven run;
  run.steps(even_frame(3.38, 50), 30);
  EXPECT_TRUE(run.steps_until(absorption, sample_with_cell(3.455, 3.38, 50), 60));
}

TEST(ChargeStates, APassingPeakDoesNotEndBulk) {
  Driven run;
  for (int i = 0; i < 50; ++i) {
    run.steps(even_frame(3.46, 50), 6);
    run.steps(even_frame(3.30, 0), 40);
  }
  EXPECT_EQ(run.transitions, 0);
}

TEST(ChargeStates, HeldEndsAbsorption) {
  Driven run = in_absorption();
  run.steps(full_frame(), 850);
  EXPECT_EQ(run.last.limits.state, absorption);
  EXPECT_TRUE(run.steps_until(float_transition, full_frame(), 100));
  EXPECT_TRUE(run.last.became_full);
  EXPECT_TRUE(run.last.held_full);
  EXPECT_FALSE(run.last.ended_by_cap);
  EXPECT_EQ(run.last.transition->reason, "cells even for 15 min");
  EXPECT_EQ(run.state.kept.since_balanced_s, 0);
}

// One bad moment costs a quarter of its length, not all that was gathered.
TEST(ChargeStates, CellsMustBeEvenEvenIfForNoTime) {
  Driven run;
  run.config.absorption_held_s = 0;
  run.steps(even_frame(3.35, 50), 30);
  EXPECT_TRUE(run.steps_until(absorption, uneven_frame(), 600));
  run.steps(uneven_frame(), 600);
  EXPECT_EQ(run.last.limits.state, absorption);
  EXPECT_TRUE(run.steps_until(float_transition, full_frame(), 60));
  EXPECT_TRUE(run.last.held_full);
}

TEST(ChargeStates, HeldRunsBackSlowly) {
  Driven run = in_absorption();
  run.steps(full_frame(), 600);
  const double before_s = run.state.kept.held_s;
  run.steps(uneven_frame(), 100);
  EXPECT_NEAR(run.state.kept.held_s, before_s - 25, 15);
  EXPECT_TRUE(run.steps_until(float_transition, full_frame(), 400));
}

TEST(ChargeStates, TailEndsAbsorption) {
  Driven run = in_absorption();
  EXPECT_TRUE(run.steps_until(float_transition, uneven_frame(0.025, 3), 1850));
  EXPECT_TRUE(run.last.became_full);
  EXPECT_FALSE(run.last.held_full);
  EXPECT_EQ(run.last.transition->reason, "hardly any current for 30 min");
}

TEST(ChargeStates, UnknownCurrentIsNoTail) {
  Driven run = in_absorption();
  Sample sample = uneven_frame(0.025, 3);
  sample.current_a.reset();
  EXPECT_FALSE(run.steps_until(float_transition, sample, 4000));
}

TEST(ChargeStates, CapEndsAbsorption) {
  Driven run = in_absorption();
  EXPECT_FALSE(run.steps_until(float_transition, uneven_frame(0.060, 20), 4 * 3600 - 100));
  EXPECT_TRUE(run.steps_until(float_transition, uneven_frame(0.060, 20), 200));
  EXPECT_TRUE(run.last.ended_by_cap);
  EXPECT_TRUE(run.last.became_full) << "at the top all the time";
  EXPECT_FALSE(run.last.held_full);
}

TEST(ChargeStates, CapBelowTheTargetIsNotFull) {
  Driven run = in_absorption();
  EXPECT_TRUE(run.steps_until(float_transition, sample_with_cell(3.49, 3.40, 20), 4 * 3600 + 100));
  EXPECT_TRUE(run.last.ended_by_cap);
  EXPECT_FALSE(run.last.became_full);
}

TEST(ChargeStates, ACloudDoesNotEndAbsorptionButAnEveningDoes) {
  Driven run = in_absorption();
  run.steps(full_frame(), 600);
  run.steps(even_frame(3.36, -20), 550);
  EXPECT_EQ(run.last.limits.state, absorption);
  run.steps(full_frame(), 30);
  EXPECT_FALSE(run.steps_until(bulk, even_frame(3.36, -20), 550));
  EXPECT_TRUE(run.steps_until(bulk, even_frame(3.36, -20), 120));
  EXPECT_GT(run.state.kept.held_s, 200) << "what was held still counts";
}

// The driver of old took every SoC below 80 % for a reason to charge again, for ever.
TEST(ChargeStates, no_flap_with_wrong_bms_soc) {
  for (const double soc_pct : {0.0, 50.0, 79.0, 100.0}) {
    Driven run = in_absorption();
    Sample full = full_frame();
    full.soc_pct = soc_pct;
    run.steps(full, 3600);
    Sample resting = even_frame(3.40, 0);
    resting.soc_pct = soc_pct;
    run.steps(resting, 6 * 3600);
    EXPECT_EQ(run.last.limits.state, floating) << soc_pct;
    EXPECT_EQ(run.transitions, 2) << soc_pct;
  }
}

TEST(ChargeStates, FloatGoesDownSlowlyToRest) {
  Driven run = in_float();
  run.steps(even_frame(3.41, 0), 120);
  double before_v = *run.last.limits.charge_voltage_v;
  for (int second = 0; second < 3600; ++second) {
    const double after_v = *run.step(even_frame(3.41, 0)).charge_voltage_v;
    ASSERT_LE(after_v, before_v + 1e-9);
    ASSERT_GE(after_v, before_v - 0.0062) << "a step of 5 mV at most every 5 s";
    before_v = after_v;
  }
  EXPECT_NEAR(before_v, 16 * 3.41 + 0.003, 0.002) << "a full pack rests higher than the float voltage";
  run.steps(even_frame(3.36, 0), 3600);
  EXPECT_NEAR(*run.last.limits.charge_voltage_v, 54.0, 0.002);
  run.steps(even_frame(3.40, 10), 600);
  EXPECT_NEAR(*run.last.limits.charge_voltage_v, 54.0, 0.002) << "and does not come up again";
}

TEST(ChargeStates, FloatWithoutFollowingIsPlain) {
  Driven run = in_float();
  run.config.float_follow = false;
  run.steps(even_frame(3.41, 20), 1300);
  EXPECT_LE(*run.last.limits.charge_voltage_v, 54.7);
  EXPECT_EQ(run.last.limits.state, floating);
}

TEST(ChargeStates, TransitionTakesTheTimeOfTheRamp) {
  Driven run = in_float();
  EXPECT_FALSE(run.steps_until(floating, even_frame(3.42, 0), 1150));
  EXPECT_TRUE(run.steps_until(floating, even_frame(3.42, 0), 100));
}

TEST(ChargeStates, FloatEndsWhenEnoughWasTaken) {
  Driven run = in_float();
  run.steps(even_frame(3.33, -100), 2000);
  EXPECT_EQ(run.last.limits.state, floating) << "55.6 of 56 Ah";
  EXPECT_TRUE(run.steps_until(bulk, even_frame(3.33, -100), 60));
  EXPECT_EQ(run.last.transition->reason, "load took 20 % of the capacity");
}

TEST(ChargeStates, WhatIsChargedBackCounts) {
  Driven run = in_float();
  for (int i = 0; i < 10; ++i) {
    run.steps(even_frame(3.33, -100), 900);
    run.steps(even_frame(3.38, 100), 900);
  }
  EXPECT_EQ(run.last.limits.state, floating);
}

TEST(ChargeStates, FloatStaysForAWhile) {
  Driven run = in_float();
  EXPECT_FALSE(run.steps_until(bulk, even_frame(3.20, -1000), 890));
  EXPECT_TRUE(run.steps_until(bulk, even_frame(3.20, -1000), 30));
}

TEST(ChargeStates, FloatEndsWhenCellsRestLow) {
  Driven run = in_float();
  run.steps(even_frame(3.34, 0), 1000);
  EXPECT_FALSE(run.steps_until(bulk, even_frame(3.31, -20), 3600)) << "under load a low voltage means nothing";
  EXPECT_TRUE(run.steps_until(bulk, even_frame(3.31, -5), 700));
}

TEST(ChargeStates, UnevenCellsEndFloatOnlyAtTheTopAndOnceADay) {
  Driven run = in_float();
  EXPECT_FALSE(run.steps_until(bulk, sample_with_cell(3.42, 3.32, 0), 4000)) << "low down a spread means nothing";
  EXPECT_FALSE(run.steps_until(bulk, sample_with_cell(3.45, 3.36, -40), 4000)) << "nor under load";
  EXPECT_TRUE(run.steps_until(bulk, sample_with_cell(3.45, 3.36, 0), 700));
  EXPECT_TRUE(run.steps_until(absorption, full_frame(), 60));
  EXPECT_TRUE(run.steps_until(float_transition, full_frame(), 1200));
  EXPECT_FALSE(run.steps_until(bulk, sample_with_cell(3.45, 3.36, 0), 10000)) << "again only tomorrow";
}

TEST(ChargeStates, FloatCanBeSwitchedOff) {
  Driven run = in_absorption();
  run.config.float_enabled = false;
  int full = 0;
  for (int second = 0; second < 20000; ++second) {
    run.step(full_frame());
    full += run.last.became_full ? 1 : 0;
  }
  EXPECT_EQ(run.last.limits.state, absorption);
  EXPECT_EQ(full, 1) << "said once";
}

// Every threshold is that of a cell: a small pack behaves as a big one.
TEST(ChargeStates, AnyNumberOfCellsBehavesAlike) {
  for (const std::size_t cell_count : {1U, 4U, 8U, 15U, 24U}) {
    Driven run;
    const auto sample = [&](double cell_v, double current_a) {
      Sample some = even_frame(cell_v, current_a);
      some.cells_v.assign(cell_count, cell_v);
      return some;
    };
    run.steps(sample(3.35, 50), 60);
    EXPECT_TRUE(run.steps_until(absorption, sample(3.445, 20), 60)) << cell_count;
    EXPECT_FALSE(run.steps_until(float_transition, sample(3.445, 20), 880)) << cell_count;
    EXPECT_TRUE(run.steps_until(float_transition, sample(3.445, 20), 30)) << cell_count;
    EXPECT_NEAR(*run.last.limits.low_voltage_v, 2.9 * static_cast<double>(cell_count), 1e-9);
    EXPECT_LE(*run.last.limits.charge_voltage_v, 3.45 * static_cast<double>(cell_count) + 1e-9);
  }
}

TEST(ChargeStates, FullChargeOnRequestMakesCellsEven) {
  Driven run;
  run.steps(even_frame(3.35, 50), 60);
  run.config.full_charge_requested = true;
  run.steps(even_frame(3.35, 50), 60);
  EXPECT_EQ(run.last.limits.state, bulk) << "it waits for the pack to be full";
  ASSERT_TRUE(run.steps_until(balancing, full_frame(), 60));
  run.steps(full_frame(), 800);
  EXPECT_NEAR(run.last.target_cell_v, 3.50, 0.002) << "1 mV per second";
  EXPECT_TRUE(run.last.balancing);
  run.steps(even_frame(3.54, 5), 900);
  EXPECT_NEAR(run.last.target_cell_v, 3.55, 1e-9);
  EXPECT_GT(*run.last.limits.charge_current_a, 10) << "the curve has moved along";
  ASSERT_TRUE(run.steps_until(float_transition, even_frame(3.54, 5), 1900));
  EXPECT_TRUE(run.last.held_full);
  EXPECT_FALSE(run.state.kept.balancing_requested);
  run.steps(even_frame(3.45, 0), 1700);
  EXPECT_LE(*run.last.limits.charge_voltage_v, 55.2 + 1e-9);
  EXPECT_FALSE(run.last.balancing);
  EXPECT_FALSE(run.steps_until(balancing, even_frame(3.45, 0), 5000)) << "a request that still stands is done";
}

TEST(ChargeStates, FullChargeComesAfterSoManyDays) {
  Driven run;
  run.steps(even_frame(3.35, 50), 60);
  EXPECT_FALSE(run.state.kept.balancing_requested) << "never at the first start";
  run.state.kept.since_balanced_s = 30 * day_s - 100;
  run.steps(even_frame(3.35, 50), 60);
  EXPECT_FALSE(run.state.kept.balancing_requested);
  run.steps(even_frame(3.35, 50), 60);
  EXPECT_TRUE(run.state.kept.balancing_requested);
  EXPECT_TRUE(run.steps_until(balancing, full_frame(), 60));
  Driven never;
  never.config.full_charge_days = 0;
  never.step(even_frame());
  never.state.kept.since_balanced_s = 1000 * day_s;
  never.steps(even_frame(), 10);
  EXPECT_FALSE(never.state.kept.balancing_requested);
}

TEST(ChargeStates, DaysEndFloat) {
  Driven run = in_float();
  run.state.kept.since_balanced_s = 30 * day_s;
  run.step(even_frame(3.40, 0));
  EXPECT_EQ(run.step(even_frame(3.40, 0)).state, bulk);
}

TEST(ChargeStates, BalancingIsCapped) {
  Driven run;
  run.config.full_charge_requested = true;
  run.steps(even_frame(3.35, 50), 60);
  ASSERT_TRUE(run.steps_until(balancing, uneven_frame(), 60));
  EXPECT_TRUE(run.steps_until(float_transition, uneven_frame(), 6 * 3600 + 10));
  EXPECT_TRUE(run.last.ended_by_cap);
  EXPECT_FALSE(run.state.kept.balancing_requested) << "the next attempt comes in its time";
}

TEST(ChargeStates, OnlyTheUserBlocks) {
  Driven run = in_float();
  Sample sample = even_frame(3.40, 0);
  sample.charge_fet = false;
  EXPECT_EQ(run.steps(sample, 100).state, float_transition);
  sample = even_frame(3.40, 0);
  sample.bms_alarms.raise(Alarm::high_cell_voltage, AlarmLevel::alarm);
  EXPECT_EQ(run.steps(sample, 100).state, float_transition);
  run.config.charge_blocked = true;
  EXPECT_EQ(run.step(even_frame(3.40, 0)).state, blocked);
  EXPECT_EQ(run.steps(even_frame(3.40, 0), 1000).state, blocked);
  run.config.charge_blocked = false;
  EXPECT_EQ(run.step(even_frame(3.40, 0)).state, bulk);
}

TEST(ChargeStates, ModeTextSaysWhatMatters) {
  Driven run = in_absorption();
  run.steps(full_frame(), 280);
  EXPECT_EQ(run.last.limits.charge_mode, "Absorption, even for 4 of 15 min");
  Driven low;
  low.steps(even_frame(3.42, 2), 3700);
  EXPECT_EQ(low.last.limits.state, bulk);
  EXPECT_NEAR(low.last.charger_short_v, 0.48, 0.001);
  EXPECT_EQ(low.last.limits.charge_mode, "Bulk, charger 0.48 V below target: see cable_drop");
}

// Restarts.

TEST(ChargeStates, APackOfABankIsFullAndHoldsBackNoOther) {
  Driven run = in_float();
  run.config.floats_with_bank = true;
  run.steps(even_frame(3.42, 0), 1800);
  EXPECT_EQ(run.last.limits.state, floating) << "its bank waits for it to say so";
  EXPECT_NEAR(*run.last.limits.charge_voltage_v, 16 * run.config.absorption_cell_v, 0.002);
  // What its own cells bear counts all the same.
  run.steps(sample_with_cell(3.52, 3.42, 5), 600);
  EXPECT_LT(*run.last.limits.charge_voltage_v, 16 * 3.43);
}

TEST(ChargeStates, restart_in_float_stays_float) {
  Driven run = in_float();
  run.steps(even_frame(3.41, 0), 2000);
  ASSERT_EQ(run.last.limits.state, floating);
  const double before_v = *run.last.limits.charge_voltage_v;
  run.restart(120);
  run.transitions = 0;
  EXPECT_EQ(run.step(even_frame(3.41, 0)).state, floating);
  EXPECT_NEAR(*run.last.limits.charge_voltage_v, before_v, 0.01);
  run.steps(even_frame(3.41, 0), 3600);
  EXPECT_EQ(run.transitions, 0);
}

TEST(ChargeStates, EveryMemberOfKeptSurvives) {
  Kept kept;
  // Every member by its place: one that is added must be named here, and one that the table lacks shows below.
  auto& [state, charge_factor, discharge_factor, charge_closed, discharge_closed, cut_off, opened_by_rest, reached_s,
         held_s, tail_s, top_s, balanced_s, absorption_s, fallen_s, full_s, rest_low_s, uneven_s, short_s,
         since_balanced_s, since_uneven_s, discharged_ah, full, balancing_requested, request_seen, balancing_rise_v] =
      kept;
  double number = 0;
  for (double* member : {&state, &reached_s, &held_s, &tail_s, &top_s, &balanced_s, &absorption_s, &fallen_s, &full_s,
                         &rest_low_s, &uneven_s, &short_s, &since_balanced_s, &discharged_ah, &balancing_rise_v}) {
    *member = ++number;
  }
  for (std::optional<double>* member : {&charge_factor, &discharge_factor, &since_uneven_s}) *member = ++number;
  for (bool* member :
       {&charge_closed, &discharge_closed, &cut_off, &opened_by_rest, &full, &balancing_requested, &request_seen}) {
    *member = true;
  }

  Kept other;
  std::set<std::string> names;
  for (const KeptField<Kept>& field : kept_fields()) {
    EXPECT_TRUE(names.insert(std::string(field.name)).second) << field.name;
    EXPECT_LT(field.min, field.max) << field.name;
    std::visit([&](auto place) { other.*place = kept.*place; }, field.place);
  }
  EXPECT_EQ(other, kept);
}

TEST(ChargeStates, ResumeMakesNonsenseSafe) {
  State state;
  state.kept.state = 3.7;
  state.kept.charge_factor = 40;
  state.kept.discharge_factor = std::nan("");
  state.kept.held_s = -5;
  state.kept.tail_s = std::numeric_limits<double>::infinity();
  state.kept.since_balanced_s = std::nan("");
  resume(state, std::nan(""));
  EXPECT_EQ(state.kept.state, 3);
  EXPECT_EQ(state.kept.charge_factor, 1);
  EXPECT_EQ(state.kept.discharge_factor, 0);
  EXPECT_EQ(state.kept.held_s, 0);
  EXPECT_EQ(state.kept.tail_s, 0);
  EXPECT_EQ(state.kept.since_balanced_s, 0);
}

TEST(ChargeStates, TimeGoesOnWhileWeAreDown) {
  State state;
  state.kept.since_balanced_s = 100;
  state.kept.since_uneven_s = 50;
  state.kept.held_s = 600;
  state.kept.fallen_s = 500;
  resume(state, 400);
  EXPECT_EQ(state.kept.since_balanced_s, 500);
  EXPECT_EQ(state.kept.since_uneven_s, 450);
  EXPECT_EQ(state.kept.held_s, 500) << "runs back at a quarter of the speed";
  EXPECT_EQ(state.kept.fallen_s, 0);
}

// A pack whose size nobody knows counts as a small one wherever that is the more careful.
TEST(ChargeStates, OfAnUnknownCapacityLittleIsHardlyAnyCurrentAndLittleIsMuchTakenOut) {
  // Not even enough, and a current of which it depends on the pack whether it is a tail.
  Sample top = uneven_frame(0.025, 1);
  top.capacity_ah = 100;
  Driven known = in_absorption();
  EXPECT_TRUE(known.steps_until(float_transition, top, 2000));
  top.capacity_ah.reset();
  Driven unknown = in_absorption();
  EXPECT_FALSE(unknown.steps_until(float_transition, top, 3.9 * 3600));
  EXPECT_TRUE(unknown.steps_until(float_transition, top, 400)) << "by the cap";

  Sample load = even_frame(3.340, -10);
  load.capacity_ah = 100;
  EXPECT_FALSE(known.steps_until(bulk, load, 1000)) << "2.8 of 100 Ah";
  load.capacity_ah.reset();
  EXPECT_TRUE(unknown.steps_until(bulk, load, 1000)) << "more than a fifth of a small pack";
}

}  // namespace
}  // namespace bms::charge
