// How many of a board's slots have a cell. The board does not say; it is found out once and then stays.
#pragma once

#include <cstddef>

#include "chargery/chargery_decode.hpp"

namespace bms::chargery {

/// Counts until three cell frames in a row agree. A cell that dies later must stay in the list, and one that appears
/// later is a mistake somebody has to know of: neither changes the count.
class CellCount {
 public:
  /// `configured`: what the user said; 0: nothing.
  explicit CellCount(std::size_t configured) : known_(configured) {}

  /// Takes the next cell frame, and how many cells the last impedance frame spoke of (0: there was none).
  void take(const Cells& cells, std::size_t with_impedance);

  /// 0: not known yet.
  [[nodiscard]] std::size_t known() const { return known_; }

 private:
  std::size_t known_;
  std::size_t candidate_ = 0;
  int agreeing_ = 0;
};

/// The number of cells in one frame. Impedance frames list the connected cells, as the BMS sees them; that is believed
/// where the voltages do not speak against it. Else all slots up to the highest with a voltage count.
[[nodiscard]] std::size_t count_cells(const Cells& cells, std::size_t with_impedance);

}  // namespace bms::chargery
