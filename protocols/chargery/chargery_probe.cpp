// Is there a Chargery board?
#include "chargery/chargery_probe.hpp"

namespace bms::chargery {

void Probe::conclude(const Result<void>& heard) {
  if (!heard) {
    result_ = std::unexpected(heard.error());
    return;
  }
  const Cells& cells = *heard_board().cells();
  result_ = "frames 57 and 56, firmware " + heard_board().firmware() + ", " + std::to_string(connected_slots(cells)) +
            " of " + std::to_string(cells.slots_mv.size()) + " inputs with a cell";
}

}  // namespace bms::chargery
