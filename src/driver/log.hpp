// The log: standard output, read by multilog, which adds the time.
#pragma once

namespace bms::driver {

/// One event a line, level first, no time, each line out at once.
void set_up_log();

}  // namespace bms::driver
