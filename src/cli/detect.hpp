// `dbus-bms detect TTY`: says which BMS is on a port, and why, without a bus.
#pragma once

#include <string>
#include <vector>

#include "driver/daemon.hpp"

namespace bms::cli {

struct DetectOptions {
  std::string tty;
  std::string bms;                  ///< a family; empty: all
  std::vector<unsigned> addresses;  ///< empty: the usual ones, until a board is found
  bool all_addresses = false;       ///< look for further boards at every address of the family that was found
  std::string config_file;
  std::string state_directory = driver::usual_state_directory();
  bool json = false;
};

/// Looks, prints what was found and why, and remembers it for the daemon. On a terminal it says meanwhile what it does.
/// Returns stopped when a BMS was found, not_found when none was, configuration when the options are wrong.
[[nodiscard]] ExitCode detect(const DetectOptions& options);

}  // namespace bms::cli
