// What a bank makes of the service of a pack.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>

#include "driver/bank_paths.hpp"

namespace bms::driver {
namespace {

using Values = std::map<std::string, double, std::less<>>;

PackNumbers numbers_of(const Values& values) {
  return [&values](std::size_t path) -> std::optional<double> {
    const auto found = values.find(pack_paths(true)[path]);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

const Values usual{{"/Dc/0/Voltage", 53.1},
                   {"/Dc/0/Current", -12.5},
                   {"/Soc", 71},
                   {"/InstalledCapacity", 280},
                   {"/Capacity", 198.8},
                   {"/History/TotalAhDrawn", -1200},
                   {"/System/NrOfCellsPerBattery", 3},
                   {"/Voltages/Cell1", 3.31},
                   {"/Voltages/Cell2", 3.32},
                   {"/Voltages/Cell3", 3.33},
                   {"/System/MinCellTemperature", 18},
                   {"/System/MaxCellTemperature", 21},
                   {"/Io/AllowToCharge", 1},
                   {"/Io/AllowToDischarge", 0},
                   {"/Alarms/HighCellVoltage", 2},
                   {"/Alarms/LowSoc", 0},
                   {"/Info/MaxChargeVoltage", 55.2},
                   {"/Info/MaxChargeCurrent", 40},
                   {"/Info/MaxDischargeCurrent", 60}};

TEST(BankPaths, TakeWhatAPackSays) {
  const bank::Told told = told_of(numbers_of(usual), false);
  EXPECT_EQ(told.voltage_v, 53.1);
  EXPECT_EQ(told.current_a, -12.5);
  EXPECT_EQ(told.remaining_ah, 198.8);
  EXPECT_EQ(told.drawn_ah, 1200);
  ASSERT_EQ(told.cells_v.size(), 3);
  EXPECT_EQ(told.cells_v[2], 3.33);
  EXPECT_EQ(told.cell_count, 3);
  EXPECT_EQ(told.coldest_c, 18);
  EXPECT_EQ(told.hottest_c, 21);
  EXPECT_EQ(told.alarms[Alarm::high_cell_voltage], AlarmLevel::alarm);
  EXPECT_EQ(told.alarms[Alarm::low_soc], AlarmLevel::ok);
  EXPECT_FALSE(told.alarms[Alarm::fuse_blown]);
  EXPECT_EQ(told.charge_voltage_v, 55.2);
  EXPECT_EQ(told.charge_current_a, 40);
}

TEST(BankPaths, AnotherDriverThatAllowsNothingMayHaveAClosedFet) {
  const bank::Told told = told_of(numbers_of(usual), false);
  EXPECT_FALSE(told.charge_fet);
  EXPECT_FALSE(told.discharge_fet);
  EXPECT_EQ(told.discharge_current_a, 0) << "/Io/AllowToDischarge is 0";
}

TEST(BankPaths, OneOfOursSaysWhichFetIsClosed) {
  Values values = usual;
  values["/Io/AllowToCharge"] = 0;
  values["/Member/ChargeFet"] = 1;
  values["/Member/DischargeFet"] = 0;
  values["/Member/Limit/ChargeCurrent"] = 0;
  const bank::Told told = told_of(numbers_of(values), true);
  EXPECT_EQ(told.charge_fet, true) << "it takes its share of every current, although it allows none";
  EXPECT_EQ(told.charge_current_a, 0);
  EXPECT_EQ(told.discharge_fet, false);
}

TEST(BankPaths, LimitsOfOursAreThoseThatItGivesToItsBank) {
  Values values = usual;
  values["/Member/Limit/ChargeVoltage"] = 55.1;
  values["/Member/Limit/ChargeCurrent"] = 30;
  values["/Member/Limit/DischargeCurrent"] = 50;
  values["/Member/Resistance"] = 0.012;
  values["/Member/State"] = 1;
  const bank::Told told = told_of(numbers_of(values), true);
  EXPECT_EQ(told.charge_voltage_v, 55.1);
  EXPECT_EQ(told.charge_current_a, 30);
  EXPECT_EQ(told.discharge_current_a, 50);
  EXPECT_EQ(told.resistance_ohm, 0.012);
  EXPECT_EQ(told.state, ChargeState::absorption);
  EXPECT_FALSE(told_of(numbers_of(usual), true).charge_current_a) << "those of a BMS of its own are another matter";
}

TEST(BankPaths, CellsThatCannotBeStayWithinWhatIsShown) {
  bank::Told told;
  told.cells_v = {3.3, 1e300, -1e300, std::numeric_limits<double>::quiet_NaN(),
                  std::numeric_limits<double>::infinity()};
  const bank::Told sane = bank::sane(told);
  EXPECT_THAT(sane.cells_v, testing::ElementsAre(3.3, 10, 0, 0, 0));
}

TEST(BankPaths, APackThatDoesNotHearItsBmsIsNotConnected) {
  Values values = usual;
  EXPECT_TRUE(is_connected(numbers_of(values)));
  values["/Connected"] = 0;
  EXPECT_FALSE(is_connected(numbers_of(values)));
  values["/Connected"] = 1;
  EXPECT_TRUE(is_connected(numbers_of(values)));
  values.erase("/Dc/0/Voltage");
  EXPECT_FALSE(is_connected(numbers_of(values)));
}

TEST(BankPaths, WhatStandsThereIsNoPathOfNothing) {
  for (const std::string_view path : pack_paths(true)) EXPECT_TRUE(path.starts_with('/') && path.size() > 1) << path;
  EXPECT_EQ(pack_paths(true)[frame_counter_path()], "/Info/FrameCounter");
}

}  // namespace
}  // namespace bms::driver
