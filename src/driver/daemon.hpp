// The daemon: a process with its lines, each with its batteries. This is where the rooms are wired together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bms/exit_code.hpp"
#include "config/settings.hpp"

namespace bms::driver {

/// Where things are kept that must outlive a start: $STATE_DIRECTORY of systemd, else on the partition of a GX device
/// that survives firmware updates.
[[nodiscard]] std::string usual_state_directory();

/// Where things are kept that need to outlive the process only; in memory, so that they wear out no flash:
/// $RUNTIME_DIRECTORY, else below /run.
[[nodiscard]] std::string usual_run_directory();

/// What `dbus-bms run` was given; it overrides the configuration.
struct RunOptions {
  std::vector<std::string> ttys;        ///< each is a line of its own; none is needed with `bluetooth`
  bool bluetooth = false;               ///< so is each board that is configured by its Bluetooth address
  std::string bms;                      ///< a family; empty: as configured, else found out
  std::vector<unsigned> addresses;      ///< empty: as configured, else found out
  std::string config_file;              ///< empty: the defaults
  std::string capture_file;             ///< empty: nothing is recorded
  std::optional<double> interval_s;     ///< overrides poll_interval
  std::string mqtt_host;                ///< overrides host of [mqtt]; empty: as configured
  std::optional<config::OnBus> on_bus;  ///< overrides dbus
  std::string state_directory = usual_state_directory();
  std::string run_directory = usual_run_directory();
};

/// Runs until asked to stop, or until nothing can be done any more.
[[nodiscard]] ExitCode run_daemon(const RunOptions& options);

}  // namespace bms::driver
