// Switches in the quick-access pane of the stock GUI: what an owner may do without opening a page.
//
// Paths and numbers: victronenergy/gui-v2, src/iochannel.cpp, src/switchableoutput.cpp, src/enums.h.
#include "items/path_sources.hpp"

namespace bms::items {
namespace {

constexpr std::int32_t toggle = 1;

ValueView charging(const View&) { return text("Charging allowed"); }
ValueView discharging(const View&) { return text("Discharging allowed"); }
ValueView nothing(const View&) { return text(""); }

template <auto User, auto Bounds>
bool allowed(const View& view) {
  return !(view.user.*User).value_or(false) && !(view.bounds.*Bounds);
}

template <auto User, auto Bounds>
ValueView state(const View& view) {
  return flag(allowed<User, Bounds>(view));
}

template <auto User, auto Bounds>
ValueView status(const View& view) {
  constexpr std::int32_t off = 0x00;
  constexpr std::int32_t on = 0x09;
  return allowed<User, Bounds>(view) ? on : off;
}

constexpr auto charge_blocked_state = state<&UserSettings::charge_blocked, &UserBounds::charge_blocked>;
constexpr auto charge_status = status<&UserSettings::charge_blocked, &UserBounds::charge_blocked>;
constexpr auto discharge_state = state<&UserSettings::discharge_blocked, &UserBounds::discharge_blocked>;
constexpr auto discharge_status = status<&UserSettings::discharge_blocked, &UserBounds::discharge_blocked>;

using enum Lasts;

constexpr Path switch_table[] = {
    {"/SwitchableOutput/1/Name", word, always, charging, "a switch of the quick-access pane"},
    {"/SwitchableOutput/1/State", count, always, charge_blocked_state,
     "1: charging is allowed; as /Settings/ChargeBlocked", Writable::allow_charge},
    {"/SwitchableOutput/1/Status", count, always, charge_status, "9 on, 0 off"},
    {"/SwitchableOutput/1/Settings/Type", count, always, constant<toggle>, "1: off and on"},
    {"/SwitchableOutput/1/Settings/ValidTypes", count, always, constant<1 << toggle>, "no other"},
    {"/SwitchableOutput/1/Settings/Group", word, always, nothing, "that of the battery"},
    {"/SwitchableOutput/1/Settings/CustomName", word, always, nothing, ""},
    {"/SwitchableOutput/1/Settings/ShowUIControl", count, always, constant<1>, "1: it is shown"},
    {"/SwitchableOutput/1/Settings/Adjustable", count, always, constant<0>, "0: nothing of this can be changed"},
    {"/SwitchableOutput/2/Name", word, always, discharging, "a switch of the quick-access pane"},
    {"/SwitchableOutput/2/State", count, always, discharge_state,
     "1: discharging is allowed; as /Settings/DischargeBlocked", Writable::allow_discharge},
    {"/SwitchableOutput/2/Status", count, always, discharge_status, "9 on, 0 off"},
    {"/SwitchableOutput/2/Settings/Type", count, always, constant<toggle>, "1: off and on"},
    {"/SwitchableOutput/2/Settings/ValidTypes", count, always, constant<1 << toggle>, "no other"},
    {"/SwitchableOutput/2/Settings/Group", word, always, nothing, "that of the battery"},
    {"/SwitchableOutput/2/Settings/CustomName", word, always, nothing, ""},
    {"/SwitchableOutput/2/Settings/ShowUIControl", count, always, constant<1>, "1: it is shown"},
    {"/SwitchableOutput/2/Settings/Adjustable", count, always, constant<0>, "0: nothing of this can be changed"},
};

}  // namespace

std::span<const Path> switch_paths() { return switch_table; }

}  // namespace bms::items
