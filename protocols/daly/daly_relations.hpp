// Which settings of a Daly board keep an order.
//
// Source: level 1 warns and level 2 opens a FET (vendor's protocol documents, commands 59 to 5B; registers 8B to 92 and
// 130 to 146), so level 2 lies beyond level 1. Both may be the same: then there is no warning. Newer boards
// are found with both limits of the pack at 0, so high and low are compared for the cells alone. Temperatures, state of
// charge and differences have rows once a board is known that answers for them.
#pragma once

#include <array>

#include "bms/parameter.hpp"

namespace bms::daly {

inline constexpr auto relations = std::to_array<Relation>({
    {"cell_high_l1", "cell_high_l2", true},
    {"cell_low_l2", "cell_low_l1", true},
    {"cell_low_l2", "cell_high_l2"},
    {"pack_high_l1", "pack_high_l2", true},
    {"pack_low_l2", "pack_low_l1", true},
    {"charge_limit_l1", "charge_limit_l2", true},
    {"discharge_limit_l1", "discharge_limit_l2", true},
    // Otherwise nothing is ever balanced: charging stops first.
    {"balance_start", "cell_high_l2"},
});

}  // namespace bms::daly
