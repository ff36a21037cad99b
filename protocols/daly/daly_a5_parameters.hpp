// The settings that an 0xA5 board reports, as a table. None of them is ever written: the orders that would (0x10 to
// 0x1F) change protection limits, and their layout is known from one source only.
//
// Sources: matthewgream/DalyBMSInterface, src/DalyBMSRequestResponseTypes.hpp; payloads logged on CAN
// (diysolarforum.com, thread 65439); jallum/dalymon, dalymon.ino; softwarecrash/Daly2MQTT, src/daly.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daly/daly_a5_frame.hpp"

namespace bms::daly {

/// How raw counts become a number: (raw - offset) / counts_per_unit.
struct Scale {
  std::string_view unit;    ///< "" for plain numbers
  std::string_view suffix;  ///< of the key in explanations
  double counts_per_unit = 1;
  int offset = 0;
};

namespace scales {
inline constexpr Scale number{.unit = "", .suffix = ""};
inline constexpr Scale cell_voltage{.unit = "V", .suffix = "_v", .counts_per_unit = 1000};
inline constexpr Scale pack_voltage{.unit = "V", .suffix = "_v", .counts_per_unit = 10};
inline constexpr Scale fine_capacity{.unit = "Ah", .suffix = "_ah", .counts_per_unit = 1000};
inline constexpr Scale capacity{.unit = "Ah", .suffix = "_ah", .counts_per_unit = 10};
inline constexpr Scale total_charge{.unit = "Ah", .suffix = "_ah"};
inline constexpr Scale percent{.unit = "%", .suffix = "_pct", .counts_per_unit = 10};
inline constexpr Scale temperature{.unit = "°C", .suffix = "_c", .offset = 40};
inline constexpr Scale temperature_difference{.unit = "°C", .suffix = "_c"};
inline constexpr Scale amperes{.unit = "A", .suffix = "_a"};
/// Currents are sent around 30000; limits are shown as amounts.
inline constexpr Scale below_zero_current{.unit = "A", .suffix = "_a", .counts_per_unit = -10, .offset = 30000};
inline constexpr Scale above_zero_current{.unit = "A", .suffix = "_a", .counts_per_unit = 10, .offset = 30000};
inline constexpr Scale thousandths{.unit = "", .suffix = "", .counts_per_unit = 1000};
inline constexpr Scale seconds{.unit = "s", .suffix = "_s"};
}  // namespace scales

/// One number in the answer to a command.
struct Parameter {
  std::uint8_t command;
  std::uint8_t offset;  ///< of its first data byte
  std::uint8_t size;    ///< in bytes
  std::string_view name;
  Scale scale;
  std::string_view description;
};

inline constexpr std::array a5_parameters = std::to_array<Parameter>({
    // clang-format off
    {0x50, 0, 4, "design_capacity",        scales::fine_capacity, "Rated capacity"},
    {0x50, 4, 4, "nominal_cell",           scales::cell_voltage,  "Nominal cell voltage"},
    {0x52, 0, 4, "total_charge",           scales::total_charge,  "Charged over its life; the unit is assumed"},
    {0x52, 4, 4, "total_discharge",        scales::total_charge,  "Discharged over its life; the unit is assumed"},
    {0x53, 0, 1, "operation_mode",         scales::number,        "Operation mode, as the vendor numbers it"},
    {0x53, 1, 1, "battery_type",           scales::number,        "0 LFP, 1 NMC, 2 LTO on newer boards"},
    {0x53, 5, 2, "sleep_raw",              scales::number,        "Sleep time, coded differently by firmware; 65535 is never"},
    {0x59, 0, 2, "cell_high_l1",           scales::cell_voltage,  "Cell voltage of the high warning"},
    {0x59, 2, 2, "cell_high_l2",           scales::cell_voltage,  "Cell voltage above which charging stops"},
    {0x59, 4, 2, "cell_low_l1",            scales::cell_voltage,  "Cell voltage of the low warning"},
    {0x59, 6, 2, "cell_low_l2",            scales::cell_voltage,  "Cell voltage below which discharging stops"},
    {0x5A, 0, 2, "pack_high_l1",           scales::pack_voltage,  "Pack voltage of the high warning"},
    {0x5A, 2, 2, "pack_high_l2",           scales::pack_voltage,  "Pack voltage above which charging stops"},
    {0x5A, 4, 2, "pack_low_l1",            scales::pack_voltage,  "Pack voltage of the low warning"},
    {0x5A, 6, 2, "pack_low_l2",            scales::pack_voltage,  "Pack voltage below which discharging stops"},
    {0x5B, 0, 2, "charge_limit_l1",        scales::below_zero_current, "Charge current of the warning; the order of these four is not confirmed"},
    {0x5B, 2, 2, "charge_limit_l2",        scales::below_zero_current, "Charge current above which charging stops"},
    {0x5B, 4, 2, "discharge_limit_l1",     scales::above_zero_current, "Discharge current of the warning"},
    {0x5B, 6, 2, "discharge_limit_l2",     scales::above_zero_current, "Discharge current above which discharging stops"},
    {0x5C, 0, 1, "charge_temp_high_l1",    scales::temperature,   "Temperature of the charge warning, hot"},
    {0x5C, 1, 1, "charge_temp_high_l2",    scales::temperature,   "Charging stops above"},
    {0x5C, 2, 1, "charge_temp_low_l1",     scales::temperature,   "Temperature of the charge warning, cold"},
    {0x5C, 3, 1, "charge_temp_low_l2",     scales::temperature,   "Charging stops below"},
    {0x5C, 4, 1, "discharge_temp_high_l1", scales::temperature,   "Temperature of the discharge warning, hot"},
    {0x5C, 5, 1, "discharge_temp_high_l2", scales::temperature,   "Discharging stops above"},
    {0x5C, 6, 1, "discharge_temp_low_l1",  scales::temperature,   "Temperature of the discharge warning, cold"},
    {0x5C, 7, 1, "discharge_temp_low_l2",  scales::temperature,   "Discharging stops below"},
    {0x5D, 0, 2, "soc_high_l1",            scales::percent,       "State of charge of the high warning"},
    {0x5D, 2, 2, "soc_high_l2",            scales::percent,       "The same, level 2"},
    {0x5D, 4, 2, "soc_low_l1",             scales::percent,       "State of charge of the low warning"},
    {0x5D, 6, 2, "soc_low_l2",             scales::percent,       "The same, level 2"},
    {0x5E, 0, 2, "cell_diff_l1",           scales::cell_voltage,  "Difference between cells of the warning"},
    {0x5E, 2, 2, "cell_diff_l2",           scales::cell_voltage,  "The same, level 2"},
    {0x5E, 4, 1, "temp_diff_l1",           scales::temperature_difference, "Difference between temperatures of the warning"},
    {0x5E, 5, 1, "temp_diff_l2",           scales::temperature_difference, "The same, level 2"},
    {0x5F, 0, 2, "balance_start",          scales::cell_voltage,  "Balancing begins at this cell voltage"},
    {0x5F, 2, 2, "balance_diff",           scales::cell_voltage,  "Difference between cells that is balanced"},
    {0x60, 0, 2, "short_circuit",          scales::amperes,       "Current that counts as a short circuit"},
    {0x60, 2, 2, "sense_resistor",         scales::thousandths,   "Resistance of the shunt, as the vendor's software shows it"},
    // clang-format on
});

/// The value in the unit of the table.
[[nodiscard]] constexpr double value_of(const Parameter& parameter, const Data& data) {
  std::uint32_t raw = 0;
  for (std::size_t at = 0; at < parameter.size; ++at) raw = raw << 8U | data[parameter.offset + at];
  // The sum keeps a zero current from being negative.
  return (static_cast<double>(raw) - parameter.scale.offset) / parameter.scale.counts_per_unit + 0.0;
}

}  // namespace bms::daly
