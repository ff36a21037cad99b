// The daemon: one BMS on one port, one battery service on the bus. This is where the rooms are wired together.
#pragma once

#include <optional>
#include <string>

#include "driver/exit_code.hpp"

namespace bms::driver {

/// What `dbus-bms run` was told.
struct RunOptions {
  std::string tty;
  std::string bms = "jbd";
  std::string config_file;           ///< empty: the defaults
  std::string capture_file;          ///< empty: nothing is recorded
  std::optional<double> interval_s;  ///< overrides poll_interval
};

/// Runs until asked to stop, or until nothing can be done any more.
[[nodiscard]] ExitCode run_daemon(const RunOptions& options);

}  // namespace bms::driver
