// `dbus-bms watch`: a live view of one battery service in the terminal.
#pragma once

#include <chrono>
#include <string>

#include "bms/exit_code.hpp"
#include "driver/daemon.hpp"

namespace bms::cli {

/// What the command line says.
struct WatchOptions {
  std::string service;  ///< full name, the end of one (`ttyUSB0`), or empty: the only battery on the bus
  bool once = false;    ///< print one complete view as plain text and end; implied when stdout is no terminal
  double wait_s = 5;    ///< how long to wait for the service to appear, in seconds; >= 0
  bool ascii = false;   ///< draw with ASCII even where the locale speaks UTF-8
  std::string run_directory = driver::usual_run_directory();  ///< where drivers have their sockets
};

/// `wait_s`, within reason.
[[nodiscard]] std::chrono::milliseconds patience(const WatchOptions& options);

/// Shows com.victronenergy.battery.*, or a battery that is not on the bus through its driver, until it is told to stop
/// (Ctrl-C, SIGTERM). Returns ExitCode::stopped, also when it has printed once, not_found when there is no such service
/// within `wait_s`, configuration when several services fit, and lost when the bus is.
[[nodiscard]] ExitCode watch(const WatchOptions& options);

}  // namespace bms::cli
