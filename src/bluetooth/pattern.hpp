// Patterns of names on the air.
#pragma once

#include <cstddef>
#include <string_view>

#include "bluetooth/address.hpp"

namespace bms::bluetooth {

/// Whether a name is of a pattern: # is a digit, % a hexadecimal digit, ? any character, * at the end any rest. Letters
/// must be the same, capitals included.
[[nodiscard]] constexpr bool fits_pattern(std::string_view name, std::string_view pattern) {
  const bool open = pattern.ends_with('*');
  if (open) pattern.remove_suffix(1);
  if (open ? name.size() < pattern.size() : name.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = name[i];
    switch (pattern[i]) {
      case '#':
        if (c < '0' || c > '9') return false;
        break;
      case '%':
        if (!detail::is_hex_digit(c)) return false;
        break;
      case '?': break;
      default:
        if (c != pattern[i]) return false;
    }
  }
  return true;
}

}  // namespace bms::bluetooth
