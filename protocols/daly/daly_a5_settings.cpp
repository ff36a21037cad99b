// The settings that an 0xA5 board reports, as a table.
//
// Sources: matthewgream/DalyBMSInterface, src/DalyBMSRequestResponseTypes.hpp; payloads logged on CAN
// (diysolarforum.com, thread 65439); jallum/dalymon, dalymon.ino; softwarecrash/Daly2MQTT, src/daly.cpp.
#include "daly/daly_a5_settings.hpp"

#include <array>
#include <string_view>

#include "parameters.hpp"

namespace bms::daly {
namespace {

using Group = ParameterGroup;
using Kind = ParameterKind;

constexpr A5Setting value(std::uint8_t command, std::uint8_t offset, std::uint8_t size, std::string_view name,
                          const Scale& scale, Kind kind, Group group, Risk risk, std::string_view words) {
  return {readable_parameter(name, scale, kind, group, risk, words), command, offset, size, scale};
}

/// One that grows by itself.
constexpr A5Setting total(std::uint8_t command, std::uint8_t offset, std::uint8_t size, std::string_view name,
                          const Scale& scale, Kind kind, Group group, Risk risk, std::string_view words) {
  A5Setting row = value(command, offset, size, name, scale, kind, group, risk, words);
  row.momentary = true;
  return row;
}

// Level 1 warns and level 2 opens a FET. Nothing is behind level 2 but the cells behind the pack, and the short circuit
// behind the discharge current.
// clang-format off
constexpr std::array settings_in_order = std::to_array<A5Setting>({
    value(0x50, 0, 4, "design_capacity",        scales::fine_capacity,          Kind::number, Group::capacity,     Risk::calibration,   "Rated capacity"),
    value(0x50, 4, 4, "nominal_cell",           scales::cell_voltage,           Kind::number, Group::hardware,     Risk::calibration,   "Nominal cell voltage"),
    total(0x52, 0, 4, "total_charge",           scales::total_charge,           Kind::number, Group::counters,     Risk::none,          "Charged over its life; the unit is assumed"),
    total(0x52, 4, 4, "total_discharge",        scales::total_charge,           Kind::number, Group::counters,     Risk::none,          "Discharged over its life; the unit is assumed"),
    value(0x53, 0, 1, "operation_mode",         scales::number,                 Kind::code,   Group::hardware,     Risk::safety,        "Operation mode, as the vendor numbers it"),
    value(0x53, 1, 1, "battery_type",           scales::number,                 Kind::code,   Group::hardware,     Risk::safety,        "0 LFP, 1 NMC, 2 LTO on newer boards"),
    value(0x53, 5, 2, "sleep_raw",              scales::number,                 Kind::number, Group::delays,       Risk::communication, "Sleep time, coded differently by firmware; 65535 is never"),
    value(0x59, 0, 2, "cell_high_l1",           scales::cell_voltage,           Kind::number, Group::cell_limits,  Risk::limits,        "Cell voltage of the high warning"),
    value(0x59, 2, 2, "cell_high_l2",           scales::cell_voltage,           Kind::number, Group::cell_limits,  Risk::safety,        "Cell voltage above which charging stops"),
    value(0x59, 4, 2, "cell_low_l1",            scales::cell_voltage,           Kind::number, Group::cell_limits,  Risk::limits,        "Cell voltage of the low warning"),
    value(0x59, 6, 2, "cell_low_l2",            scales::cell_voltage,           Kind::number, Group::cell_limits,  Risk::safety,        "Cell voltage below which discharging stops"),
    value(0x5A, 0, 2, "pack_high_l1",           scales::pack_voltage,           Kind::number, Group::pack_limits,  Risk::limits,        "Pack voltage of the high warning"),
    value(0x5A, 2, 2, "pack_high_l2",           scales::pack_voltage,           Kind::number, Group::pack_limits,  Risk::limits,        "Pack voltage above which charging stops"),
    value(0x5A, 4, 2, "pack_low_l1",            scales::pack_voltage,           Kind::number, Group::pack_limits,  Risk::limits,        "Pack voltage of the low warning"),
    value(0x5A, 6, 2, "pack_low_l2",            scales::pack_voltage,           Kind::number, Group::pack_limits,  Risk::limits,        "Pack voltage below which discharging stops"),
    value(0x5B, 0, 2, "charge_limit_l1",        scales::below_zero_current,     Kind::number, Group::currents,     Risk::limits,        "Charge current of the warning; the order of these four is not confirmed"),
    value(0x5B, 2, 2, "charge_limit_l2",        scales::below_zero_current,     Kind::number, Group::currents,     Risk::safety,        "Charge current above which charging stops"),
    value(0x5B, 4, 2, "discharge_limit_l1",     scales::above_zero_current,     Kind::number, Group::currents,     Risk::limits,        "Discharge current of the warning"),
    value(0x5B, 6, 2, "discharge_limit_l2",     scales::above_zero_current,     Kind::number, Group::currents,     Risk::limits,        "Discharge current above which discharging stops"),
    value(0x5C, 0, 1, "charge_temp_high_l1",    scales::temperature,            Kind::number, Group::temperatures, Risk::limits,        "Temperature of the charge warning, hot"),
    value(0x5C, 1, 1, "charge_temp_high_l2",    scales::temperature,            Kind::number, Group::temperatures, Risk::safety,        "Charging stops above this temperature"),
    value(0x5C, 2, 1, "charge_temp_low_l1",     scales::temperature,            Kind::number, Group::temperatures, Risk::limits,        "Temperature of the charge warning, cold"),
    value(0x5C, 3, 1, "charge_temp_low_l2",     scales::temperature,            Kind::number, Group::temperatures, Risk::safety,        "Charging stops below this temperature"),
    value(0x5C, 4, 1, "discharge_temp_high_l1", scales::temperature,            Kind::number, Group::temperatures, Risk::limits,        "Temperature of the discharge warning, hot"),
    value(0x5C, 5, 1, "discharge_temp_high_l2", scales::temperature,            Kind::number, Group::temperatures, Risk::safety,        "Discharging stops above this temperature"),
    value(0x5C, 6, 1, "discharge_temp_low_l1",  scales::temperature,            Kind::number, Group::temperatures, Risk::limits,        "Temperature of the discharge warning, cold"),
    value(0x5C, 7, 1, "discharge_temp_low_l2",  scales::temperature,            Kind::number, Group::temperatures, Risk::safety,        "Discharging stops below this temperature"),
    value(0x5D, 0, 2, "soc_high_l1",            scales::percent,                Kind::number, Group::capacity,     Risk::limits,        "State of charge of the high warning"),
    value(0x5D, 2, 2, "soc_high_l2",            scales::percent,                Kind::number, Group::capacity,     Risk::limits,        "State of charge of the high alarm"),
    value(0x5D, 4, 2, "soc_low_l1",             scales::percent,                Kind::number, Group::capacity,     Risk::limits,        "State of charge of the low warning"),
    value(0x5D, 6, 2, "soc_low_l2",             scales::percent,                Kind::number, Group::capacity,     Risk::limits,        "State of charge of the low alarm"),
    value(0x5E, 0, 2, "cell_diff_l1",           scales::cell_voltage,           Kind::number, Group::cell_limits,  Risk::limits,        "Difference between cells of the warning"),
    value(0x5E, 2, 2, "cell_diff_l2",           scales::cell_voltage,           Kind::number, Group::cell_limits,  Risk::limits,        "Difference between cells of the alarm"),
    value(0x5E, 4, 1, "temp_diff_l1",           scales::temperature_difference, Kind::number, Group::temperatures, Risk::limits,        "Difference between temperatures of the warning"),
    value(0x5E, 5, 1, "temp_diff_l2",           scales::temperature_difference, Kind::number, Group::temperatures, Risk::limits,        "Difference between temperatures of the alarm"),
    value(0x5F, 0, 2, "balance_start",          scales::cell_voltage,           Kind::number, Group::balancing,    Risk::limits,        "Balancing begins at this cell voltage"),
    value(0x5F, 2, 2, "balance_diff",           scales::cell_voltage,           Kind::number, Group::balancing,    Risk::limits,        "Difference between cells that is balanced"),
    value(0x60, 0, 2, "short_circuit",          scales::amperes,                Kind::number, Group::currents,     Risk::safety,        "Current that counts as a short circuit"),
    value(0x60, 2, 2, "sense_resistor",         scales::thousandths,            Kind::number, Group::calibration,  Risk::calibration,   "Resistance of the shunt, as the vendor's software shows it"),
});
// clang-format on

}  // namespace

std::span<const A5Setting> a5_settings() { return settings_in_order; }

double value_of(const A5Setting& setting, const Data& data) {
  std::uint32_t raw = 0;
  for (std::size_t at = 0; at < setting.size; ++at) raw = raw << 8U | data[setting.offset + at];
  return setting.scale.value(raw);
}

}  // namespace bms::daly
