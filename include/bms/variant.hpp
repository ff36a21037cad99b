// How a BMS family is spoken to: its dialects and what a user may have to say about a board.
#pragma once

#include <cstddef>
#include <string_view>

namespace bms {

/// One way of talking to a family's boards. Detection tries them in the order of the family's table.
struct Variant {
  std::string_view dialect;  ///< as in the configuration and in captures: "a5"; empty when the family has only one
  unsigned baud = 9600;
  unsigned address = 0;  ///< of the board, on lines that several of them share; 0: the family has no addresses
};

/// Everything a protocol has to be told before it can talk to one board.
struct BoardOptions {
  Variant variant;
  std::size_t cells = 0;  ///< for boards that do not tell how many of their inputs are connected; 0: found out
  std::size_t temperature_sensors = 0;  ///< for boards that do not tell which of theirs are fitted; 0: found out
  bool expected = false;                ///< it was here the last time, so a probe may be content with less
};

}  // namespace bms
