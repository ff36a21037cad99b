// `dbus-bms config`: checks, shows and imports configuration files.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "bms/exit_code.hpp"

namespace bms::cli {

/// Prints each fault as FILE:LINE: message, or says how much was found without any. Returns
/// ExitCode::configuration when there are faults.
[[nodiscard]] ExitCode check_config(const std::string& file, std::ostream& out);

struct ShowOptions {
  std::string file{};                    ///< empty: nothing is configured
  std::vector<std::string> batteries{};  ///< names of one battery, the strongest last
  bool json = false;
  bool changed = false;  ///< only what differs from the default
};

/// Prints every option with its value and where that comes from, by groups; faults go to `problems`. Returns
/// ExitCode::configuration when the file cannot be read.
[[nodiscard]] ExitCode show_config(const ShowOptions& options, std::ostream& out, std::ostream& problems);

/// Prints a config.ini of dbus-serialbattery as one of ours, with what needs a decision and what has no meaning here as
/// comments; how much that is goes to `summary`. Returns ExitCode::undecided when something needs a decision,
/// ExitCode::configuration when the file cannot be read.
[[nodiscard]] ExitCode import_config(const std::string& file, std::ostream& out, std::ostream& summary);

/// Likewise from the words of the command line of dbus-btbattery; `bank`: how the bank is called. What needs a decision
/// goes to `problems` as well. Returns ExitCode::configuration when the words cannot be understood; then nothing is
/// printed.
[[nodiscard]] ExitCode import_btbattery(const std::vector<std::string>& words, const std::string& bank,
                                        std::ostream& out, std::ostream& problems);

}  // namespace bms::cli
