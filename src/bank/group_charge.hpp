// Where charging of packs in parallel stands, and CVL. The packs judge their own cells and say when they are full; the
// bank goes to float when the last one is, so that none that is full holds back the others.
#pragma once

#include "bank/group_currents.hpp"
#include "bank/together.hpp"

namespace bms::bank {

/// Moves the charge state and CVL, and fills them into `limits`. There is no balancing charge of the bank itself: a
/// pack that wants one gets no more than the target of the bank.
void follow_group_charge(const Moment& now, const GroupCurrents& currents);

}  // namespace bms::bank
