// What is asked of one board by hand. The same on the command line, at the socket of a running driver and on D-Bus.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bms/error.hpp"

namespace bms::console {

/// Who the board is. Nothing is asked of it.
struct Identify {};

/// Names all parameters of the board, with their ranges. Nothing is asked of it.
struct List {};

/// Reads parameters, in this order.
struct Get {
  std::vector<std::string> names;
};

/// A parameter, and what it is to hold, in its unit.
struct Setting {
  std::string name;
  double value = 0;
  std::optional<double> if_was{};  ///< it must hold this now
};

/// Sets parameters: all of them are looked at before the first one is written.
struct Set {
  std::vector<Setting> settings;
  bool dry_run = false;  ///< only says what would happen
};

/// What can be switched on a board.
enum class Switch : std::uint8_t { charge, discharge, balancer };

struct SwitchOver {
  Switch which{};
  bool on = false;
};

/// Sets the state of charge that the board counts from.
struct CountFrom {
  double soc_pct = 0;
};

/// Leaves the board to others for so many minutes, a phone for example; 0: takes it back.
struct Release {
  double minutes = 0;
};

/// Sees the battery as it is shown elsewhere, item by item. Nothing is asked of the board.
struct Watch {};

/// Hears what passes over the line, until the time is over or whoever asked has enough.
struct Trace {
  double seconds = 0;  ///< 0: no end
  bool past = true;    ///< begins with what the driver has kept of the last minute, if it has
};

struct Request {
  std::string battery{};  ///< by its place, "ttyUSB0", or its identity; empty: the only one behind the line
  bool progress = false;  ///< wants to hear how far it is
  bool trace = false;     ///< wants to hear what passes over the line meanwhile
  std::variant<Identify, List, Get, Set, SwitchOver, CountFrom, Release, Watch, Trace> wish{};
};

/// "charge", "discharge", "balancer".
[[nodiscard]] std::string_view name_of(Switch which);
[[nodiscard]] std::optional<Switch> switch_named(std::string_view name);

/// More names or settings than any table has are refused before they are looked at.
inline constexpr std::size_t most_names = 256;
/// A trace that has an end ends within a day.
inline constexpr double longest_trace_s = 86400;
/// A line is no longer than this.
inline constexpr std::size_t longest_request = 64 * 1024;

/// One line of JSON without a line feed.
[[nodiscard]] std::string written(const Request& request);

/// Reads a line from anybody. Errors: ErrorKind::rejected, with what was expected and what is there.
[[nodiscard]] Result<Request> read_request(std::string_view line);

}  // namespace bms::console
