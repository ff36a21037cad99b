#include "mqtt/value_rows.hpp"

#include <algorithm>
#include <array>

#include "bms/alarm.hpp"
#include "items/battery_paths.hpp"
#include "mqtt/extra_of.hpp"

namespace bms::mqtt {

namespace {

using items::Kind;
using items::Type;
using items::ValueView;
using enum Platform;

constexpr Look volts{.device_class = "voltage", .unit = "V", .state_class = "measurement", .decimals = 2};
constexpr Look cell_volts{.device_class = "voltage", .unit = "V", .state_class = "measurement", .decimals = 3};
constexpr Look amperes{.device_class = "current", .unit = "A", .state_class = "measurement", .decimals = 1};
constexpr Look degrees{.device_class = "temperature", .unit = "°C", .state_class = "measurement", .decimals = 1};
constexpr Look ampere_hours{.unit = "Ah", .state_class = "measurement", .decimals = 1};
constexpr Look energy{.device_class = "energy", .unit = "kWh", .state_class = "total_increasing", .decimals = 2};
constexpr Look percent{.unit = "%", .state_class = "measurement", .decimals = 1};
constexpr Look plain{};

constexpr Look diagnostic(Look look) {
  look.diagnostic = true;
  return look;
}

/// Diagnostic, and not shown unless somebody wants it.
constexpr Look hidden(Look look) {
  look.diagnostic = true;
  look.enabled = false;
  return look;
}

constexpr Look precise(Look look, int decimals) {
  look.decimals = decimals;
  return look;
}

constexpr Look of_class(Look look, std::string_view device_class) {
  look.device_class = device_class;
  return look;
}

constexpr Look time_to_go{.device_class = "duration", .unit = "s", .state_class = "measurement", .decimals = 0};
constexpr Look counter{.state_class = "total_increasing", .decimals = 0, .diagnostic = true};
constexpr Look number{.decimals = 0, .diagnostic = true, .enabled = false};

constexpr bool if_known = true;
constexpr bool always = false;

constexpr ValueRow values[] = {
    {"voltage", "/Dc/0/Voltage", "Voltage", sensor, volts},
    {"current", "/Dc/0/Current", "Current", sensor, amperes},
    {"power",
     "/Dc/0/Power",
     "Power",
     sensor,
     {.device_class = "power", .unit = "W", .state_class = "measurement", .decimals = 0}},
    {"soc", "/Soc", "State of charge", sensor, of_class(percent, "battery")},
    {"soh", "/Soh", "State of health", sensor, diagnostic(precise(percent, 0)), if_known},
    {"remaining_ah", "/Capacity", "Remaining charge", sensor, ampere_hours},
    {"capacity_ah", "/InstalledCapacity", "Capacity", sensor, ampere_hours},
    {"consumed_ah", "/ConsumedAmphours", "Consumed charge", sensor, ampere_hours},
    {"charged_kwh", "/History/ChargedEnergy", "Charged energy", sensor, energy},
    {"discharged_kwh", "/History/DischargedEnergy", "Discharged energy", sensor, energy},
    {"temperature", "/Dc/0/Temperature", "Temperature", sensor, degrees, if_known},
    {"temperature_<n>", "/System/Temperature<n>", "Temperature <n>", sensor, degrees, if_known},
    {"mos_temperature", "/System/MOSTemperature", "FET temperature", sensor, diagnostic(degrees), if_known},
    {"cell_min", "/System/MinCellVoltage", "Lowest cell", sensor, cell_volts},
    {"cell_max", "/System/MaxCellVoltage", "Highest cell", sensor, cell_volts},
    {"cell_diff", "/Voltages/Diff", "Cell difference", sensor, cell_volts},
    {"cycles", "/History/ChargeCycles", "Cycles", sensor, counter},
    {"time_to_go", "/TimeToGo", "Time to go", sensor, time_to_go},
    {"cvl", "/Info/MaxChargeVoltage", "Charge voltage limit", sensor, diagnostic(volts), always, Haste::at_once},
    {"ccl", "/Info/MaxChargeCurrent", "Charge current limit", sensor, diagnostic(precise(amperes, 0)), always,
     Haste::at_once},
    {"dcl", "/Info/MaxDischargeCurrent", "Discharge current limit", sensor, diagnostic(precise(amperes, 0)), always,
     Haste::at_once},
    {"charge_reason", "/Info/ChargeLimitation", "Charge limited by", sensor, hidden(plain)},
    {"discharge_reason", "/Info/DischargeLimitation", "Discharge limited by", sensor, hidden(plain)},
    {"charge_allowed", "/Io/AllowToCharge", "Charging allowed", binary_sensor, plain, if_known, Haste::at_once},
    {"discharge_allowed", "/Io/AllowToDischarge", "Discharging allowed", binary_sensor, plain, if_known,
     Haste::at_once},
    {"balancing", "/Balancing", "Balancing", binary_sensor, plain, if_known},
    {"heating", "/Heating", "Heating", binary_sensor, {.device_class = "heat"}, if_known},
    {"link_state", "/Info/Link/State", "Bluetooth connection", sensor, diagnostic(plain), if_known},
    {"link_losses_per_day", "/Info/Link/LossesPerDay", "Bluetooth losses per day", sensor,
     hidden({.state_class = "measurement", .decimals = 0}), if_known},
    {"link_longest_gap", "/Info/Link/LongestGap", "Longest Bluetooth gap", sensor, hidden(time_to_go), if_known},
    {"link_trouble", "/Info/Link/Trouble", "Bluetooth trouble", sensor, diagnostic(plain), if_known},
    {"last_order", "/Info/LastOrder", "Last order", sensor, hidden(plain)},
    {"last_order_outcome", "/Info/LastOrderOutcome", "Outcome of last order", sensor, hidden(plain)},
};

constexpr std::array<std::string_view, 6> charge_modes{"Bulk",  "Absorption", "FloatTransition",
                                                       "Float", "Balancing",  "Blocked"};
constexpr std::array<std::string_view, 3> alarm_words{"ok", "warning", "alarm"};
constexpr std::array<std::string_view, 7> contacts{"never", "fresh", "stale", "kept", "releasing", "lost", "returning"};

ValueView charge_mode(const Battery& /*battery*/, const Limits& limits) {
  return limits.state ? items::text(name_of(*limits.state)) : ValueView{};
}

ValueView worst_alarm(const Battery& battery, const Limits& /*limits*/) {
  AlarmLevel worst = AlarmLevel::ok;
  for (const AlarmEffect& effect : alarm_effects) {
    const bool outlasts = effect.alarm == Alarm::bms_cable;
    if (outlasts || items::trusted(items::Lasts::until_lost, battery.contact))
      worst = std::max(worst, battery.alarms[effect.alarm].value_or(AlarmLevel::ok));
  }
  return items::text(alarm_words[static_cast<std::size_t>(worst)]);
}

template <auto Member>
ValueView fet(const Battery& battery, const Limits& /*limits*/) {
  return battery.measurements_valid() ? items::flag(battery.reading.*Member) : ValueView{};
}

template <auto Member>
ValueView cell_number(const Battery& battery, const Limits& /*limits*/) {
  return battery.measurements_valid() ? items::integer(battery.derived.*Member) : ValueView{};
}

ValueView failed(const Battery& battery, const Limits& /*limits*/) { return battery.failed_polls_share * 100; }

ValueView contact(const Battery& battery, const Limits& /*limits*/) {
  return items::text(contacts[static_cast<std::size_t>(battery.contact)]);
}

ValueView remaining_energy(const Battery& battery, const Limits& /*limits*/) {
  const auto wh = battery.measurements_valid() ? extra_of(battery.extras, "remaining_wh") : std::nullopt;
  return wh ? ValueView{*wh / 1000} : ValueView{};
}

constexpr Kind word{Type::text};
constexpr Kind count{Type::integer};
constexpr Kind kilowatt_hours{Type::real, {2, "kWh"}, {.counts_per_unit = 100}};
constexpr Kind tenths_of_percent{Type::real, {1, "%"}, {.counts_per_unit = 10}};

constexpr OwnRow owns[] = {
    {"charge_mode", word, charge_mode, "Charge mode", sensor, {.device_class = "enum", .options = charge_modes}},
    {"alarm",
     word,
     worst_alarm,
     "Alarm",
     sensor,
     {.device_class = "enum", .options = alarm_words},
     always,
     Haste::at_once},
    {"cell_min_no", count, cell_number<&Derived::min_cell>, "Number of lowest cell", sensor, number},
    {"cell_max_no", count, cell_number<&Derived::max_cell>, "Number of highest cell", sensor, number},
    {"charge_fet", count, fet<&Reading::charge_fet>, "Charge FET", binary_sensor, diagnostic(of_class(plain, "power")),
     if_known, Haste::at_once},
    {"discharge_fet", count, fet<&Reading::discharge_fet>, "Discharge FET", binary_sensor,
     diagnostic(of_class(plain, "power")), if_known, Haste::at_once},
    {"remaining_kwh",
     kilowatt_hours,
     remaining_energy,
     "Remaining energy",
     sensor,
     {.device_class = "energy_storage", .unit = "kWh", .state_class = "measurement", .decimals = 2},
     if_known},
    {"link_failed_pct", tenths_of_percent, failed, "Failed polls", sensor, diagnostic(percent)},
    {"contact",
     word,
     contact,
     "Contact",
     sensor,
     {.device_class = "enum", .diagnostic = true, .options = contacts},
     always,
     Haste::at_once},
};

constexpr Look current_setting{.device_class = "current", .unit = "A"};
constexpr Look voltage_setting{.device_class = "voltage", .unit = "V"};
constexpr std::array<std::string_view, 3> soc_sources{"bms", "own", "external"};
using enum Commands;

constexpr CommandRow commands[] = {
    {"max_charge_current", "/Settings/MaxChargeCurrent", "Maximum charge current", limits, Control::number,
     current_setting, 0.1},
    {"max_discharge_current", "/Settings/MaxDischargeCurrent", "Maximum discharge current", limits, Control::number,
     current_setting, 0.1},
    {"absorption_cell_voltage", "/Settings/AbsorptionCellVoltage", "Absorption voltage of a cell", limits,
     Control::number, voltage_setting, 0.001},
    {"float_cell_voltage", "/Settings/FloatCellVoltage", "Float voltage of a cell", limits, Control::number,
     voltage_setting, 0.001},
    {"charge_blocked", "/Settings/ChargeBlocked", "Block charging", limits, Control::toggle, {}},
    {"discharge_blocked", "/Settings/DischargeBlocked", "Block discharging", limits, Control::toggle, {}},
    {"full_charge_days",
     "/Settings/FullChargeDays",
     "Days between balancing charges",
     limits,
     Control::number,
     {.unit = "d"},
     0.1},
    {"soc_source",
     "/Settings/SocSource",
     "Source of the state of charge",
     all,
     Control::choice,
     {.options = soc_sources}},
    {"soc", "/Settings/Soc", "Set the state of charge", all, Control::number, {.unit = "%"}, 0.1, true},
    {"charge_fet",
     "/Settings/ForceChargingOff",
     "Switch the charge FET",
     all,
     Control::toggle,
     {},
     1,
     true,
     "charge_fet"},
    {"discharge_fet",
     "/Settings/ForceDischargingOff",
     "Switch the discharge FET",
     all,
     Control::toggle,
     {},
     1,
     true,
     "discharge_fet"},
    {"release_bluetooth",
     "/Settings/Bluetooth/Release",
     "Minutes to leave the battery to a phone",
     limits,
     Control::number,
     {.unit = "min"},
     1},
    {"clear_history", "/History/Clear", "Clear the history", all, Control::button, {}},
};

}  // namespace

std::span<const ValueRow> value_rows() { return values; }
std::span<const OwnRow> own_rows() { return owns; }
std::span<const CommandRow> command_rows() { return commands; }

}  // namespace bms::mqtt
