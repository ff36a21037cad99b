// A bridge's decision, and a system around it. Minutes pass here in no time.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "bridge/decision.hpp"

namespace bms::bridge {

inline constexpr double cycle_s = 5;

inline BatteryView battery(double ccl_a = 50, std::string name = "ttyUSB0") {
  return {.name = std::move(name), .present = true, .connected = true, .ccl_a = ccl_a, .age_s = 1, .current_a = 20};
}

inline ChargerView charger(std::string name = "ttyO1") {
  return {.name = std::move(name), .has_link = true, .has_mode = true, .limit_a = 35, .current_a = 30, .mode = mode_on};
}

inline SystemView systemcalc(bool dvcc, bool writes) {
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

}  // namespace bms::bridge
