// Numbers as files and answers hold them.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <variant>

#include "bms/parameter.hpp"
#include "console/answer.hpp"
#include "parameters.hpp"

namespace bms::console {

/// A number without the digits that only computing has added: 3.65 and not 3.6500000000000004.
[[nodiscard]] inline double tidy(double value) { return std::strtod(shortest(value).c_str(), nullptr); }

/// A value as JSON: whole numbers of a parameter that has no others are written without a fraction. `parameter` may be
/// nullptr.
[[nodiscard]] inline nlohmann::ordered_json json_of(const Value& value, const Parameter* parameter) {
  constexpr double largest_exact = 9e15;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const double number = std::get<double>(value);
  const bool whole = parameter != nullptr && is_whole(parameter->kind) && number == std::floor(number);
  if (whole && std::abs(number) < largest_exact) return static_cast<std::int64_t>(number);
  return tidy(number);
}

/// Whether a board would hold the same for both: numbers may differ by less than half a step. `parameter` may be
/// nullptr.
[[nodiscard]] inline bool same(const Value& a, const Value& b, const Parameter* parameter) {
  const auto* first = std::get_if<double>(&a);
  const auto* second = std::get_if<double>(&b);
  if (first == nullptr || second == nullptr) return a == b;
  const double step = parameter == nullptr ? 0 : parameter->resolution;
  return std::abs(*first - *second) < step / 2 || tidy(*first) == tidy(*second);
}

}  // namespace bms::console
