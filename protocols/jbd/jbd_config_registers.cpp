// The configuration registers of JBD boards as a table.
//
// Sources: the register map of Eric Poulsen (FurTrader/OverkillSolarBMS, Comm_Protocol_Documentation), vendor text V11,
// and captures of the vendor's application.
#include <array>
#include <string_view>

#include "jbd/jbd_parameters.hpp"
#include "parameters.hpp"

namespace bms::jbd {
namespace {

using Group = ParameterGroup;
using Kind = ParameterKind;

constexpr Scale number{};
constexpr Scale cell_voltage{.unit = "V", .counts_per_unit = 1000};
constexpr Scale pack_voltage{.unit = "V", .counts_per_unit = 100};
constexpr Scale temperature{.unit = "°C", .counts_per_unit = 10, .offset = 2731};
constexpr Scale capacity{.unit = "Ah", .counts_per_unit = 100};
constexpr Scale current{.unit = "A", .counts_per_unit = 100, .is_signed = true};
constexpr Scale seconds{.unit = "s"};

constexpr Range full_cell{1.0, 4.5};
constexpr Range high_cell{1.5, 4.5};
constexpr Range low_cell{1.0, 4.0};
constexpr Range any_pack{3, 144};
constexpr Range hot{0, 100};
constexpr Range hot_release{-20, 100};
constexpr Range cold{-40, 40};
constexpr Range cold_release{-40, 60};

constexpr ConfigRegister writable(std::uint8_t address, std::string_view name, const Scale& scale, Range range,
                                  Group group, Risk risk, std::string_view words) {
  return {writable_parameter(name, scale, range, group, risk, words), address, scale};
}

/// One that is counted in steps ten times as large where the board has its unit flag set.
constexpr ConfigRegister amount(std::uint8_t address, std::string_view name, const Scale& scale, Range range,
                                Group group, Risk risk, std::string_view words) {
  ConfigRegister row = writable(address, name, scale, range, group, risk, words);
  row.coarser = 10;
  return row;
}

constexpr ConfigRegister readable(std::uint8_t address, std::string_view name, const Scale& scale, Kind kind,
                                  Group group, Risk risk, std::string_view words) {
  return {readable_parameter(name, scale, kind, group, risk, words), address, scale};
}

// Read only stays what describes the hardware (a wrong value disables protections or falsifies measurements), what
// packs several values into one word in a way that differs between chips, and what sources do not agree on.
//
// Behind the limits of cells, pack and discharge current the measuring chip has limits of its own (36 to 38). Nothing
// is behind those of temperatures and of the charge current.
// clang-format off
constexpr std::array registers_in_order = std::to_array<ConfigRegister>({
    amount(  0x10, "design_capacity",                    capacity,     {0.1, 655.35},   Group::capacity,     Risk::calibration, "Rated capacity"),
    amount(  0x11, "cycle_capacity",                     capacity,     {0.1, 655.35},   Group::capacity,     Risk::calibration, "Discharged charge that counts as one cycle, and the BMS's own idea of full"),
    writable(0x12, "cell_voltage_at_100_pct",            cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage taken as full"),
    writable(0x13, "cell_voltage_at_0_pct",              cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage taken as empty"),
    readable(0x14, "self_discharge",                     number,       Kind::number,    Group::capacity,     Risk::calibration, "Self-discharge in 0.1 %, or own consumption in mA: sources differ"),
    readable(0x15, "production_date",                    number,       Kind::bits,      Group::identity,     Risk::never,       "Packed: day bits 0-4, month bits 5-8, year since 2000 bits 9-15"),
    readable(0x16, "serial_number",                      number,       Kind::count,     Group::identity,     Risk::never,       "Often 0 on every board"),
    readable(0x17, "cycle_count",                        number,       Kind::count,     Group::counters,     Risk::none,        "Full cycles so far"),
    writable(0x18, "charge_overtemperature",             temperature,  hot,             Group::temperatures, Risk::safety,      "Charging stops above this temperature"),
    writable(0x19, "charge_overtemperature_release",     temperature,  hot_release,     Group::temperatures, Risk::safety,      "Charging resumes below this temperature"),
    writable(0x1A, "charge_undertemperature",            temperature,  cold,            Group::temperatures, Risk::safety,      "Charging stops below this temperature"),
    writable(0x1B, "charge_undertemperature_release",    temperature,  cold_release,    Group::temperatures, Risk::safety,      "Charging resumes above this temperature"),
    writable(0x1C, "discharge_overtemperature",          temperature,  hot,             Group::temperatures, Risk::safety,      "Discharging stops above this temperature"),
    writable(0x1D, "discharge_overtemperature_release",  temperature,  hot_release,     Group::temperatures, Risk::safety,      "Discharging resumes below this temperature"),
    writable(0x1E, "discharge_undertemperature",         temperature,  cold,            Group::temperatures, Risk::safety,      "Discharging stops below this temperature"),
    writable(0x1F, "discharge_undertemperature_release", temperature,  cold_release,    Group::temperatures, Risk::safety,      "Discharging resumes above this temperature"),
    writable(0x20, "pack_overvoltage",                   pack_voltage, any_pack,        Group::pack_limits,  Risk::limits,      "Charging stops above this pack voltage"),
    writable(0x21, "pack_overvoltage_release",           pack_voltage, any_pack,        Group::pack_limits,  Risk::limits,      "Charging resumes below this pack voltage"),
    writable(0x22, "pack_undervoltage",                  pack_voltage, any_pack,        Group::pack_limits,  Risk::limits,      "Discharging stops below this pack voltage"),
    writable(0x23, "pack_undervoltage_release",          pack_voltage, any_pack,        Group::pack_limits,  Risk::limits,      "Discharging resumes above this pack voltage"),
    writable(0x24, "cell_overvoltage",                   cell_voltage, high_cell,       Group::cell_limits,  Risk::limits,      "Charging stops above this cell voltage"),
    writable(0x25, "cell_overvoltage_release",           cell_voltage, high_cell,       Group::cell_limits,  Risk::limits,      "Charging resumes below this cell voltage"),
    writable(0x26, "cell_undervoltage",                  cell_voltage, low_cell,        Group::cell_limits,  Risk::limits,      "Discharging stops below this cell voltage"),
    writable(0x27, "cell_undervoltage_release",          cell_voltage, low_cell,        Group::cell_limits,  Risk::limits,      "Discharging resumes above this cell voltage"),
    amount(  0x28, "charge_overcurrent",                 current,      {0.1, 327.67},   Group::currents,     Risk::safety,      "Charging stops above this current"),
    amount(  0x29, "discharge_overcurrent",              current,      {-327.67, -0.1}, Group::currents,     Risk::limits,      "Discharging stops beyond this current; negative, though some boards report it positive"),
    writable(0x2A, "balance_start",                      cell_voltage, high_cell,       Group::balancing,    Risk::limits,      "Balancing begins at this cell voltage"),
    writable(0x2B, "balance_window",                     cell_voltage, {0.005, 0.5},    Group::balancing,    Risk::limits,      "Difference between cells that is balanced"),
    readable(0x2C, "shunt",                              number,       Kind::bits,      Group::calibration,  Risk::calibration, "Shunt in 0.1 mΩ, in 0.01 mΩ when bit 15 is set"),
    readable(0x2D, "function_config",                    number,       Kind::bits,      Group::hardware,     Risk::safety,      "Bits: 0 switch, 1 load detection, 2 balancer, 3 balance only while charging, 4 LED, 5 LED count, 12 unit flag"),
    readable(0x2E, "ntc_config",                         number,       Kind::bits,      Group::hardware,     Risk::safety,      "Temperature sensors in use, bit 0 = the first"),
    readable(0x2F, "cell_count",                         number,       Kind::count,     Group::hardware,     Risk::safety,      "Cells in series"),
    readable(0x30, "fet_control_time",                   seconds,      Kind::number,    Group::delays,       Risk::safety,      "FET control time"),
    readable(0x31, "led_time",                           seconds,      Kind::number,    Group::outputs,      Risk::none,        "How long the LEDs stay on"),
    writable(0x32, "cell_voltage_at_80_pct",             cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 80 %"),
    writable(0x33, "cell_voltage_at_60_pct",             cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 60 %"),
    writable(0x34, "cell_voltage_at_40_pct",             cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 40 %"),
    writable(0x35, "cell_voltage_at_20_pct",             cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 20 %"),
    readable(0x36, "hardware_cell_overvoltage",          cell_voltage, Kind::number,    Group::cell_limits,  Risk::safety,      "Last resort of the measuring chip against high cells"),
    readable(0x37, "hardware_cell_undervoltage",         cell_voltage, Kind::number,    Group::cell_limits,  Risk::safety,      "Last resort of the measuring chip against low cells"),
    readable(0x38, "short_circuit_config",               number,       Kind::bits,      Group::currents,     Risk::safety,      "High byte short circuit, low byte second over-current; codes of the chip"),
    readable(0x39, "hardware_delays",                    number,       Kind::bits,      Group::delays,       Risk::safety,      "High byte over- and under-voltage delays, low byte short circuit release in s"),
    readable(0x3A, "charge_temperature_delays",          number,       Kind::bits,      Group::delays,       Risk::safety,      "High byte under, low byte over, in s"),
    readable(0x3B, "discharge_temperature_delays",       number,       Kind::bits,      Group::delays,       Risk::safety,      "High byte under, low byte over, in s"),
    readable(0x3C, "pack_voltage_delays",                number,       Kind::bits,      Group::delays,       Risk::safety,      "High byte under, low byte over, in s"),
    readable(0x3D, "cell_voltage_delays",                number,       Kind::bits,      Group::delays,       Risk::safety,      "High byte under, low byte over, in s"),
    readable(0x3E, "charge_overcurrent_delays",          number,       Kind::bits,      Group::delays,       Risk::safety,      "High byte delay, low byte release, in s"),
    readable(0x3F, "discharge_overcurrent_delays",       number,       Kind::bits,      Group::delays,       Risk::safety,      "High byte delay, low byte release, in s"),
    readable(0x40, "gps_cutoff_voltage",                 cell_voltage, Kind::number,    Group::outputs,      Risk::none,        "Voltage below which a GPS tracker is switched off"),
    readable(0x41, "gps_cutoff_delay",                   seconds,      Kind::number,    Group::outputs,      Risk::none,        "How long the voltage must be low before a GPS tracker is switched off"),
    writable(0x42, "cell_voltage_at_90_pct",             cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 90 %; firmware 2.0 and newer, like the next five"),
    writable(0x43, "cell_voltage_at_70_pct",             cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 70 %"),
    writable(0x44, "cell_voltage_at_50_pct",             cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 50 %"),
    writable(0x45, "cell_voltage_at_30_pct",             cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 30 %"),
    writable(0x46, "cell_voltage_at_10_pct",             cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 10 %"),
    writable(0x47, "cell_voltage_at_full",               cell_voltage, full_cell,       Group::capacity,     Risk::calibration, "Resting cell voltage at 100 %, newer firmware"),
    readable(0xA0, "manufacturer",                       number,       Kind::text,      Group::identity,     Risk::never,       "Name of the manufacturer"),
    readable(0xA1, "device_name",                        number,       Kind::text,      Group::identity,     Risk::never,       "Name of the model"),
    readable(0xA2, "barcode",                            number,       Kind::text,      Group::identity,     Risk::never,       "Often empty"),
});
// clang-format on

}  // namespace

std::span<const ConfigRegister> config_registers() { return registers_in_order; }

}  // namespace bms::jbd
