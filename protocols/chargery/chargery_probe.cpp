// Is there a Chargery board?
#include "chargery/chargery_probe.hpp"

namespace bms::chargery {

bool Probe::enough() const {
  return heard_board().fresh() || (expected_ && (heard_board().fresh_system() || heard_board().fresh_cells()));
}

void Probe::conclude(const Result<void>& heard) {
  if (!heard) {
    result_ = std::unexpected(heard.error());
    return;
  }
  if (!heard_board().fresh()) {
    result_ = "a frame of the board that was expected";
    return;
  }
  const Cells& cells = *heard_board().cells();
  result_ = "frames 57 and 56, firmware " + heard_board().firmware() + ", " + std::to_string(connected_slots(cells)) +
            " of " + std::to_string(cells.slots_mv.size()) + " inputs with a cell";
}

}  // namespace bms::chargery
