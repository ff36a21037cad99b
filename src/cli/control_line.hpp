// The lines of "control": JSON in, JSON out.
#pragma once

#include <string>

#include "bms/battery.hpp"
#include "bms/error.hpp"
#include "bms/limits.hpp"

namespace bms::cli {

/// One line that came in.
struct ControlInput {
  double dt_s = 0;
  bool lost = false;
  Reading reading;
};

/// Reads one line. Errors: ErrorKind::rejected, saying which member is what and what was expected.
[[nodiscard]] Result<ControlInput> parse_control_line(const std::string& line);

/// What follows, as one line without its end. `refused`: why the frame was not believed; empty: it was.
[[nodiscard]] std::string control_answer(const Battery& battery, const Limits& limits, const std::string& refused);

}  // namespace bms::cli
