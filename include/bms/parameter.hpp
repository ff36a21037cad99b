// What can be read from a BMS and set on it: one description of a parameter for all families. The tables are with the
// families; Family::parameters() brings them here.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace bms {

/// Whether we write a parameter. Some boards would take more than we ever send.
enum class Access : std::uint8_t { read, read_write };

/// What a wrong value can do, whoever writes it. Parameters that are only read have one, too; often it is the reason.
enum class Risk : std::uint8_t {
  none,           ///< nothing that lasts or harms
  limits,         ///< makes a protection or a warning narrower or wider, while another protection remains behind it
  safety,         ///< a protection can be lost: the last one of its kind, the chemistry, the number of cells
  calibration,    ///< falsifies what is measured, or the state of charge that is counted from it
  communication,  ///< can cut us off from the board: speed, address, sleep
  never,          ///< must not be written at all: who the board is, and what nobody knows the meaning of
};

/// What a parameter is about.
enum class ParameterGroup : std::uint8_t {
  cell_limits,    ///< voltages of cells: protections, their releases, warnings
  pack_limits,    ///< likewise for the voltage of the pack
  currents,       ///< limits and protections of the current
  temperatures,   ///< limits and protections of temperatures
  balancing,      ///< when cells are balanced
  capacity,       ///< capacity and state of charge
  delays,         ///< how long something must last before the board acts
  calibration,    ///< what turns counts of this very board into volts and amperes
  hardware,       ///< what the board is connected to: cells, chemistry, sensors
  outputs,        ///< relays and accessories
  switches,       ///< what has been ordered by hand
  communication,  ///< speeds and addresses
  identity,       ///< names, versions, serial numbers
  counters,       ///< cycles, totals, logs
  measurements,   ///< what the board measures now
  clock,          ///< date and time
};

/// What the value is.
enum class ParameterKind : std::uint8_t {
  number,  ///< an amount, in the unit of the parameter
  count,   ///< a whole number of something
  flag,    ///< 0 or 1
  code,    ///< a whole number that stands for something; the words say for what
  bits,    ///< several facts packed into one whole number
  text,    ///< read as text
  list,    ///< several values, read as one text
  time,    ///< hh:mm:ss, read as text
  date,    ///< dd.mm.yyyy, read as text
};

/// Whether values of that kind are numbers: they have a step, and can be written.
[[nodiscard]] constexpr bool is_number(ParameterKind kind) { return kind <= ParameterKind::bits; }

/// Whether a fraction has no meaning.
[[nodiscard]] constexpr bool is_whole(ParameterKind kind) { return is_number(kind) && kind != ParameterKind::number; }

/// From `min` to `max`, both included.
struct Range {
  double min, max;

  /// NaN lies in no range.
  [[nodiscard]] constexpr bool contains(double value) const { return value >= min && value <= max; }

  friend constexpr bool operator==(const Range&, const Range&) = default;
};

/// One parameter. All texts are constants.
struct Parameter {
  std::string_view name;  ///< as ReadParameter and WriteParameter call it; unique within a dialect
  std::string_view unit;  ///< of value, range and step: "V", "Ah", "°C"; empty for plain numbers and texts
  ParameterKind kind = ParameterKind::number;
  Access access = Access::read;
  Risk risk = Risk::never;
  ParameterGroup group = ParameterGroup::hardware;
  /// Between which values it may be written. Of one that is only read: between which it can lie, where that is known.
  std::optional<Range> range{};
  double resolution = 0;  ///< the smallest step, in `unit`; between two steps values are rounded. 0: no number
  /// Some boards count it in steps so many times as large; range and resolution then are as many times as wide. Which
  /// boards do, the family finds out from the board.
  double coarser = 1;
  bool momentary = false;  ///< a state or a count of the moment, no setting: pointless to restore from a backup
  std::string_view words;  ///< what it means, in plain English, beginning with a capital letter and without a full stop
};

/// Two parameters whose values must keep an order on every board, because a protection would not work otherwise: what
/// ends it lies inside of what begins it, the second threshold beyond the first one.
struct Relation {
  std::string_view smaller, greater;
  bool may_be_equal = false;
};

/// What may become of a value in a backup.
enum class Restore : std::uint8_t {
  yes,         ///< can be set again, also on another board of the same make
  same_board,  ///< holds for this very board alone
  no,          ///< is kept for information
};

[[nodiscard]] constexpr Restore restore_of(const Parameter& parameter) {
  if (parameter.access == Access::read || parameter.momentary) return Restore::no;
  if (parameter.risk == Risk::communication || parameter.risk == Risk::never) return Restore::no;
  return parameter.group == ParameterGroup::calibration ? Restore::same_board : Restore::yes;
}

/// Parameters in the order of their table. The parameters themselves are constants and live as long as the program.
using ParameterList = std::vector<const Parameter*>;

/// The parameter of that name, or nullptr.
[[nodiscard]] inline const Parameter* find_parameter(std::span<const Parameter* const> parameters,
                                                     std::string_view name) {
  const auto found = std::ranges::find(parameters, name, &Parameter::name);
  return found == parameters.end() ? nullptr : *found;
}

[[nodiscard]] constexpr std::string_view name_of(Access access) { return access == Access::read ? "r" : "rw"; }

[[nodiscard]] constexpr std::string_view name_of(Risk risk) {
  switch (risk) {
    using enum Risk;
    case none: return "none";
    case limits: return "limits";
    case safety: return "safety";
    case calibration: return "calibration";
    case communication: return "communication";
    case never: return "never";
  }
  return "never";
}

[[nodiscard]] constexpr std::string_view name_of(ParameterGroup group) {
  switch (group) {
    using enum ParameterGroup;
    case cell_limits: return "cell_limits";
    case pack_limits: return "pack_limits";
    case currents: return "currents";
    case temperatures: return "temperatures";
    case balancing: return "balancing";
    case capacity: return "capacity";
    case delays: return "delays";
    case calibration: return "calibration";
    case hardware: return "hardware";
    case outputs: return "outputs";
    case switches: return "switches";
    case communication: return "communication";
    case identity: return "identity";
    case counters: return "counters";
    case measurements: return "measurements";
    case clock: return "clock";
  }
  return "hardware";
}

}  // namespace bms
