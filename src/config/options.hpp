// Every option of config.ini, as one table: what it is called, what it may be, what it is when nobody says.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/option.hpp"

namespace bms::config {

/// Options that belong together: a section of the documentation.
struct OptionGroup {
  std::string_view title;
  std::string_view introduction;
  std::span<const Option> options;
};

/// The sections that have options of their own.
enum class Subject : std::uint8_t {
  battery,  ///< [default] and [battery ...]
  bridge,   ///< [bridge]
};

/// The table, in the order of the documentation.
[[nodiscard]] std::span<const OptionGroup> option_groups(Subject subject = Subject::battery);

/// An option by its name in a file, and which of several it is, from 0 on: "temperature_2.role" is
/// "temperature_*.role", 1.
struct Named {
  const Option* option = nullptr;
  std::size_t index = 0;

  /// As a file has it.
  [[nodiscard]] std::string name() const;

  friend bool operator==(const Named&, const Named&) = default;
};

/// Empty: there is no such option.
[[nodiscard]] std::optional<Named> find_option(std::string_view name, Subject subject = Subject::battery);

/// A row that is known to be there, by its name in the table.
[[nodiscard]] const Option& option_named(std::string_view name);

/// What to do about a name that no option has: "; did you mean ...?", "; it is called ... now", or where it belongs.
[[nodiscard]] std::string advice_on_option(std::string_view name, Subject subject);

/// The name of the option that looks most like it.
[[nodiscard]] std::string nearest_option(std::string_view name, Subject subject = Subject::battery);

}  // namespace bms::config
