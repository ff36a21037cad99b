// What can be asked of a BMS besides being read. Every command is checked against a table before a byte is sent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace bms {

/// A switch of the BMS in the path of the current.
enum class Fet : std::uint8_t {
  charge,
  discharge,  ///< opening it takes the whole system down
};

[[nodiscard]] constexpr std::string_view name_of(Fet fet) {
  return fet == Fet::charge ? "charge FET" : "discharge FET";
}

/// Closes (on) or opens (off) a FET by the BMS's own lock; a protection that holds it open stays in force.
struct SetFet {
  Fet fet;
  bool on;
};

/// Allows or forbids balancing.
struct SetBalancer {
  bool on;
};

/// A date and time as a clock on the wall shows it.
struct CivilTime {
  int year, month, day, hour, minute, second;
};

/// Sets the state of charge that the BMS counts from. Boards that keep a clock take `now` with it.
struct SetSoc {
  double soc_pct;
  CivilTime now;
};

/// Reads one parameter by its name in Family::parameters(). `more`: others of the same batch follow at once, so a mode
/// that the board must be in may stay open until the one that says otherwise, or until Protocol::leave_mode().
struct ReadParameter {
  std::string name;
  bool more = false;
};

/// Writes one parameter, in its unit. `more`: as in ReadParameter; where a board saves what has been written, it does
/// so when the mode is left.
struct WriteParameter {
  std::string name;
  double value;
  bool more = false;
};

using Command = std::variant<SetFet, SetBalancer, SetSoc, ReadParameter, WriteParameter>;

/// What a command brought. A command without a result failed, and Error says how: `rejected` by us, before a byte was
/// sent; `status`: refused by the BMS; `unsupported`: this board has no such parameter; `unverified`:
/// acknowledged, but read back differently. Otherwise the BMS was not heard or not understood, and whether an order has
/// arrived is not known.
///
/// Nothing: done as ordered, and the BMS shows it. A number: what a parameter holds in its unit, as it was read, or
/// read back after writing. A text: a parameter that is no number; of an order, what the owner should know about it.
using CommandResult = std::variant<std::monostate, double, std::string>;

}  // namespace bms
