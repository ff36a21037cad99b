// What is allowed while the BMS does not answer, and how it goes on.
#include <gtest/gtest.h>

#include "charge/staleness.hpp"
#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

Driven busy() {
  Driven run;
  run.steps(even_frame(3.40, 50), 60);
  return run;
}

TEST(ChargeStaleness, stale_blocks_charge_first) {
  Driven run = busy();
  const Limits before = run.last.limits;
  const Limits stale = without_contact(run.config, run.state, Contact::stale, 10);
  EXPECT_EQ(stale.charge_current_a, 0);
  EXPECT_EQ(stale.allow_charge, false);
  EXPECT_EQ(stale.discharge_current_a, before.discharge_current_a);
  EXPECT_EQ(stale.allow_discharge, true);
  EXPECT_EQ(stale.state, ChargeState::blocked);
  EXPECT_EQ(stale.charge_reason, "BMS does not answer");
  EXPECT_EQ(without_contact(run.config, run.state, Contact::stale, 30).discharge_current_a, 70) << "half after 30 s";
  EXPECT_EQ(without_contact(run.config, run.state, Contact::stale, 59).discharge_current_a, 70) << "and not again";
}

TEST(ChargeStaleness, TheOwnerStillHasASay) {
  Driven run = busy();
  EXPECT_EQ(without_contact(run.config, run.state, Contact::stale, 10).discharge_current_a, 140);
  run.config.user_max_discharge_a = 20;
  EXPECT_EQ(without_contact(run.config, run.state, Contact::stale, 11).discharge_current_a, 20);
  run.config.discharge_blocked = true;
  const Limits blocked = without_contact(run.config, run.state, Contact::stale, 12);
  EXPECT_EQ(blocked.discharge_current_a, 0);
  EXPECT_EQ(blocked.allow_discharge, false);
  run.config.discharge_blocked = false;
  run.config.kept_charge_c = 0.1;
  EXPECT_GT(*without_contact(run.config, run.state, Contact::kept, 70).charge_current_a, 0);
  run.config.charge_blocked = true;
  EXPECT_EQ(without_contact(run.config, run.state, Contact::kept, 71).charge_current_a, 0);
}

TEST(ChargeStaleness, VoltageGoesToRestNotBelow) {
  Driven high;
  high.steps(even_frame(3.43, 10), 120);
  const double resting_v = 16 * 3.43 - 10 * 0.0111429;
  EXPECT_NEAR(*without_contact(high.config, high.state, Contact::stale, 10).charge_voltage_v, resting_v, 0.01);
  Driven low;
  low.steps(even_frame(3.30, -5), 120);
  EXPECT_NEAR(*without_contact(low.config, low.state, Contact::stale, 10).charge_voltage_v, 54.0, 1e-9);
  Driven lower;
  lower.config.absorption_cell_v = 3.36;
  lower.steps(even_frame(3.30, -5), 120);
  EXPECT_NEAR(*without_contact(lower.config, lower.state, Contact::stale, 10).charge_voltage_v, 16 * 3.36, 1e-9)
      << "never above what was published";
}

TEST(ChargeStaleness, NothingRisesWhileStale) {
  Driven run = busy();
  Limits before = without_contact(run.config, run.state, Contact::stale, 10);
  for (double age_s = 10; age_s < 60; ++age_s) {
    const Limits after = without_contact(run.config, run.state, Contact::stale, age_s);
    EXPECT_LE(*after.charge_voltage_v, *before.charge_voltage_v);
    EXPECT_LE(*after.charge_current_a, *before.charge_current_a);
    EXPECT_LE(*after.discharge_current_a, *before.discharge_current_a);
    before = after;
  }
}

TEST(ChargeStaleness, KeptBatteryIsUsedALittle) {
  Driven run = busy();
  const Limits kept = without_contact(run.config, run.state, Contact::kept, 100);
  EXPECT_EQ(kept.charge_current_a, 0);
  EXPECT_EQ(kept.discharge_current_a, 56) << "0.2 C";
  run.config.kept_charge_c = 0.5;
  run.config.kept_discharge_c = 0.05;
  const Limits wanted = without_contact(run.config, run.state, Contact::kept, 100);
  EXPECT_EQ(wanted.charge_current_a, 28) << "0.1 C at most";
  EXPECT_EQ(wanted.discharge_current_a, 14);
}

TEST(ChargeStaleness, lost_makes_cvl_invalid_first) {
  Driven run = busy();
  const Limits releasing = without_contact(run.config, run.state, Contact::releasing, 60);
  EXPECT_TRUE(releasing.charge_voltage_v) << "for one cycle both currents are seen as 0";
  EXPECT_EQ(releasing.charge_current_a, 0);
  EXPECT_EQ(releasing.discharge_current_a, 0);
  EXPECT_EQ(releasing.allow_discharge, false);
  for (const Contact contact : {Contact::lost, Contact::never}) {
    const Limits lost = without_contact(run.config, run.state, contact, 64);
    EXPECT_EQ(lost.charge_voltage_v, std::nullopt);
    EXPECT_EQ(lost.charge_current_a, std::nullopt);
    EXPECT_EQ(lost.discharge_current_a, std::nullopt);
    EXPECT_EQ(lost.charge_reason, "BMS lost");
  }
}

TEST(ChargeStaleness, BeforeTheFirstFrameThereIsNothing) {
  State state;
  const Limits limits = without_contact(Config{}, state, Contact::stale, 10);
  EXPECT_FALSE(limits.charge_voltage_v);
  EXPECT_FALSE(limits.charge_current_a);
}

TEST(ChargeStaleness, reconnect_ramps) {
  Driven run;
  run.steps(even_frame(3.30, 0), 60);
  (void)without_contact(run.config, run.state, Contact::lost, 600);
  for (int sample = 0; sample < 3; ++sample) {
    returning(run.state);
    const Limits back = run.step(even_frame(3.30, 0), sample == 0 ? 600 : 2);
    EXPECT_EQ(back.charge_current_a, 7) << "5 % of base";
    EXPECT_EQ(back.discharge_current_a, 7);
    EXPECT_TRUE(back.charge_voltage_v);
  }
  double before_a = 7;
  for (int second = 0; second < 200; ++second) {
    run.step(even_frame(3.30, 0));
    EXPECT_LE(run.charge_a(), before_a + 1.4 + 1e-9);
    before_a = run.charge_a();
  }
  EXPECT_EQ(run.last.limits.charge_current_a, 140);
}

TEST(ChargeStaleness, ReturnsLowEvenWhenNobodySaysSo) {
  Driven run;
  run.steps(even_frame(3.30, 0), 60);
  (void)without_contact(run.config, run.state, Contact::stale, 12);
  EXPECT_EQ(run.step(even_frame(3.30, 0), 12).charge_current_a, 7);
}

// Whoever answers after a silence: nobody knows what was done meanwhile.
TEST(ChargeStaleness, AnotherPackReturnsLowAsWell) {
  for (const bool steady : {false, true}) {
    Driven run;
    run.steps(even_frame(3.30, 0), 60);
    ASSERT_EQ(run.last.limits.charge_current_a, 140);
    (void)without_contact(run.config, run.state, Contact::stale, 12);
    Sample other = even_frame(3.30, 0);
    other.cells_v.assign(15, 3.30);
    if (!steady) returning(run.state);
    const Limits back = run.step(other, 12);
    EXPECT_EQ(back.charge_current_a, 7) << "5 % of base";
    EXPECT_EQ(back.discharge_current_a, 7);
    EXPECT_LE(*run.steps(other, 30).charge_current_a, 7 + 1.4 * 19) << "and rises slowly";
  }
}

TEST(ChargeStaleness, AnotherPackBehindAReopenedFetBeginsLow) {
  Driven run;
  run.steps(even_frame(3.30, 0), 60);
  Sample open = even_frame(3.30, 0);
  open.charge_fet = open.discharge_fet = false;
  run.state.kept.charge_factor = run.state.kept.discharge_factor = 1;
  run.step(open);
  run.state.kept.charge_factor = run.state.kept.discharge_factor = 1;
  Sample other = even_frame(3.30, 0);
  other.cells_v.assign(15, 3.30);
  EXPECT_EQ(run.step(other).charge_current_a, 7);
  EXPECT_EQ(run.last.limits.discharge_current_a, 7);
}

TEST(ChargeStaleness, WholeAmperesAlsoDuringTheSilence) {
  Driven run;
  run.config.integer_amps = true;
  run.config.max_discharge_current = {9};
  run.config.kept_charge_c = 0.015;
  run.config.kept_discharge_c = 0.0095;
  run.steps(even_frame(3.30, 0), 60);
  EXPECT_EQ(without_contact(run.config, run.state, Contact::stale, 30).discharge_current_a, 4) << "half of 9 A";
  const Limits kept = without_contact(run.config, run.state, Contact::kept, 100);
  EXPECT_EQ(kept.charge_current_a, 4) << "4.2 A of 280 Ah";
  EXPECT_EQ(kept.discharge_current_a, 2) << "2.66 A";
  run.config.integer_amps = false;
  EXPECT_EQ(without_contact(run.config, run.state, Contact::kept, 100).charge_current_a, 4.2);
}

TEST(ChargeStaleness, StateOutlivesTheSilence) {
  Driven run;
  run.state.kept.state = static_cast<double>(ChargeState::floating);
  run.steps(even_frame(3.40, 0), 60);
  EXPECT_EQ(without_contact(run.config, run.state, Contact::lost, 600).state, ChargeState::blocked);
  EXPECT_EQ(run.step(even_frame(3.40, 0), 600).state, ChargeState::floating);
}

TEST(ChargeStaleness, LostFramesDoNotRestartAQualification) {
  Driven run;
  run.steps(even_frame(3.35, 50), 30);
  ASSERT_TRUE(run.steps_until(ChargeState::absorption, even_frame(3.445, 20), 100));
  run.steps(even_frame(3.445, 20), 500);
  const double before_s = run.state.kept.held_s;
  run.step(even_frame(3.445, 20), 8);
  EXPECT_GE(run.state.kept.held_s, before_s);
  EXPECT_LE(run.state.kept.held_s, before_s + 3);
}

}  // namespace
}  // namespace bms::charge
