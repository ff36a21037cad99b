// What the path tables are made of: kinds of values, and where most of them come from.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "items/battery_paths.hpp"

namespace bms::items {

// The steps are the finest that Venus shows anywhere; finer ones would make every sample a change.
inline constexpr Kind word{Type::text};
inline constexpr Kind count{Type::integer};
inline constexpr Kind pack_volts{Type::real, {2, "V"}, {.counts_per_unit = 100}};
inline constexpr Kind cell_volts{Type::real, {3, "V"}, {.counts_per_unit = 1000}};
inline constexpr Kind amperes{Type::real, {1, "A"}, {.counts_per_unit = 10, .fine_counts = 100, .fine_below = 10}};
inline constexpr Kind percent{Type::real, {1, "%"}, {.counts_per_unit = 10}};
inline constexpr Kind degrees{Type::real, {0, "C"}, {.counts_per_unit = 10}};
inline constexpr Kind ampere_hours{Type::real, {1, "Ah"}, {.counts_per_unit = 10}};
inline constexpr Kind whole_ampere_hours{Type::real, {0, "Ah"}, {.counts_per_unit = 10}};
inline constexpr Kind seconds{Type::real, {0, "s"}, {.counts_per_unit = 1}};
// Limits must never come out above what charge control computed.
inline constexpr Kind limit_volts{Type::real, {2, "V"}, {.counts_per_unit = 1000, .downwards = true}};
inline constexpr Kind limit_amperes{Type::real, {1, "A"}, {.counts_per_unit = 10, .downwards = true}};

/// For an item that says what another one says.
[[nodiscard]] constexpr Kind copied(Kind kind) {
  kind.copy = true;
  return kind;
}

/// A whole number of anything; invalid where it cannot be one.
[[nodiscard]] inline ValueView whole(std::optional<double> value) {
  constexpr double most = 2e9;
  if (!value || !(std::abs(*value) <= most)) return {};
  return static_cast<std::int32_t>(*value);
}

/// An amount that Venus wants to see as 0 or negative.
[[nodiscard]] inline ValueView taken_out(std::optional<double> amount) {
  if (!amount || std::isnan(*amount)) return {};
  return std::min(0.0, -*amount);
}

template <auto Member>
ValueView measured(const View& view) {
  return real(view.battery.reading.*Member);
}

template <auto Member>
ValueView derived(const View& view) {
  return real(view.battery.derived.*Member);
}

template <auto Member>
ValueView estimated(const View& view) {
  return real(view.battery.estimate.*Member);
}

template <std::int32_t Number>
ValueView constant(const View& /*view*/) {
  return Number;
}

}  // namespace bms::items
