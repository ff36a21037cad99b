// `dbus-bms decode FAMILY`: says what recorded exchanges mean, without hardware.
#pragma once

#include <iosfwd>
#include <string_view>

#include "bms/exit_code.hpp"

namespace bms::cli {

/// Reads JSON lines {"request": HEX or null, "response": HEX or [HEX, ...]} and writes one JSON line for each: the
/// decoded facts, or {"error": kind, "message": ...}. Further keys are ignored, blank lines are skipped. Returns
/// ExitCode::stopped, or configuration when a line was no such JSON (the others are decoded all the same) or the family
/// is unknown.
[[nodiscard]] ExitCode decode(std::string_view family, std::istream& in, std::ostream& out);

}  // namespace bms::cli
