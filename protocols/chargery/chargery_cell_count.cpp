// How many of a board's slots have a cell.
#include "chargery/chargery_cell_count.hpp"

namespace bms::chargery {
namespace {

constexpr int agreeing_to_know = 3;

}  // namespace

std::size_t count_cells(const Cells& cells, std::size_t with_impedance) {
  const auto connected = [&cells](std::size_t slot) { return cells.slots_mv[slot] >= connected_mv; };
  const std::size_t slots = cells.slots_mv.size();
  const std::size_t n = with_impedance;
  if (n > 0 && n <= slots && connected(n - 1) && (n == slots || !connected(n))) return n;
  return connected_slots(cells);
}

void CellCount::take(const Cells& cells, std::size_t with_impedance) {
  if (known_ > 0) return;
  const std::size_t count = count_cells(cells, with_impedance);
  agreeing_ = count == candidate_ ? agreeing_ + 1 : 1;
  candidate_ = count;
  if (agreeing_ >= agreeing_to_know) known_ = count;
}

}  // namespace bms::chargery
