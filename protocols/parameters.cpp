// What the families do with their tables of parameters.
#include "parameters.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace bms {

std::unexpected<Error> no_parameter(std::string_view board, std::string_view name) {
  constexpr std::size_t longest = 60;
  return failure(ErrorKind::rejected,
                 std::string(board).append(" has no parameter '").append(name.substr(0, longest)).append("'"));
}

std::string shortest(double value) {
  // Fewer digits than a double has: 3276.7 must not become 3276.7000000000003.
  constexpr int digits = 10;
  constexpr double least = 1e-9;
  const double amount = std::abs(value);
  const auto format = amount < 1 && amount > least ? std::chars_format::fixed : std::chars_format::general;
  std::array<char, 32> buffer{};
  const auto [end, failed] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, digits);
  std::string text(buffer.data(), failed == std::errc{} ? end : buffer.data());
  if (format == std::chars_format::fixed) text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string range_text(const Range& range, std::string_view unit) {
  std::string text = shortest(range.min) + " to " + shortest(range.max);
  if (!unit.empty()) text.append(" ").append(unit);
  return text;
}

Result<void> check_range(std::string_view what, double value, const Range& range, std::string_view unit) {
  if (range.contains(value)) return {};
  return failure(ErrorKind::rejected,
                 std::string(what).append(" takes ").append(range_text(range, unit)) + ", not " + shortest(value));
}

Result<void> check_soc(double soc_pct) { return check_range("the state of charge", soc_pct, {0, 100}, "%"); }

Result<void> check_write(const Parameter& parameter, double value, const std::optional<Range>& range) {
  if (parameter.access == Access::read)
    return failure(ErrorKind::rejected, std::string(parameter.name).append(" is read only"));
  if (auto checked = check_range(parameter.name, value, range.value(), parameter.unit); !checked) return checked;
  if (!is_whole(parameter.kind) || value == std::floor(value)) return {};
  return failure(ErrorKind::rejected, std::string(parameter.name).append(" takes whole numbers from ") +
                                          range_text(*range, parameter.unit) + ", not " + shortest(value));
}

}  // namespace bms
