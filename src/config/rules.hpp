// What must be true of options together.
#pragma once

#include <span>
#include <string_view>

#include "charge/config.hpp"

namespace bms::config {

/// One number must lie below another.
struct OrderRule {
  std::string_view lower, upper;
  std::string_view yields;  ///< the one of both that is put right
  double margin;            ///< how far from the other one, if nothing better is known
  bool may_be_equal;
  bool follows;  ///< when nobody has configured the one that yields, it adapts to the other, and that is no fault
};

[[nodiscard]] std::span<const OrderRule> order_rules();

/// A word that is of use only together with a text.
struct NeedsRule {
  std::string_view option, word, needed;
};

[[nodiscard]] std::span<const NeedsRule> needs_rules();

/// A limit that is a multiple of the capacity, with a BMS that never tells its capacity.
struct CapacityRule {
  std::string_view bms, option;
  charge::Amperes charge::Config::* place;
  std::string_view fallback;  ///< what comes of it without `capacity`
};

[[nodiscard]] std::span<const CapacityRule> capacity_rules();

}  // namespace bms::config
