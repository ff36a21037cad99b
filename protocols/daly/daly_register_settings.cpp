// The settings of the newer Daly protocol as a table.
//
// Sources: patagonaa/esphome-daly-hkms-bms (README, components/daly_hkms_bms); syssi/esphome-daly-bms (docs/pdus,
// docs/dalyModbusProtocol.xlsx), where captures decide; johnlepikhin/daly-bms-exporter, doc/daly-bms-protocol.md.
#include <array>
#include <string_view>

#include "daly/daly_registers.hpp"
#include "parameters.hpp"

namespace bms::daly {
namespace {

using Group = ParameterGroup;
using Kind = ParameterKind;

constexpr RegisterSetting setting(Address address, std::string_view name, const Scale& scale, Shape shape, Kind kind,
                                  Group group, Risk risk, std::string_view words) {
  return {readable_parameter(name, scale, kind, group, risk, words), {address, name, scale, shape}};
}

/// What was ordered, by us or others.
constexpr RegisterSetting state(Address address, std::string_view name, const Scale& scale, Shape shape, Kind kind,
                                Group group, Risk risk, std::string_view words) {
  RegisterSetting row = setting(address, name, scale, shape, kind, group, risk, words);
  row.momentary = true;
  return row;
}

// Level 1 warns and level 2 opens a FET. Nothing is behind level 2 but the cells behind the pack, and the short circuit
// behind the discharge current.
// clang-format off
constexpr std::array registers_in_order = std::to_array<RegisterSetting>({
    setting({0x80, Address::none},       "design_capacity",      scales::capacity,           Shape::number,        Kind::number, Group::capacity,      Risk::calibration,   "Rated capacity"),
    setting({Address::none, 0x109},      "design_capacity",      scales::fine_capacity,      Shape::double_word,   Kind::number, Group::capacity,      Risk::calibration,   "Rated capacity"),
    setting({0x81, 0x114},               "nominal_cell",         scales::cell_voltage,       Shape::number,        Kind::number, Group::hardware,      Risk::calibration,   "Nominal cell voltage"),
    setting({Address::none, 0x100},      "board_number",         scales::number,             Shape::number,        Kind::count,  Group::communication, Risk::communication, "Number of the board on a shared line"),
    setting(registers::battery_type,     "battery_type",         scales::number,             Shape::number,        Kind::code,   Group::hardware,      Risk::safety,        "0 LFP, 1 NMC, 2 LTO"),
    setting({0x8A, Address::none},       "sleep",                scales::seconds,            Shape::never_at_ffff, Kind::number, Group::delays,        Risk::communication, "Time without current after which the board sleeps; a text says never"),
    setting({0x8A, 0x115},               "sleep_raw",            scales::number,             Shape::number,        Kind::number, Group::delays,        Risk::communication, "Sleep time as the board holds it: s, or 10 s on p81; 65535 is never"),
    setting({0x8B, 0x130},               "cell_high_l1",         scales::cell_voltage,       Shape::number,        Kind::number, Group::cell_limits,   Risk::limits,        "Cell voltage of the high warning"),
    setting({0x8C, 0x131},               "cell_high_l2",         scales::cell_voltage,       Shape::number,        Kind::number, Group::cell_limits,   Risk::safety,        "Cell voltage above which charging stops"),
    setting({0x8D, 0x134},               "cell_low_l1",          scales::cell_voltage,       Shape::number,        Kind::number, Group::cell_limits,   Risk::limits,        "Cell voltage of the low warning"),
    setting({0x8E, 0x135},               "cell_low_l2",          scales::cell_voltage,       Shape::number,        Kind::number, Group::cell_limits,   Risk::safety,        "Cell voltage below which discharging stops"),
    setting({0x8F, 0x138},               "pack_high_l1",         scales::pack_voltage,       Shape::number,        Kind::number, Group::pack_limits,   Risk::limits,        "Pack voltage of the high warning"),
    setting({0x90, 0x139},               "pack_high_l2",         scales::pack_voltage,       Shape::number,        Kind::number, Group::pack_limits,   Risk::limits,        "Pack voltage above which charging stops"),
    setting({0x91, 0x13C},               "pack_low_l1",          scales::pack_voltage,       Shape::number,        Kind::number, Group::pack_limits,   Risk::limits,        "Pack voltage of the low warning"),
    setting({0x92, 0x13D},               "pack_low_l2",          scales::pack_voltage,       Shape::number,        Kind::number, Group::pack_limits,   Risk::limits,        "Pack voltage below which discharging stops"),
    setting({Address::none, 0x140},      "discharge_limit_l1",   scales::below_zero_current, Shape::number,        Kind::number, Group::currents,      Risk::limits,        "Discharge current of the warning"),
    setting({Address::none, 0x141},      "discharge_limit_l2",   scales::below_zero_current, Shape::number,        Kind::number, Group::currents,      Risk::limits,        "Discharge current above which discharging stops"),
    setting({Address::none, 0x145},      "charge_limit_l1",      scales::above_zero_current, Shape::number,        Kind::number, Group::currents,      Risk::limits,        "Charge current of the warning"),
    setting({Address::none, 0x146},      "charge_limit_l2",      scales::above_zero_current, Shape::number,        Kind::number, Group::currents,      Risk::safety,        "Charge current above which charging stops"),
    setting({0xA3, 0x11A},               "balance_start",        scales::cell_voltage,       Shape::number,        Kind::number, Group::balancing,     Risk::limits,        "Balancing begins at this cell voltage"),
    setting({0xA4, 0x11B},               "balance_diff",         scales::cell_voltage,       Shape::number,        Kind::number, Group::balancing,     Risk::limits,        "Difference between cells that is balanced"),
    state(  registers::charge_switch,    "charge_fet_switch",    scales::number,             Shape::flag,          Kind::flag,   Group::switches,      Risk::safety,        "Charge FET as ordered"),
    state(  registers::discharge_switch, "discharge_fet_switch", scales::number,             Shape::flag,          Kind::flag,   Group::switches,      Risk::safety,        "Discharge FET as ordered"),
    state(  registers::soc_setting,      "soc_setting",          scales::percent,            Shape::number,        Kind::number, Group::capacity,      Risk::calibration,   "State of charge as it was last set"),
    state(  registers::balancer_switch,  "balance_enabled",      scales::number,             Shape::flag,          Kind::flag,   Group::balancing,     Risk::limits,        "Balancing allowed"),
});
// clang-format on

}  // namespace

std::span<const RegisterSetting> register_settings() { return registers_in_order; }

const RegisterSetting* find_setting(std::string_view name, Map map) {
  for (const RegisterSetting& setting : registers_in_order)
    if (setting.name == name && setting.value.address.exists_in(map)) return &setting;
  return nullptr;
}

}  // namespace bms::daly
