// `dbus-bms status`: everything that a helper asks for first, on one page.
#pragma once

#include <string>

#include "bms/exit_code.hpp"

namespace bms::cli {

struct StatusOptions {
  std::string config_file;                 ///< empty: the usual places
  std::string run_directory;               ///< where drivers leave their heartbeats
  std::string log_directory = "/var/log";  ///< where multilog keeps a folder for each service
  bool full = false;                       ///< with serial numbers
  bool json = false;
};

/// Looks, prints, and changes nothing. What cannot be looked at is said on the page.
[[nodiscard]] ExitCode print_status(const StatusOptions& options);

}  // namespace bms::cli
