// Which settings of a JBD board must keep an order.
//
// Sources: the words of the parameters themselves (vendor text V11, register map of E. Poulsen): a release lies inside
// of its protection, and registers 36 and 37 are the last resort behind 24 and 26.
#pragma once

#include <array>

#include "bms/parameter.hpp"

namespace bms::jbd {

inline constexpr auto relations = std::to_array<Relation>({
    {"cell_overvoltage_release", "cell_overvoltage"},
    {"cell_undervoltage", "cell_undervoltage_release"},
    {"cell_undervoltage", "cell_overvoltage"},
    {"cell_overvoltage", "hardware_cell_overvoltage", true},
    {"hardware_cell_undervoltage", "cell_undervoltage", true},
    {"pack_overvoltage_release", "pack_overvoltage"},
    {"pack_undervoltage", "pack_undervoltage_release"},
    {"pack_undervoltage", "pack_overvoltage"},
    {"charge_overtemperature_release", "charge_overtemperature"},
    {"charge_undertemperature", "charge_undertemperature_release"},
    {"charge_undertemperature", "charge_overtemperature"},
    {"discharge_overtemperature_release", "discharge_overtemperature"},
    {"discharge_undertemperature", "discharge_undertemperature_release"},
    {"discharge_undertemperature", "discharge_overtemperature"},
    // Otherwise nothing is ever balanced: charging stops first.
    {"balance_start", "cell_overvoltage"},
});

}  // namespace bms::jbd
