// Packs in parallel: they have one voltage and share the current.
#pragma once

#include "bank/together.hpp"

namespace bms::bank {

/// Fills battery, limits and findings. Precondition: enough packs count, and all of them have as many cells.
void combine_parallel(const Moment& now);

}  // namespace bms::bank
