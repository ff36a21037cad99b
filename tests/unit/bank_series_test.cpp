// Packs in series: never a part of the string, never a permission without every pack.
#include <gtest/gtest.h>

#include "bank_fixture.hpp"

namespace bms::bank {
namespace {

using namespace test;

Driven string_of_two() {
  Driven bank = bank_of(Wiring::series, {pack(), pack()});
  bank.steps(60);
  return bank;
}

TEST(BankSeries, AddsUpWhatIsInSeries) {
  Driven bank = bank_of(Wiring::series, {pack(3.30, 10), pack(3.32, 10)});
  bank.members[0].told.cycles = 100;
  bank.members[1].told.cycles = 120;
  const Battery& battery = bank.step().battery;
  EXPECT_NEAR(*battery.reading.voltage_v, 16 * 6.62, 1e-9);
  EXPECT_DOUBLE_EQ(*battery.reading.current_a, 10);
  EXPECT_EQ(battery.cell_count, 32U);
  EXPECT_EQ(battery.derived.max_cell, 17);
  EXPECT_EQ(battery.reading.cycles, 120);
  EXPECT_NEAR(*battery.estimate.mid_voltage_v, 52.8, 1e-9);
  EXPECT_NEAR(*battery.estimate.mid_deviation_pct, 0.02 / 6.62 * 100, 1e-6);
  EXPECT_EQ(bank.last.findings.highest_cell->member, 1U);
}

TEST(BankSeries, KnowsNothingBeforeEveryPackWasSeen) {
  Driven bank = bank_of(Wiring::series, {pack(), pack()});
  bank.members[1].present = false;
  bank.members[1].age_s.reset();
  bank.silent[1] = true;
  bank.steps(1000);
  EXPECT_EQ(bank.last.battery.contact, Contact::never);
  EXPECT_FALSE(bank.last.limits.charge_voltage_v);
  EXPECT_FALSE(bank.last.limits.charge_current_a);
  EXPECT_FALSE(bank.last.battery.reading.voltage_v);
  EXPECT_TRUE(says(bank.last, "Pack 2 has not been seen yet"));
}

TEST(BankSeries, AMissingPackIsNeverAPartialSum) {
  Driven bank = string_of_two();
  const double dcl_a = *bank.last.limits.discharge_current_a;
  EXPECT_GT(*bank.last.limits.charge_current_a, 0);
  bank.silent[1] = true;
  bank.steps(12);
  EXPECT_EQ(bank.last.battery.contact, Contact::stale);
  EXPECT_FALSE(bank.last.battery.reading.voltage_v);
  EXPECT_EQ(bank.last.battery.cell_count, 32U);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  EXPECT_EQ(bank.last.limits.discharge_current_a, dcl_a);
  EXPECT_NEAR(*bank.last.limits.charge_voltage_v, 32 * 3.375, 0.5);
  EXPECT_EQ(bank.last.battery.alarms[Alarm::bms_cable], AlarmLevel::warning);
  bank.steps(25);
  EXPECT_DOUBLE_EQ(*bank.last.limits.discharge_current_a, dcl_a / 2);
  bank.steps(23);
  EXPECT_EQ(bank.last.battery.contact, Contact::releasing);
  EXPECT_EQ(bank.last.limits.discharge_current_a, 0);
  EXPECT_TRUE(bank.last.limits.charge_voltage_v);
  bank.steps(5);
  EXPECT_EQ(bank.last.battery.contact, Contact::lost);
  EXPECT_FALSE(bank.last.limits.charge_voltage_v);
  EXPECT_EQ(bank.last.battery.alarms[Alarm::bms_cable], AlarmLevel::alarm);
}

TEST(BankSeries, ASingleSurvivorIsNoBank) {
  Driven bank = string_of_two();
  bank.members[1].present = false;  // its name has left the bus
  bank.step();
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  bank.steps(100);
  EXPECT_EQ(bank.last.battery.contact, Contact::lost);
  EXPECT_FALSE(bank.last.battery.reading.voltage_v);
  EXPECT_FALSE(bank.last.limits.discharge_current_a);
}

TEST(BankSeries, ReturnsWithLowLimits) {
  Driven bank = string_of_two();
  const double before_a = *bank.last.limits.charge_current_a;
  bank.silent[1] = true;
  bank.steps(100);
  bank.silent[1] = false;
  bank.step();
  EXPECT_EQ(bank.last.battery.contact, Contact::returning);
  EXPECT_LE(*bank.last.limits.charge_current_a, 0.05 * unbounded_a);
  bank.steps(6);
  EXPECT_EQ(bank.last.battery.contact, Contact::fresh);
  bank.steps(300);
  EXPECT_DOUBLE_EQ(*bank.last.limits.charge_current_a, before_a);
}

TEST(BankSeries, OneOpenFetOpensTheString) {
  Driven bank = string_of_two();
  bank.members[0].told.charge_fet = false;
  bank.step();
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  EXPECT_GT(*bank.last.limits.discharge_current_a, 0);
  bank.members[1].told.discharge_fet = false;
  bank.step();
  EXPECT_EQ(bank.last.limits.discharge_current_a, 0);
  EXPECT_EQ(bank.last.findings.blocking_charge, 1);
}

TEST(BankSeries, TheLeastThatAPackAllowsCounts) {
  Driven bank = string_of_two();
  bank.members[1].told.charge_current_a = 7;
  bank.members[0].told.discharge_current_a = 11;
  bank.step();
  EXPECT_DOUBLE_EQ(*bank.last.limits.charge_current_a, 7);
  EXPECT_DOUBLE_EQ(*bank.last.limits.discharge_current_a, 11);
  EXPECT_EQ(bank.last.limits.charge_reason, "maximum of Pack 2");
}

TEST(BankSeries, ACellOfAnyPackLimitsAll) {
  Driven bank = string_of_two();
  bank.members[1].told.cells_v[5] = 3.54;
  bank.steps(10);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
}

TEST(BankSeries, CurrentsThatDifferAreAFault) {
  Driven bank = string_of_two();
  bank.members[0].told.current_a = 30;
  bank.members[1].told.current_a = 20;
  bank.steps(29);
  EXPECT_FALSE(bank.last.findings.currents_differ);
  bank.steps(3);
  EXPECT_TRUE(bank.last.findings.currents_differ);
  EXPECT_EQ(bank.last.battery.alarms[Alarm::internal_failure], AlarmLevel::warning);
  bank.members[1].told.current_a = 26;
  bank.step();
  EXPECT_FALSE(bank.last.findings.currents_differ);
}

TEST(BankSeries, AnotherNumberOfCellsIsRefused) {
  Driven bank = string_of_two();
  bank.members[1].told.cells_v.resize(15);
  bank.step();
  EXPECT_EQ(bank.last.findings.refusal, Refusal::other_cells);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  EXPECT_EQ(bank.last.limits.discharge_current_a, 0);
  EXPECT_TRUE(says(bank.last, "Pack 2 has 15 cells, not 16"));
}

TEST(BankSeries, AnExcludedPackIsStillNeeded) {
  Driven bank = string_of_two();
  bank.members[1].excluded = true;
  bank.step();
  EXPECT_NEAR(*bank.last.battery.reading.voltage_v, 2 * 52.8, 1e-9);
  bank.silent[1] = true;
  bank.steps(12);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
}

TEST(BankSeries, UnevenPacksAreSaid) {
  Driven bank = string_of_two();
  bank.members[1].told.soc_pct = 43;
  bank.step();
  EXPECT_TRUE(says(bank.last, "charged unevenly"));
  EXPECT_FALSE(bank.last.battery.alarms[Alarm::cell_imbalance]);
  bank.members[1].told.soc_pct = 38;
  bank.step();
  EXPECT_EQ(bank.last.battery.alarms[Alarm::cell_imbalance], AlarmLevel::warning);
}

TEST(BankSeries, APackThatShowsTwoCellsIsJudgedByThem) {
  Driven bank = bank_of(Wiring::series, {pack(), pack()});
  Told& told = bank.members[1].told;
  told.cells_v.clear();
  told.cell_count = 16;
  told.lowest_cell_v = 3.30;
  told.highest_cell_v = 3.53;
  bank.steps(10);
  EXPECT_EQ(bank.last.findings.refusal, Refusal::none);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  told.highest_cell_v.reset();
  bank.step();
  EXPECT_EQ(bank.last.findings.refusal, Refusal::cells_unknown);
}

}  // namespace
}  // namespace bms::bank
