// How a BMS family is spoken to: its dialects and what a user may have to say about a board.
#pragma once

#include <cstddef>
#include <string_view>

namespace bms {

/// One way of talking to a family's boards. Detection tries them in the order of the family's table.
struct Variant {
  std::string_view dialect;         ///< as in captures: "a5"; empty when the family has only one, or for its usual one
  unsigned baud = 9600;             ///< on a serial line; 0: it is not spoken there
  unsigned address = 0;             ///< of the board, unless others are named; 0: it has none, unless it shares a line
  bool shares_line = address != 0;  ///< several boards can be on the line, each at an address of its own
  bool late = false;                ///< asked after all that is usual: boards that are rarer than the time it costs
};

/// Everything a protocol has to know before it can talk to one board.
struct BoardOptions {
  Variant variant;
  std::size_t cells = 0;  ///< for boards that do not report how many of their inputs are connected; 0: found out
  std::size_t temperature_sensors = 0;  ///< for boards that do not report which of theirs are fitted; 0: found out
  bool expected = false;                ///< it was here the last time, so a probe may be content with less
};

}  // namespace bms
