// `dbus-bms decode --bluetooth`: says what recorded sessions with boards on the air mean.
#pragma once

#include <iosfwd>
#include <string>

#include "bms/exit_code.hpp"

namespace bms::cli {

/// Reads sessions and writes one JSON line for each of their exchanges: the decoded facts, or {"error": kind,
/// "message": ...}; what the module says of itself is under "module". A session with "stream": true is followed by a
/// line {"stream": [...]} with everything sound that was in it.
///
/// A session is {"family": NAME, "exchanges": [{"request": HEX or null, "notifications": [HEX, ...]}, ...]}. The input
/// is a line for each, one such object, one with a list of them under "cases", or lines that are exchanges of one
/// session. `family`: for sessions that do not say; may be empty. The bytes of a session are one stream: the borders of
/// notifications mean nothing, an answer may end in a later exchange, and what a module puts in between is left out.
///
/// Returns ExitCode::stopped, or configuration when something was no such JSON or no family is known (the rest is
/// decoded all the same).
[[nodiscard]] ExitCode decode_bluetooth(const std::string& family, std::istream& in, std::ostream& out);

}  // namespace bms::cli
