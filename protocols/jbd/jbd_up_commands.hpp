// Commands to a board of the UP series: the state of charge.
#pragma once

#include <memory>

#include "bms/command.hpp"
#include "bms/protocol.hpp"
#include "jbd/jbd_up_board.hpp"

namespace bms::jbd::up {

/// Prepares a command. The query refers to `board` and must not outlive it. Errors: rejected.
[[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> make_command(const Command& command, Board& board);

}  // namespace bms::jbd::up
