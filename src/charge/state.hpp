// What charge control remembers from frame to frame.
#pragma once

#include <span>

#include "bms/kept.hpp"
#include "bms/limits.hpp"

namespace bms::charge {

/// What outlives a restart. To be filled in by the control's own needs; every member stands in kept_fields().
struct Kept {
  double state = 0;  ///< a ChargeState
};

[[nodiscard]] std::span<const KeptField<Kept>> kept_fields();

/// Everything between two frames.
struct State {
  Kept kept;
};

}  // namespace bms::charge
