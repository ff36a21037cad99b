// How hard the battery may be used, as charge control decides it.
#pragma once

#include <optional>
#include <string_view>

namespace bms {

/// CVL, CCL, DCL and the permissions. All values finite; an empty CVL means: no longer a managed battery.
/// Invariants (S5): never 0 V; a current is never empty while the voltage is not.
struct Limits {
  std::optional<double> charge_voltage_v{};     ///< CVL, > 0
  std::optional<double> charge_current_a{};     ///< CCL, >= 0
  std::optional<double> discharge_current_a{};  ///< DCL, >= 0
  std::optional<double> low_voltage_v{};        ///< the voltage below which nothing should be discharged
  std::optional<bool> allow_charge{};
  std::optional<bool> allow_discharge{};

  /// Which source holds the charge and the discharge limit now, in a few words. Texts with static lifetime.
  std::string_view charge_reason{};
  std::string_view discharge_reason{};
};

}  // namespace bms
