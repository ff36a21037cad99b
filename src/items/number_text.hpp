// Numbers as texts for people.
#pragma once

#include <array>
#include <cstdint>

namespace bms::items {

/// How a number becomes text: "%.2fV", "%d", "0x%X". A text is its own text.
struct TextFormat {
  int decimals = 0;       ///< 0..6
  const char* unit = "";  ///< appended without a space
  bool hex = false;       ///< integers only
};

/// Room for every number with its unit.
using NumberText = std::array<char, 64>;

/// Writes a number into `out` and returns it as a text that ends with 0. Real numbers are rounded to the nearest,
/// halves away from zero, and never show a negative zero; precondition: `value` is finite.
const char* print(NumberText& out, double value, const TextFormat& format);
const char* print(NumberText& out, std::int32_t value, const TextFormat& format);

}  // namespace bms::items
