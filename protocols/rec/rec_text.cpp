// Reading and writing the texts of REC units: numbers, counts, names, times.
#include "rec/rec_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace bms::rec {
namespace {

constexpr double write_accuracy = 1e-4;
constexpr int write_digits = 6;

std::string_view characters(Bytes payload) { return {reinterpret_cast<const char*>(payload.data()), payload.size()}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text, std::string_view around) {
  const std::size_t first = text.find_first_not_of(around);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(around) - first + 1);
}

/// Whether `text` is like `pattern`, in which 0 stands for a digit.
bool looks_like(std::string_view text, std::string_view pattern) {
  return std::ranges::equal(text, pattern, [](char c, char p) { return p == '0' ? is_digit(c) : c == p; });
}

}  // namespace

std::optional<double> number_of(Bytes payload) {
  std::string_view text = trimmed(characters(payload), " \t\r\n");
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> count_of(Bytes payload) {
  constexpr double most = 9007199254740992.0;  // up to here a double holds every whole number
  const auto value = number_of(payload);
  if (!value || *value < 0 || *value > most || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::optional<unsigned> array_count_of(Bytes payload) {
  const std::string_view text = characters(payload);
  if (text.empty() || text.size() > 2 || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  unsigned count = 0;
  for (const char c : text) count = count * 10 + static_cast<unsigned>(c - '0');
  return count;
}

std::optional<std::string_view> text_of(Bytes payload) {
  constexpr std::string_view around(" \t\r\n\0", 5);
  const std::string_view text = trimmed(characters(payload), around);
  const auto printable = [](char c) { return c >= 0x20 && c < 0x7F; };
  if (text.empty() || !std::ranges::all_of(text, printable)) return std::nullopt;
  return text;
}

bool looks_like_time(std::string_view text) { return looks_like(text, "00:00:00"); }

bool looks_like_date(std::string_view text) { return looks_like(text, "00.00.0000"); }

bool is_acknowledgement(Bytes payload) { return text_of(payload) == "SET"; }

bool is_refusal(Bytes payload) { return characters(payload).starts_with("ERROR"); }

std::string number_text(double value) {
  if (value == 0) return "0";
  // Digits before the point, negative for zeros after it.
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.*f", std::clamp(write_digits - magnitude, 0, 12), value);
  std::string result = text.data();
  if (result.contains('.')) {
    result.erase(result.find_last_not_of('0') + 1);
    if (result.ends_with('.')) result.pop_back();
  }
  return result == "-0" ? "0" : result;
}

bool same_number(double a, double b) { return std::abs(a - b) <= write_accuracy * std::max(std::abs(a), std::abs(b)); }

}  // namespace bms::rec
