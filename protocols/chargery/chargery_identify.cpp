// Who is on the line, as far as a Chargery board lets that be known.
#include "chargery/chargery_identify.hpp"

namespace bms::chargery {

Identify::Identify(Board& board) : Listening(board) {
  conclude({});
  if (board.system() && board.cells()) close();
}

void Identify::conclude(const Result<void>& /*heard*/) {
  info_ = {.family = "Chargery", .model = heard_board().model(), .serial = {}, .firmware = heard_board().firmware()};
}

}  // namespace bms::chargery
