// What an option is: where its value is kept, what the file may say for it, and how it is printed.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "config/values.hpp"

namespace bms::config {

/// Where a value is kept. `index`: which of several, for options that exist once for each sensor.
template <class T>
using Place = T& (*)(Target target, std::size_t index);

/// Which of two values is the safer one when in doubt.
enum class Careful : std::uint8_t { neither, lower, higher };

/// A kind of values. `set` takes a text, in which numbers may have their unit, and says whether it is such a value (if
/// not, nothing has changed), `text` prints the value as `set` would take it, `expected` says what a value must look
/// like.
template <class K>
concept ValueKind = requires(const K& kind, Target target, std::size_t index, std::string_view text) {
  { kind.set(target, index, text, text) } -> std::same_as<bool>;
  { kind.text(target, index) } -> std::same_as<std::string>;
  { kind.expected() } -> std::same_as<std::string>;
};

/// A kind that can be dangerous: `limit_to` leaves the more careful of both values.
template <class K>
concept LimitableKind = ValueKind<K> && requires(const K& kind, Target target, std::size_t index, Careful careful) {
  kind.limit_to(target, target, index, careful);
};

struct Number {
  double min, max;
  Place<double> place;
  bool whole = false;

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view text, std::string_view unit) const;
  [[nodiscard]] std::string text(Target target, std::size_t index) const;
  [[nodiscard]] std::string expected() const;
  void limit_to(Target other, Target target, std::size_t index, Careful careful) const;
};

/// A number or a word for "none", which an empty value means as well.
struct OptionalNumber {
  double min, max;
  Place<std::optional<double>> place;
  std::string_view none = "off";
  bool whole = false;

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view text, std::string_view unit) const;
  [[nodiscard]] std::string text(Target target, std::size_t index) const;
  [[nodiscard]] std::string expected() const;
};

struct Flag {
  Place<bool> place;

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view text, std::string_view unit) const;
  [[nodiscard]] std::string text(Target target, std::size_t index) const;
  [[nodiscard]] static std::string expected() { return "yes or no"; }
  void limit_to(Target other, Target target, std::size_t index, Careful careful) const;
};

/// One of some words, kept as an enumeration in the order of the words.
struct Word {
  std::span<const std::string_view> words;
  std::size_t (*get)(Target target, std::size_t index);
  void (*put)(Target target, std::size_t index, std::size_t word);

  /// What people call one of the words as well.
  struct Alias {
    std::string_view called, word;
  };
  std::span<const Alias> aliases{};

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view text, std::string_view unit) const;
  [[nodiscard]] std::string text(Target target, std::size_t index) const;
  [[nodiscard]] std::string expected() const;
  void limit_to(Target other, Target target, std::size_t index, Careful careful) const;
};

/// Any text in UTF-8; in double quotes where it contains " #" or begins or ends with a blank.
struct Text {
  Place<std::string> place;
  std::string_view example{};
  std::vector<std::string_view> (*one_of)() = nullptr;   ///< all that it can be; besides, it may be empty
  bool (*fits)(std::string_view text) = nullptr;         ///< whether it can be that, unless it is empty
  std::string_view form = "a text in UTF-8";             ///< what it must be
  std::string (*kept)(std::string_view text) = nullptr;  ///< how it is kept, where there are several ways to write it

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view text, std::string_view unit) const;
  [[nodiscard]] std::string text(Target target, std::size_t index) const;
  [[nodiscard]] std::string expected() const;
};

/// Whole numbers and ranges of them: "1, 2, 5-8".
struct Addresses {
  unsigned min, max;
  Place<std::vector<unsigned>> place;

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view text, std::string_view unit) const;
  [[nodiscard]] std::string text(Target target, std::size_t index) const;
  [[nodiscard]] std::string expected() const;
};

struct NumberList {
  double min, max;
  Place<std::vector<double>> place;

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view text, std::string_view unit) const;
  [[nodiscard]] std::string text(Target target, std::size_t index) const;
  [[nodiscard]] std::string expected() const;
};

/// Amperes, or a multiple of the capacity: "80", "0.5C", "0.5C, at most 120".
struct Current {
  double max_a, max_c;
  Place<charge::Amperes> place;

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view text, std::string_view unit) const;
  [[nodiscard]] std::string text(Target target, std::size_t index) const;
  [[nodiscard]] std::string expected() const;
  void limit_to(Target other, Target target, std::size_t index, Careful careful) const;
};

/// Points with rising first numbers: "0:0, 2:0.25, 5:0.5".
struct CurveOf {
  double min_at, max_at, min_value, max_value;
  Place<Curve> place;
  std::string_view example;
  std::string_view none = "off";
  bool calibrates = false;            ///< both numbers have the unit; the second ones never fall, and rise at both ends
  std::optional<double> ends_with{};  ///< what the last second number must be

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view text, std::string_view unit) const;
  [[nodiscard]] std::string text(Target target, std::size_t index) const;
  [[nodiscard]] std::string expected() const;
  void limit_to(Target other, Target target, std::size_t index, Careful careful) const;
};

template <ValueKind... Kinds>
using OneOf = std::variant<Kinds...>;
using Kind = OneOf<Number, OptionalNumber, Flag, Word, Text, Addresses, NumberList, Current, CurveOf>;
static_assert(LimitableKind<Number> && LimitableKind<Word> && LimitableKind<Current> && LimitableKind<CurveOf>);

/// One option: a row of the table.
struct Option {
  std::string_view name;  ///< a "*" in it stands for a number from 1 on
  std::string_view unit;
  Kind kind;
  std::string_view description;
  Careful careful = Careful::neither;
  bool secret = false;  ///< its value is shown to nobody

  [[nodiscard]] bool set(Target target, std::size_t index, std::string_view value) const;

  /// The value as the file may say it.
  [[nodiscard]] std::string text(Target target, std::size_t index = 0) const;

  /// text() with its unit: "3.45 V", "0.5C", "off".
  [[nodiscard]] std::string text_with_unit(Target target, std::size_t index = 0) const;

  /// `value` for people: itself, or where it is a secret that there is one.
  [[nodiscard]] std::string shown(std::string value) const;

  /// "a number from 0.2 to 60 (s)".
  [[nodiscard]] std::string expected() const;

  /// expected(), and what is wrong with the unit of `value`, if that is what is wrong.
  [[nodiscard]] std::string expected_instead_of(std::string_view value) const;

  /// The value of `from` becomes that of `to`.
  void copy(Target from, Target to, std::size_t index) const;

  /// The value of `target` becomes the more careful of both, where one of them is.
  void limit_to(Target other, Target target, std::size_t index) const;

  /// The value where it is one number. Empty: it is "off", or another kind.
  [[nodiscard]] std::optional<double> number(Target target, std::size_t index = 0) const;

  /// Sets such a value. Precondition: it is one number.
  void set_number(Target target, double value, std::size_t index = 0) const;
};

}  // namespace bms::config
