// What ANT boards can be set to: the parameters of the new protocol, and the registers of the old one.
//
// Sources: vendor document in syssi/esphome-ant-bms, docs/ (old); PROTOCOL.md and registers.py of
// NotANewNick/antbms-gui and recorded sessions in syssi/esphome-ant-bms (new).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "bms/error.hpp"

namespace bms::ant {

enum class Access : std::uint8_t {
  read,  ///< never written by us
  read_write,
};

/// How a raw word becomes a number: raw / counts_per_unit.
struct Scale {
  std::string_view unit;
  double counts_per_unit;
};

namespace scales {
inline constexpr Scale cell_voltage{.unit = "V", .counts_per_unit = 1000};
inline constexpr Scale pack_voltage{.unit = "V", .counts_per_unit = 10};
inline constexpr Scale current{.unit = "A", .counts_per_unit = 10};
inline constexpr Scale amperes{.unit = "A", .counts_per_unit = 1};
inline constexpr Scale seconds{.unit = "s", .counts_per_unit = 1};
inline constexpr Scale milliseconds{.unit = "ms", .counts_per_unit = 1};
inline constexpr Scale microseconds{.unit = "us", .counts_per_unit = 1};
inline constexpr Scale percent{.unit = "%", .counts_per_unit = 1};
inline constexpr Scale degrees{.unit = "°C", .counts_per_unit = 1};
inline constexpr Scale number{.unit = "", .counts_per_unit = 1};
}  // namespace scales

/// One parameter. `min` and `max` are in the unit of the scale; writes outside are refused, what a board already holds
/// is read out whatever it is.
struct Setting {
  std::uint16_t address;  ///< offset in bytes (new), or number of the register (old)
  std::string_view name;
  Scale scale;
  double min, max;
  Access access;
  std::string_view description;
};

namespace detail {
inline constexpr double any_word = 65535;
inline constexpr auto read = Access::read;
inline constexpr auto write = Access::read_write;
}  // namespace detail

// Read only stays what describes the hardware or the pack, what a mistake turns into a missing protection (short
// circuit, delays), and what sources do not agree on.
inline constexpr std::array<Setting, 46> new_settings{{
    // clang-format off
    {0,   "cell_overvoltage",              scales::cell_voltage, 1.5,  4.5,   detail::write, "Charging stops above this cell voltage"},
    {2,   "cell_overvoltage_release",      scales::cell_voltage, 1.5,  4.5,   detail::write, "Charging resumes below this cell voltage"},
    {4,   "cell_overvoltage_l2",           scales::cell_voltage, 1.5,  4.5,   detail::write, "Second level of the same"},
    {6,   "cell_overvoltage_l2_release",   scales::cell_voltage, 1.5,  4.5,   detail::write, "Release of the second level"},
    {8,   "pack_overvoltage",              scales::pack_voltage, 5,    144,   detail::write, "Charging stops above this pack voltage"},
    {10,  "pack_overvoltage_release",      scales::pack_voltage, 5,    144,   detail::write, "Charging resumes below this pack voltage"},
    {12,  "cell_undervoltage",             scales::cell_voltage, 1.0,  4.0,   detail::write, "Discharging stops below this cell voltage"},
    {14,  "cell_undervoltage_release",     scales::cell_voltage, 1.0,  4.0,   detail::write, "Discharging resumes above this cell voltage"},
    {16,  "cell_undervoltage_l2",          scales::cell_voltage, 1.0,  4.0,   detail::write, "Second level of the same"},
    {18,  "cell_undervoltage_l2_release",  scales::cell_voltage, 1.0,  4.0,   detail::write, "Release of the second level"},
    {20,  "pack_undervoltage",             scales::pack_voltage, 5,    144,   detail::write, "Discharging stops below this pack voltage"},
    {22,  "pack_undervoltage_release",     scales::pack_voltage, 5,    144,   detail::write, "Discharging resumes above this pack voltage"},
    {24,  "cell_difference",               scales::cell_voltage, 0.05, 2.0,   detail::write, "Both FETs open above this difference between cells"},
    {26,  "cell_difference_release",       scales::cell_voltage, 0.05, 2.0,   detail::write, "And close again below this one"},
    {32,  "cell_overvoltage_warning",         scales::cell_voltage, 1.5, 4.5, detail::write, "Warning above this cell voltage"},
    {34,  "cell_overvoltage_warning_release", scales::cell_voltage, 1.5, 4.5, detail::write, "Warning ends below this cell voltage"},
    {36,  "pack_overvoltage_warning",         scales::pack_voltage, 5,   144, detail::write, "Warning above this pack voltage"},
    {38,  "pack_overvoltage_warning_release", scales::pack_voltage, 5,   144, detail::write, "Warning ends below this pack voltage"},
    {40,  "cell_undervoltage_warning",         scales::cell_voltage, 1.0, 4.0, detail::write, "Warning below this cell voltage"},
    {42,  "cell_undervoltage_warning_release", scales::cell_voltage, 1.0, 4.0, detail::write, "Warning ends above this cell voltage"},
    {44,  "pack_undervoltage_warning",         scales::pack_voltage, 5,   144, detail::write, "Warning below this pack voltage"},
    {46,  "pack_undervoltage_warning_release", scales::pack_voltage, 5,   144, detail::write, "Warning ends above this pack voltage"},
    {48,  "cell_difference_warning",           scales::cell_voltage, 0.05, 2.0, detail::write, "Warning above this difference between cells"},
    {50,  "cell_difference_warning_release",   scales::cell_voltage, 0.05, 2.0, detail::write, "Warning ends below this difference"},
    {104, "charge_overcurrent",            scales::current,      1,    1500,  detail::write, "Charging stops above"},
    {106, "charge_overcurrent_delay",      scales::seconds,      0, detail::any_word, detail::read, "Delay of the same"},
    {108, "discharge_overcurrent",         scales::current,      1,    1500,  detail::write, "Discharging stops above"},
    {110, "discharge_overcurrent_delay",   scales::seconds,      0, detail::any_word, detail::read, "Delay of the same"},
    {112, "discharge_overcurrent_l2",      scales::current,      0, 6553.5,           detail::read, "Second level of the same"},
    {114, "discharge_overcurrent_l2_delay", scales::milliseconds, 0, detail::any_word, detail::read, "Delay of the second level"},
    {116, "short_circuit",                 scales::amperes,      0, detail::any_word, detail::read, "Current that counts as a short circuit"},
    {118, "short_circuit_delay",           scales::microseconds, 0, detail::any_word, detail::read, "Delay of the same"},
    {124, "charge_overcurrent_warning",         scales::current, 1, 1500, detail::write, "Warning above this charge current"},
    {126, "charge_overcurrent_warning_release", scales::current, 1, 1500, detail::write, "Warning ends below"},
    {128, "discharge_overcurrent_warning",         scales::current, 1, 1500, detail::write, "Warning above this discharge current"},
    {130, "discharge_overcurrent_warning_release", scales::current, 1, 1500, detail::write, "Warning ends below"},
    {132, "soc_warning",                   scales::percent,      0,    100,   detail::write, "Warning below this state of charge"},
    {134, "soc_warning_l2",                scales::percent,      0,    100,   detail::write, "Alarm below this state of charge"},
    {140, "balance_limit",                 scales::cell_voltage, 1.5,  4.5,   detail::write, "Cells above are balanced in any case"},
    {142, "balance_start",                 scales::cell_voltage, 1.5,  4.5,   detail::write, "Balancing begins at this cell voltage"},
    {144, "balance_difference",            scales::cell_voltage, 0.001, 0.5,  detail::write, "Difference between cells at which balancing begins"},
    {146, "balance_difference_stop",       scales::cell_voltage, 0.001, 0.5,  detail::write, "Difference at which it ends"},
    {152, "cell_type",                     scales::number,       0, detail::any_word, detail::read, "Chemistry, by number"},
    {154, "cell_count",                    scales::number,       0, detail::any_word, detail::read, "Cells in series"},
    {158, "shutdown_voltage",              scales::cell_voltage, 0, 65.535,           detail::read, "The board switches itself off below this cell voltage"},
    {160, "charge_current_request",        scales::current,      0, 6553.5,           detail::read, "What the board would ask of a charger"},
    // clang-format on
}};

/// The settings that are named where a page is explained: the limits as such, by the key that they have there.
struct NamedSetting {
  std::uint16_t address;
  std::string_view key;
  double counts_per_unit;
};
inline constexpr std::array<NamedSetting, 12> explained_settings{{
    {0, "cell_overvoltage_v", 1000},
    {2, "cell_overvoltage_release_v", 1000},
    {4, "cell_overvoltage_l2_v", 1000},
    {8, "pack_overvoltage_v", 10},
    {10, "pack_overvoltage_release_v", 10},
    {12, "cell_undervoltage_v", 1000},
    {14, "cell_undervoltage_release_v", 1000},
    {16, "cell_undervoltage_l2_v", 1000},
    {20, "pack_undervoltage_v", 10},
    {24, "cell_difference_v", 1000},
    {32, "cell_overvoltage_warning_v", 1000},
    {40, "cell_undervoltage_warning_v", 1000},
}};

/// A word that means: this board has no such setting, or does not let it be read.
inline constexpr std::uint16_t not_implemented = 0xFFFF;

// The currents are read only: on their scale the vendor's document and a board that was asked differ by ten.
inline constexpr std::array<Setting, 26> old_settings{{
    // clang-format off
    {1,  "cell_overvoltage_warning",     scales::cell_voltage, 1.5,   4.5, detail::write, "Warning above this cell voltage"},
    {2,  "cell_undervoltage_warning",    scales::cell_voltage, 1.0,   4.0, detail::write, "Warning below this cell voltage"},
    {3,  "cell_overvoltage",             scales::cell_voltage, 1.5,   4.5, detail::write, "Charging stops above this cell voltage"},
    {4,  "cell_undervoltage",            scales::cell_voltage, 1.0,   4.0, detail::write, "Discharging stops below this cell voltage"},
    {5,  "cell_overvoltage_release",     scales::cell_voltage, 1.5,   4.5, detail::write, "Charging resumes below this cell voltage"},
    {6,  "cell_undervoltage_release",    scales::cell_voltage, 1.0,   4.0, detail::write, "Discharging resumes above this cell voltage"},
    {7,  "pack_overvoltage",             scales::pack_voltage, 0,     144, detail::write, "Charging stops above this pack voltage; 0 = off"},
    {8,  "pack_undervoltage",            scales::pack_voltage, 0,     144, detail::write, "Discharging stops below this pack voltage; 0 = off"},
    {9,  "charge_overcurrent",           scales::current,      0, 6553.5,  detail::read,  "Charging stops above"},
    {10, "charge_overcurrent_delay",     scales::seconds,      0, detail::any_word, detail::read, "Delay of the same"},
    {11, "discharge_overcurrent",        scales::current,      0, 6553.5,  detail::read,  "Discharging stops above"},
    {12, "discharge_overcurrent_delay",  scales::seconds,      0, detail::any_word, detail::read, "Delay of the same"},
    {13, "balance_limit",                scales::cell_voltage, 1.5,   4.5, detail::write, "Cells above are balanced in any case"},
    {14, "balance_start",                scales::cell_voltage, 1.5,   4.5, detail::write, "Balancing begins at this cell voltage"},
    {15, "balance_difference",           scales::cell_voltage, 0.001, 0.5, detail::write, "Difference between cells at which balancing begins"},
    {20, "short_circuit",                scales::amperes,      0, detail::any_word, detail::read, "Current that counts as a short circuit"},
    {21, "short_circuit_delay",          scales::microseconds, 0, detail::any_word, detail::read, "Delay of the same"},
    {22, "standby_delay",                scales::seconds,      0, detail::any_word, detail::read, "Standby after so long without current"},
    {24, "cell_count",                   scales::number,       0, detail::any_word, detail::read, "Cells in series"},
    {25, "charge_overtemperature",           scales::degrees,  0, detail::any_word, detail::read, "Charging stops above"},
    {26, "charge_overtemperature_release",   scales::degrees,  0, detail::any_word, detail::read, "Charging resumes below"},
    {27, "discharge_overtemperature",        scales::degrees,  0, detail::any_word, detail::read, "Discharging stops above"},
    {28, "discharge_overtemperature_release", scales::degrees, 0, detail::any_word, detail::read, "Discharging resumes below"},
    {29, "fet_overtemperature",              scales::degrees,  0, detail::any_word, detail::read, "Both FETs open above"},
    {30, "fet_overtemperature_release",      scales::degrees,  0, detail::any_word, detail::read, "And close again below"},
    {44, "cell_difference",              scales::cell_voltage, 0, 65.535,  detail::read,  "Both FETs open above this difference between cells"},
    // clang-format on
}};

/// The setting of that name among `settings`. Errors: rejected.
template <std::size_t n>
[[nodiscard]] Result<const Setting*> find_setting(const std::array<Setting, n>& settings, std::string_view name) {
  for (const Setting& setting : settings)
    if (setting.name == name) return &setting;
  return failure(ErrorKind::rejected, "this ANT board has no parameter '" + std::string(name.substr(0, 60)) + "'");
}

/// A raw word in the unit of the table.
[[nodiscard]] double value_of(const Setting& setting, std::uint16_t raw);

/// The word for a value, rounded to the nearest count. Errors: rejected: read only, no finite number, or out of range.
[[nodiscard]] Result<std::uint16_t> raw_of(const Setting& setting, double value);

}  // namespace bms::ant
