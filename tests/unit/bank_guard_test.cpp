// What a bank must not allow, whatever its packs say or leave out.
#include <gtest/gtest.h>

#include <functional>

#include "bank_fixture.hpp"

namespace bms::bank {
namespace {

using namespace test;

Driven bank_of_two(Wiring wiring = Wiring::parallel) {
  Driven bank = bank_of(wiring, {pack(), pack()});
  bank.steps(60);
  return bank;
}

/// What a pack of another driver says, and which directions that must end although the pack itself ends nothing.
struct Forbidden {
  std::string_view what;
  std::function<void(Told& told)> says;
  bool charging, discharging;
};

void set_cells(Told& told, double cell_v) {
  told.cells_v.assign(cells, cell_v);
  told.voltage_v = cell_v * static_cast<double>(cells);
}

const Forbidden forbidden[] = {
    {"full cells", [](Told& told) { set_cells(told, 3.75); }, true, false},
    {"one full cell", [](Told& told) { told.cells_v.back() = 3.75; }, true, false},
    {"empty cells", [](Told& told) { set_cells(told, 2.2); }, false, true},
    {"one empty cell", [](Told& told) { told.cells_v.front() = 2.7; }, false, true},
    {"frost", [](Told& told) { told.coldest_c = told.hottest_c = -20; }, true, true},
    {"one cold cell", [](Told& told) { told.coldest_c = -1; }, true, false},
    {"heat", [](Told& told) { told.hottest_c = 80; }, true, true},
    {"alarm of a cell", [](Told& told) { told.alarms.raise(Alarm::low_cell_voltage, AlarmLevel::alarm); }, false, true},
    {"alarm of heat", [](Told& told) { told.alarms.raise(Alarm::high_temperature, AlarmLevel::alarm); }, false, true},
    {"a charge voltage of 0", [](Told& told) { told.charge_voltage_v = 0; }, true, false},
    {"a charge voltage below 0", [](Told& told) { told.charge_voltage_v = -1; }, true, false},
    {"an absurd charge voltage", [](Told& told) { told.charge_voltage_v = 1e6; }, true, false},
};

TEST(BankGuard, CellsTemperaturesAndAlarmsOfAForeignPackCount) {
  for (const Wiring wiring : {Wiring::parallel, Wiring::series}) {
    for (const Forbidden& row : forbidden) {
      SCOPED_TRACE(std::string(row.what) + (wiring == Wiring::series ? " in series" : ""));
      Driven bank = bank_of_two(wiring);
      for (Member& member : bank.members) member.foreign = true;
      bank.steps(30);
      ASSERT_GT(*bank.last.limits.charge_current_a, 0);
      ASSERT_GT(*bank.last.limits.discharge_current_a, 0);
      row.says(bank.members[1].told);
      bank.steps(30);
      EXPECT_EQ(bank.last.limits.charge_current_a == 0, row.charging);
      EXPECT_EQ(bank.last.limits.discharge_current_a == 0, row.discharging);
    }
  }
}

TEST(BankGuard, AForeignPackWithoutALimitIsJudgedByItsCells) {
  Driven bank = bank_of_two();
  for (std::size_t i = 0; i < bank.members.size(); ++i) {
    bank.members[i].foreign = true;
    bank.members[i].told.charge_current_a.reset();
    bank.members[i].told.charge_voltage_v.reset();
    bank.config.members[i].max_charge_a = 30;
  }
  bank.steps(60);
  EXPECT_GT(*bank.last.limits.charge_current_a, 30);
  EXPECT_LE(*bank.last.limits.charge_voltage_v, 16 * 3.45 + 1e-9);
  for (Member& member : bank.members) set_cells(member.told, 3.75);
  bank.steps(3);
  EXPECT_EQ(bank.last.limits.charge_current_a, 0);
}

TEST(BankGuard, AForeignPackWithoutTemperaturesIsSaid) {
  Driven bank = bank_of_two();
  bank.members[1].foreign = true;
  bank.members[1].told.coldest_c.reset();
  bank.members[1].told.hottest_c.reset();
  bank.step();
  EXPECT_TRUE(says(bank.last, "Pack 2 shows no temperature"));
  EXPECT_FALSE(says(bank.last, "Pack 1 shows no temperature"));
}

TEST(BankGuard, OneOfOursThatNamesNoVoltageIsNotCharged) {
  for (const Wiring wiring : {Wiring::parallel, Wiring::series}) {
    Driven bank = bank_of_two(wiring);
    bank.members[0].told.charge_voltage_v.reset();
    bank.steps(2);
    EXPECT_EQ(bank.last.limits.charge_current_a, 0);
  }
}

// Too few are heard: what those that are heard forbid is forbidden.

struct Prohibition {
  std::string_view what;
  std::function<void(Driven& bank)> forbid;
};

const Prohibition prohibitions[] = {
    {"a limit of 0", [](Driven& bank) { bank.members[0].told.discharge_current_a = 0; }},
    {"an open FET", [](Driven& bank) { bank.members[0].told.discharge_fet = false; }},
    {"the owner", [](Driven& bank) { bank.config.charge.discharge_blocked = true; }},
    {"the owner's limit", [](Driven& bank) { bank.config.charge.user_max_discharge_a = 0; }},
};

TEST(BankGuard, TooFewPacksForbidAsMuchAsEnough) {
  for (const Wiring wiring : {Wiring::parallel, Wiring::series}) {
    for (const Prohibition& row : prohibitions) {
      SCOPED_TRACE(std::string(row.what) + (wiring == Wiring::series ? " in series" : ""));
      Driven bank = bank_of_two(wiring);
      const double before_a = *bank.last.limits.discharge_current_a;
      bank.silent[1] = true;
      bank.steps(13);
      ASSERT_EQ(bank.last.battery.contact, Contact::stale);
      EXPECT_GT(*bank.last.limits.discharge_current_a, 0);
      EXPECT_LE(*bank.last.limits.discharge_current_a, before_a);
      row.forbid(bank);
      bank.step();
      EXPECT_EQ(bank.last.limits.discharge_current_a, 0);
      EXPECT_EQ(bank.last.limits.allow_discharge, false);
    }
  }
}

TEST(BankGuard, TooFewPacksBearNoMoreThanTheirOwn) {
  Driven bank = bank_of_two();
  EXPECT_DOUBLE_EQ(*bank.last.limits.discharge_current_a, 100);
  bank.silent[1] = true;
  bank.steps(13);
  EXPECT_LE(*bank.last.limits.discharge_current_a, 50.1);
}

// A voltage.

TEST(BankGuard, ASilentPackStillBearsNoMoreThanItDid) {
  Driven bank = bank_of(Wiring::parallel, {pack(), pack(), pack()});
  bank.members[2].told.charge_voltage_v = 52.9;
  bank.steps(60);
  EXPECT_LE(*bank.last.limits.charge_voltage_v, 52.9);
  bank.silent[2] = true;
  bank.steps(40);
  EXPECT_EQ(bank.last.battery.contact, Contact::fresh);
  EXPECT_LE(*bank.last.limits.charge_voltage_v, 52.9);
  bank.steps(600);
  EXPECT_LE(*bank.last.limits.charge_voltage_v, 16 * 3.375 + 1e-9) << "float, when it rests for sure";
  bank.members[2].excluded = true;
  bank.steps(600);
  EXPECT_GT(*bank.last.limits.charge_voltage_v, 52.9) << "what the owner has taken out bears nothing";
}

TEST(BankGuard, TheCableDropCountsOnce) {
  for (const Wiring wiring : {Wiring::parallel, Wiring::series}) {
    SCOPED_TRACE(wiring == Wiring::series ? "in series" : "in parallel");
    Driven bank = bank_of(wiring, {pack(), pack()});
    bank.config.charge.cable_drop_v = 1;
    // Each of ours has added it to its own.
    for (Member& member : bank.members) member.told.charge_voltage_v = 53.5;
    bank.steps(600);
    const double borne_v = wiring == Wiring::series ? 2 * 52.5 + 1 : 53.5;
    EXPECT_LE(*bank.last.limits.charge_voltage_v, borne_v + 1e-9);
    EXPECT_GT(*bank.last.limits.charge_voltage_v, borne_v - 1);
  }
}

TEST(BankGuard, APackOfAStringThatNamesNoVoltageDropsTheBoundOfNoOther) {
  Driven bank = bank_of_two(Wiring::series);
  bank.members[0].told.charge_voltage_v = 53;
  bank.members[1].foreign = true;
  bank.members[1].told.charge_voltage_v.reset();
  bank.steps(600);
  EXPECT_LE(*bank.last.limits.charge_voltage_v, 53 + 16 * 3.45 + 1e-9);
}

TEST(BankGuard, AVoltageThatContradictsTheCellsIsNotBelieved) {
  Driven bank = bank_of_two();
  bank.members[1].told.voltage_v = 1;
  bank.steps(30);
  EXPECT_NEAR(*bank.last.battery.reading.voltage_v, 52.8, 1e-9);
}

// Cells.

TEST(BankGuard, APackThatShowsAFewCellsFirstIsTakenWhenItShowsAll) {
  Driven bank = bank_of(Wiring::parallel, {pack(), pack()});
  bank.members[1].told.cells_v.resize(4);
  bank.members[1].told.voltage_v.reset();
  bank.steps(5);
  EXPECT_EQ(bank.last.findings.refusal, Refusal::other_cells);
  bank.members[1] = pack();
  bank.steps(5);
  EXPECT_EQ(bank.last.findings.refusal, Refusal::other_cells) << "not at once";
  bank.steps(10);
  EXPECT_EQ(bank.last.findings.refusal, Refusal::none);
  bank.members[1].told.cells_v.resize(15);
  bank.steps(600);
  EXPECT_EQ(bank.last.findings.refusal, Refusal::other_cells) << "a cell that is not seen any more is still there";
}

TEST(BankGuard, ASilentPackWithAnOpenFetMayHaveClosedIt) {
  Driven bank = bank_of(Wiring::parallel, {pack(3.3, 20), pack(3.3, 20), pack(3.3, 0)});
  bank.members[2].told.charge_fet = false;
  bank.steps(60);
  EXPECT_DOUBLE_EQ(*bank.last.limits.charge_current_a, 100);
  bank.silent[2] = true;
  bank.steps(12);
  EXPECT_NEAR(*bank.last.limits.charge_current_a, 3 * 0.2 * 100, 0.1);
}

}  // namespace
}  // namespace bms::bank
