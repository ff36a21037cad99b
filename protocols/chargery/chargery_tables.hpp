// What Chargery boards can say, as tables: frame layouts, limits of belief, protection states, models.
//
// Sources: the manufacturer's documents "BMS24T-16T-8T Additional Protocol Info" V1.22, V1.25 and V1.26; received
// frames in TheSmartGerman/SolarShed (doc/raw_imp*.txt), BarkinSpider/SolarShed, Tobi177/venus-chargerybms and
// wolfgangr/chargery2PERL.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bms/alarm.hpp"
#include "bms/enum_table.hpp"

namespace bms::chargery {

/// The third byte of a frame. No other has been seen or documented.
namespace commands {
inline constexpr std::uint8_t cells = 0x56;
inline constexpr std::uint8_t system = 0x57;
inline constexpr std::uint8_t impedances = 0x58;
}  // namespace commands

enum class Layout : std::uint8_t { system_v120, system_v122, system_v126, cells_v122, cells_v124, impedance_v125 };

/// How a frame is laid out follows from its command and its length byte, which counts the whole frame. The version of
/// the firmware is not transmitted.
struct LayoutRule {
  Layout layout;
  std::string_view name;
  std::uint8_t command;
  std::uint8_t shortest, longest, step;  ///< legal values of the length byte
  std::uint8_t fixed;                    ///< bytes besides those of the cells
  std::string_view firmware;
  std::string_view content;

  [[nodiscard]] constexpr bool allows(std::size_t length) const {
    return length >= shortest && length <= longest && (length - shortest) % step == 0;
  }
  /// Cells that a frame of this length speaks of.
  [[nodiscard]] constexpr std::size_t cells(std::size_t length) const { return (length - fixed) / 2; }
};

// A length of 14 for firmware V1.21 (mode, but no state of charge) was described and never seen: refused. Odd lengths
// of cell frames between those of the three models are what document V1.26, "About data length", calls effective
// lengths; all frames seen have one slot for every input of the board.
inline constexpr std::array<LayoutRule, 6> layout_rules{{
    {Layout::system_v120, "system_v120", commands::system, 13, 13, 1, 13, "before V1.21",
     "charge end voltage, amount of the current, two temperatures: not enough to guard a battery with"},
    {Layout::system_v122, "system_v122", commands::system, 15, 15, 1, 15, "V1.22 to V1.25",
     "charge end voltage, mode, current, two temperatures, state of charge"},
    {Layout::system_v126, "system_v126", commands::system, 19, 19, 1, 19, "V1.26",
     "the same, discharge end voltage, charge status, discharge status"},
    {Layout::cells_v122, "cells_v122", commands::cells, 22, 54, 16, 6, "V1.22", "voltages, state of charge"},
    {Layout::cells_v124, "cells_v124", commands::cells, 15, 61, 2, 13, "V1.24 and later",
     "voltages, remaining energy, remaining charge"},
    {Layout::impedance_v125, "impedance_v125", commands::impedances, 10, 56, 2, 8, "V1.25 and later",
     "mode and current while measuring, impedance of every connected cell"},
}};

static_assert(is_in_order_up_to(Layout::impedance_v125, layout_rules, &LayoutRule::layout));

inline constexpr std::size_t most_slots = 24;
inline constexpr std::size_t sensors = 2;

/// The rule for a layout.
[[nodiscard]] constexpr const LayoutRule& rule_of(Layout layout) {
  return layout_rules[static_cast<std::size_t>(layout)];
}

/// What the direction byte means; the current itself is an amount. A mode of 2 (nothing flows that the BMS can see,
/// less than about 0.5 A) has come with 0.0 A only.
enum class Mode : std::uint8_t { discharge = 0, charge = 1, storage = 2 };

/// Beyond these a frame is not believed at all. The checksum has 8 bits and lets damaged frames through: of one
/// received cell frame that had lost its tail on the line, the 54 bytes taken for the frame add up and show a cell
/// at 9.252 V.
namespace limits {
inline constexpr unsigned slot_mv = 5000;
inline constexpr unsigned charge_end_min_mv = 1500;
inline constexpr unsigned charge_end_max_mv = 5000;
inline constexpr unsigned discharge_end_min_mv = 500;
inline constexpr unsigned current_da = 10000;  ///< 0.1 A; the largest shunt sold is for 600 A
inline constexpr unsigned soc_pct = 100;
// Outside these the frame counts, the value does not.
inline constexpr int temperature_min_dc = -400;  ///< 0.1 °C
inline constexpr int temperature_max_dc = 1500;
inline constexpr std::uint32_t energy_mwh = 200'000'000;
inline constexpr std::uint32_t charge_mah = 5'000'000;
}  // namespace limits

/// What an unplugged temperature sensor reads: on both channels of two boards without sensors (manufacturer's dump of
/// V1.22, BarkinSpider/SolarShed). That it always means this is likely, not certain, so the value is kept.
inline constexpr int unplugged_sensor_dc = -223;

/// A slot at or above this has a cell. Open slots show up to 27 mV (manufacturer's dump of V1.22).
inline constexpr unsigned connected_mv = 300;

/// One of the two status bytes of V1.26: 1 = the BMS has opened the relay of that direction, for a cell's voltage
/// (document V1.26). Bit number in Reading::raw_protection = place in the table.
struct Protection {
  std::string_view name;
  Alarm alarm;
  std::string_view meaning;
};

inline constexpr std::array<Protection, 2> protections{{
    {"cell_overvoltage", Alarm::high_cell_voltage, "Over-charge protection: the charge relay is held open"},
    {"cell_undervoltage", Alarm::low_cell_voltage, "Over-discharge protection: the discharge relay is held open"},
}};

/// Sold models, by the number of slots.
struct Model {
  std::size_t slots;
  std::string_view name;
};
inline constexpr std::array<Model, 3> models{{{8, "BMS8T"}, {16, "BMS16T"}, {24, "BMS24T"}}};

/// The name of a board with this many slots; empty when none is known.
[[nodiscard]] constexpr std::string_view model_name(std::size_t slots) {
  for (const Model& model : models)
    if (model.slots == slots) return model.name;
  return {};
}

}  // namespace bms::chargery
