// How commands are understood: first as a whole, then done. A script is therefore refused before its first step.
#pragma once

#include <charconv>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace bms::sim {

/// A value, or what was expected instead.
template <class T>
using Outcome = std::expected<T, std::string>;

/// A command that was understood. Returns lines to print (each ended by a newline), mostly none.
using Action = std::function<std::string()>;

/// An action that prints nothing.
template <class F>
[[nodiscard]] Action quietly(F effect) {
  return [effect]() mutable {
    effect();
    return std::string{};
  };
}

[[nodiscard]] inline std::unexpected<std::string> expected_was(std::string what) {
  return std::unexpected(std::move(what));
}

/// The number that is the whole of `text`, if it lies within [low, high].
[[nodiscard]] inline std::optional<double> number(std::string_view text, double low, double high) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc{} || end != text.end() || !(value >= low && value <= high)) return std::nullopt;
  return value;
}

}  // namespace bms::sim
