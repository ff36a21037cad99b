// CCL and DCL of packs in parallel, by the room that each of them has left.
#pragma once

#include "bank/together.hpp"

namespace bms::bank {

inline constexpr double current_time_s = 2;  ///< of the filter that the currents of a bank go through

/// What CVL has to bring about.
struct GroupCurrents {
  std::optional<double> current_a{};  ///< of all packs, filtered; empty: one of them does not say
  double allowed_charge_a = 0;        ///< after the speed rules
  double resistance_ohm = 0;          ///< of all packs that take part in charging
  bool blocked = false;               ///< nothing may flow, at once
};

/// Fills the currents of `limits` and the limits in `findings`.
[[nodiscard]] GroupCurrents follow_group_currents(const Moment& now);

/// What the packs bear of a current out of the bank of which too few are heard: those that are heard, and the others
/// unheard. Infinite if none is heard.
[[nodiscard]] double borne_discharge_a(const Moment& now);

}  // namespace bms::bank
