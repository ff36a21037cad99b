// What charge control decides, and why.
#include "items/path_sources.hpp"

namespace bms::items {
namespace {

template <auto Member>
ValueView limit(const View& view) {
  return real(view.limits.*Member);
}

template <auto Member>
ValueView permission(const View& view) {
  return flag(view.limits.*Member);
}

template <auto Member>
ValueView reason(const View& view) {
  return text(view.limits.*Member);
}

template <auto Member>
ValueView code(const View& view) {
  return static_cast<std::int32_t>(view.limits.*Member);
}

template <auto Member>
ValueView since(const View& view) {
  return whole((view.since.*Member).unix_s());
}

ValueView charge_state(const View& view) {
  const auto state = view.limits.state;
  return state ? ValueView{static_cast<std::int32_t>(*state)} : ValueView{};
}

using enum Lasts;

constexpr Path limit_table[] = {
    // CVL comes first, so that a battery that gives up control says so before it withdraws its currents.
    {"/Info/MaxChargeVoltage", limit_volts, always, limit<&Limits::charge_voltage_v>, "CVL; valid: a managed battery",
     Writable::no, &own_master},
    {"/Member/Limit/ChargeVoltage", limit_volts, always, limit<&Limits::charge_voltage_v>, "what CVL would be",
     Writable::no, &of_a_bank},
    {"/Info/MaxChargeCurrent", limit_amperes, always, limit<&Limits::charge_current_a>, "CCL", Writable::no,
     &own_master},
    {"/Member/Limit/ChargeCurrent", limit_amperes, always, limit<&Limits::charge_current_a>, "what CCL would be",
     Writable::no, &of_a_bank},
    {"/Member/Limit/DischargeCurrent", limit_amperes, always, limit<&Limits::discharge_current_a>, "as DCL",
     Writable::no, &of_a_bank},
    {"/Info/MaxDischargeCurrent", limit_amperes, always, limit<&Limits::discharge_current_a>, "DCL, a positive amount"},
    {"/Info/BatteryLowVoltage", pack_volts, always, limit<&Limits::low_voltage_v>, "not to be discharged below"},
    {"/Info/ChargeMode", word, always, reason<&Limits::charge_mode>, "state of charging, for people"},
    {"/Info/ChargeState", count, always, charge_state,
     "0 bulk, 1 absorption, 2 float transition, 3 float, 4 balancing, 5 blocked"},
    {"/Info/ChargeStateSince", count, always, since<&SinceWhen::state>,
     "since when, in seconds since 1970, as far as this program was there; invalid: the clock was not set"},
    {"/Info/ChargeLimitation", word, always, reason<&Limits::charge_reason>, "what holds CCL now"},
    {"/Info/DischargeLimitation", word, always, reason<&Limits::discharge_reason>, "what holds DCL now"},
    {"/Info/ChargeLimitationCode", count, always, code<&Limits::charge_code>, "the same as a number, see below"},
    {"/Info/DischargeLimitationCode", count, always, code<&Limits::discharge_code>, "the same as a number, see below"},
    {"/Info/ChargeLimitationSince", count, always, since<&SinceWhen::charge_reason>,
     "since when the number is this one, as above"},
    {"/Info/DischargeLimitationSince", count, always, since<&SinceWhen::discharge_reason>, "likewise"},
    {"/Info/ChargeRequest", count, always, permission<&Limits::charge_request>,
     "1 while the battery is empty and asks to be charged"},
    {"/ConnectionInformation", word, always, reason<&Limits::summary>,
     "mode, and why nothing is charged or discharged, without numbers that move; for the stock page \"Details\""},
    {"/Io/AllowToCharge", count, always, permission<&Limits::allow_charge>, "0 no, 1 yes"},
    {"/Io/AllowToDischarge", count, always, permission<&Limits::allow_discharge>, "0 no, 1 yes"},
};

}  // namespace

std::span<const Path> limit_paths() { return limit_table; }

}  // namespace bms::items
