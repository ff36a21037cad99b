// The log: standard output, read by multilog or the journal, which add the time, or by a person at a terminal.
#pragma once

#include <cstddef>
#include <string>

#include "config/config.hpp"

namespace bms::driver {

/// The log keeps little, and a file that is not a configuration at all has very many faults.
inline constexpr std::size_t most_lines_about_file = 50;

/// One event a line, level first, each line out at once. On a terminal the time comes before it, in the journal of
/// systemd what it calls the priority.
void set_up_log();

/// What is worth a line from now on: "debug", "info", "warning" or "error".
void set_log_level(const std::string& level);

/// What is wrong with the configuration, as far as the log has room for it.
void log_faults(const config::Config& config);

}  // namespace bms::driver
