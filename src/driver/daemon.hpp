// The daemon: a process with its lines, each with its batteries. This is where the rooms are wired together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bms/exit_code.hpp"

namespace bms::driver {

/// Where things are kept that must outlive a start; on the partition that survives firmware updates.
inline constexpr const char* default_state_directory = "/data/dbus-bms";

/// Where things are kept that need to outlive the process only; in memory, so that they wear out no flash.
inline constexpr const char* default_run_directory = "/run/dbus-bms";

/// What `dbus-bms run` was given; it overrides the configuration.
struct RunOptions {
  std::vector<std::string> ttys;     ///< at least one; each is a line of its own
  std::string bms;                   ///< a family; empty: as configured, else found out
  std::vector<unsigned> addresses;   ///< empty: as configured, else found out
  std::string config_file;           ///< empty: the defaults
  std::string capture_file;          ///< empty: nothing is recorded
  std::optional<double> interval_s;  ///< overrides poll_interval
  std::string mqtt_host;             ///< overrides host of [mqtt]; empty: as configured
  std::string state_directory = default_state_directory;
  std::string run_directory = default_run_directory;
};

/// Runs until asked to stop, or until nothing can be done any more.
[[nodiscard]] ExitCode run_daemon(const RunOptions& options);

}  // namespace bms::driver
