// What boards of the UP series can report, as tables: fault bits and warning bits.
//
// Sources: the tables of syssi/esphome-jbd-bms, components/jbd_bms_up_pack, and of the UP16S driver of
// mr-manuel/venus-os_dbus-serialbattery, which agree.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "bms/alarm.hpp"

namespace bms::jbd::up {

/// One bit of the fault or of the warning word.
struct StatusBit {
  std::string_view name;
  std::array<std::optional<Alarm>, 2> alarms;
};

/// Faults: the BMS has acted.
inline constexpr std::array<StatusBit, 28> fault_bits{{
    {"cell_overvoltage", {Alarm::high_cell_voltage}},
    {"cell_undervoltage", {Alarm::low_cell_voltage}},
    {"pack_overvoltage", {Alarm::high_voltage}},
    {"pack_undervoltage", {Alarm::low_voltage}},
    {"charge_overcurrent", {Alarm::high_charge_current}},
    {"charge_overcurrent_2", {Alarm::high_charge_current}},
    {"discharge_overcurrent", {Alarm::high_discharge_current}},
    {"discharge_overcurrent_2", {Alarm::high_discharge_current}},
    {"charge_overtemperature", {Alarm::high_charge_temperature}},
    {"charge_undertemperature", {Alarm::low_charge_temperature}},
    {"discharge_overtemperature", {Alarm::high_temperature}},
    {"discharge_undertemperature", {Alarm::low_temperature}},
    {"mosfet_overtemperature", {Alarm::high_internal_temperature}},
    {"ambient_overtemperature", {Alarm::high_charge_temperature, Alarm::high_temperature}},
    {"ambient_undertemperature", {Alarm::low_charge_temperature, Alarm::low_temperature}},
    {"cell_difference", {Alarm::cell_imbalance}},
    // One sensor is far from the others: there is no alarm of its own for that.
    {"temperature_difference", {Alarm::temperature_sensor}},
    {"soc_low", {Alarm::low_soc}},
    {"short_circuit", {Alarm::high_discharge_current, Alarm::internal_failure}},
    {"cell_offline", {Alarm::internal_failure}},
    {"temperature_sensor_fault", {Alarm::temperature_sensor, Alarm::internal_failure}},
    {"charge_mos_fault", {Alarm::internal_failure}},
    {"discharge_mos_fault", {Alarm::internal_failure}},
    {"current_limiter_fault", {Alarm::internal_failure}},
    {"aerosol_fault", {Alarm::internal_failure}},
    // The pack is full, which is not a fault. The charge FET shows what follows from it.
    {"full", {}},
    {"afe_error", {Alarm::internal_failure}},
    {"reversed", {Alarm::internal_failure}},
}};

/// Bits beyond the table mean a fault that nobody has described: it is shown, as a warning.
inline constexpr Alarm unknown_fault = Alarm::internal_failure;

/// Warnings. What lies beyond the table is not shown: boards were seen that send such bits for nothing.
inline constexpr std::array<StatusBit, 19> warning_bits{{
    {"cell_overvoltage", {Alarm::high_cell_voltage}},
    {"cell_undervoltage", {Alarm::low_cell_voltage}},
    {"pack_overvoltage", {Alarm::high_voltage}},
    {"pack_undervoltage", {Alarm::low_voltage}},
    {"charge_overcurrent", {Alarm::high_charge_current}},
    {"discharge_overcurrent", {Alarm::high_discharge_current}},
    {"charge_overtemperature", {Alarm::high_charge_temperature}},
    {"charge_undertemperature", {Alarm::low_charge_temperature}},
    {"discharge_overtemperature", {Alarm::high_temperature}},
    {"discharge_undertemperature", {Alarm::low_temperature}},
    {"mosfet_overtemperature", {Alarm::high_internal_temperature}},
    {"ambient_overtemperature", {Alarm::high_charge_temperature, Alarm::high_temperature}},
    {"ambient_undertemperature", {Alarm::low_charge_temperature, Alarm::low_temperature}},
    {"cell_difference", {Alarm::cell_imbalance}},
    {"temperature_difference", {Alarm::temperature_sensor}},
    {"soc_low", {Alarm::low_soc}},
    {"eeprom_fault", {Alarm::internal_failure}},
    {"rtc_fault", {Alarm::internal_failure}},
    {"full", {}},
}};

}  // namespace bms::jbd::up
