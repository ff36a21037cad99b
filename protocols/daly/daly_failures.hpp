// The failure bits of command 0x98, which the registers 0x3A to 0x3D of the newer protocol repeat, and the alarms that
// they raise.
//
// Sources: Daly "UART/485 Communications Protocol V1.2"; D6 bit 4 from Daly's Modbus table, captured together with a
// discharge FET that is off.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bms/alarm.hpp"

namespace bms::daly {

/// What one bit or level means. Without an alarm it is for the log alone.
struct Failure {
  std::string_view name;
  std::optional<Alarm> alarm{};
  AlarmLevel level = AlarmLevel::ok;
};

/// One bit of the seven failure bytes; `bit` counts from bit 0 of D0.
struct FailureBit {
  std::size_t bit;
  Failure failure;
};

namespace detail {
inline constexpr auto warning = AlarmLevel::warning;
inline constexpr auto alarm = AlarmLevel::alarm;
}  // namespace detail

// Level 1 is a warning; at level 2 a protection has acted. A fault of the BMS itself comes without levels.
inline constexpr std::array<FailureBit, 49> failure_bits{{
    {0, {"cell_voltage_high_l1", Alarm::high_cell_voltage, detail::warning}},
    {1, {"cell_voltage_high_l2", Alarm::high_cell_voltage, detail::alarm}},
    {2, {"cell_voltage_low_l1", Alarm::low_cell_voltage, detail::warning}},
    {3, {"cell_voltage_low_l2", Alarm::low_cell_voltage, detail::alarm}},
    {4, {"pack_voltage_high_l1", Alarm::high_voltage, detail::warning}},
    {5, {"pack_voltage_high_l2", Alarm::high_voltage, detail::alarm}},
    {6, {"pack_voltage_low_l1", Alarm::low_voltage, detail::warning}},
    {7, {"pack_voltage_low_l2", Alarm::low_voltage, detail::alarm}},
    {8, {"charge_temp_high_l1", Alarm::high_charge_temperature, detail::warning}},
    {9, {"charge_temp_high_l2", Alarm::high_charge_temperature, detail::alarm}},
    {10, {"charge_temp_low_l1", Alarm::low_charge_temperature, detail::warning}},
    {11, {"charge_temp_low_l2", Alarm::low_charge_temperature, detail::alarm}},
    {12, {"discharge_temp_high_l1", Alarm::high_temperature, detail::warning}},
    {13, {"discharge_temp_high_l2", Alarm::high_temperature, detail::alarm}},
    {14, {"discharge_temp_low_l1", Alarm::low_temperature, detail::warning}},
    {15, {"discharge_temp_low_l2", Alarm::low_temperature, detail::alarm}},
    {16, {"charge_overcurrent_l1", Alarm::high_charge_current, detail::warning}},
    {17, {"charge_overcurrent_l2", Alarm::high_charge_current, detail::alarm}},
    {18, {"discharge_overcurrent_l1", Alarm::high_discharge_current, detail::warning}},
    {19, {"discharge_overcurrent_l2", Alarm::high_discharge_current, detail::alarm}},
    {20, {"soc_high_l1"}},
    {21, {"soc_high_l2"}},
    {22, {"soc_low_l1", Alarm::low_soc, detail::warning}},
    {23, {"soc_low_l2", Alarm::low_soc, detail::alarm}},
    {24, {"cell_voltage_diff_l1", Alarm::cell_imbalance, detail::warning}},
    {25, {"cell_voltage_diff_l2", Alarm::cell_imbalance, detail::alarm}},
    {26, {"temp_diff_l1"}},
    {27, {"temp_diff_l2"}},
    {32, {"charge_mos_overtemp", Alarm::high_internal_temperature, detail::alarm}},
    {33, {"discharge_mos_overtemp", Alarm::high_internal_temperature, detail::alarm}},
    {34, {"charge_mos_temp_sensor_fault", Alarm::internal_failure, detail::alarm}},
    {35, {"discharge_mos_temp_sensor_fault", Alarm::internal_failure, detail::alarm}},
    {36, {"charge_mos_adhesion", Alarm::internal_failure, detail::alarm}},
    {37, {"discharge_mos_adhesion", Alarm::internal_failure, detail::alarm}},
    {38, {"charge_mos_open_circuit", Alarm::internal_failure, detail::alarm}},
    {39, {"discharge_mos_open_circuit", Alarm::internal_failure, detail::alarm}},
    {40, {"afe_fault", Alarm::internal_failure, detail::alarm}},
    {41, {"cell_sense_dropped", Alarm::internal_failure, detail::alarm}},
    {42, {"cell_temp_sensor_fault", Alarm::internal_failure, detail::alarm}},
    {43, {"eeprom_fault", Alarm::internal_failure, detail::warning}},
    {44, {"rtc_fault", Alarm::internal_failure, detail::warning}},
    {45, {"precharge_failure", Alarm::internal_failure, detail::warning}},
    {46, {"vehicle_comm_failure"}},  // says only that there is no vehicle
    {47, {"internal_comm_failure", Alarm::internal_failure, detail::alarm}},
    {48, {"current_module_fault", Alarm::internal_failure, detail::alarm}},
    {49, {"pack_voltage_sense_fault", Alarm::internal_failure, detail::alarm}},
    {50, {"short_circuit", Alarm::internal_failure, detail::alarm}},
    {51, {"low_voltage_charge_inhibit", Alarm::low_voltage, detail::alarm}},
    {52, {"mos_off_by_gps_or_switch"}},  // somebody's wish, no fault
}};

/// The BMS forbids charging because the pack's voltage is too low.
inline constexpr std::size_t charge_inhibit_bit = 51;

/// Every alarm that the bits can raise, at the level that `bits` (D0 lowest) raise it to.
[[nodiscard]] constexpr Alarms alarms_of_failures(std::uint64_t bits) {
  Alarms alarms;
  for (const auto& [bit, failure] : failure_bits)
    if (failure.alarm) alarms.raise(*failure.alarm, (bits >> bit & 1U) != 0 ? failure.level : AlarmLevel::ok);
  return alarms;
}

}  // namespace bms::daly
