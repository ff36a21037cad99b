// Commands to a Chargery board: there are none.
#pragma once

#include <memory>

#include "bms/command.hpp"
#include "bms/protocol.hpp"

namespace bms::chargery {

/// Says why not. Always ErrorKind::rejected.
[[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> make_command(const Command& command);

}  // namespace bms::chargery
