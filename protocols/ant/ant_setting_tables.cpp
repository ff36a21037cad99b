// The settings of ANT boards as tables.
//
// Sources: vendor document in syssi/esphome-ant-bms, docs/ (old); PROTOCOL.md and registers.py of
// NotANewNick/antbms-gui and recorded sessions in syssi/esphome-ant-bms (new).
#include <array>
#include <string_view>

#include "ant/ant_settings.hpp"
#include "parameters.hpp"

namespace bms::ant {
namespace {

using Group = ParameterGroup;
using Kind = ParameterKind;

constexpr Scale number{};
constexpr Scale cell_voltage{.unit = "V", .counts_per_unit = 1000};
constexpr Scale pack_voltage{.unit = "V", .counts_per_unit = 10};
constexpr Scale current{.unit = "A", .counts_per_unit = 10};
constexpr Scale amperes{.unit = "A"};
constexpr Scale seconds{.unit = "s"};
constexpr Scale milliseconds{.unit = "ms"};
constexpr Scale microseconds{.unit = "µs"};
constexpr Scale percent{.unit = "%"};
constexpr Scale degrees{.unit = "°C"};

constexpr Range high_cell{1.5, 4.5};
constexpr Range low_cell{1.0, 4.0};

constexpr Setting writable(std::uint16_t address, std::string_view name, const Scale& scale, Range range, Group group,
                           Risk risk, std::string_view words) {
  return {writable_parameter(name, scale, range, group, risk, words), address, scale};
}

constexpr Setting readable(std::uint16_t address, std::string_view name, const Scale& scale, Kind kind, Group group,
                           Risk risk, std::string_view words) {
  return {readable_parameter(name, scale, kind, group, risk, words), address, scale};
}

// Read only stays what describes the hardware or the pack, what a mistake turns into a missing protection (short
// circuit, delays), and what sources do not agree on.
//
// Behind the first level of the cells and of the discharge current there is a second one, behind the pack there are the
// cells. Nothing is behind the second levels, the charge current and the short circuit.
// clang-format off
constexpr std::array new_in_order = std::to_array<Setting>({
    writable(0,   "cell_overvoltage",                      cell_voltage, high_cell,    Group::cell_limits, Risk::limits, "Charging stops above this cell voltage"),
    writable(2,   "cell_overvoltage_release",              cell_voltage, high_cell,    Group::cell_limits, Risk::limits, "Charging resumes below this cell voltage"),
    writable(4,   "cell_overvoltage_l2",                   cell_voltage, high_cell,    Group::cell_limits, Risk::safety, "Second level: charging stops above this cell voltage"),
    writable(6,   "cell_overvoltage_l2_release",           cell_voltage, high_cell,    Group::cell_limits, Risk::safety, "Second level: charging resumes below this cell voltage"),
    writable(8,   "pack_overvoltage",                      pack_voltage, {5, 144},     Group::pack_limits, Risk::limits, "Charging stops above this pack voltage"),
    writable(10,  "pack_overvoltage_release",              pack_voltage, {5, 144},     Group::pack_limits, Risk::limits, "Charging resumes below this pack voltage"),
    writable(12,  "cell_undervoltage",                     cell_voltage, low_cell,     Group::cell_limits, Risk::limits, "Discharging stops below this cell voltage"),
    writable(14,  "cell_undervoltage_release",             cell_voltage, low_cell,     Group::cell_limits, Risk::limits, "Discharging resumes above this cell voltage"),
    writable(16,  "cell_undervoltage_l2",                  cell_voltage, low_cell,     Group::cell_limits, Risk::safety, "Second level: discharging stops below this cell voltage"),
    writable(18,  "cell_undervoltage_l2_release",          cell_voltage, low_cell,     Group::cell_limits, Risk::safety, "Second level: discharging resumes above this cell voltage"),
    writable(20,  "pack_undervoltage",                     pack_voltage, {5, 144},     Group::pack_limits, Risk::limits, "Discharging stops below this pack voltage"),
    writable(22,  "pack_undervoltage_release",             pack_voltage, {5, 144},     Group::pack_limits, Risk::limits, "Discharging resumes above this pack voltage"),
    writable(24,  "cell_difference",                       cell_voltage, {0.05, 2.0},  Group::cell_limits, Risk::limits, "Both FETs open above this difference between cells"),
    writable(26,  "cell_difference_release",               cell_voltage, {0.05, 2.0},  Group::cell_limits, Risk::limits, "Both FETs close again below this difference between cells"),
    writable(32,  "cell_overvoltage_warning",              cell_voltage, high_cell,    Group::cell_limits, Risk::limits, "Warning above this cell voltage"),
    writable(34,  "cell_overvoltage_warning_release",      cell_voltage, high_cell,    Group::cell_limits, Risk::limits, "Warning ends below this cell voltage"),
    writable(36,  "pack_overvoltage_warning",              pack_voltage, {5, 144},     Group::pack_limits, Risk::limits, "Warning above this pack voltage"),
    writable(38,  "pack_overvoltage_warning_release",      pack_voltage, {5, 144},     Group::pack_limits, Risk::limits, "Warning ends below this pack voltage"),
    writable(40,  "cell_undervoltage_warning",             cell_voltage, low_cell,     Group::cell_limits, Risk::limits, "Warning below this cell voltage"),
    writable(42,  "cell_undervoltage_warning_release",     cell_voltage, low_cell,     Group::cell_limits, Risk::limits, "Warning ends above this cell voltage"),
    writable(44,  "pack_undervoltage_warning",             pack_voltage, {5, 144},     Group::pack_limits, Risk::limits, "Warning below this pack voltage"),
    writable(46,  "pack_undervoltage_warning_release",     pack_voltage, {5, 144},     Group::pack_limits, Risk::limits, "Warning ends above this pack voltage"),
    writable(48,  "cell_difference_warning",               cell_voltage, {0.05, 2.0},  Group::cell_limits, Risk::limits, "Warning above this difference between cells"),
    writable(50,  "cell_difference_warning_release",       cell_voltage, {0.05, 2.0},  Group::cell_limits, Risk::limits, "Warning ends below this difference between cells"),
    writable(104, "charge_overcurrent",                    current,      {1, 1500},    Group::currents,    Risk::safety, "Charging stops above this current"),
    readable(106, "charge_overcurrent_delay",              seconds,      Kind::number, Group::delays,      Risk::safety, "How long the charge current may be above its limit"),
    writable(108, "discharge_overcurrent",                 current,      {1, 1500},    Group::currents,    Risk::limits, "Discharging stops above this current"),
    readable(110, "discharge_overcurrent_delay",           seconds,      Kind::number, Group::delays,      Risk::safety, "How long the discharge current may be above its limit"),
    readable(112, "discharge_overcurrent_l2",              current,      Kind::number, Group::currents,    Risk::safety, "Second level: discharging stops above this current"),
    readable(114, "discharge_overcurrent_l2_delay",        milliseconds, Kind::number, Group::delays,      Risk::safety, "How long the discharge current may be above its second level"),
    readable(116, "short_circuit",                         amperes,      Kind::number, Group::currents,    Risk::safety, "Current that counts as a short circuit"),
    readable(118, "short_circuit_delay",                   microseconds, Kind::number, Group::delays,      Risk::safety, "How long a short circuit may last"),
    writable(124, "charge_overcurrent_warning",            current,      {1, 1500},    Group::currents,    Risk::limits, "Warning above this charge current"),
    writable(126, "charge_overcurrent_warning_release",    current,      {1, 1500},    Group::currents,    Risk::limits, "Warning ends below this charge current"),
    writable(128, "discharge_overcurrent_warning",         current,      {1, 1500},    Group::currents,    Risk::limits, "Warning above this discharge current"),
    writable(130, "discharge_overcurrent_warning_release", current,      {1, 1500},    Group::currents,    Risk::limits, "Warning ends below this discharge current"),
    writable(132, "soc_warning",                           percent,      {0, 100},     Group::capacity,    Risk::limits, "Warning below this state of charge"),
    writable(134, "soc_warning_l2",                        percent,      {0, 100},     Group::capacity,    Risk::limits, "Alarm below this state of charge"),
    writable(140, "balance_limit",                         cell_voltage, high_cell,    Group::balancing,   Risk::limits, "Cells above this voltage are balanced in any case"),
    writable(142, "balance_start",                         cell_voltage, high_cell,    Group::balancing,   Risk::limits, "Balancing begins at this cell voltage"),
    writable(144, "balance_difference",                    cell_voltage, {0.001, 0.5}, Group::balancing,   Risk::limits, "Difference between cells at which balancing begins"),
    writable(146, "balance_difference_stop",               cell_voltage, {0.001, 0.5}, Group::balancing,   Risk::limits, "Difference between cells at which balancing ends"),
    readable(152, "cell_type",                             number,       Kind::code,   Group::hardware,    Risk::safety, "Chemistry, by number"),
    readable(154, "cell_count",                            number,       Kind::count,  Group::hardware,    Risk::safety, "Cells in series"),
    readable(158, "shutdown_voltage",                      cell_voltage, Kind::number, Group::cell_limits, Risk::safety, "The board switches itself off below this cell voltage"),
    readable(160, "charge_current_request",                current,      Kind::number, Group::currents,    Risk::limits, "What the board would ask of a charger"),
});
// clang-format on

// The currents are read only: on their scale the vendor's document and a board that was asked differ by ten. These
// boards have one level of each protection, and that of the pack can be switched off by its value.
// clang-format off
constexpr std::array old_in_order = std::to_array<Setting>({
    writable(1,  "cell_overvoltage_warning",          cell_voltage, high_cell,    Group::cell_limits,  Risk::limits,        "Warning above this cell voltage"),
    writable(2,  "cell_undervoltage_warning",         cell_voltage, low_cell,     Group::cell_limits,  Risk::limits,        "Warning below this cell voltage"),
    writable(3,  "cell_overvoltage",                  cell_voltage, high_cell,    Group::cell_limits,  Risk::safety,        "Charging stops above this cell voltage"),
    writable(4,  "cell_undervoltage",                 cell_voltage, low_cell,     Group::cell_limits,  Risk::safety,        "Discharging stops below this cell voltage"),
    writable(5,  "cell_overvoltage_release",          cell_voltage, high_cell,    Group::cell_limits,  Risk::safety,        "Charging resumes below this cell voltage"),
    writable(6,  "cell_undervoltage_release",         cell_voltage, low_cell,     Group::cell_limits,  Risk::safety,        "Discharging resumes above this cell voltage"),
    writable(7,  "pack_overvoltage",                  pack_voltage, {0, 144},     Group::pack_limits,  Risk::safety,        "Charging stops above this pack voltage; 0 = off"),
    writable(8,  "pack_undervoltage",                 pack_voltage, {0, 144},     Group::pack_limits,  Risk::safety,        "Discharging stops below this pack voltage; 0 = off"),
    readable(9,  "charge_overcurrent",                current,      Kind::number, Group::currents,     Risk::safety,        "Charging stops above this current"),
    readable(10, "charge_overcurrent_delay",          seconds,      Kind::number, Group::delays,       Risk::safety,        "How long the charge current may be above its limit"),
    readable(11, "discharge_overcurrent",             current,      Kind::number, Group::currents,     Risk::limits,        "Discharging stops above this current"),
    readable(12, "discharge_overcurrent_delay",       seconds,      Kind::number, Group::delays,       Risk::safety,        "How long the discharge current may be above its limit"),
    writable(13, "balance_limit",                     cell_voltage, high_cell,    Group::balancing,    Risk::limits,        "Cells above this voltage are balanced in any case"),
    writable(14, "balance_start",                     cell_voltage, high_cell,    Group::balancing,    Risk::limits,        "Balancing begins at this cell voltage"),
    writable(15, "balance_difference",                cell_voltage, {0.001, 0.5}, Group::balancing,    Risk::limits,        "Difference between cells at which balancing begins"),
    readable(20, "short_circuit",                     amperes,      Kind::number, Group::currents,     Risk::safety,        "Current that counts as a short circuit"),
    readable(21, "short_circuit_delay",               microseconds, Kind::number, Group::delays,       Risk::safety,        "How long a short circuit may last"),
    readable(22, "standby_delay",                     seconds,      Kind::number, Group::delays,       Risk::communication, "The board goes to standby after so long without current"),
    readable(24, "cell_count",                        number,       Kind::count,  Group::hardware,     Risk::safety,        "Cells in series"),
    readable(25, "charge_overtemperature",            degrees,      Kind::number, Group::temperatures, Risk::safety,        "Charging stops above this temperature"),
    readable(26, "charge_overtemperature_release",    degrees,      Kind::number, Group::temperatures, Risk::safety,        "Charging resumes below this temperature"),
    readable(27, "discharge_overtemperature",         degrees,      Kind::number, Group::temperatures, Risk::safety,        "Discharging stops above this temperature"),
    readable(28, "discharge_overtemperature_release", degrees,      Kind::number, Group::temperatures, Risk::safety,        "Discharging resumes below this temperature"),
    readable(29, "fet_overtemperature",               degrees,      Kind::number, Group::temperatures, Risk::safety,        "Both FETs open above this temperature of theirs"),
    readable(30, "fet_overtemperature_release",       degrees,      Kind::number, Group::temperatures, Risk::safety,        "Both FETs close again below this temperature of theirs"),
    readable(44, "cell_difference",                   cell_voltage, Kind::number, Group::cell_limits,  Risk::limits,        "Both FETs open above this difference between cells"),
});
// clang-format on

}  // namespace

std::span<const Setting> new_settings() { return new_in_order; }
std::span<const Setting> old_settings() { return old_in_order; }

}  // namespace bms::ant
