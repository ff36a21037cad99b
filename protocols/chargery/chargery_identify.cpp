// Who is on the line, as far as a Chargery board lets that be known.
#include "chargery/chargery_identify.hpp"

namespace bms::chargery {

Identify::Identify(Board& heard) : Listening(heard) {
  conclude({});
  if (heard.system() && heard.cells()) close();
}

void Identify::conclude(const Result<void>& /*heard*/) {
  info_ = {.family = "Chargery", .model = board().model(), .serial = {}, .firmware = board().firmware()};
}

}  // namespace bms::chargery
