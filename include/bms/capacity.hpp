// What an unknown capacity counts as.
#pragma once

namespace bms {

/// Where the smaller capacity is the more careful one: hardly a battery with a BMS is smaller.
inline constexpr double careful_capacity_ah = 10;

}  // namespace bms
