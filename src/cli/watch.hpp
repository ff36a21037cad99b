// `dbus-bms watch`: a live view of one battery service in the terminal.
#pragma once

#include <string>

namespace bms::cli {

/// What the command line says.
struct WatchOptions {
  std::string service;  ///< full name, the end of one (`ttyUSB0`), or empty: the only battery on the bus
  bool once = false;    ///< print one complete view as plain text and end; implied when stdout is no terminal
  double wait_s = 5;    ///< how long to wait for the service to appear, in seconds; >= 0
  bool ascii = false;   ///< draw with ASCII even where the locale speaks UTF-8
};

/// Shows com.victronenergy.battery.* until it is told to stop (Ctrl-C, SIGTERM). Returns the process exit code:
/// 0 stopped as asked or printed once, 1 no such service within `wait_s`, 2 several services fit, 3 the bus is lost.
[[nodiscard]] int watch(const WatchOptions& options);

}  // namespace bms::cli
