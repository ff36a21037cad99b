// What the explanations of both Daly protocols share.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "bms/error.hpp"
#include "recording.hpp"

namespace bms::daly {

using Json = nlohmann::ordered_json;

/// The explanation of a 0xA5 recording, and of one of the newer protocol.
[[nodiscard]] Json explain_a5(const Recording& recording);
[[nodiscard]] Json explain_modbus(const Recording& recording, bool numbered_boards);

/// A number of the line's "context", when it is there and positive.
[[nodiscard]] inline std::optional<std::size_t> context_number(const Recording& recording, const char* key) {
  const auto context = recording.line.find("context");
  if (context == recording.line.end() || !context->is_object()) return std::nullopt;
  const auto found = context->find(key);
  constexpr std::int64_t most = 255;
  if (found == context->end() || !found->is_number_integer()) return std::nullopt;
  const auto value = found->get<std::int64_t>();
  if (value < 1 || value > most) return std::nullopt;
  return static_cast<std::size_t>(value);
}

[[nodiscard]] inline Json explain_error(ErrorKind kind, const std::string& message) {
  return Json{{"error", name_of(kind)}, {"message", message}};
}

/// null when there is no value.
template <class T>
[[nodiscard]] Json json_of(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

/// A number without decimals where its scale has none.
[[nodiscard]] inline Json json_number(double value, bool whole) {
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

/// What the BMS does with its current, in one word.
[[nodiscard]] inline Json activity_name(unsigned activity) {
  constexpr const char* names[] = {"stationary", "charging", "discharging"};
  return activity < std::size(names) ? Json(names[activity]) : Json();
}

}  // namespace bms::daly
