// What explanations of all dialects have in common.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "bms/error.hpp"
#include "jbd/jbd_decode.hpp"

namespace bms::jbd {

[[nodiscard]] inline nlohmann::ordered_json explain_error(const Error& error) {
  nlohmann::ordered_json json{{"error", name_of(error.kind)}, {"message", error.message}};
  if (error.status) json["status"] = *error.status;
  return json;
}

[[nodiscard]] inline std::string date_text(const Date& date) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year, date.month, date.day);
  return text.data();
}

/// The names of the bits that are set, by a table of rows with names; "unknown_15" for those that it does not have.
template <class Word, class Table>
[[nodiscard]] nlohmann::ordered_json names_of_bits(Word word, const Table& table) {
  nlohmann::ordered_json names = nlohmann::ordered_json::array();
  for (std::size_t bit = 0; bit < 8 * sizeof word; ++bit) {
    if ((word >> bit & 1U) == 0) continue;
    names.push_back(bit < table.size() ? std::string(table[bit].name) : "unknown_" + std::to_string(bit));
  }
  return names;
}

}  // namespace bms::jbd
