// The log: standard output, read by multilog, which adds the time.
#pragma once

#include <string>

namespace bms::driver {

/// One event a line, level first, no time, each line out at once.
void set_up_log();

/// What is worth a line from now on: "debug", "info", "warning" or "error".
void set_log_level(const std::string& level);

}  // namespace bms::driver
