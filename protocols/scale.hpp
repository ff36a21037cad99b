// How counts on the wire become numbers in SI units, and back.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace bms {

/// value = (raw - offset) / counts_per_unit.
struct Scale {
  std::string_view unit{};     ///< empty for plain numbers
  double counts_per_unit = 1;  ///< negative where counts fall while the value rises
  int offset = 0;              ///< the count that means 0
  bool is_signed = false;      ///< the count is a word in two's complement

  [[nodiscard]] constexpr double value(std::uint32_t raw) const {
    const double counts = is_signed ? static_cast<std::int16_t>(raw) : static_cast<double>(raw);
    // The sum keeps a zero from being negative.
    return (counts - offset) / counts_per_unit + 0.0;
  }

  /// The word for a value, rounded to the nearest count. Precondition: one word can hold it.
  [[nodiscard]] std::uint16_t word(double value) const {
    return static_cast<std::uint16_t>(std::lround(value * counts_per_unit) + offset);
  }

  /// What one count is worth, in the unit.
  [[nodiscard]] constexpr double resolution() const {
    return counts_per_unit < 0 ? -1 / counts_per_unit : 1 / counts_per_unit;
  }

  /// The same with counts that are worth so many times as much.
  [[nodiscard]] constexpr Scale coarser(double times) const {
    return {.unit = unit, .counts_per_unit = counts_per_unit / times, .offset = offset, .is_signed = is_signed};
  }
};

/// What the name of a value in that unit ends with: "_v".
[[nodiscard]] constexpr std::string_view suffix_of(std::string_view unit) {
  constexpr struct {
    std::string_view unit, suffix;
  } suffixes[] = {{"V", "_v"}, {"A", "_a"}, {"Ah", "_ah"}, {"%", "_pct"}, {"°C", "_c"}, {"s", "_s"}};
  for (const auto& row : suffixes)
    if (row.unit == unit) return row.suffix;
  return {};
}

}  // namespace bms
