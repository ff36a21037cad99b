// `dbus-bms list --changed`: what is not as it was when the board was new.
#pragma once

#include "bms/exit_code.hpp"
#include "cli/console/conversation.hpp"
#include "cli/console/selection.hpp"

namespace bms::cli {

/// Reads the parameters that fit and whose factory values are known, and prints those that hold another value. Returns
/// ExitCode::configuration for a family of which nobody says what its boards hold when they are new.
[[nodiscard]] ExitCode list_changed(const Conversation& with, const Filter& filter);

}  // namespace bms::cli
