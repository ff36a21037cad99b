// What the BMS can be told through items, beside what charge control does: its switches, and the state of charge that
// it counts from. Each shows what the BMS shows, not what was wished.
//
// Names and numbers: mr-manuel/venus-os_dbus-serialbattery, dbushelper.py, so that automations made for it go on.
#include "items/path_sources.hpp"

namespace bms::items {
namespace {

ValueView opposite(std::optional<bool> on) { return on ? flag(!*on) : ValueView{}; }

template <auto Member>
ValueView open(const View& view) {
  return opposite(view.battery.reading.*Member);
}

ValueView balancer_off(const View& view) { return opposite(view.battery.may_balance); }
ValueView may_balance(const View& view) { return flag(view.battery.may_balance); }
ValueView soc_to_set(const View& view) { return real(view.soc_to_set); }

constexpr auto permitted = "where the BMS has the switch and `writes` permits it";
constexpr Presence charge_switch{[](const Battery&, const Introduction& who) { return who.orders.charge; }, permitted};
constexpr Presence discharge_switch{[](const Battery&, const Introduction& who) { return who.orders.discharge; },
                                    permitted};
constexpr Presence balancer_switch{[](const Battery&, const Introduction& who) { return who.orders.balancer; },
                                   permitted};
constexpr Presence any_order{[](const Battery&, const Introduction& who) { return who.orders.any(); },
                             "where the BMS takes any order and `writes` permits it"};

using enum Lasts;

constexpr Path order_table[] = {
    {"/Settings/ForceChargingOff", count, fresh, open<&Reading::charge_fet>,
     "1: the charge FET is open, whoever opened it; writing 1 opens it by the BMS's own lock, 0 releases that lock",
     Writable::charge_off, &charge_switch},
    {"/Settings/ForceDischargingOff", count, fresh, open<&Reading::discharge_fet>,
     "likewise for the discharge FET. **Writing 1 takes the whole system down**", Writable::discharge_off,
     &discharge_switch},
    {"/Settings/TurnBalancingOff", count, fresh, balancer_off,
     "1: the balancer is switched off; invalid until the BMS has confirmed an order", Writable::balancer_off,
     &balancer_switch},
    {"/Io/AllowToBalance", count, fresh, may_balance, "the same, the other way round", Writable::no, &balancer_switch},
    {"/Settings/ResetSocTo", percent, always, soc_to_set, "a SoC for /Settings/ResetSocToApply", Writable::soc_to_set,
     &any_order},
    {"/Settings/ResetSocToApply", count, always, constant<0>,
     "writing 1 is writing /Settings/ResetSocTo to /Settings/Soc", Writable::apply_soc, &any_order},
};

}  // namespace

std::span<const Path> order_paths() { return order_table; }

}  // namespace bms::items
