// What can be asked of a BMS besides being read. Every command is checked against a table before a byte is sent.
#pragma once

#include <string>
#include <variant>

namespace bms {

/// Closes (on) or opens (off) the charge FET by the BMS's own lock; a protection that holds it open stays in force.
struct SetChargeFet {
  bool on;
};

/// Likewise for the discharge FET. Opening it takes the whole system down.
struct SetDischargeFet {
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

/// Reads one parameter of the family's parameter table, by its name there.
struct ReadParameter {
  std::string name;
};

/// Writes one parameter, in the unit of the table.
struct WriteParameter {
  std::string name;
  double value;
};

using Command = std::variant<SetChargeFet, SetDischargeFet, SetBalancer, SetSoc, ReadParameter, WriteParameter>;

/// What a command brought: nothing, a number in the unit of the parameter table, or a text.
using CommandResult = std::variant<std::monostate, double, std::string>;

}  // namespace bms
