// What JBD boards can report and be set to, as tables: protection bits, warning bits, counters, configuration
// registers.
//
// Sources: vendor text V11 (2023-03-21) for the bits; the register map of Eric Poulsen (FurTrader/OverkillSolarBMS,
// Comm_Protocol_Documentation) and captures of the vendor's application for the configuration registers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
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

enum class Access : std::uint8_t {
  read,  ///< never written by us
  read_write,
};

/// How a raw word becomes a number: (raw - offset) / counts_per_unit.
struct Scale {
  std::string_view unit;  ///< "" for counts and bits
  double counts_per_unit = 1;
  int offset = 0;
  bool is_signed = false;
  bool follows_unit_flag = false;  ///< ten times coarser when bit 12 of register 2D is set
  bool is_text = false;            ///< a length byte and a text instead of a word
};

namespace scales {
inline constexpr Scale number{.unit = ""};
inline constexpr Scale text{.unit = "", .is_text = true};
inline constexpr Scale cell_voltage{.unit = "V", .counts_per_unit = 1000};
inline constexpr Scale pack_voltage{.unit = "V", .counts_per_unit = 100};
inline constexpr Scale temperature{.unit = "°C", .counts_per_unit = 10, .offset = 2731};
inline constexpr Scale capacity{.unit = "Ah", .counts_per_unit = 100, .follows_unit_flag = true};
inline constexpr Scale current{.unit = "A", .counts_per_unit = 100, .is_signed = true, .follows_unit_flag = true};
inline constexpr Scale seconds{.unit = "s"};
}  // namespace scales

/// One configuration register. `min` and `max` are in the unit of the scale, without unit flag; with it both are ten
/// times as wide. Writes outside are refused; what a board already holds is read out whatever it is.
struct Parameter {
  std::uint8_t address;
  std::string_view name;
  Scale scale;
  double min, max;
  Access access;
  std::string_view description;
};

namespace detail {
using enum Access;
inline constexpr double any_word = std::numeric_limits<std::uint16_t>::max();
}  // namespace detail

// Read only stays what describes the hardware (a wrong value disables protections or falsifies measurements), what
// packs several values into one word in a way that differs between chips, and what sources do not agree on.
inline constexpr std::array<Parameter, 59> parameters{{
    // clang-format off
    {0x10, "design_capacity",                    scales::capacity,     0.1,   655.35, detail::read_write, "Rated capacity"},
    {0x11, "cycle_capacity",                     scales::capacity,     0.1,   655.35, detail::read_write, "Discharged charge that counts as one cycle, and the BMS's own idea of full"},
    {0x12, "cell_voltage_at_100_pct",            scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage taken as full"},
    {0x13, "cell_voltage_at_0_pct",              scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage taken as empty"},
    {0x14, "self_discharge",                     scales::number,       0,     detail::any_word, detail::read, "Self-discharge in 0.1 %, or own consumption in mA: sources differ"},
    {0x15, "production_date",                    scales::number,       0,     detail::any_word, detail::read, "Packed: day bits 0-4, month bits 5-8, year since 2000 bits 9-15"},
    {0x16, "serial_number",                      scales::number,       0,     detail::any_word, detail::read, "Often 0 on every board"},
    {0x17, "cycle_count",                        scales::number,       0,     detail::any_word, detail::read, "Full cycles so far"},
    {0x18, "charge_overtemperature",             scales::temperature,  0,     100,    detail::read_write, "Charging stops above"},
    {0x19, "charge_overtemperature_release",     scales::temperature,  -20,   100,    detail::read_write, "Charging resumes below"},
    {0x1A, "charge_undertemperature",            scales::temperature,  -40,   40,     detail::read_write, "Charging stops below"},
    {0x1B, "charge_undertemperature_release",    scales::temperature,  -40,   60,     detail::read_write, "Charging resumes above"},
    {0x1C, "discharge_overtemperature",          scales::temperature,  0,     100,    detail::read_write, "Discharging stops above"},
    {0x1D, "discharge_overtemperature_release",  scales::temperature,  -20,   100,    detail::read_write, "Discharging resumes below"},
    {0x1E, "discharge_undertemperature",         scales::temperature,  -40,   40,     detail::read_write, "Discharging stops below"},
    {0x1F, "discharge_undertemperature_release", scales::temperature,  -40,   60,     detail::read_write, "Discharging resumes above"},
    {0x20, "pack_overvoltage",                   scales::pack_voltage, 3,     144,    detail::read_write, "Charging stops above this pack voltage"},
    {0x21, "pack_overvoltage_release",           scales::pack_voltage, 3,     144,    detail::read_write, "Charging resumes below this pack voltage"},
    {0x22, "pack_undervoltage",                  scales::pack_voltage, 3,     144,    detail::read_write, "Discharging stops below this pack voltage"},
    {0x23, "pack_undervoltage_release",          scales::pack_voltage, 3,     144,    detail::read_write, "Discharging resumes above this pack voltage"},
    {0x24, "cell_overvoltage",                   scales::cell_voltage, 1.5,   4.5,    detail::read_write, "Charging stops above this cell voltage"},
    {0x25, "cell_overvoltage_release",           scales::cell_voltage, 1.5,   4.5,    detail::read_write, "Charging resumes below this cell voltage"},
    {0x26, "cell_undervoltage",                  scales::cell_voltage, 1.0,   4.0,    detail::read_write, "Discharging stops below this cell voltage"},
    {0x27, "cell_undervoltage_release",          scales::cell_voltage, 1.0,   4.0,    detail::read_write, "Discharging resumes above this cell voltage"},
    {0x28, "charge_overcurrent",                 scales::current,      0.1,   327.67, detail::read_write, "Charging stops above"},
    {0x29, "discharge_overcurrent",              scales::current,      -327.67, -0.1, detail::read_write, "Discharging stops beyond; negative, though some boards report it positive"},
    {0x2A, "balance_start",                      scales::cell_voltage, 1.5,   4.5,    detail::read_write, "Balancing begins at this cell voltage"},
    {0x2B, "balance_window",                     scales::cell_voltage, 0.005, 0.5,    detail::read_write, "Difference between cells that is balanced"},
    {0x2C, "shunt",                              scales::number,       0,     detail::any_word, detail::read, "Shunt in 0.1 mΩ, in 0.01 mΩ when bit 15 is set"},
    {0x2D, "function_config",                    scales::number,       0,     detail::any_word, detail::read, "Bits: 0 switch, 1 load detection, 2 balancer, 3 balance only while charging, 4 LED, 5 LED count, 12 unit flag"},
    {0x2E, "ntc_config",                         scales::number,       0,     detail::any_word, detail::read, "Temperature sensors in use, bit 0 = the first"},
    {0x2F, "cell_count",                         scales::number,       0,     detail::any_word, detail::read, "Cells in series"},
    {0x30, "fet_control_time",                   scales::seconds,      0,     detail::any_word, detail::read, "FET control time"},
    {0x31, "led_time",                           scales::seconds,      0,     detail::any_word, detail::read, "How long the LEDs stay on"},
    {0x32, "cell_voltage_at_80_pct",             scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 80 %"},
    {0x33, "cell_voltage_at_60_pct",             scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 60 %"},
    {0x34, "cell_voltage_at_40_pct",             scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 40 %"},
    {0x35, "cell_voltage_at_20_pct",             scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 20 %"},
    {0x36, "hardware_cell_overvoltage",          scales::cell_voltage, 0,     65.535, detail::read, "Last resort of the measuring chip"},
    {0x37, "hardware_cell_undervoltage",         scales::cell_voltage, 0,     65.535, detail::read, "Last resort of the measuring chip"},
    {0x38, "short_circuit_config",               scales::number,       0,     detail::any_word, detail::read, "High byte short circuit, low byte second over-current; codes of the chip"},
    {0x39, "hardware_delays",                    scales::number,       0,     detail::any_word, detail::read, "High byte over- and under-voltage delays, low byte short circuit release in s"},
    {0x3A, "charge_temperature_delays",          scales::number,       0,     detail::any_word, detail::read, "High byte under, low byte over, in s"},
    {0x3B, "discharge_temperature_delays",       scales::number,       0,     detail::any_word, detail::read, "High byte under, low byte over, in s"},
    {0x3C, "pack_voltage_delays",                scales::number,       0,     detail::any_word, detail::read, "High byte under, low byte over, in s"},
    {0x3D, "cell_voltage_delays",                scales::number,       0,     detail::any_word, detail::read, "High byte under, low byte over, in s"},
    {0x3E, "charge_overcurrent_delays",          scales::number,       0,     detail::any_word, detail::read, "High byte delay, low byte release, in s"},
    {0x3F, "discharge_overcurrent_delays",       scales::number,       0,     detail::any_word, detail::read, "High byte delay, low byte release, in s"},
    {0x40, "gps_cutoff_voltage",                 scales::cell_voltage, 0,     65.535, detail::read, "Voltage below which a GPS tracker is switched off"},
    {0x41, "gps_cutoff_delay",                   scales::seconds,      0,     detail::any_word, detail::read, "Delay of the same"},
    {0x42, "cell_voltage_at_90_pct",             scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 90 %; firmware 2.0 and newer, like the next five"},
    {0x43, "cell_voltage_at_70_pct",             scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 70 %"},
    {0x44, "cell_voltage_at_50_pct",             scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 50 %"},
    {0x45, "cell_voltage_at_30_pct",             scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 30 %"},
    {0x46, "cell_voltage_at_10_pct",             scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 10 %"},
    {0x47, "cell_voltage_at_full",               scales::cell_voltage, 1.0,   4.5,    detail::read_write, "Resting cell voltage at 100 %, newer firmware"},
    {0xA0, "manufacturer",                       scales::text,         0,     31,     detail::read, "Name of the manufacturer"},
    {0xA1, "device_name",                        scales::text,         0,     31,     detail::read, "Name of the model"},
    {0xA2, "barcode",                            scales::text,         0,     31,     detail::read, "Often empty"},
    // clang-format on
}};

/// Bit of register 2D that allows balancing; all sources agree on bits 2 and 3 alone.
inline constexpr std::uint16_t balancer_mask = 1U << 2U;
/// Bit of register 2D that makes currents and capacities ten times coarser (vendor text V11).
inline constexpr std::uint16_t unit_flag_mask = 1U << 12U;

}  // namespace bms::jbd
