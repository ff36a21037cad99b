// What a board says that other families' boards do not: named numbers beside the reading. Nothing follows from them,
// and nothing is decided by them; they are handed on to whoever knows their names.
#pragma once

#include <cstdint>
#include <string_view>

namespace bms {

struct Extra {
  std::string_view name;    ///< with its unit, of text that lasts as long as the program: "remaining_wh"
  std::uint8_t number = 0;  ///< of the cell that it is about, from 1; 0: it is about the whole battery
  double value = 0;

  friend bool operator==(const Extra&, const Extra&) = default;
};

}  // namespace bms
