// What another battery service on the bus says: a shunt, as a rule.
#pragma once

#include <optional>

namespace bms::battery {

/// Empty: not there, or not known.
struct External {
  std::optional<double> current_a{}, soc_pct{};
  std::optional<double> floor_soc_pct{};  ///< the ESS's active minimum SoC
};

}  // namespace bms::battery
