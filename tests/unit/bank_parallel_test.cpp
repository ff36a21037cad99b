// Packs in parallel: missing, blocked, excluded and returning ones, the state of the group, its CVL.
#include <gtest/gtest.h>

#include "bank_fixture.hpp"

namespace bms::bank {
namespace {

using namespace test;

Driven bank_of_three() {
  Driven bank = bank_of(Wiring::parallel, {pack(3.3, 20), pack(3.3, 20), pack(3.3, 20)});
  bank.steps(60);
  return bank;
}

TEST(BankParallel, AddsUpCurrentsAndMeansVoltages) {
  Driven bank = bank_of(Wiring::parallel, {pack(3.30, 20, 50, 300), pack(3.31, 10, 50, 100)});
  bank.members[1].told.hottest_c = 30;
  const Battery& battery = bank.step().battery;
  EXPECT_NEAR(*battery.reading.voltage_v, 16 * 3.3025, 1e-9);
  EXPECT_DOUBLE_EQ(*battery.reading.current_a, 30);
  EXPECT_EQ(battery.cell_count, 16U);
  EXPECT_TRUE(battery.reading.cells_v.empty());
  EXPECT_DOUBLE_EQ(*battery.derived.max_cell_v, 3.31);
  EXPECT_EQ(bank.last.findings.highest_cell->member, 1U);
  EXPECT_EQ(bank.last.findings.hottest->member, 1U);
  EXPECT_DOUBLE_EQ(*battery.derived.max_temperature_c, 30);
}

TEST(BankParallel, KnowsNothingBeforeEnoughPacksWereSeen) {
  Driven bank = bank_of(Wiring::parallel, {pack(), pack(), pack()});
  bank.members[1].present = bank.members[2].present = false;
  bank.steps(100);
  EXPECT_EQ(bank.last.battery.contact, Contact::never);
  EXPECT_FALSE(bank.last.limits.charge_voltage_v);
  bank.members[1].present = true;
  bank.step();
  EXPECT_EQ(bank.last.battery.contact, Contact::fresh);
  // The third one may be connected all the same, and takes its part unheard.
  EXPECT_LE(*bank.last.limits.charge_current_a, 3 * 0.2 * 100);
}

TEST(BankParallel, APackThatIsLostLeavesRoomForTheOthersAlone) {
  Driven bank = bank_of_three();
  EXPECT_DOUBLE_EQ(*bank.last.limits.charge_current_a, 150);
  bank.silent[2] = true;
  bank.steps(9);
  EXPECT_DOUBLE_EQ(*bank.last.limits.charge_current_a, 150);
  bank.steps(2);
  EXPECT_EQ(bank.last.battery.contact, Contact::fresh);
  EXPECT_DOUBLE_EQ(*bank.last.battery.reading.current_a, 40);
  EXPECT_DOUBLE_EQ(*bank.last.battery.estimate.capacity_ah, 200);
  EXPECT_EQ(bank.last.findings.offline, 1);
  EXPECT_NEAR(*bank.last.limits.charge_current_a, 3 * 25, 0.1);  // a third of it may still go there
  EXPECT_EQ(bank.last.battery.alarms[Alarm::bms_cable], AlarmLevel::ok);
  bank.steps(62);
  EXPECT_NEAR(*bank.last.limits.charge_current_a, 3 * 20, 0.1);
  EXPECT_EQ(bank.last.battery.alarms[Alarm::bms_cable], AlarmLevel::warning);
  EXPECT_TRUE(says(bank.last, "Pack 3 is silent"));
}

TEST(BankParallel, ExcludingAPackSilencesIt) {
  Driven bank = bank_of_three();
  bank.members[2].told.alarms.raise(Alarm::high_cell_voltage, AlarmLevel::warning);
  bank.step();
  EXPECT_EQ(bank.last.battery.alarms[Alarm::high_cell_voltage], AlarmLevel::warning);
  bank.silent[2] = true;
  bank.steps(100);
  bank.members[2].excluded = true;
  bank.steps(200);
  EXPECT_EQ(bank.last.battery.alarms[Alarm::bms_cable], AlarmLevel::ok);
  EXPECT_NE(bank.last.battery.alarms[Alarm::high_cell_voltage], AlarmLevel::warning);
  EXPECT_DOUBLE_EQ(*bank.last.limits.charge_current_a, 100);
  EXPECT_TRUE(says(bank.last, "Pack 3 is excluded"));
  // Whatever an excluded pack tells has no influence.
  bank.silent[2] = false;
  bank.members[2].told.current_a = 500;
  bank.members[2].told.cells_v.resize(3);
  bank.step();
  EXPECT_DOUBLE_EQ(*bank.last.battery.reading.current_a, 40);
  EXPECT_EQ(bank.last.findings.refusal, Refusal::none);
}

TEST(BankParallel, WithoutAnExcludedPackTheBankIsASmallerOne) {
  Driven bank = bank_of(Wiring::parallel, {pack(3.3, 20), pack(3.3, 20)});
  bank.silent[1] = true;
  bank.members[1].excluded = true;
  bank.steps(200);
  EXPECT_EQ(bank.last.battery.contact, Contact::fresh);
  EXPECT_DOUBLE_EQ(*bank.last.limits.charge_current_a, 50);
  EXPECT_EQ(bank.last.battery.alarms[Alarm::bms_cable], AlarmLevel::ok);
  bank.members[1].excluded = false;
  bank.step();
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  for (Member& member : bank.members) member.excluded = true;
  bank.steps(100);
  EXPECT_EQ(bank.last.battery.contact, Contact::lost);
}

TEST(BankParallel, TheShareOfABlockedPackMovesToTheOthers) {
  Driven bank = bank_of_three();
  bank.members[2].told.charge_fet = false;
  bank.members[2].told.current_a = 0;
  bank.members[0].told.current_a = bank.members[1].told.current_a = 30;
  bank.steps(10);
  EXPECT_NEAR(*bank.last.limits.charge_current_a, 100, 0.1);
  EXPECT_GT(*bank.last.limits.discharge_current_a, 50);
  EXPECT_TRUE(bank.last.findings.members[2].discharges);
  EXPECT_FALSE(bank.last.findings.members[2].charges);
  EXPECT_EQ(bank.last.findings.blocking_charge, 1);
  EXPECT_EQ(bank.last.limits.allow_charge, true);
}

TEST(BankParallel, AllFetsOpen) {
  Driven bank = bank_of_three();
  for (Member& member : bank.members) {
    member.told.charge_fet = member.told.discharge_fet = false;
    member.told.current_a = 0;
  }
  bank.steps(400);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  EXPECT_EQ(bank.last.limits.discharge_current_a, 0);
  EXPECT_EQ(bank.last.limits.allow_charge, false);
  EXPECT_DOUBLE_EQ(*bank.last.limits.charge_voltage_v, 16 * 3.45);
}

TEST(BankParallel, TooFewPacksIsASilentBms) {
  Driven bank = bank_of(Wiring::parallel, {pack(3.3, 20), pack(3.3, 20)});
  bank.steps(60);
  bank.silent[1] = true;
  bank.steps(12);
  EXPECT_EQ(bank.last.battery.contact, Contact::stale);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  EXPECT_FALSE(bank.last.battery.reading.voltage_v);
  bank.steps(60);
  EXPECT_FALSE(bank.last.limits.charge_voltage_v);
  bank.silent[1] = false;
  bank.step();
  EXPECT_EQ(bank.last.battery.contact, Contact::returning);
  EXPECT_LE(*bank.last.limits.charge_current_a, 5);
  Driven content = bank_of(Wiring::parallel, {pack(3.3, 20), pack(3.3, 20)});
  content.config.min_members = 1;
  content.steps(60);
  content.silent[1] = true;
  content.steps(30);
  EXPECT_GT(*content.last.limits.charge_current_a, 0);
}

TEST(BankParallel, ACounterThatStopsMeansStale) {
  Driven bank = bank_of_three();
  bank.silent[0] = true;  // it stays on the bus, with all its values
  bank.steps(12);
  EXPECT_EQ(bank.last.findings.members[0].standing, Standing::silent);
}

TEST(BankParallel, UnequalCellsAreRefused) {
  Member other = pack();
  other.told.cells_v.resize(15);
  Driven bank = bank_of(Wiring::parallel, {pack(), pack(), other});
  bank.steps(10);
  EXPECT_EQ(bank.last.findings.refusal, Refusal::other_cells);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  EXPECT_EQ(bank.last.limits.discharge_current_a, 0);
  EXPECT_FALSE(bank.last.limits.charge_voltage_v);
  EXPECT_TRUE(says(bank.last, "Pack 3"));
}

TEST(BankParallel, OtherCellsAndTwinsAreRefused) {
  Driven bank = bank_of_three();
  bank.members[0].told.chemistry = Chemistry::lfp;
  bank.members[1].told.chemistry = Chemistry::li_ion;
  EXPECT_EQ(bank.step().findings.refusal, Refusal::other_chemistry);
  bank.members[1].told.chemistry = Chemistry::lfp;
  EXPECT_EQ(bank.step().findings.refusal, Refusal::none);
  bank.members[2].twice = true;
  EXPECT_EQ(bank.step().findings.refusal, Refusal::same_pack_twice);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
}

TEST(BankParallel, SocGoesSlowlyWhereAPackLeavesOrJoins) {
  Driven bank = bank_of_three();
  bank.members[2].told.soc_pct = 80;
  bank.members[2].excluded = true;
  bank.step();
  bank.steps(600);
  EXPECT_NEAR(*bank.last.battery.estimate.soc_pct, 50, 1e-9);
  bank.members[2].excluded = false;
  double before_pct = 50;
  for (int second = 0; second < 120; ++second) {
    const double soc_pct = *bank.step().battery.estimate.soc_pct;
    EXPECT_LE(soc_pct - before_pct, 0.1 + 1e-9) << second;
    before_pct = soc_pct;
  }
  EXPECT_NEAR(before_pct, 60, 1e-9);
}

TEST(BankParallel, APackThatIsBackIsTrustedAfterAWhile) {
  Driven bank = bank_of_three();
  bank.silent[2] = true;
  bank.steps(30);
  bank.silent[2] = false;
  bank.members[2].told.cells_v.assign(cells, 3.25);
  bank.members[2].told.voltage_v = 16 * 3.25;
  bank.step();
  EXPECT_EQ(bank.last.findings.members[2].standing, Standing::returning);
  EXPECT_DOUBLE_EQ(*bank.last.battery.reading.current_a, 40);
  EXPECT_TRUE(says(bank.last, "Pack 3 is not connected, and at another voltage"));
  bank.steps(6);
  EXPECT_DOUBLE_EQ(*bank.last.battery.reading.current_a, 60);
}

TEST(BankParallel, WithoutCapacityThereIsNoSocButThereAreLimits) {
  Driven bank = bank_of_three();
  bank.members[1].told.capacity_ah = 0;
  bank.step();
  EXPECT_FALSE(bank.last.battery.estimate.soc_pct);
  EXPECT_GT(*bank.last.limits.charge_current_a, 100);
  EXPECT_TRUE(says(bank.last, "SoC unknown"));
  bank.config.members[1].capacity_ah = 100;
  EXPECT_TRUE(bank.step().battery.estimate.soc_pct);
}

TEST(BankParallel, PacksThatChargeOneAnotherGetLowLimits) {
  Driven bank = bank_of(Wiring::parallel, {pack(3.3, 15), pack(3.3, -15)});
  bank.steps(59);
  const double before_a = *bank.last.limits.discharge_current_a;
  EXPECT_FALSE(bank.last.findings.circulating);
  bank.steps(3);
  EXPECT_TRUE(bank.last.findings.circulating);
  EXPECT_NEAR(*bank.last.limits.discharge_current_a, 0.3 * before_a, 0.2);
  EXPECT_EQ(bank.last.battery.alarms[Alarm::high_charge_current], AlarmLevel::warning);
}

// Since when a reason is one is on the screen, so it must not come and go with every sample.
TEST(BankParallel, ALimitThatIsOnItsWayNowAndThenIsNot) {
  Driven bank = bank_of_three();
  LimitReason said = bank.step().limits.charge_code;
  int changes = 0;
  for (int i = 0; i < 300; ++i) {
    bank.members[0].told.current_a = i % 6 < 3 ? 20 : 45;
    bank.step();
    changes += bank.last.limits.charge_code != said ? 1 : 0;
    said = bank.last.limits.charge_code;
  }
  EXPECT_LE(changes, 1);
  bank.config.charge.charge_blocked = true;
  EXPECT_EQ(bank.step().limits.charge_code, LimitReason::blocked_by_user) << "what is 0 says why at once";
  bank.config.charge.charge_blocked = false;
  bank.steps(3);
  EXPECT_NE(bank.last.limits.charge_code, LimitReason::blocked_by_user);
  bank.config.charge.user_max_charge_a = 5;
  bank.steps(60);
  EXPECT_EQ(bank.last.limits.charge_code, LimitReason::user_maximum);
}

TEST(BankParallel, TheShuntHasAuthority) {
  Driven bank = bank_of_three();
  bank.config.has_shunt = true;
  bank.shunt = Shunt{.age_s = 1, .voltage_v = 53, .current_a = 58};
  bank.step();
  EXPECT_EQ(bank.last.battery.reading.current_a, 58);
  EXPECT_EQ(bank.last.battery.reading.voltage_v, 53);
  bank.shunt->current_a = 40;
  bank.steps(62);
  EXPECT_TRUE(bank.last.findings.shunt_differs);
  bank.shunt->age_s = 60;
  bank.step();
  EXPECT_EQ(bank.last.battery.reading.current_a, 60);
  EXPECT_TRUE(says(bank.last, "shunt is silent"));
}

TEST(BankParallel, AForeignPackWithoutALimitAllowsNothing) {
  Driven bank = bank_of_three();
  bank.members[0].foreign = true;
  bank.members[0].told.charge_current_a.reset();
  EXPECT_EQ(bank.step().limits.charge_current_a, 0);
  EXPECT_TRUE(says(bank.last, "Pack 1 names no limit for charging"));
  bank.config.members[0].max_charge_a = 30;
  bank.steps(400);
  EXPECT_GT(*bank.last.limits.charge_current_a, 40);
  EXPECT_FALSE(says(bank.last, "names no limit"));
}

TEST(BankParallel, AForeignPackThatTellsNothingNewIsWorthHalf) {
  Driven bank = bank_of_three();
  bank.members[2].foreign = true;
  bank.members[2].freshness_told = false;
  bank.step();
  bank.silent[2] = true;
  bank.steps(30);
  EXPECT_EQ(bank.last.findings.members[2].standing, Standing::fresh);
  EXPECT_DOUBLE_EQ(bank.last.findings.members[2].charge_limit_a, 25);
  EXPECT_TRUE(says(bank.last, "half of its limits"));
  bank.steps(40);
  EXPECT_EQ(bank.last.findings.members[2].standing, Standing::silent);
}

// The state of the group.

Driven full_bank() {
  Driven bank = bank_of(Wiring::parallel, {pack(3.45, 1), pack(3.45, 1), pack(3.45, 1)});
  bank.steps(60);
  EXPECT_EQ(bank.last.limits.state, ChargeState::absorption);
  return bank;
}

TEST(BankGroup, FloatWaitsForTheLastPack) {
  Driven bank = full_bank();
  bank.members[0].told.full = bank.members[1].told.full = true;
  bank.steps(3600);
  EXPECT_EQ(bank.last.limits.state, ChargeState::absorption);
  bank.members[2].told.full = true;
  bank.step();
  EXPECT_EQ(bank.last.limits.state, ChargeState::float_transition);
  EXPECT_TRUE(bank.last.findings.became_full);
  for (Member& member : bank.members) {
    member.told.cells_v.assign(cells, 3.36);
    member.told.voltage_v = 16 * 3.36;
  }
  bank.steps(1500);
  EXPECT_EQ(bank.last.limits.state, ChargeState::floating);
  EXPECT_NEAR(*bank.last.limits.charge_voltage_v, 16 * 3.375, 0.006);
}

TEST(BankGroup, FloatDoesNotWaitForAPackThatIsNotConnected) {
  Driven bank = full_bank();
  bank.members[0].told.full = bank.members[1].told.full = true;
  bank.members[2].told.charge_fet = false;
  bank.step();
  EXPECT_EQ(bank.last.limits.state, ChargeState::float_transition);
}

TEST(BankGroup, AbsorptionHasAnEnd) {
  Driven bank = full_bank();
  bank.steps(4 * 3600);
  EXPECT_EQ(bank.last.limits.state, ChargeState::float_transition);
  EXPECT_FALSE(bank.last.findings.became_full);
}

TEST(BankGroup, ARunnerInOnePackLimitsAll) {
  Driven bank = full_bank();
  const double before_v = *bank.last.limits.charge_voltage_v;
  bank.members[1].told.charge_voltage_v = 54.4;
  bank.members[1].told.charge_current_a = 2;
  bank.step();
  EXPECT_LT(*bank.last.limits.charge_voltage_v, before_v);
  EXPECT_LE(*bank.last.limits.charge_voltage_v, 54.4);
  EXPECT_NEAR(*bank.last.limits.charge_current_a, 6, 0.2);
}

TEST(BankGroup, FloatEndsByLoadByAPackOrByAnEmptierOne) {
  const auto floating = [] {
    Driven bank = full_bank();
    for (Member& member : bank.members) member.told.full = true;
    bank.steps(1500);
    return bank;
  };
  Driven loaded = floating();
  for (Member& member : loaded.members) {
    member = pack(3.30, -50);
    member.told.full = true;  // by its own count
  }
  loaded.steps(60 * 20);
  EXPECT_NE(loaded.last.limits.state, ChargeState::bulk);
  loaded.steps(60 * 10);
  EXPECT_EQ(loaded.last.limits.state, ChargeState::bulk);

  Driven ended = floating();
  ended.members[1].told.full = false;
  ended.step();
  EXPECT_EQ(ended.last.limits.state, ChargeState::bulk);

  Driven emptier = floating();
  emptier.members[1].told.cells_v.assign(cells, 3.33);
  emptier.steps(605);
  EXPECT_EQ(emptier.last.limits.state, ChargeState::bulk);
}

TEST(BankGroup, BlockedByTheUser) {
  Driven bank = full_bank();
  bank.config.charge.charge_blocked = true;
  bank.step();
  EXPECT_EQ(bank.last.limits.state, ChargeState::blocked);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  EXPECT_GT(*bank.last.limits.charge_voltage_v, 16 * 3.3);
  bank.config.charge.charge_blocked = false;
  bank.step();
  EXPECT_EQ(bank.last.limits.state, ChargeState::bulk);
}

}  // namespace
}  // namespace bms::bank
