// Commands to a REC unit: reading any instruction, writing those that have a range. Each is checked against the table
// before a byte is sent. A value is only written when it differs from what the unit holds, since its memory wears out,
// and a write counts when reading back shows it.
//
// FETs and relays cannot be switched: there is no instruction for that.
#pragma once

#include <memory>

#include "bms/command.hpp"
#include "bms/protocol.hpp"
#include "rec/rec_board.hpp"

namespace bms::rec {

/// As Protocol::command(); `board` is part of the protocol.
[[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> make_command(const Command& command, Board& board);

}  // namespace bms::rec
