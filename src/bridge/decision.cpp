#include "bridge/decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace bms::bridge {
namespace {

constexpr double classic_current_a = 200;
constexpr std::size_t most_remembered = 200;  // chargers, of which most have left

/// Why this battery allows nothing; empty: it does.
std::string objection(const BatteryView& battery, const Config& config) {
  if (!battery.present) return "is not on the bus";
  if (!battery.age_s) return "has not answered yet";
  if (!battery.connected) return "is not connected";
  if (battery.cable_alarm) return "has lost its BMS";
  if (!battery.ccl_a) return "tells no charge limit";
  if (!(*battery.age_s <= config.stale_after_s))
    return fmt::format("has been silent for more than {:g} s", config.stale_after_s);
  if (*battery.ccl_a < 0) return "tells a charge limit below 0";
  if (!(*battery.ccl_a > 0)) return "allows no charging (CCL 0)";
  return {};
}

/// Whether current goes into a battery, as far as anybody knows.
bool battery_may_charge(std::span<const BatteryView> batteries, double min_current_a) {
  return std::ranges::any_of(batteries, [min_current_a](const BatteryView& battery) {
    return !battery.present || !battery.current_a || *battery.current_a > min_current_a;
  });
}

/// What the script asked: is the first battery's limit anything but 0?
Verdict classic_verdict(std::span<const BatteryView> batteries) {
  if (batteries.empty() || !batteries.front().present) return {.gone = true, .reason = "the battery is not on the bus"};
  const BatteryView& battery = batteries.front();
  if (battery.ccl_a && *battery.ccl_a != 0) return {.allow = true, .reason = battery.name + " allows charging"};
  return {.allow = false,
          .reason = battery.name + (battery.ccl_a ? " allows no charging (CCL 0)" : " tells no charge limit")};
}

}  // namespace

std::string_view name_of(Way way) {
  constexpr std::array<std::string_view, 5> names{"none", "link", "mode", "supervised", "pv disable"};
  return names[static_cast<std::size_t>(way)];
}

Verdict judge(std::span<const BatteryView> batteries, const Config& config) {
  if (batteries.empty()) return {.gone = true, .unheard = true, .reason = "no battery tells a charge limit"};
  Verdict verdict{.allow = true, .reason = "all batteries allow charging"};
  for (const BatteryView& battery : batteries) {
    const std::string why = objection(battery, config);
    if (why.empty()) continue;
    if (verdict.allow) verdict = {.allow = false, .unheard = true, .reason = battery.name + ' ' + why};
    verdict.gone = verdict.gone || !battery.present;
    verdict.unheard = verdict.unheard && !battery.age_s;
  }
  return verdict;
}

Orders Decision::decide(const World& world, double dt_s) {
  Orders orders;
  if (config_.style == Style::classic) {
    orders.verdict = classic_verdict(world.batteries);
    for (const ChargerView& view : world.chargers) orders.chargers.push_back(classic_order(orders.verdict, view));
    return orders;
  }
  orders.verdict = wait(judge(world.batteries, config_), dt_s);
  pass_time(world, dt_s);
  watch(world, orders.verdict, dt_s);
  orders.pv_disable = pv_disable(world, orders.verdict, dt_s);
  for (const ChargerView& view : world.chargers) orders.chargers.push_back(order(world, orders.verdict, view));
  return orders;
}

/// A permission is withdrawn at once; it comes back when it has lasted. The first one after the start need not, as long
/// as it is only a matter of being heard.
Verdict Decision::wait(Verdict now, double dt_s) {
  if (!now.allow) {
    denied_before_ = denied_before_ || allowed_ || !now.unheard;
    good_s_.reset();
    allowed_ = false;
    return now;
  }
  good_s_ = good_s_ ? *good_s_ + dt_s : 0;
  allowed_ = allowed_ || !denied_before_ || *good_s_ >= config_.allow_after_s;
  if (!allowed_) {
    now.allow = false;
    now.reason = fmt::format("all batteries allow charging again, waiting {:.0f} s", config_.allow_after_s);
  }
  return now;
}

/// Of a charger that has left only what was seen to happen counts: it may come back as if nothing had been.
void Decision::pass_time(const World& world, double dt_s) {
  if (chargers_.size() > most_remembered) {
    std::erase_if(chargers_, [&world](const auto& entry) {
      return std::ranges::find(world.chargers, entry.first, &ChargerView::name) == world.chargers.end();
    });
  }
  for (auto& [name, charger] : chargers_) {
    if (charger.told_zero_s) *charger.told_zero_s += dt_s;
    if (charger.switched) charger.switched->ago_s += dt_s;
    const auto view = std::ranges::find(world.chargers, name, &ChargerView::name);
    if (view == world.chargers.end()) {
      charger.told_zero_s.reset();
      if (charger.switched && !charger.switched->seen) charger.switched.reset();
    } else if (charger.switched && view->mode == charger.switched->to) {
      charger.switched->seen = true;
    }
  }
}

void Decision::watch(const World& world, const Verdict& verdict, double dt_s) {
  const bool into_battery = battery_may_charge(world.batteries, config_.min_current_a);
  for (const ChargerView& view : world.chargers) {
    Charger& charger = chargers_[view.name];
    const bool charging = into_battery && (!view.current_a || *view.current_a > config_.min_current_a);
    charger.charging_s = !verdict.allow && charging ? charger.charging_s + dt_s : 0;
  }
}

std::optional<bool> Decision::pv_disable(const World& world, const Verdict& verdict, double dt_s) {
  const bool possible = config_.use_pv_disable && world.system.present && world.system.known && world.system.dvcc &&
                        world.system.has_pv_disable;
  if (pv_disabled_s_) {
    *pv_disabled_s_ += dt_s;
    if (possible && !verdict.allow) return true;
    pv_disabled_s_.reset();
    return world.system.has_pv_disable ? std::optional{false} : std::nullopt;
  }
  const bool needed = std::ranges::any_of(world.chargers, [this](const ChargerView& view) {
    return chargers_[view.name].charging_s >= config_.escalate_after_s;
  });
  if (!possible || !needed || verdict.allow) return std::nullopt;
  pv_disabled_s_ = 0;
  return true;
}

/// It charges although it must not, and what came before has had its time.
bool Decision::helpless(const Charger& charger) const {
  if (charger.charging_s < config_.escalate_after_s) return false;
  return !pv_disabled_s_ || *pv_disabled_s_ >= config_.escalate_after_s;
}

ChargerOrder Decision::order(const World& world, const Verdict& verdict, const ChargerView& view) {
  ChargerOrder order;
  Charger& charger = chargers_[view.name];
  const SystemView& system = world.system;
  const bool link_is_ours = view.has_link && !view.contested && !system.writes_link();
  // With DVCC somebody else stops it, most of the time. Without, and without /Link, there is nothing to wait for.
  const bool abandoned = !link_is_ours && (!system.present || (system.known && !system.dvcc));
  if (link_is_ours) {
    use_link(order, world, verdict, view, charger);
  } else {
    charger.told_zero_s.reset();
    order.undecided = view.has_link && system.present && !system.known;
    if (!abandoned)
      order.way = pv_disabled_s_ ? Way::pv_disable : Way::supervised;
    else if (config_.use_mode && view.has_mode)
      order.way = Way::mode;
  }

  const bool link_fails = link_is_ours && view.link_failures >= failures_for_alarm;
  if (verdict.allow) {
    switch_on_again(order, view, charger);
  } else if (abandoned || link_fails || helpless(charger)) {
    stop(order, view, charger, abandoned);
  } else if (view.switched_off_by_us && config_.use_mode) {
    use_mode(order, view, charger);
  }
  return order;
}

/// The last means, or an alarm. `abandoned`: nobody else even tries to stop it.
void Decision::stop(ChargerOrder& order, const ChargerView& view, Charger& charger, bool abandoned) const {
  if (config_.use_mode && view.has_mode) {
    if (view.mode == mode_off && helpless(charger)) order.problem = "still charges although it is switched off";
    return use_mode(order, view, charger);
  }
  if (view.mode == mode_off) return;
  if (!abandoned) {
    order.problem =
        order.way == Way::link ? "cannot be stopped by /Link; " : "charges the battery although it must not; ";
  } else if (view.has_link) {
    order.problem = "cannot be stopped: another program writes its limit and DVCC is off; turn DVCC on, or ";
  } else {
    order.problem = "cannot be stopped by its limit; ";
  }
  order.problem += view.has_mode ? "with use_mode = yes it would be switched off" : "it has no /Mode";
}

void Decision::use_link(ChargerOrder& order, const World& world, const Verdict& verdict, const ChargerView& view,
                        Charger& charger) const {
  order.way = Way::link;
  charger.told_zero_s = verdict.gone ? std::optional{charger.told_zero_s.value_or(0)} : std::nullopt;
  // A charger that hears nothing any more raises error 67, which its owner sees.
  if (charger.told_zero_s >= config_.withdraw_after_s) return;
  const double allowed_a = verdict.allow ? std::max(0.0, view.limit_a.value_or(0)) : 0;
  const bool may_be_anothers = world.system.present && !world.system.has_begun;
  // A new permission waits until it is certain that nobody else gives it.
  if (!may_be_anothers || allowed_a == 0)
    order.charge_current_a = allowed_a;
  else if (view.told_a)
    order.charge_current_a = std::min(*view.told_a, allowed_a);
}

/// Whether /Mode may be written again: rarely, as nobody knows what that wears out, but soon when it did not help.
bool Decision::rested(const ChargerView& view, const Charger& charger) const {
  if (!charger.switched) return true;
  const bool helped = charger.switched->seen && view.mode_failures == 0;
  return charger.switched->ago_s >= (helped ? config_.mode_pause_s : config_.interval_s);
}

void Decision::use_mode(ChargerOrder& order, const ChargerView& view, Charger& charger) const {
  order.way = Way::mode;
  const bool again = charger.switched && charger.switched->to == mode_off && !rested(view, charger);
  if (view.mode != mode_off && !again) switch_to(mode_off, order, charger);
}

void Decision::switch_on_again(ChargerOrder& order, const ChargerView& view, Charger& charger) const {
  if (!view.switched_off_by_us || !view.mode) return;
  if (view.mode != mode_off) {
    order.forget_switch_off = true;
  } else if (rested(view, charger)) {
    switch_to(mode_on, order, charger);
  }
}

void Decision::switch_to(int mode, ChargerOrder& order, Charger& charger) {
  order.mode = mode;
  charger.switched = Switch{.to = mode};
  charger.charging_s = 0;
}

/// As the script: 200 A, or 0, or nothing when the battery is gone.
ChargerOrder Decision::classic_order(const Verdict& verdict, const ChargerView& view) const {
  ChargerOrder order;
  if (!view.has_link) return order;
  order.way = Way::link;
  if (!verdict.gone) order.charge_current_a = verdict.allow ? classic_current_a : 0;
  return order;
}

}  // namespace bms::bridge
