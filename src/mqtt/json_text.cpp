#include "mqtt/json_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <variant>

namespace bms::mqtt {

namespace {

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_escaped(std::string& out, char letter) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(letter);
  if (letter == '"' || letter == '\\') {
    out += '\\';
    out += letter;
  } else if (code < 0x20) {
    out += "\\u00";
    out += digits[code >> 4U];
    out += digits[code & 0xFU];
  } else {
    out += letter;
  }
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char letter : text) append_escaped(out, letter);
  out += '"';
}

void append_value(std::string& out, const items::Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return append_number(out, *number);
  if (const auto* count = std::get_if<std::int32_t>(&value)) return append_number(out, *count);
  if (const auto* words = std::get_if<std::string>(&value)) return append_quoted(out, *words);
  out += "null";
}

void append_comma(std::string& out) {
  if (!out.empty() && out.back() != '{' && out.back() != '[') out += ',';
}

void append_name(std::string& out, std::string_view name) {
  append_comma(out);
  append_quoted(out, name);
  out += ':';
}

}  // namespace bms::mqtt
