// Packs in series: one string of cells, which charge control judges as a whole.
#pragma once

#include <optional>
#include <span>

#include "bank/together.hpp"

namespace bms::bank {

/// What a string of packs holds. It is empty when the first pack is, and full when the first pack is.
struct StringCharge {
  double remaining_ah, usable_ah;

  [[nodiscard]] double soc_pct() const { return usable_ah > 0 ? remaining_ah / usable_ah * 100 : 0; }
};
[[nodiscard]] std::optional<StringCharge> string_charge(std::span<const Charge> packs);

/// The least that a pack allows that is heard, of a current out of the string; infinite if none is heard.
[[nodiscard]] double borne_discharge_of_string_a(const Moment& now);

/// Fills battery, limits and findings. Precondition: every pack counts.
void combine_series(const Moment& now);

}  // namespace bms::bank
