// Commands to an 0xA5 board: FETs, state of charge, reading settings. Each is checked before a byte is sent, and
// believed only when reading back shows it.
//
// Orders as captured from the vendor's PC software (jallum/dalymon#2, dreadnought/python-daly-bms#3; diysolarforum.com,
// thread 52016). What else could be written (limits, restart) never is.
#pragma once

#include <memory>

#include "bms/command.hpp"
#include "bms/protocol.hpp"
#include "daly/daly_a5_board.hpp"

namespace bms::daly {

/// As Protocol::command(); `board` is part of the protocol.
[[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> make_a5_command(const Command& command, A5Board& board);

}  // namespace bms::daly
