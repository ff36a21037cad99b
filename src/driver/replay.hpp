// Plays a capture through the same session, model and limits as the daemon, on the recording's own clock.
#pragma once

#include <istream>
#include <optional>
#include <ostream>
#include <string>

#include "bms/exit_code.hpp"
#include "config/config.hpp"

namespace bms::driver {

/// What `dbus-bms replay` was given.
struct ReplayOptions {
  std::string bms{};                  ///< empty: as the capture says
  std::optional<unsigned> address{};  ///< of several boards on the line this one alone
  std::string port = "replay";        ///< in place of the tty: name, and section of the configuration
  bool table = false;                 ///< columns for people instead of JSON lines
};

/// Reads a capture from `in` and writes to `out` what would have been published, one JSON object for each poll cycle
/// from the first reading on: {"time_s": 12.5, "items": {"/Dc/0/Voltage": 13.2, ...}}; null is an invalid value. As a
/// table: the few values that say what the battery does, see poll_table.hpp. Of several boards on one line each is
/// played in turn, with its address.
/// Problems go to `problems`.
/// Returns stopped at the end of the capture, not_found when it holds no believable reading, configuration when it is
/// no capture, or none of a board at that address.
[[nodiscard]] ExitCode replay(std::istream& in, std::ostream& out, std::ostream& problems, const ReplayOptions& options,
                              const config::Config& config);

}  // namespace bms::driver
