// The numbers of services and characteristics. Those of batteries are all short ones, which stand for a long form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bms/hex.hpp"

namespace bms::bluetooth {

inline constexpr std::string_view long_form_begin = "0000";
inline constexpr std::string_view long_form_end = "-0000-1000-8000-00805f9b34fb";

/// "0000ff00-0000-1000-8000-00805f9b34fb", as BlueZ writes it.
[[nodiscard]] inline std::string long_uuid(std::uint16_t uuid) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(long_form_begin);
  for (const unsigned shift : {12U, 8U, 4U, 0U}) text += digits[(uuid >> shift) & 0xFU];
  return text.append(long_form_end);
}

/// The number of "ff00" or of its long form, in capitals or not. Empty: it is of another kind.
[[nodiscard]] inline std::optional<std::uint16_t> short_uuid(std::string_view text) {
  constexpr std::size_t digits = 4;
  std::string lowered(text);
  for (char& c : lowered)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  std::string_view rest = lowered;
  if (rest.size() > digits) {
    if (!rest.starts_with(long_form_begin) || !rest.ends_with(long_form_end)) return std::nullopt;
    rest.remove_prefix(long_form_begin.size());
    rest.remove_suffix(long_form_end.size());
  }
  if (rest.size() != digits || rest.contains(' ')) return std::nullopt;
  const auto bytes = from_hex(rest);
  if (!bytes) return std::nullopt;
  return u16_be(*bytes, 0);
}

}  // namespace bms::bluetooth
