// Commands to a JBD board: FET locks, balancer, configuration registers. Each is checked against the tables before a
// byte is sent, and believed only when reading back shows it.
//
// Factory mode: register 00 with 56 78 enters, register 01 leaves (vendor text V4, captures of the vendor's
// application). Once entering was tried it is left again, whatever failed in between, also when the acknowledgement of
// entering was lost. The commands of a batch (ReadParameter::more) share one session: the first one enters, the last
// one leaves, and with it all that was written and verified is saved, once. A failure ends the batch: what was verified
// before is saved then and there.
#pragma once

#include <memory>

#include "bms/command.hpp"
#include "bms/protocol.hpp"
#include "jbd/jbd_board.hpp"

namespace bms::jbd {

/// As Protocol::command(); `board` is part of the protocol.
[[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> make_command(const Command& command, Board& board);

}  // namespace bms::jbd
