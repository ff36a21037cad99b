#include "items/value.hpp"

#include <cmath>
#include <limits>

namespace bms::items {
namespace {

std::optional<std::int32_t> as_int32(std::int64_t value) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (value < Limits::min() || value > Limits::max()) return std::nullopt;
  return static_cast<std::int32_t>(value);
}

std::optional<std::int32_t> as_int32(double value) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (!(value >= Limits::min() && value <= Limits::max()) || std::trunc(value) != value) return std::nullopt;
  return static_cast<std::int32_t>(value);
}

}  // namespace

std::optional<double> number_in(const Value& value) {
  if (const auto* count = std::get_if<std::int32_t>(&value)) return *count;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

std::optional<double> finite_number(const Incoming& incoming) {
  if (const auto* whole = std::get_if<std::int64_t>(&incoming)) return static_cast<double>(*whole);
  const auto* number = std::get_if<double>(&incoming);
  return number && std::isfinite(*number) ? std::optional{*number} : std::nullopt;
}

std::optional<Value> fitted(const Incoming& incoming, Type type) {
  if (std::holds_alternative<std::monostate>(incoming)) return Value{};
  const auto* whole = std::get_if<std::int64_t>(&incoming);
  const auto* number = std::get_if<double>(&incoming);
  const auto* words = std::get_if<std::string>(&incoming);
  if (type == Type::text) return words ? std::optional<Value>{*words} : std::nullopt;
  if (words) return std::nullopt;
  if (type == Type::real) return Value{whole ? static_cast<double>(*whole) : *number + 0.0};  // + 0.0: no negative zero
  const auto count = whole ? as_int32(*whole) : as_int32(*number);
  return count ? std::optional<Value>{*count} : std::nullopt;
}

ValueView view(const Value& value) {
  return std::visit([](const auto& held) { return ValueView{held}; }, value);
}

Value copy(const ValueView& value) {
  if (const auto* borrowed = std::get_if<std::string_view>(&value)) return std::string{*borrowed};
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* count = std::get_if<std::int32_t>(&value)) return *count;
  return {};
}

}  // namespace bms::items
