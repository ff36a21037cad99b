#include "venus/utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace bms::venus {
namespace {

struct Form {
  std::uint8_t lead_mask, lead_bits;
  std::uint8_t length;
  std::uint32_t least;  ///< smaller code points have a shorter form, which is the only legal one
};

constexpr Form forms[] = {
    {0x80, 0x00, 1, 0x20},  // no control characters
    {0xE0, 0xC0, 2, 0x80},
    {0xF0, 0xE0, 3, 0x800},
    {0xF8, 0xF0, 4, 0x10000},
};

constexpr bool is_character(std::uint32_t code_point, const Form& form) {
  const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  const bool is_control = code_point >= 0x7F && code_point <= 0x9F;  // those below 0x20 have no form
  return code_point >= form.least && code_point <= 0x10FFFF && !is_surrogate && !is_control;
}

/// Length of the character that `text` begins with; 0: it begins with none.
std::size_t leading_character(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (const Form& form : forms) {
    if ((byte(0) & form.lead_mask) != form.lead_bits) continue;
    if (text.size() < form.length) return 0;
    std::uint32_t code_point = byte(0) & static_cast<std::uint8_t>(~form.lead_mask);
    for (std::size_t i = 1; i < form.length; ++i) {
      if ((byte(i) & 0xC0U) != 0x80U) return 0;
      code_point = (code_point << 6U) | (byte(i) & 0x3FU);
    }
    return is_character(code_point, form) ? form.length : 0;
  }
  return 0;
}

}  // namespace

bool is_clean_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = leading_character(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string shortened(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string{text};
  // A byte 10xxxxxx goes on with what came before it.
  while (bytes > 0 && (static_cast<std::uint8_t>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return std::string{text.substr(0, bytes)};
}

std::string clean_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = leading_character(text);
    result += length == 0 ? std::string_view{"?"} : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

}  // namespace bms::venus
