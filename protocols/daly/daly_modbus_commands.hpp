// Commands to a board of the newer protocol: FETs, balancer, state of charge, reading settings. Each is checked before
// a byte is sent, and believed only when reading back shows it.
//
// The FET orders were captured from the vendor's application (fl4p/batmon-ha#356). Of the other registers that can be
// written, limits are left alone, and 0xF0 to 0xF3 (restart, shutdown, zero current, factory reset) are out of reach.
#pragma once

#include <memory>

#include "bms/command.hpp"
#include "bms/protocol.hpp"
#include "daly/daly_modbus_board.hpp"

namespace bms::daly {

/// As Protocol::command(); `board` is part of the protocol.
[[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> make_modbus_command(const Command& command,
                                                                                ModbusBoard& board);

}  // namespace bms::daly
