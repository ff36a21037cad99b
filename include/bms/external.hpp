// What others say: another battery service on the bus, a shunt as a rule, and the clock on the wall.
#pragma once

#include <optional>

namespace bms {

/// Empty: not there, or not known.
struct External {
  std::optional<double> current_a{}, soc_pct{};
  std::optional<double> floor_soc_pct{};  ///< the ESS's active minimum SoC
  std::optional<double> unix_s{};         ///< seconds since 1970; empty: the clock cannot be believed
};

}  // namespace bms
