// How the program ends, for logs and scripts.
#pragma once

namespace bms {

/// Exit codes of every subcommand.
enum class ExitCode : int {
  stopped = 0,        ///< asked to stop, or done
  not_found = 1,      ///< no device on the port, or a charger that could not be reached
  configuration = 2,  ///< configuration or usage error
  lost = 3,           ///< lost the bus, or ended by the watchdog
  undecided = 4,      ///< done, but the owner has to decide something; refused by the board, not verified, or different
  not_permitted = 5,  ///< not confirmed, or nobody may do it here
};

}  // namespace bms
