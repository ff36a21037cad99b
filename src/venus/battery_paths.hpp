// What a battery publishes: two tables, read by the items, by the tests and by docs/dbus-paths.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "venus/item_tree.hpp"
#include "venus/value.hpp"

namespace bms::venus {

/// What the service says of itself; all but the custom name is fixed while it is on the bus.
struct ServiceFacts {
  std::string tty_name;     ///< base name of the port, "ttyUSB0": the last part of the service name
  std::string connection;   ///< where the device is attached, for people: "/dev/ttyUSB0"
  std::string version;      ///< of this program
  int device_instance = 0;  ///< the VRM instance, from localsettings
  std::string custom_name;  ///< the user's name for the battery, "" when unset
};

/// Ours alone: no consumer has quirks for it, and 0 would get the entries of every GUI plugin.
inline constexpr std::int32_t product_id = 0xBAB5;

/// Everything that a path can take its value from.
struct View {
  const Battery& battery;
  const Limits& limits;
  const ServiceFacts& facts;
  std::string_view product_name;
};

/// How long a value is believed after the BMS fell silent.
enum class Trust : std::uint8_t {
  fresh,       ///< measurements: invalid as soon as readings stop
  held,        ///< kept while the contact is stale
  until_lost,  ///< kept until the BMS counts as lost
  always,      ///< no measurement
};

/// Whether a value is still believed in this stage.
[[nodiscard]] bool trusted(Trust trust, Contact contact);

/// Who may write a path.
enum class Access : std::uint8_t { read, custom_name, request_id };

/// One path of every battery.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in this order rows can be read
struct Path {
  std::string_view path;
  Kind kind;
  Trust trust;
  ValueView (*source)(const View& view);
  std::string_view meaning;
  Access access = Access::read;
};

/// What the <n> of a path counts, from 1.
enum class Each : std::uint8_t { cell, sensor };

/// One path for every cell or sensor; "<n>" stands for its number.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct NumberedPath {
  std::string_view path;
  Each each;
  Kind kind;
  Trust trust;
  ValueView (*source)(const View& view,
                      std::size_t index);  ///< index counts from 0 and is below the first reading's count
  std::string_view meaning;
};

/// The paths of every battery. The first is CVL.
[[nodiscard]] std::span<const Path> battery_paths();
[[nodiscard]] std::span<const NumberedPath> numbered_paths();

/// The path of one alarm below "/Alarms/".
[[nodiscard]] std::string_view path_of(Alarm alarm);

/// `path` with its <n> replaced.
[[nodiscard]] std::string numbered(std::string_view path, std::size_t number);

/// The tables as a page for people: docs/dbus-paths.md.
[[nodiscard]] std::string paths_as_markdown();

}  // namespace bms::venus
