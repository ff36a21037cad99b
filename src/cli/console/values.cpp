#include "cli/console/values.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "config/text.hpp"
#include "parameters.hpp"

namespace bms::cli {

namespace {

constexpr int most_decimals = 9;

/// How many decimals a number needs to be told from its neighbours.
int decimals_of(double resolution) {
  int decimals = 0;
  for (double step = resolution; decimals < most_decimals && std::abs(step - std::round(step)) > 1e-6; ++decimals)
    step *= 10;
  return decimals;
}

std::string number_rounded(double value, double resolution) {
  std::array<char, 64> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals_of(resolution), value);
  return {buffer.data(), static_cast<std::size_t>(std::clamp<int>(size, 0, buffer.size() - 1))};
}

std::string number_shown(double value, double resolution) {
  const std::string rounded = number_rounded(value, resolution);
  // A board may hold what lies between two steps; nothing of it is hidden.
  const std::string exact = shortest(value);
  const bool hides = config::parse_number(rounded) != config::parse_number(exact);
  return hides ? exact : rounded;
}

}  // namespace

std::string shown(const std::optional<console::Value>& value, const Parameter* parameter) {
  if (!value) return "--";
  if (const auto* text = std::get_if<std::string>(&*value)) return *text;
  return number_shown(std::get<double>(*value), parameter == nullptr ? 0 : parameter->resolution);
}

std::string wish_shown(const std::optional<console::Value>& value, const Parameter* parameter) {
  const auto* number = value ? std::get_if<double>(&*value) : nullptr;
  if (number == nullptr || parameter == nullptr || parameter->resolution <= 0) return shown(value, parameter);
  return number_rounded(*number, parameter->resolution);
}

std::string range_shown(const Parameter& parameter) {
  if (!parameter.range) return "";
  const auto end = [&](double value) { return number_shown(value, parameter.resolution); };
  return end(parameter.range->min) + " … " + end(parameter.range->max);
}

Result<double> parse_value(const Parameter& parameter, std::string_view text) {
  std::string_view bare = config::trimmed(text);
  if (const auto without = config::without_unit(bare, parameter.unit); without && !parameter.unit.empty())
    bare = config::trimmed(*without);
  if (const auto number = config::parse_number(bare)) return *number;
  if (parameter.kind == ParameterKind::flag) {
    if (const auto flag = config::parse_flag(bare)) return *flag ? 1.0 : 0.0;
  }
  return failure(ErrorKind::rejected,
                 std::string(parameter.name) + " takes a number, not \"" + std::string(text.substr(0, 60)) + "\"");
}

}  // namespace bms::cli
