// Which settings of a REC unit must keep an order.
//
// Source: the meaning of the instructions in the manuals of the 1Q and the ABMS, and their factory values. Releases are
// distances there (MAXH, MINH, BMTH), so they need no row.
#pragma once

#include <array>

#include "bms/parameter.hpp"

namespace bms::rec {

inline constexpr auto relations = std::to_array<Relation>({
    {"CMIN", "CMAX"},
    // Consumers are asked to stop before the unit cuts them off, and a pack is full before a cell is too high.
    {"CMIN", "CLOW"},
    {"CHAR", "CMAX"},
    {"CLOW", "CHAR"},
    // Balancing starts below the voltage that it works towards, and both before charging stops.
    {"BMIN", "BVOL", true},
    {"BMIN", "CMAX"},
    {"BVOL", "CMAX"},
    {"TMIN", "TMAX"},
});

}  // namespace bms::rec
