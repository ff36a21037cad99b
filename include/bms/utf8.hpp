// Texts that are safe to hand on. The bus drops a client that sends a byte sequence which is not UTF-8, so nothing that
// came from a device or a file may go out unseen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bms {

/// Length of the character that `text` begins with; 0: it does not begin with one, or with a control character.
[[nodiscard]] inline std::size_t leading_character(std::string_view text) {
  struct Form {
    std::uint8_t lead_mask, lead_bits;
    std::uint8_t length;
    std::uint32_t least;  // smaller code points have a shorter form, which is the only legal one
  };
  constexpr std::array forms{
      Form{0x80, 0x00, 1, 0x20},  // no control characters
      Form{0xE0, 0xC0, 2, 0x80},
      Form{0xF0, 0xE0, 3, 0x800},
      Form{0xF8, 0xF0, 4, 0x10000},
  };
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (const Form& form : forms) {
    if ((byte(0) & form.lead_mask) != form.lead_bits) continue;
    if (text.size() < form.length) return 0;
    std::uint32_t code_point = byte(0) & static_cast<std::uint8_t>(~form.lead_mask);
    for (std::size_t i = 1; i < form.length; ++i) {
      if ((byte(i) & 0xC0U) != 0x80U) return 0;
      code_point = (code_point << 6U) | (byte(i) & 0x3FU);
    }
    const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    const bool is_control = code_point >= 0x7F && code_point <= 0x9F;  // those below 0x20 have no form
    const bool legal = code_point >= form.least && code_point <= 0x10FFFF && !is_surrogate && !is_control;
    return legal ? form.length : 0;
  }
  return 0;
}

/// Whether `text` is UTF-8 without control characters (C0, DEL, C1).
[[nodiscard]] inline bool is_clean_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = leading_character(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// `text` with every offending byte replaced by '?'.
[[nodiscard]] inline std::string clean_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = leading_character(text);
    result += length == 0 ? std::string_view{"?"} : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

/// As many whole characters of `text` as fit into so many bytes.
[[nodiscard]] inline std::string shortened(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string{text};
  // A byte 10xxxxxx goes on with what came before it.
  while (bytes > 0 && (static_cast<std::uint8_t>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return std::string{text.substr(0, bytes)};
}

}  // namespace bms
