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

/// What holds a current limit, for programs that put it into their own words. The numbers go out on D-Bus and keep
/// their meaning.
enum class LimitReason : std::uint8_t {
  none = 0,
  configured = 1,        ///< the configured maximum
  bms_maximum = 2,       ///< the BMS's own limit
  user_maximum = 3,      ///< set by the owner, on D-Bus
  slow_readings = 4,     ///< readings come too rarely for more
  blocked_by_user = 5,   ///< switched off by the owner
  alarm = 6,             ///< an alarm that forbids it
  implausible_cell = 7,  ///< a cell voltage that cannot be believed
  fet_open = 8,          ///< the BMS has opened its FET
  highest_cell = 9,
  lowest_cell = 10,
  temperature = 11,
  no_sensor = 12,  ///< no temperature sensor works
  fet_temperature = 13,
  soc = 14,
  rising = 15,            ///< more is allowed, and the limit is on its way there
  silent = 16,            ///< the BMS does not answer
  lost = 17,              ///< the BMS is lost
  cut_off = 18,           ///< discharging has ended for the lowest cell
  capacity_unknown = 19,  ///< the limit is a multiple of a capacity that nobody knows
  other_chemistry = 20,   ///< the BMS names other cells than those that the defaults are for
};

/// In words, without numbers that move: "highest cell".
[[nodiscard]] constexpr std::string_view name_of(LimitReason reason) {
  constexpr std::string_view names[] = {"",
                                        "configured maximum",
                                        "maximum of the BMS",
                                        "maximum set by the user",
                                        "readings come slowly",
                                        "blocked by the user",
                                        "alarm",
                                        "cell voltage not believable",
                                        "FET open",
                                        "highest cell",
                                        "lowest cell",
                                        "temperature",
                                        "no temperature sensor works",
                                        "FET temperature",
                                        "SoC",
                                        "rising slowly",
                                        "BMS does not answer",
                                        "BMS lost",
                                        "lowest cell is empty",
                                        "capacity unknown; set capacity",
                                        "other cells than configured; set chemistry"};
  return names[static_cast<unsigned>(reason)];
}
inline constexpr unsigned limit_reason_count = 21;

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
  ShortText discharge_reason{};  ///< likewise for DCL

  LimitReason charge_code{}, discharge_code{};  ///< the same two, for programs
  std::optional<bool> charge_request{};         ///< the battery is empty and asks to be charged
  ShortText summary{};  ///< mode, and why nothing is charged or discharged, in two lines without numbers that move
};

}  // namespace bms
