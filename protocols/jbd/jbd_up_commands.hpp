// Commands to a board of the UP series: the state of charge, and reading what its blocks hold.
#pragma once

#include <memory>

#include "bms/command.hpp"
#include "bms/protocol.hpp"
#include "jbd/jbd_up_board.hpp"

namespace bms::jbd::up {

/// As Protocol::command(); `board` is part of the protocol.
[[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> make_command(const Command& command, Board& board);

}  // namespace bms::jbd::up
