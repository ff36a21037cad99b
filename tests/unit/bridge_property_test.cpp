// Random events: no charger may be permitted anything while a battery does not allow it.
#include "bridge/decision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>

#include "bridge_fixture.hpp"

namespace bms::bridge {
namespace {

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
      world.system = {};
      world.system.present = !one_in(3);
      world.system.known = !one_in(3);
      world.system.dvcc = one_in(2);
      world.system.writes_charge_current = one_in(2);
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
