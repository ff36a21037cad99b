// The values that travel as com.victronenergy.BusItem: a number, a text, or "not known".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace bms::items {

/// A value as it is kept. monostate: invalid, on D-Bus the empty array of int32.
using Value = std::variant<std::monostate, std::int32_t, double, std::string>;

/// A value on its way into an item: as Value, but a text is borrowed, so that handing one over allocates nothing.
using ValueView = std::variant<std::monostate, std::int32_t, double, std::string_view>;

/// What others may hand in, before it is made to fit a type.
using Incoming = std::variant<std::monostate, std::int64_t, double, std::string>;

/// The kind of value that an item holds for life.
enum class Type : std::uint8_t { integer, real, text };

/// Makes somebody else's number or text fit a type, if that loses nothing. Empty: it does not fit.
[[nodiscard]] std::optional<Value> fitted(const Incoming& incoming, Type type);

/// Somebody else's value as a finite number; empty: it is not one.
[[nodiscard]] std::optional<double> finite_number(const Incoming& incoming);

/// Whether there is a value.
[[nodiscard]] inline bool is_valid(const Value& value) { return value.index() != 0; }

/// The value as a number; empty: it is not a number.
[[nodiscard]] std::optional<double> number_in(const Value& value);

/// A measurement, or invalid.
[[nodiscard]] inline ValueView real(std::optional<double> value) { return value ? ValueView{*value} : ValueView{}; }

/// A count, or invalid.
[[nodiscard]] inline ValueView integer(std::optional<int> value) {
  return value ? ValueView{std::int32_t{*value}} : ValueView{};
}

/// A flag as 0 or 1, or invalid. Venus has no booleans: its GUI compares with the number 1.
[[nodiscard]] inline ValueView flag(std::optional<bool> value) {
  return value ? ValueView{std::int32_t{*value ? 1 : 0}} : ValueView{};
}

/// A text; an empty one is a value like any other.
[[nodiscard]] inline ValueView text(std::string_view value) { return ValueView{value}; }

/// A text, or invalid when there is nothing in it.
[[nodiscard]] inline ValueView text_unless_empty(std::string_view value) {
  return value.empty() ? ValueView{} : ValueView{value};
}

/// The same value without a copy of its text. Valid as long as `value` is.
[[nodiscard]] ValueView view(const Value& value);

/// The same value with a text of its own.
[[nodiscard]] Value copy(const ValueView& value);

}  // namespace bms::items
