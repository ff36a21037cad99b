// The protection bits of a JBD board (register 0x03, vendor text V11): what each is called, which FET it opens, and
// which of the counters of 0xAA it moves.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace bms::sim {

struct JbdProtection {
  std::string_view name;
  bool opens_charge;
  bool opens_discharge;
  std::optional<std::size_t> counter;
};

/// By bit number.
inline constexpr std::array<JbdProtection, 16> jbd_protections{{
    {"cell_overvoltage", true, false, 3},
    {"cell_undervoltage", false, true, 4},
    {"pack_overvoltage", true, false, 9},
    {"pack_undervoltage", false, true, 10},
    {"charge_overtemperature", true, false, 5},
    {"charge_undertemperature", true, false, 6},
    {"discharge_overtemperature", false, true, 7},
    {"discharge_undertemperature", false, true, 8},
    {"charge_overcurrent", true, false, 1},
    {"discharge_overcurrent", false, true, 2},
    {"short_circuit", true, true, 0},
    {"afe_error", true, true, std::nullopt},
    {"software_lock", false, false, std::nullopt},  // which FET it holds open is said by `lock`
    {"charge_mos_fault", false, false, std::nullopt},
    {"discharge_mos_fault", false, false, std::nullopt},
    {"reserved_15", false, false, std::nullopt},
}};

/// Boards with an address (maker's text QM-UPS1601) have other ones at the end.
inline constexpr std::array<JbdProtection, 16> jbd_addressed_protections = [] {
  auto protections = jbd_protections;
  protections[13] = {"ambient_overtemperature", true, true, std::nullopt};
  protections[14] = {"ambient_undertemperature", true, true, std::nullopt};
  protections[15] = {"mosfet_overtemperature", true, true, std::nullopt};
  return protections;
}();

inline constexpr std::size_t first_addressed_protection = 13;

struct JbdWarning {
  std::string_view name;
};

/// Their alarm word, by bit number.
inline constexpr std::array<JbdWarning, 15> jbd_addressed_warnings{{
    {"cell_undervoltage"},
    {"cell_overvoltage"},
    {"pack_undervoltage"},
    {"pack_overvoltage"},
    {"charge_overcurrent"},
    {"discharge_overcurrent"},
    {"charge_overtemperature"},
    {"charge_undertemperature"},
    {"discharge_overtemperature"},
    {"discharge_undertemperature"},
    {"ambient_overtemperature"},
    {"ambient_undertemperature"},
    {"mosfet_overtemperature"},
    {"cell_difference"},
    {"soc_low"},
}};

inline constexpr std::size_t jbd_software_lock = 12;

}  // namespace bms::sim
