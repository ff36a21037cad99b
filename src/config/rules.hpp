// What must be true of options together, and what an option does that nobody has set.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "charge/config.hpp"
#include "config/settings.hpp"

namespace bms::config {

/// What of an option a rule looks at.
enum class Part : std::uint8_t { number, first_point, last_point };

/// An option in a rule: its number, or the voltage at one end of its curve.
struct Side {
  std::string_view option;
  Part part = Part::number;

  /// Empty: it is "off", or there is no curve.
  [[nodiscard]] std::optional<double> of(Settings& settings) const;

  /// "`float_cell_voltage`", "the last point of `charge_cell_curve`", with `quote` around the name.
  [[nodiscard]] std::string text(std::string_view quote) const;
};

enum class Way : std::uint8_t { exactly, at_least, at_most };

/// As long as nobody has set `option`, it keeps this distance from its leader: exactly, or at least, or at most.
struct FollowRule {
  std::string_view option;
  Way way;
  double apart;  ///< of the option, above the leader
  Side leader;
};

/// In this order: a leader that follows another has done so before. A rule acts only when its leader was set or has
/// moved, so at the defaults of every chemistry no rule changes anything.
[[nodiscard]] std::span<const FollowRule> follow_rules();

/// One number must lie below another, also when both have been set.
struct OrderRule {
  Side lower, upper;
  double apart;             ///< at least this far below
  std::string_view yields;  ///< the one of both that is put right
};

[[nodiscard]] std::span<const OrderRule> order_rules();

/// A word that is of use only together with a text.
struct NeedsRule {
  std::string_view option, word, needed;
};

[[nodiscard]] std::span<const NeedsRule> needs_rules();

/// A limit that is a multiple of the capacity, with a BMS that never reports its capacity.
struct CapacityRule {
  std::string_view bms, option;
  charge::Amperes charge::Config::* place;
  std::string_view fallback;  ///< what comes of it without `capacity`
};

[[nodiscard]] std::span<const CapacityRule> capacity_rules();

/// "at least 0.08 V above `absorption_cell_voltage`": what the rule says of its option.
[[nodiscard]] std::string words_of(const FollowRule& rule, std::string_view quote = "");

/// "at least 0.05 V below `float_cell_voltage`": what the rule says of the lower one.
[[nodiscard]] std::string words_of(const OrderRule& rule, std::string_view quote = "");

}  // namespace bms::config
