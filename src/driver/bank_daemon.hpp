// The process of banks: `dbus-bms bank`.
#pragma once

#include <string>

#include "bms/exit_code.hpp"
#include "driver/daemon.hpp"

namespace bms::driver {

/// What `dbus-bms bank` was given.
struct BankRunOptions {
  std::string name;         ///< of one bank; empty: all that are configured
  std::string config_file;  ///< empty: nothing is configured
  std::string state_directory = usual_state_directory();
  std::string run_directory = usual_run_directory();
};

/// Shows banks on D-Bus until asked to stop. ExitCode::configuration: there is no such bank; lost: the bus is gone, or
/// none of the banks can begin since another process has their names. Where only some cannot, the log says so.
[[nodiscard]] ExitCode run_banks(const BankRunOptions& options);

}  // namespace bms::driver
