// Bluetooth addresses as people write them. Everything that compares two of them compares the canonical form.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bms::bluetooth {

inline constexpr std::size_t address_pairs = 6;

namespace detail {

[[nodiscard]] constexpr bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

[[nodiscard]] constexpr bool is_separator(char c) { return c == ':' || c == '-' || c == '_'; }

}  // namespace detail

/// "A4:C1:37:00:00:23" of "a4-c1-37-00-00-23", "A4_C1_37_00_00_23" or "a4c137000023": six pairs of hexadecimal digits,
/// with one and the same separator between all of them or with none. Empty: it is no address.
[[nodiscard]] inline std::optional<std::string> canonical_address(std::string_view text) {
  constexpr std::size_t digits = 2 * address_pairs;
  constexpr std::size_t with_separators = digits + address_pairs - 1;
  const bool separated = text.size() == with_separators && detail::is_separator(text[2]);
  if (!separated && text.size() != digits) return std::nullopt;
  std::string address;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (separated && i % 3 == 2) {
      if (text[i] != text[2]) return std::nullopt;
      continue;
    }
    if (!detail::is_hex_digit(text[i])) return std::nullopt;
    if (address.size() % 3 == 2) address += ':';
    address += text[i] >= 'a' ? static_cast<char>(text[i] - 'a' + 'A') : text[i];
  }
  return address;
}

[[nodiscard]] inline bool is_address(std::string_view text) { return canonical_address(text).has_value(); }

/// Whether somebody has tried to write an address, and missed it: nearly as many short pieces as one has, with colons
/// or dashes between them. Identities ("JBD:1234567890") and ports ("ttyUSB0_2") are not addresses.
[[nodiscard]] inline bool resembles_address(std::string_view text) {
  constexpr std::size_t longest_piece = 3;
  const std::size_t first = text.find_first_of(":-");  // none lies beyond everything
  if (first >= longest_piece || is_address(text)) return false;
  std::size_t pieces = 1;
  std::size_t piece = 0;
  for (const char c : text) {
    piece = c == text[first] ? 0 : piece + 1;
    if (piece == 0) ++pieces;
    if (piece > longest_piece) return false;
  }
  return pieces + 1 >= address_pairs;
}

}  // namespace bms::bluetooth
