// Several packs as one battery: the process that follows the packs over D-Bus and shows what they are together.
#pragma once

#include <string>

#include "bms/exit_code.hpp"
#include "driver/daemon.hpp"

namespace bms::driver {

struct BankOptions {
  std::string name{};         ///< of a section [bank <name>]; empty: all that there are
  std::string config_file{};  ///< empty: the one at its usual place
  std::string state_directory = usual_state_directory();
  std::string run_directory = usual_run_directory();
};

/// Runs until it is told to stop. A bank comes to the bus when all of its packs have been heard, or in parallel enough
/// of them. Returns ExitCode::configuration when there is no such bank, or none that can be, and lost when the bus is
/// gone or was never there.
[[nodiscard]] ExitCode run_banks(const BankOptions& options);

}  // namespace bms::driver
