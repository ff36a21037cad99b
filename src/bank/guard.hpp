// What a pack of another driver bears by its own cells and temperatures. Nobody knows what its limits look at, if it
// names any.
#pragma once

#include "bank/state.hpp"
#include "charge/config.hpp"

namespace bms::bank {

/// Lowers the limits and the charge voltage of `track` to what charge control would allow the pack if it were ours,
/// with the curves and voltages of `of_bank`. For packs in parallel: the cells of a string are judged together. `dt_s`:
/// since the last time.
void guard(const charge::Config& of_bank, double dt_s, Track& track);

}  // namespace bms::bank
