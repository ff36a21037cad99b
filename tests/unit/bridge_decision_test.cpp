// Whether chargers may charge, and what they are told by /Link.
#include "bridge/decision.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "bridge_fixture.hpp"

namespace bms::bridge {
namespace {

TEST_F(BridgeDecision, AllowsTheChargersOwnLimitAndNothingElse) {
  EXPECT_EQ(after(0).chargers[0].charge_current_a, 35);
  world.chargers[0].limit_a = 12;
  EXPECT_EQ(after(1).chargers[0].charge_current_a, 12);
  world.chargers[0].limit_a.reset();
  EXPECT_EQ(after(1).chargers[0].charge_current_a, 0) << "an unknown limit is none";
  world.chargers[0].limit_a = -3;
  EXPECT_EQ(after(1).chargers[0].charge_current_a, 0);
}

struct Denial {
  std::string name;
  void (*spoil)(BatteryView&);
  std::string words;
};

class BridgeDenial : public testing::TestWithParam<Denial> {};

TEST_P(BridgeDenial, ComesAtOnceAndSaysWhy) {
  Config config{.enabled = true};
  Decision decision(config);
  World world{.batteries = {battery(50, "first"), battery(50, "second")}, .chargers = {charger()}};
  EXPECT_EQ(decision.decide(world, 0).chargers[0].charge_current_a, 35);
  GetParam().spoil(world.batteries[1]);
  const Orders orders = decision.decide(world, 0.1);
  EXPECT_FALSE(orders.verdict.allow);
  EXPECT_EQ(orders.chargers[0].charge_current_a, 0);
  EXPECT_EQ(orders.verdict.reason, "second " + GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, BridgeDenial,
    testing::Values(Denial{"zero", [](BatteryView& it) { it.ccl_a = 0; }, "allows no charging (CCL 0)"},
                    Denial{"invalid", [](BatteryView& it) { it.ccl_a.reset(); }, "tells no charge limit"},
                    Denial{"nan", [](BatteryView& it) { it.ccl_a = std::numeric_limits<double>::quiet_NaN(); },
                           "allows no charging (CCL 0)"},
                    Denial{"negative", [](BatteryView& it) { it.ccl_a = -5; }, "tells a charge limit below 0"},
                    Denial{"absent", [](BatteryView& it) { it = {.name = it.name}; }, "is not on the bus"},
                    Denial{"disconnected", [](BatteryView& it) { it.connected = false; }, "is not connected"},
                    Denial{"stale", [](BatteryView& it) { it.age_s = 12.1; }, "has been silent for more than 12 s"},
                    Denial{"never_heard", [](BatteryView& it) { it.age_s.reset(); }, "has not answered yet"},
                    Denial{"nan_age", [](BatteryView& it) { it.age_s = std::numeric_limits<double>::quiet_NaN(); },
                           "has been silent for more than 12 s"},
                    Denial{"lost_bms", [](BatteryView& it) { it.cable_alarm = true; }, "has lost its BMS"}),
    [](const auto& each) { return each.param.name; });

TEST_F(BridgeDecision, NoBatteryAllowsNothing) {
  world.batteries.clear();
  EXPECT_EQ(after(0).chargers[0].charge_current_a, 0);
}

TEST_F(BridgeDecision, ALimitAroundZeroDoesNotFlap) {
  int changes = 0;
  double last = -1;
  for (int second = 0; second < 600; ++second) {
    world.batteries[0].ccl_a = second % 7 < 3 ? 0 : 1;
    const double told = *after(1).chargers[0].charge_current_a;
    changes += told != last ? 1 : 0;
    last = told;
  }
  EXPECT_LE(changes, 1) << "0 A from the first second on";
  world.batteries[0].ccl_a = 1;
  EXPECT_EQ(pass(25).chargers[0].charge_current_a, 0);
  EXPECT_EQ(pass(10).chargers[0].charge_current_a, 35);
}

TEST_F(BridgeDecision, ABatteryThatLeavesMeansZeroForAWhileAndThenSilence) {
  after(0);
  world.batteries = {{.name = "ttyUSB0"}};
  EXPECT_EQ(after(0.1).chargers[0].charge_current_a, 0);
  EXPECT_EQ(pass(25).chargers[0].charge_current_a, 0);
  EXPECT_EQ(pass(10).chargers[0].charge_current_a, std::nullopt) << "so that chargers raise error 67";
  world.batteries = {battery()};
  EXPECT_EQ(pass(5).chargers[0].charge_current_a, 0) << "it may vanish again";
  EXPECT_EQ(pass(35).chargers[0].charge_current_a, 35);
}

TEST_F(BridgeDecision, WhoeverComesWhileABatteryIsGoneIsToldZeroAsWell) {
  after(0);
  world.batteries = {{.name = "ttyUSB0"}};
  EXPECT_EQ(pass(40).chargers[0].charge_current_a, std::nullopt);
  world.chargers.push_back(charger("ttyO2"));  // with a permission from another time
  EXPECT_EQ(after(1).chargers[1].charge_current_a, 0);
  EXPECT_EQ(pass(25).chargers[1].charge_current_a, 0);
  EXPECT_EQ(pass(10).chargers[1].charge_current_a, std::nullopt);
  world.chargers = {};
  after(1);
  world.chargers = {charger()};  // again
  EXPECT_EQ(after(1).chargers[0].charge_current_a, 0);
}

TEST_F(BridgeDecision, LinkThatIsOursAgainBeginsWithZero) {
  after(0);
  world.system = systemcalc(true, true);
  world.batteries = {{.name = "ttyUSB0"}};
  pass(60);
  world.system = {};
  EXPECT_EQ(after(1).chargers[0].charge_current_a, 0);
}

TEST_F(BridgeDecision, ABatteryThatLeftWhileTheBridgeSleptHasOnlyJustLeft) {
  after(0);
  world.batteries = {{.name = "ttyUSB0"}};
  EXPECT_EQ(after(120).chargers[0].charge_current_a, 0);
}

TEST_F(BridgeDecision, WhoSaysNoIsRememberedAlsoWhileAnotherIsMissing) {
  world.batteries = {battery(0, "first"), {.name = "second"}};
  after(0);
  world.batteries = {battery(50, "first"), battery(50, "second")};
  EXPECT_EQ(after(1).chargers[0].charge_current_a, 0) << "the first yes counts at once only if nobody has said no";
}

TEST_F(BridgeDecision, AStaleBatteryKeepsChargersAtZero) {
  world.batteries[0].age_s = 100;
  EXPECT_EQ(pass(600).chargers[0].charge_current_a, 0);
}

TEST_F(BridgeDecision, LeavesLinkAloneWhereSystemcalcWrites) {
  for (const SystemView& system : {systemcalc(true, true), systemcalc(true, false), systemcalc(false, true),
                                   SystemView{.present = true, .known = false}}) {
    world.system = system;
    for (const double ccl_a : {0.0, 50.0}) {
      world.batteries[0].ccl_a = ccl_a;
      EXPECT_EQ(pass(100).chargers[0].charge_current_a, std::nullopt);
    }
  }
  world.system = {};
  EXPECT_TRUE(after(1).chargers[0].charge_current_a) << "without systemcalc nobody else writes";
}

TEST_F(BridgeDecision, PermissionsWaitForSystemcalcToBegin) {
  world.system.has_begun = false;
  EXPECT_EQ(after(0).chargers[0].charge_current_a, std::nullopt);
  world.chargers[0].told_a = 20;
  EXPECT_EQ(after(0).chargers[0].charge_current_a, 20) << "what it may already";
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(after(0).chargers[0].charge_current_a, 0) << "a no does not";
}

TEST_F(BridgeDecision, LeavesLinkAloneWhereSomebodyKeepsOverwriting) {
  world.batteries[0].ccl_a = 0;
  world.chargers[0].contested = true;
  const ChargerOrder order = after(1).chargers[0];
  EXPECT_EQ(order.charge_current_a, std::nullopt);
  EXPECT_NE(order.problem, "");
}

TEST_F(BridgeDecision, ClassicDoesWhatTheScriptDid) {
  config.style = Style::classic;
  world.system = systemcalc(false, true);
  EXPECT_EQ(after(5).chargers[0].charge_current_a, 200);
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(after(5).chargers[0].charge_current_a, 0);
  world.batteries[0].ccl_a.reset();
  EXPECT_EQ(after(5).chargers[0].charge_current_a, 0);
  world.batteries = {{.name = "gone"}};
  EXPECT_EQ(after(5).chargers[0].charge_current_a, std::nullopt);
  world.batteries = {battery(7)};
  EXPECT_EQ(after(5).chargers[0].charge_current_a, 200) << "it waits for nothing";
}

}  // namespace
}  // namespace bms::bridge
