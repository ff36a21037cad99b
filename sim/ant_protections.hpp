// The faults that a simulated ANT board can have: how the new protocol shows each (a bit among its protections), and
// how both protocols show it (a code instead of 1 for a FET that is open). Labels of the vendor's application.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bms::sim {

struct AntProtection {
  std::string_view name;
  std::optional<unsigned> bit;
  std::uint8_t charge_code;  ///< 0: this FET stays as it is
  std::uint8_t discharge_code;
};

inline constexpr std::array ant_protections{
    AntProtection{"cell_overvoltage", 1, 2, 0},
    AntProtection{"cell_overvoltage_l2", 2, 16, 0},
    AntProtection{"pack_overvoltage", 3, 5, 0},
    AntProtection{"cell_undervoltage", 4, 0, 2},
    AntProtection{"cell_undervoltage_l2", 5, 0, 16},
    AntProtection{"pack_undervoltage", 6, 0, 5},
    AntProtection{"cell_difference", 7, 18, 18},
    AntProtection{"charge_overtemperature", 8, 6, 0},
    AntProtection{"discharge_overtemperature", 9, 0, 6},
    AntProtection{"fet_overtemperature", 10, 7, 7},
    AntProtection{"charge_undertemperature", 11, 17, 0},
    AntProtection{"discharge_undertemperature", 12, 0, 17},
    AntProtection{"charge_overcurrent", 13, 3, 0},
    AntProtection{"discharge_overcurrent", 14, 0, 3},
    AntProtection{"discharge_overcurrent_l2", 15, 0, 4},
    AntProtection{"short_circuit", 16, 0, 12},
    AntProtection{"sense_wire", 25, 9, 9},
    AntProtection{"current_sensor", 26, 8, 8},
    AntProtection{"discharge_fet_defect", 27, 13, 13},
    AntProtection{"charge_fet_defect", 28, 12, 0},
    AntProtection{"fire", 36, 0, 0},
    AntProtection{"discharge_fuse", 41, 0, 0},
    AntProtection{"charge_fuse", 42, 0, 0},
    AntProtection{"board_overtemperature", std::nullopt, 10, 10},
    AntProtection{"battery_full", std::nullopt, 4, 0},
};

inline constexpr unsigned ant_discharge_by_hand_bit = 17;
inline constexpr unsigned ant_charge_by_hand_bit = 21;

}  // namespace bms::sim
