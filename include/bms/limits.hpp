// How hard the battery may be used, as charge control decides it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bms/short_text.hpp"

namespace bms {

/// Where charging stands. The order is that of the numbers on D-Bus.
enum class ChargeState : std::uint8_t {
  bulk,              ///< charging with all that is allowed
  absorption,        ///< at the target voltage until the cells are full and even
  float_transition,  ///< full; the voltage goes down slowly
  floating,          ///< full; kept so
  balancing,         ///< an absorption at a higher voltage, now and then, to make the cells even
  blocked,           ///< nothing may be charged: the user, or no contact
};

/// "Bulk", "Absorption", "FloatTransition", "Float", "Balancing", "Blocked".
[[nodiscard]] constexpr std::string_view name_of(ChargeState state) {
  constexpr std::string_view names[] = {"Bulk", "Absorption", "FloatTransition", "Float", "Balancing", "Blocked"};
  return names[static_cast<unsigned>(state)];
}

/// CVL, CCL, DCL and the permissions. All values finite; an empty CVL means: no longer a managed battery.
/// Invariants (S5): never 0 V; a current is never empty while the voltage is not.
struct Limits {
  std::optional<double> charge_voltage_v{};     ///< CVL, > 0
  std::optional<double> charge_current_a{};     ///< CCL, >= 0
  std::optional<double> discharge_current_a{};  ///< DCL, >= 0
  std::optional<double> low_voltage_v{};        ///< the voltage below which nothing should be discharged
  std::optional<bool> allow_charge{};           ///< empty: the BMS does not say, and nothing else forbids it
  std::optional<bool> allow_discharge{};

  std::optional<ChargeState> state{};
  ShortText charge_mode{};       ///< the state, and what is special about it: "Absorption, 12 min to go"
  ShortText charge_reason{};     ///< which source holds CCL now: "highest cell 3.462 V"
  ShortText discharge_reason{};  ///< the same for DCL
};

}  // namespace bms
