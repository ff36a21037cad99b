// What the owner says of a bank: how its packs are connected, which they are, and what it may be given.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "charge/config.hpp"

namespace bms::bank {

inline constexpr std::size_t most_members = 16;

enum class Wiring : std::uint8_t { series, parallel };

/// One pack of the bank.
struct MemberConfig {
  std::string name;                     ///< for people
  std::optional<std::size_t> cells{};   ///< empty: those that it shows first
  std::optional<double> capacity_ah{};  ///< where the pack does not say it, or says it wrong
  /// Bounds of its own, and all that is known of the limits of a foreign pack that names none.
  std::optional<double> max_charge_a{}, max_discharge_a{};
};

struct Config {
  Wiring wiring = Wiring::parallel;
  std::vector<MemberConfig> members{};  ///< in series from the negative end on; at most `most_members`

  /// In parallel: with fewer packs that are heard the bank is treated as one whose BMS has fallen silent.
  std::optional<std::size_t> min_members{};
  bool has_shunt = false;  ///< a shunt was configured: its current is the bank's

  /// The limits of the bank as a whole; voltages are those of a cell of any of its packs. In parallel
  /// derating curves and balancing are left to the packs, which judge their own cells.
  charge::Config charge{};

  bool soc_of_lowest = false;     ///< in series: the lowest SoC of a pack, rather than the usable charge of the string
  double soc_imbalance_pct = 10;  ///< between packs
  double low_soc_warning_pct = 20, low_soc_alarm_pct = 10;
};

/// How many packs a bank in parallel needs: all of two, all but one of more, unless the owner says otherwise; those
/// that the owner has excluded are none of it, and one is always needed. A string needs every one.
[[nodiscard]] inline std::size_t least_members(const Config& config, std::size_t excluded) {
  if (config.wiring == Wiring::series) return config.members.size();
  const std::size_t count = config.members.size() - std::min(excluded, config.members.size());
  const std::size_t usual = count > 2 ? count - 1 : count;
  return std::clamp<std::size_t>(config.min_members.value_or(usual), 1, std::max<std::size_t>(count, 1));
}

}  // namespace bms::bank
