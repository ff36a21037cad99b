// What the bridge does with what it knows. Minutes pass here in no time.
#include "bridge/decision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace bms::bridge {
namespace {

constexpr double cycle_s = 5;

BatteryView battery(double ccl_a = 50, std::string name = "ttyUSB0") {
  return {.name = std::move(name), .present = true, .connected = true, .ccl_a = ccl_a, .age_s = 1, .current_a = 20};
}

ChargerView charger(std::string name = "ttyO1") {
  return {.name = std::move(name), .has_link = true, .has_mode = true, .limit_a = 35, .current_a = 30, .mode = mode_on};
}

SystemView systemcalc(bool dvcc, bool writes) {
  return {.present = true, .known = true, .dvcc = dvcc, .writes_charge_current = writes};
}

/// A bridge with a system around it that does what it is told, apart from what a test changes.
class BridgeDecision : public testing::Test {
 protected:
  Orders after(double dt_s) {
    if (!decision_) decision_.emplace(config);
    Orders orders = decision_->decide(world, dt_s);
    for (std::size_t i = 0; i < world.chargers.size(); ++i) obey(world.chargers[i], orders.chargers[i]);
    return orders;
  }

  /// Cycles until so much time is over; what the last one said.
  Orders pass(double seconds) {
    Orders orders;
    for (double passed = 0; passed < seconds; passed += cycle_s) orders = after(cycle_s);
    return orders;
  }

  static void obey(ChargerView& view, const ChargerOrder& order) {
    if (order.mode) view.mode = *order.mode;
    if (order.mode == mode_off) view.switched_off_by_us = true;
    if (order.forget_switch_off) view.switched_off_by_us = false;
  }

  Config config{.enabled = true};
  World world{.batteries = {battery()}, .chargers = {charger()}, .system = systemcalc(false, false)};

 private:
  std::optional<Decision> decision_;
};

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

TEST_F(BridgeDecision, LeavesLinkAloneWhereSomebodyKeepsOverwriting) {
  world.batteries[0].ccl_a = 0;
  world.chargers[0].contested = true;
  const ChargerOrder order = after(1).chargers[0];
  EXPECT_EQ(order.charge_current_a, std::nullopt);
  EXPECT_NE(order.problem, "");
}

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

TEST_F(BridgeDecision, SaysWhenACurrentFlowsFromAChargerThatIsOff) {
  config.use_mode = true;
  world.chargers[0].has_link = false;
  world.batteries[0].ccl_a = 0;
  EXPECT_EQ(pass(10).chargers[0].problem, "") << "it takes a moment";
  EXPECT_EQ(pass(10).chargers[0].problem, "still charges although it is switched off");
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

/// Services that come, go, lie, hang and restart; in between a bridge that must not be fooled.
class RandomSystem {
 public:
  explicit RandomSystem(unsigned seed) : random_{seed} {
    for (int i = 0; i < 3; ++i) world.batteries.push_back(battery(50, "battery" + std::to_string(i)));
    for (int i = 0; i < 3; ++i) world.chargers.push_back(charger("charger" + std::to_string(i)));
  }

  double step() {
    for (BatteryView& each : world.batteries) {
      if (each.age_s) *each.age_s += 1;
      if (one_in(3) && each.present) each.age_s = 0;
      if (one_in(20)) spoil(each);
      if (one_in(6)) each = battery(50, each.name);
    }
    for (ChargerView& each : world.chargers) {
      if (one_in(30)) each.contested = !each.contested;
      if (one_in(30)) each.has_link = !each.has_link;
      if (one_in(30)) each.limit_a = one_in(2) ? std::optional<double>{} : 35;
      if (one_in(30)) each.mode = one_in(2) ? mode_on : mode_off;
      if (one_in(30)) each.link_failures = pick(5);
      if (one_in(30)) each.mode_failures = pick(5);
      each.current_a = one_in(4) ? 0 : 30;
    }
    if (one_in(25)) {
      world.system = {
          .present = !one_in(3), .known = !one_in(3), .dvcc = one_in(2), .writes_charge_current = one_in(2)};
      world.system.has_pv_disable = one_in(2);
    }
    return one_in(10) ? 0 : 1.0 * pick(6);
  }

  World world;

 private:
  int pick(int below) { return std::uniform_int_distribution<int>{0, below - 1}(random_); }
  bool one_in(int times) { return pick(times) == 0; }

  void spoil(BatteryView& each) {
    switch (pick(6)) {
      case 0: each = {.name = each.name}; break;
      case 1: each.ccl_a = 0; break;
      case 2: each.ccl_a = one_in(2) ? -1 : std::numeric_limits<double>::quiet_NaN(); break;
      case 3: each.age_s = 60; break;
      case 4: each.connected = false; break;
      default: each.ccl_a.reset(); break;
    }
  }

  std::mt19937 random_;
};

/// The same, but asked in a way of its own.
bool all_permit(const World& world) {
  return std::ranges::all_of(world.batteries, [](const BatteryView& each) {
    return each.present && each.connected && each.age_s && *each.age_s <= 12 && each.ccl_a && *each.ccl_a > 0;
  });
}

TEST(BridgeProperty, NoChargerIsEverPermittedWhileABatteryDoesNotAllowIt) {
  int permitted = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomSystem system{seed};
    Decision decision{Config{.enabled = true, .use_mode = seed % 2 == 0}};
    for (int i = 0; i < 400; ++i) {
      const double dt_s = system.step();
      if (seed % 5 == 0 && i % 100 == 99) decision = Decision{Config{.enabled = true}};  // a restart
      const Orders orders = decision.decide(system.world, dt_s);
      const bool may = all_permit(system.world);
      for (std::size_t n = 0; n < orders.chargers.size(); ++n) {
        const ChargerOrder& order = orders.chargers[n];
        const ChargerView& view = system.world.chargers[n];
        const double told_a = order.charge_current_a.value_or(0);
        EXPECT_LE(told_a, view.limit_a.value_or(0)) << "above the charger's own limit";
        permitted += told_a > 0 ? 1 : 0;
        if (!may) {
          EXPECT_EQ(told_a, 0) << "seed " << seed << ", step " << i << ": " << orders.verdict.reason;
          EXPECT_NE(order.mode, mode_on) << "seed " << seed << ", step " << i;
          EXPECT_FALSE(orders.verdict.allow);
        }
        const bool foreign = system.world.system.writes_link() || view.contested || !view.has_link;
        EXPECT_FALSE(foreign && order.charge_current_a) << "another one's path";
        EXPECT_FALSE(order.mode == mode_on && !view.switched_off_by_us) << "only what is ours";
        EXPECT_FALSE(order.mode && !view.has_mode);
      }
      for (std::size_t n = 0; n < orders.chargers.size(); ++n) {
        ChargerView& view = system.world.chargers[n];
        if (orders.chargers[n].mode) view.mode = *orders.chargers[n].mode;
        if (orders.chargers[n].mode == mode_off) view.switched_off_by_us = true;
        if (orders.chargers[n].forget_switch_off) view.switched_off_by_us = false;
      }
    }
  }
  EXPECT_GT(permitted, 1000) << "a bridge that never permits anything would pass the rest";
}

}  // namespace
}  // namespace bms::bridge
