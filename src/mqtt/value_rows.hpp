// What of a battery goes to a broker, as tables: where a value comes from, and what Home Assistant is to know of it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "items/item_tree.hpp"
#include "items/value.hpp"
#include "mqtt/config.hpp"

namespace bms::mqtt {

/// What Home Assistant makes of a value.
enum class Platform : std::uint8_t { sensor, binary_sensor };

/// How soon a change is sent.
enum class Haste : bool { none, at_once };

/// How Home Assistant is to show a value.
struct Look {
  std::string_view device_class{};
  std::string_view unit{};
  std::string_view state_class{};
  int decimals = -1;  ///< below 0: it is no number, or as it comes
  bool diagnostic = false;
  bool enabled = true;                          ///< shown without being asked for
  std::span<const std::string_view> options{};  ///< what a text may be
};

/// A value that D-Bus has as well, by its path there: it is the same to the last digit.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in this order rows can be read
struct ValueRow {
  std::string_view key;  ///< in the document of the state; "temperature_<n>" for each of several
  std::string_view path;
  std::string_view name;
  Platform platform;
  Look look;
  bool if_known = false;  ///< only for batteries that have it
  Haste haste = Haste::none;
};
[[nodiscard]] std::span<const ValueRow> value_rows();

/// One that D-Bus does not have.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct OwnRow {
  std::string_view key;
  items::Kind kind;
  items::ValueView (*source)(const Battery& battery, const Limits& limits);
  std::string_view name;
  Platform platform;
  Look look;
  bool if_known = false;
  Haste haste = Haste::none;
};
[[nodiscard]] std::span<const OwnRow> own_rows();

/// How a command looks in Home Assistant.
enum class Control : std::uint8_t { number, toggle, choice, button };

/// What may be ordered. It is written to an item, as if it came by D-Bus.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct CommandRow {
  std::string_view name;  ///< in topics
  std::string_view path;
  std::string_view title;
  Commands least;  ///< what must be configured for it
  Control control;
  Look look;
  double step = 1;
  bool order = false;  ///< the BMS may have to be told: that it was taken does not mean that it is done
  std::string_view
      shown{};  ///< the key in the state that shows what it has done; the item then says the opposite of it
};
[[nodiscard]] std::span<const CommandRow> command_rows();

}  // namespace bms::mqtt
