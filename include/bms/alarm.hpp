// The alarms a battery can raise, in the words of Venus OS, and what each of them forbids.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bms/enum_table.hpp"

namespace bms {

/// One alarm of a battery. The order is that of `alarm_effects` and of the path table in src/venus.
enum class Alarm : std::uint8_t {
  low_voltage,
  high_voltage,
  low_cell_voltage,
  high_cell_voltage,
  low_soc,
  high_charge_current,
  high_discharge_current,
  low_charge_temperature,
  high_charge_temperature,
  low_temperature,   ///< too cold to discharge
  high_temperature,  ///< too hot to discharge
  high_internal_temperature,
  cell_imbalance,
  temperature_sensor,
  internal_failure,
  fuse_blown,
  contactor,  ///< the main contactor does not do what it is told
  state_of_health,
  bms_cable,  ///< the BMS does not answer; never raised by a protocol
};
inline constexpr std::size_t alarm_count = static_cast<std::size_t>(Alarm::bms_cable) + 1;

/// Levels as they go out on D-Bus.
enum class AlarmLevel : std::uint8_t { ok = 0, warning = 1, alarm = 2 };

/// Why an alarm is raised, for programs that put it into their own words. The numbers go out on D-Bus and keep their
/// meaning.
enum class AlarmCause : std::uint8_t {
  none = 0,
  bms = 1,      ///< the BMS says so
  cell = 2,     ///< the voltage of one cell
  cut_off = 3,  ///< discharging was ended for the lowest cell
  pack = 4,     ///< the voltage of the pack
  soc = 5,
  temperature = 6,  ///< charging although the cells are too cold or too hot
  mos_temperature = 7,
  current = 8,
  spread = 9,              ///< between the cells
  spread_at_the_end = 10,  ///< between the cells, when absorption ended by its time limit
  sensor = 11,
  open_fet = 12,  ///< current through a FET that is said to be off
  implausible_cell = 13,
  health = 14,
  silence = 15,  ///< the BMS does not answer
  failing_polls = 16,
};

/// What an alarm is called, and what it forbids at level `alarm`. A cell that is full may still be discharged, and the
/// other way round.
struct AlarmEffect {
  Alarm alarm;
  std::string_view name;        ///< for people
  std::string_view venus_name;  ///< below /Alarms/ on D-Bus
  bool blocks_charge;
  bool blocks_discharge;
};

inline constexpr std::array<AlarmEffect, alarm_count> alarm_effects{{
    {Alarm::low_voltage, "low voltage", "LowVoltage", false, true},
    {Alarm::high_voltage, "high voltage", "HighVoltage", true, false},
    {Alarm::low_cell_voltage, "low cell voltage", "LowCellVoltage", false, true},
    {Alarm::high_cell_voltage, "high cell voltage", "HighCellVoltage", true, false},
    {Alarm::low_soc, "low SoC", "LowSoc", false, false},
    {Alarm::high_charge_current, "high charge current", "HighChargeCurrent", true, false},
    {Alarm::high_discharge_current, "high discharge current", "HighDischargeCurrent", false, true},
    {Alarm::low_charge_temperature, "low charge temperature", "LowChargeTemperature", true, false},
    {Alarm::high_charge_temperature, "high charge temperature", "HighChargeTemperature", true, false},
    {Alarm::low_temperature, "low temperature", "LowTemperature", false, true},
    {Alarm::high_temperature, "high temperature", "HighTemperature", false, true},
    {Alarm::high_internal_temperature, "high internal temperature", "HighInternalTemperature", true, true},
    {Alarm::cell_imbalance, "cell imbalance", "CellImbalance", false, false},
    {Alarm::temperature_sensor, "temperature sensor", "BatteryTemperatureSensor", false, false},
    // Measurements are suspect, so nothing more goes in. Taking the house down is left to the BMS's own discharge FET.
    {Alarm::internal_failure, "internal failure", "InternalFailure", true, false},
    {Alarm::fuse_blown, "fuse blown", "FuseBlown", true, false},
    {Alarm::contactor, "contactor", "Contactor", true, false},
    {Alarm::state_of_health, "state of health", "StateOfHealth", false, false},
    {Alarm::bms_cable, "BMS cable", "BmsCable", false, false},
}};
static_assert(is_in_order_up_to(Alarm::bms_cable, alarm_effects, &AlarmEffect::alarm));

/// What an alarm is called below /Alarms/ on D-Bus: "HighCellVoltage".
[[nodiscard]] constexpr std::string_view venus_name(Alarm alarm) {
  return alarm_effects[static_cast<std::size_t>(alarm)].venus_name;
}

/// The level of every alarm. Empty: this BMS has no such alarm.
class Alarms {
 public:
  /// The level of one alarm; empty when the BMS cannot raise it.
  [[nodiscard]] constexpr std::optional<AlarmLevel> operator[](Alarm alarm) const { return levels_[index(alarm)]; }

  /// Declares that the BMS knows this alarm: ok until raised. Keeps a level that was raised before.
  constexpr void declare(Alarm alarm) { raise(alarm, AlarmLevel::ok); }

  /// Raises to at least `level`; never lowers.
  constexpr void raise(Alarm alarm, AlarmLevel level) {
    auto& present = levels_[index(alarm)];
    if (!present || *present < level) present = level;
  }

  /// Sets the level, whatever it was.
  constexpr void set(Alarm alarm, std::optional<AlarmLevel> level) { levels_[index(alarm)] = level; }

  friend constexpr bool operator==(const Alarms&, const Alarms&) = default;

 private:
  static constexpr std::size_t index(Alarm alarm) { return static_cast<std::size_t>(alarm); }

  std::array<std::optional<AlarmLevel>, alarm_count> levels_{};
};

}  // namespace bms
