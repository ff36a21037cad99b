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

/// An option by its name in a file, and which of several it is, from 0 on: "temperature_2.role" is
/// "temperature_*.role", 1.
struct Named {
  const Option* option = nullptr;
  std::size_t index = 0;

  /// As a file has it.
  [[nodiscard]] std::string name() const;

  friend bool operator==(const Named&, const Named&) = default;
};

/// All options that sections of one kind may have.
class OptionTable {
 public:
  explicit OptionTable(std::vector<OptionGroup> groups);

  /// In the order of the documentation.
  [[nodiscard]] std::span<const OptionGroup> groups() const { return groups_; }

  /// Empty: there is no such option.
  [[nodiscard]] std::optional<Named> find(std::string_view name) const;

  /// A row by its name in the table. nullptr: there is none.
  [[nodiscard]] const Option* row(std::string_view name) const;

  /// The name of the option that looks most like it.
  [[nodiscard]] std::string nearest(std::string_view name) const;

 private:
  std::vector<OptionGroup> groups_;
  std::vector<const Option*> by_name_;  ///< a file with very many sections looks for very many of them
};

/// What can be configured for a battery.
[[nodiscard]] const OptionTable& battery_options();

/// What can be configured for the MPPT bridge.
[[nodiscard]] const OptionTable& bridge_options();

/// What can be configured for a broker.
[[nodiscard]] const OptionTable& mqtt_options();

/// What can be configured for Bluetooth as a whole.
[[nodiscard]] const OptionTable& bluetooth_options();

/// What can be configured for a bank of batteries.
[[nodiscard]] const OptionTable& bank_options();

/// A row of a battery's options that is known to be there, by its name in the table.
[[nodiscard]] const Option& option_named(std::string_view name);

}  // namespace bms::config
