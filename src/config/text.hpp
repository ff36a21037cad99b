// Numbers and words as a configuration file has them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bms::config {

[[nodiscard]] std::string_view trimmed(std::string_view text);

/// What is between the separators, trimmed; one empty piece for an empty text.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

[[nodiscard]] bool equal_without_case(std::string_view a, std::string_view b);

/// A number as options keep it: to a millionth, and never "minus nothing".
[[nodiscard]] double settled(double value);

/// The shortest text that is read as the same number once it is settled: "3.45", "900".
[[nodiscard]] std::string number_text(double value);

/// The texts with ", " in between.
[[nodiscard]] std::string joined(const std::vector<std::string>& texts);

/// The text in lines of at most 120 bytes, broken between words, each behind `begin`; without a line end at the last.
[[nodiscard]] std::string broken(std::string_view text, std::string_view begin = "");

/// A finite number and nothing else. Empty optional: it is not one.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// The text before its unit, whatever the case of its letters: "100" of "100 A" and of "100A". Empty optional: it does
/// not end with that unit.
[[nodiscard]] std::optional<std::string_view> without_unit(std::string_view text, std::string_view unit);

/// What follows the number that a text begins with: "min" of "2 min". Empty: nothing does, or it does not begin
/// with one.
[[nodiscard]] std::string_view behind_number(std::string_view text);

/// Numbers with commas in between, at least one.
[[nodiscard]] std::optional<std::vector<double>> parse_numbers(std::string_view text);

/// yes or no, in the usual spellings.
[[nodiscard]] std::optional<bool> parse_flag(std::string_view text);

/// How many letters must be added, dropped or changed to turn one word into the other.
[[nodiscard]] std::size_t distance(std::string_view a, std::string_view b);

}  // namespace bms::config
