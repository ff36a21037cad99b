// The failure bits of a Daly board (command 0x98 of Daly's UART paper V1.2): what each is called, which FET it opens,
// and where a board with the register map 81 reports it (patagonaa/esphome-daly-hkms-bms).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bms::sim {

struct DalyFailure {
  std::string_view name;
  std::size_t bit;  ///< counted from bit 0 of D0
  bool opens_charge = false;
  bool opens_discharge = false;
  std::uint16_t register_81 = 0;  ///< 0: the map has no such failure
  unsigned value_81 = 0;          ///< what is set there: a level in its field, or a flag
};

// Levels have fields of three bits, flags stand alone.
constexpr unsigned level(unsigned of, unsigned at) { return of << at; }
constexpr unsigned flag(unsigned at) { return 1U << at; }

inline constexpr std::array<DalyFailure, 49> daly_failures{{
    {"cell_voltage_high_l1", 0, false, false, 0x6D, level(1, 0)},
    {"cell_voltage_high_l2", 1, true, false, 0x6D, level(2, 0)},
    {"cell_voltage_low_l1", 2, false, false, 0x6D, level(1, 3)},
    {"cell_voltage_low_l2", 3, false, true, 0x6D, level(2, 3)},
    {"pack_voltage_high_l1", 4, false, false, 0x6F, level(1, 0)},
    {"pack_voltage_high_l2", 5, true, false, 0x6F, level(2, 0)},
    {"pack_voltage_low_l1", 6, false, false, 0x6F, level(1, 3)},
    {"pack_voltage_low_l2", 7, false, true, 0x6F, level(2, 3)},
    {"charge_temp_high_l1", 8, false, false, 0x6D, level(1, 11)},
    {"charge_temp_high_l2", 9, true, false, 0x6D, level(2, 11)},
    {"charge_temp_low_l1", 10, false, false, 0x6E, level(1, 0)},
    {"charge_temp_low_l2", 11, true, false, 0x6E, level(2, 0)},
    {"discharge_temp_high_l1", 12, false, false, 0x6E, level(1, 3)},
    {"discharge_temp_high_l2", 13, false, true, 0x6E, level(2, 3)},
    {"discharge_temp_low_l1", 14, false, false, 0x6E, level(1, 8)},
    {"discharge_temp_low_l2", 15, false, true, 0x6E, level(2, 8)},
    {"charge_overcurrent_l1", 16, false, false, 0x6F, level(1, 8)},
    {"charge_overcurrent_l2", 17, true, false, 0x6F, level(2, 8)},
    {"discharge_overcurrent_l1", 18, false, false, 0x6F, level(1, 11)},
    {"discharge_overcurrent_l2", 19, false, true, 0x6F, level(2, 11)},
    {"soc_high_l1", 20},
    {"soc_high_l2", 21},
    {"soc_low_l1", 22, false, false, 0x70, level(1, 0)},
    {"soc_low_l2", 23, false, false, 0x70, level(2, 0)},
    {"cell_voltage_diff_l1", 24, false, false, 0x6D, level(1, 8)},
    {"cell_voltage_diff_l2", 25, false, false, 0x6D, level(2, 8)},
    {"temp_diff_l1", 26, false, false, 0x6E, level(1, 11)},
    {"temp_diff_l2", 27, false, false, 0x6E, level(2, 11)},
    {"charge_mos_overtemp", 32, true, false, 0x6E, flag(6)},
    {"discharge_mos_overtemp", 33, false, true, 0x6E, flag(14)},
    {"charge_mos_temp_sensor_fault", 34, false, false, 0x6E, flag(7)},
    {"discharge_mos_temp_sensor_fault", 35, false, false, 0x6E, flag(15)},
    {"charge_mos_adhesion", 36},
    {"discharge_mos_adhesion", 37},
    {"charge_mos_open_circuit", 38},
    {"discharge_mos_open_circuit", 39},
    {"afe_fault", 40, true, true, 0x72, flag(8)},
    {"cell_sense_dropped", 41, true, false, 0x72, flag(12)},
    {"cell_temp_sensor_fault", 42, false, false, 0x72, flag(15)},
    {"eeprom_fault", 43, false, false, 0x73, flag(1)},
    {"rtc_fault", 44, false, false, 0x73, flag(3)},
    {"precharge_failure", 45, false, false, 0x73, flag(7)},
    {"vehicle_comm_failure", 46},
    {"internal_comm_failure", 47},
    {"current_module_fault", 48, false, false, 0x72, flag(14)},
    {"pack_voltage_sense_fault", 49, false, false, 0x72, flag(13)},
    {"short_circuit", 50, true, true, 0x6F, flag(6)},
    {"low_voltage_charge_inhibit", 51, true, false, 0x6F, flag(14)},
    {"mos_off_by_gps_or_switch", 52},
}};

inline constexpr std::size_t daly_off_by_switch = 52;

}  // namespace bms::sim
