// Chargers that /Link does not stop: supervision, /Pv/Disable and /Mode.
#include "bridge/decision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "bridge_fixture.hpp"

namespace bms::bridge {
namespace {

TEST_F(BridgeDecision, WithDvccSwitchesOffOnlyWhatChargesTheBattery) {
  config.use_mode = true;
  world.system = systemcalc(true, true);
  world.batteries[0].ccl_a = 0;
  world.batteries[0].current_a = 0.2;  // chargers feed loads
  EXPECT_EQ(pass(600).chargers[0].way, Way::supervised);
  EXPECT_EQ(world.chargers[0].mode, mode_on);
  world.batteries[0].current_a = 8;
  pass(10);
  EXPECT_EQ(world.chargers[0].mode, mode_on) << "not before 15 s";
  pass(5);
  EXPECT_EQ(world.chargers[0].mode, mode_off);
}

TEST_F(BridgeDecision, AChargerThatDoesNotSayItsCurrentMayBeTheOneThatCharges) {
  config.use_mode = true;
  world.system = systemcalc(true, true);
  world.batteries[0].ccl_a = 0;
  world.chargers[0].current_a.reset();
  world.batteries[0].current_a = 0.2;
  pass(60);
  EXPECT_EQ(world.chargers[0].mode, mode_on) << "nothing goes into the battery";
  world.batteries[0].current_a = 8;
  pass(15);
  EXPECT_EQ(world.chargers[0].mode, mode_off);
}

TEST_F(BridgeDecision, WithoutUseModeItRaisesAnAlarm) {
  world.system = systemcalc(true, true);
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(pass(10).chargers[0].problem, "");
  EXPECT_NE(pass(10).chargers[0].problem, "");
  EXPECT_EQ(world.chargers[0].mode, mode_on);
  world.chargers[0].current_a = 0;
  EXPECT_EQ(after(1).chargers[0].problem, "");
}

TEST_F(BridgeDecision, TriesPvDisableBeforeMode) {
  config.use_mode = true;
  world.system = systemcalc(true, true);
  world.system.has_pv_disable = true;
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(pass(10).pv_disable, std::nullopt);
  EXPECT_EQ(pass(5).pv_disable, true);
  EXPECT_EQ(pass(5).pv_disable, true) << "it is forgotten within a minute unless it is repeated";
  EXPECT_EQ(world.chargers[0].mode, mode_on);
  pass(10);
  EXPECT_EQ(world.chargers[0].mode, mode_off) << "it did not help";
}

TEST_F(BridgeDecision, PvDisableThatHelpsIsKeptUntilChargingIsAllowed) {
  world.system = systemcalc(true, true);
  world.system.has_pv_disable = true;
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(pass(20).pv_disable, true);
  world.chargers[0].current_a = 0;
  EXPECT_EQ(pass(300).pv_disable, true);
  world.batteries[0].ccl_a = 20;
  EXPECT_EQ(pass(25).pv_disable, true);
  std::vector<std::optional<bool>> said;
  for (int i = 0; i < 4; ++i) said.push_back(after(cycle_s).pv_disable);
  EXPECT_EQ(std::ranges::count(said, std::optional{false}), 1) << "given free once";
  EXPECT_EQ(said.back(), std::nullopt);
}

TEST_F(BridgeDecision, PvDisableIsLeftAloneWhereItIsNotWanted) {
  config.use_pv_disable = false;
  world.system = systemcalc(true, true);
  world.system.has_pv_disable = true;
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(pass(60).pv_disable, std::nullopt);
}

TEST_F(BridgeDecision, WithoutDvccModeIsTheWayThatCanWin) {
  config.use_mode = true;
  world.system = systemcalc(false, true);
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(after(0).chargers[0].mode, mode_off) << "at once: systemcalc writes the charger's full limit";
  EXPECT_EQ(after(1).chargers[0].mode, std::nullopt) << "once";
}

TEST_F(BridgeDecision, VeCanIsStoppedByModeWhereThatIsAllowed) {
  world.chargers[0].has_link = false;
  world.batteries[0].ccl_a = 0;
  EXPECT_NE(after(0).chargers[0].problem, "");
  config.use_mode = true;
  Decision decision(config);
  EXPECT_EQ(decision.decide(world, 0).chargers[0].mode, mode_off);
}

TEST_F(BridgeDecision, ALinkThatFailsIsNotReliedOn) {
  config.use_mode = true;
  world.batteries[0].ccl_a = 0;
  world.chargers[0].link_failures = 2;
  EXPECT_EQ(after(0).chargers[0].mode, std::nullopt);
  world.chargers[0].link_failures = 3;
  EXPECT_EQ(after(1).chargers[0].mode, mode_off);
}

TEST_F(BridgeDecision, SwitchesOnAgainOnlyWhatItHasSwitchedOff) {
  config.use_mode = true;
  world.system = systemcalc(false, true);
  world.chargers.push_back(charger("ttyO2"));
  world.chargers[1].mode = mode_off;  // by its user
  world.batteries[0].ccl_a = 0;
  pass(20);
  EXPECT_TRUE(world.chargers[0].switched_off_by_us);
  EXPECT_FALSE(world.chargers[1].switched_off_by_us);
  world.batteries[0].ccl_a = 20;
  pass(120);
  EXPECT_EQ(world.chargers[0].mode, mode_on);
  EXPECT_FALSE(world.chargers[0].switched_off_by_us);
  EXPECT_EQ(world.chargers[1].mode, mode_off);
}

TEST_F(BridgeDecision, SwitchesOnAgainWhatItSwitchedOffBeforeARestart) {
  world.chargers[0].mode = mode_off;
  world.chargers[0].switched_off_by_us = true;
  EXPECT_EQ(after(0).chargers[0].mode, mode_on);
}

TEST_F(BridgeDecision, WithoutLeaveToDoSoItDoesNotSwitchOffAgain) {
  world.chargers[0].switched_off_by_us = true;  // before that leave was taken away
  world.system = systemcalc(true, true);
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(pass(60).chargers[0].mode, std::nullopt);
  EXPECT_EQ(world.chargers[0].mode, mode_on);
}

TEST_F(BridgeDecision, RarelySwitchesTheSameCharger) {
  config.use_mode = true;
  config.allow_after_s = 5;
  world.system = systemcalc(false, true);
  int switches = 0;
  for (int second = 0; second < 600; ++second) {
    world.batteries[0].ccl_a = second % 10 < 2 ? 0 : 20;
    switches += after(1).chargers[0].mode ? 1 : 0;
  }
  EXPECT_LE(switches, 20) << "off and on, once a minute at most";
  EXPECT_GE(switches, 2);
}

TEST_F(BridgeDecision, SwitchesOffAgainWhatSomebodySwitchedOn) {
  config.use_mode = true;
  world.system = systemcalc(false, true);
  world.batteries[0].ccl_a = 0;
  after(0);
  world.chargers[0].mode = mode_on;
  EXPECT_EQ(after(1).chargers[0].mode, std::nullopt) << "not more often than once a minute";
  EXPECT_EQ(pass(60).chargers[0].way, Way::mode);
  EXPECT_EQ(world.chargers[0].mode, mode_off);
}

TEST_F(BridgeDecision, TriesAgainSoonWhereSwitchingOffDidNotHelp) {
  config.use_mode = true;
  world.batteries[0].ccl_a = 0;
  world.chargers[0].has_link = false;
  EXPECT_EQ(after(0).chargers[0].mode, mode_off);
  world.chargers[0].mode = mode_on;
  world.chargers[0].mode_failures = 1;
  EXPECT_EQ(after(0.1).chargers[0].mode, std::nullopt) << "not at once: that would never end";
  EXPECT_EQ(after(cycle_s).chargers[0].mode, mode_off);
}

TEST_F(BridgeDecision, ASwitchThatNeverHappenedIsNotWaitedFor) {
  config.use_mode = true;
  world.chargers[0].has_link = false;
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(after(0).chargers[0].mode, mode_off);
  world.chargers.clear();  // it left before it heard that
  after(1);
  world.chargers = {charger()};
  world.chargers[0].has_link = false;
  EXPECT_EQ(after(1).chargers[0].mode, mode_off);
}

TEST_F(BridgeDecision, ASwitchThatWasSeenCountsWhileTheChargerIsAway) {
  config.use_mode = true;
  world.chargers[0].has_link = false;
  world.batteries[0].ccl_a = 0;
  pass(10);
  const std::vector<ChargerView> chargers = std::exchange(world.chargers, {});
  world.batteries[0].ccl_a = 20;
  pass(60);
  world.chargers = chargers;
  EXPECT_EQ(after(1).chargers[0].mode, mode_on);
}

TEST_F(BridgeDecision, SaysWhenACurrentFlowsFromAChargerThatIsOff) {
  config.use_mode = true;
  world.chargers[0].has_link = false;
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(pass(10).chargers[0].problem, "") << "it takes a moment";
  EXPECT_EQ(pass(10).chargers[0].problem, "still charges although it is switched off");
}

}  // namespace
}  // namespace bms::bridge
