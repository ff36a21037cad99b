// Reading JSON that anybody may have written: what is missing or of another type is an error that names it.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "bms/error.hpp"

namespace bms::console {

using Json = nlohmann::ordered_json;

inline constexpr std::size_t longest_name = 120;

/// Thrown by the readers below and caught where a document is read.
struct Unexpected {
  std::string message;
};

/// The member of that name; throws Unexpected.
[[nodiscard]] inline const Json& member(const Json& object, const char* name) {
  if (!object.is_object()) throw Unexpected{std::string("expected an object with ") + name};
  const auto found = object.find(name);
  if (found == object.end()) throw Unexpected{std::string("expected a member ") + name};
  return *found;
}

[[nodiscard]] inline bool has(const Json& object, const char* name) {
  return object.is_object() && object.contains(name);
}

[[nodiscard]] inline std::string text_of(const Json& value, const char* what, std::size_t longest = longest_name) {
  if (!value.is_string()) throw Unexpected{std::string("expected a text as ") + what};
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() > longest) throw Unexpected{std::string(what) + " is longer than any"};
  return text;
}

[[nodiscard]] inline double number_of(const Json& value, const char* what) {
  if (!value.is_number()) throw Unexpected{std::string("expected a number as ") + what};
  const double number = value.get<double>();
  if (!std::isfinite(number)) throw Unexpected{std::string("expected a finite number as ") + what};
  return number;
}

[[nodiscard]] inline bool flag_of(const Json& value, const char* what) {
  if (!value.is_boolean()) throw Unexpected{std::string("expected true or false as ") + what};
  return value.get<bool>();
}

/// The text of a member, empty where it is missing.
[[nodiscard]] inline std::string text_in(const Json& object, const char* name, std::size_t longest = longest_name) {
  return has(object, name) ? text_of(object[name], name, longest) : std::string();
}

[[nodiscard]] inline bool flag_in(const Json& object, const char* name) {
  return has(object, name) && flag_of(object[name], name);
}

/// An array of at most `most` things; throws Unexpected.
[[nodiscard]] inline const Json& array_in(const Json& object, const char* name, std::size_t most) {
  const Json& all = member(object, name);
  if (!all.is_array()) throw Unexpected{std::string("expected an array as ") + name};
  if (all.size() > most) throw Unexpected{std::string("more ") + name + " than " + std::to_string(most)};
  return all;
}

/// Parses a document and hands it to `read`, which may throw Unexpected. Errors: ErrorKind::rejected.
template <class Read>
[[nodiscard]] auto read_json(std::string_view text, Read read) -> Result<decltype(read(Json()))> {
  const Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded())
    return failure(ErrorKind::rejected, "expected JSON, found something else or a part of it");
  try {
    return read(document);
  } catch (const Unexpected& problem) {
    return failure(ErrorKind::rejected, problem.message);
  }
}

/// As one line. Texts that are no UTF-8 are shown as far as they are.
[[nodiscard]] inline std::string one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bms::console
