// `dbus-bms scan`: which batteries are near that speak Bluetooth. Connects to nobody.
#pragma once

#include <string>

#include "bms/exit_code.hpp"

namespace bms::cli {

struct ScanOptions {
  std::string config_file;  ///< empty: none
  std::string adapter;      ///< by its address; empty: as the configuration says
  double seconds = 15;
  bool json = false;
  bool ascii = false;
};

/// Looks for so long, live on a terminal, and prints what was found with the lines that config.ini needs. Returns
/// ExitCode::stopped, not_found when nothing was seen that may be a battery of ours, and lost where there is no D-Bus.
[[nodiscard]] ExitCode scan(const ScanOptions& options);

}  // namespace bms::cli
