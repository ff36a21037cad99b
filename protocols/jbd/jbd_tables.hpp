// What JBD boards can report, as tables: protection bits, warning bits, counters.
//
// Source: vendor text V11 (2023-03-21).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bms/alarm.hpp"

namespace bms::jbd {

/// One bit of the protection word (register 03, offset 16); 1 = the protection is active now.
struct ProtectionBit {
  std::string_view name;
  std::array<std::optional<Alarm>, 2> alarms;
  /// Whether the protection alone may have opened the FET. Where sources are vague, it may.
  bool opens_charge, opens_discharge;
};

inline constexpr std::array<ProtectionBit, 16> protection_bits{{
    {"cell_overvoltage", {Alarm::high_cell_voltage}, true, false},
    {"cell_undervoltage", {Alarm::low_cell_voltage}, false, true},
    {"pack_overvoltage", {Alarm::high_voltage}, true, false},
    {"pack_undervoltage", {Alarm::low_voltage}, false, true},
    {"charge_overtemperature", {Alarm::high_charge_temperature}, true, false},
    {"charge_undertemperature", {Alarm::low_charge_temperature}, true, false},
    {"discharge_overtemperature", {Alarm::high_temperature}, false, true},
    {"discharge_undertemperature", {Alarm::low_temperature}, false, true},
    {"charge_overcurrent", {Alarm::high_charge_current}, true, false},
    {"discharge_overcurrent", {Alarm::high_discharge_current}, false, true},
    {"short_circuit", {Alarm::high_discharge_current, Alarm::internal_failure}, true, true},
    {"afe_error", {Alarm::internal_failure}, true, true},
    // Somebody switched a FET off by register E1 or FB: no fault. The FET bits show the consequence.
    {"software_lock", {}, false, false},
    // Vendor text V11: the MOSFET is broken through. Other sources know these two as reserved or as time-outs.
    {"charge_mos_fault", {Alarm::internal_failure}, true, true},
    {"discharge_mos_fault", {Alarm::internal_failure}, true, true},
    {"reserved_15", {}, false, false},
}};

/// Boards with an address know other ones at the end (vendor text QM-UPS1601).
inline constexpr std::array<ProtectionBit, 16> addressed_protection_bits = [] {
  auto bits = protection_bits;
  bits[13] = {"ambient_overtemperature", {Alarm::high_charge_temperature, Alarm::high_temperature}, true, true};
  bits[14] = {"ambient_undertemperature", {Alarm::low_charge_temperature, Alarm::low_temperature}, true, true};
  bits[15] = {"mosfet_overtemperature", {Alarm::high_internal_temperature}, true, true};
  return bits;
}();

inline constexpr std::uint16_t software_lock_mask = 1U << 12U;

/// One bit of an alarm word: an early warning.
struct WarningBit {
  std::string_view name;
  std::array<std::optional<Alarm>, 2> alarms;
};

/// The alarm word of boards with an address (register 03, offset 22). Bit 15 is empty in the vendor's text.
inline constexpr std::array<WarningBit, 15> addressed_warning_bits{{
    {"cell_undervoltage", {Alarm::low_cell_voltage}},
    {"cell_overvoltage", {Alarm::high_cell_voltage}},
    {"pack_undervoltage", {Alarm::low_voltage}},
    {"pack_overvoltage", {Alarm::high_voltage}},
    {"charge_overcurrent", {Alarm::high_charge_current}},
    {"discharge_overcurrent", {Alarm::high_discharge_current}},
    {"charge_overtemperature", {Alarm::high_charge_temperature}},
    {"charge_undertemperature", {Alarm::low_charge_temperature}},
    {"discharge_overtemperature", {Alarm::high_temperature}},
    {"discharge_undertemperature", {Alarm::low_temperature}},
    {"ambient_overtemperature", {Alarm::high_charge_temperature, Alarm::high_temperature}},
    {"ambient_undertemperature", {Alarm::low_charge_temperature, Alarm::low_temperature}},
    {"mosfet_overtemperature", {Alarm::high_internal_temperature}},
    {"cell_difference", {Alarm::cell_imbalance}},
    {"soc_low", {Alarm::low_soc}},
}};

/// Bits 0..11 of the alarm status in the tail of register 03: early warnings. Bits 12..15 are reserved, and one healthy
/// board (DH04SC02) sends bit 15 all the time.
inline constexpr std::array<Alarm, 12> warning_bits{
    Alarm::high_cell_voltage,       Alarm::low_cell_voltage,       Alarm::high_voltage,     Alarm::low_voltage,
    Alarm::high_charge_temperature, Alarm::low_charge_temperature, Alarm::high_temperature, Alarm::low_temperature,
    Alarm::high_charge_current,     Alarm::high_discharge_current, Alarm::cell_imbalance,   Alarm::low_soc,
};

/// Counters of register AA in their order; the last one is missing on older firmware.
inline constexpr std::array<std::string_view, 12> error_count_names{
    "short_circuit",           "charge_overcurrent",        "discharge_overcurrent",
    "cell_overvoltage",        "cell_undervoltage",         "charge_overtemperature",
    "charge_undertemperature", "discharge_overtemperature", "discharge_undertemperature",
    "pack_overvoltage",        "pack_undervoltage",         "system_restarts",
};

/// Bit of register 2D that allows balancing; all sources agree on bits 2 and 3 alone.
inline constexpr std::uint16_t balancer_mask = 1U << 2U;
/// Bit of register 2D that makes currents and capacities ten times coarser (vendor text V11).
inline constexpr std::uint16_t unit_flag_mask = 1U << 12U;

}  // namespace bms::jbd
