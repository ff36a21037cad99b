// Which settings of an ANT board must keep an order, with both protocols.
//
// Source: the words of the parameters themselves (the vendor's application names protection, release, second level and
// warning). Warning and protection, or two levels, may be the same, and so may all that concern a low pack: boards come
// so, because the cells are what counts there. The pack voltages of old boards are 0 where their
// protection is off; so nothing is said of those two alone, only of what new boards have beside them.
#pragma once

#include <array>

#include "bms/parameter.hpp"

namespace bms::ant {

inline constexpr auto relations = std::to_array<Relation>({
    {"cell_overvoltage_release", "cell_overvoltage"},
    {"cell_overvoltage", "cell_overvoltage_l2", true},
    {"cell_overvoltage_l2_release", "cell_overvoltage_l2"},
    {"cell_overvoltage_warning", "cell_overvoltage", true},
    {"cell_overvoltage_warning_release", "cell_overvoltage_warning"},
    {"cell_undervoltage", "cell_undervoltage_release"},
    {"cell_undervoltage_l2", "cell_undervoltage", true},
    {"cell_undervoltage_l2", "cell_undervoltage_l2_release"},
    {"cell_undervoltage", "cell_undervoltage_warning", true},
    {"cell_undervoltage_warning", "cell_undervoltage_warning_release"},
    {"cell_undervoltage", "cell_overvoltage"},
    {"cell_difference_release", "cell_difference"},
    {"cell_difference_warning", "cell_difference", true},
    {"cell_difference_warning_release", "cell_difference_warning"},
    {"pack_overvoltage_release", "pack_overvoltage"},
    {"pack_overvoltage_warning", "pack_overvoltage", true},
    {"pack_overvoltage_warning_release", "pack_overvoltage_warning"},
    {"pack_undervoltage", "pack_undervoltage_release", true},
    {"pack_undervoltage", "pack_undervoltage_warning", true},
    {"pack_undervoltage_warning", "pack_undervoltage_warning_release", true},
    {"pack_undervoltage", "pack_overvoltage_release"},
    {"charge_overcurrent_warning", "charge_overcurrent", true},
    {"charge_overcurrent_warning_release", "charge_overcurrent_warning"},
    {"discharge_overcurrent_warning", "discharge_overcurrent", true},
    {"discharge_overcurrent_warning_release", "discharge_overcurrent_warning"},
    {"discharge_overcurrent", "discharge_overcurrent_l2", true},
    {"charge_overtemperature_release", "charge_overtemperature"},
    {"discharge_overtemperature_release", "discharge_overtemperature"},
    {"fet_overtemperature_release", "fet_overtemperature"},
    {"soc_warning_l2", "soc_warning", true},
    // Otherwise nothing is ever balanced: charging stops first.
    {"balance_start", "cell_overvoltage"},
    {"balance_difference_stop", "balance_difference", true},
});

}  // namespace bms::ant
