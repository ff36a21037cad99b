#include "cli/watch/format.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace bms::cli {
namespace {

std::string print(double value, int decimals, const char* fixed, const char* exponent) {
  constexpr double widest = 1e6;                                       // beyond this a number would burst its column
  if (std::abs(value) < 0.5 * std::pow(10.0, -decimals)) value = 0.0;  // and so never "-0.0"
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), std::abs(value) < widest ? fixed : exponent, decimals, value);
  return text.data();
}

std::string with_unit(std::string number, std::string_view unit) {
  if (!unit.empty()) number.append(" ").append(unit);
  return number;
}

std::string two_digits(std::int64_t number) {
  const std::string digits = std::to_string(number);
  return digits.size() < 2 ? "0" + digits : digits;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string quantity(std::optional<double> value, int decimals, std::string_view unit) {
  if (!value) return std::string(unknown_text);
  return with_unit(print(*value, decimals, "%.*f", "%.*e"), unit);
}

std::string signed_quantity(std::optional<double> value, int decimals, std::string_view unit) {
  if (!value) return std::string(unknown_text);
  return with_unit(print(*value, decimals, "%+.*f", "%+.*e"), unit);
}

std::string span_text(std::optional<double> seconds) {
  constexpr double never_s = 864000;
  if (!seconds || *seconds < 0 || *seconds >= never_s) return std::string(unknown_text);
  const auto whole = static_cast<std::int64_t>(*seconds);
  const std::int64_t minutes = whole / 60;
  const std::int64_t hours = minutes / 60;
  if (minutes == 0) return std::to_string(whole) + " s";
  if (hours == 0) return std::to_string(minutes) + " min";
  if (hours < 24) return std::to_string(hours) + " h " + two_digits(minutes % 60) + " min";
  return std::to_string(hours / 24) + " d " + std::to_string(hours % 24) + " h";
}

std::string state_text(std::optional<std::int64_t> state) {
  constexpr std::array<std::string_view, 19> words{
      "initializing", "initializing", "initializing",       "initializing", "initializing",
      "initializing", "initializing", "initializing",       "initializing", "running",
      "error",        "unknown",      "shutdown",           "updating",     "standby",
      "going to run", "pre-charging", "checking contactor", "pending"};
  if (!state) return std::string(unknown_text);
  if (*state < 0 || *state >= static_cast<std::int64_t>(words.size())) return "state " + std::to_string(*state);
  return std::string(words[static_cast<std::size_t>(*state)]);
}

std::string alarm_text(std::string_view name) {
  if (name == "BmsCable") return "BMS cable";
  if (name == "LowSoc") return "Low SoC";
  std::string words;
  for (const char c : name) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !words.empty()) words += ' ';
    words += words.empty() ? c : lower(c);
  }
  return words;
}

}  // namespace bms::cli
