// Commands to a board of the old protocol: FETs, balancer, registers. Each is checked against the tables before a byte
// is sent, and believed only when reading back shows it. The vendor's default password is sent when the board refuses,
// and only then.
#pragma once

#include <memory>

#include "ant/ant_board.hpp"
#include "bms/command.hpp"
#include "bms/protocol.hpp"

namespace bms::ant {

/// As Protocol::command(); `board` is part of the protocol.
[[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> make_old_command(const Command& command, OldBoard& board);

}  // namespace bms::ant
