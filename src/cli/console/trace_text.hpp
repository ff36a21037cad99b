// How a trace is shown: a line for each frame, with all bytes and what they mean; or a line for each of its parts.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/console/trace_frames.hpp"

namespace bms::cli {

/// "+0.412 s → 55 01 00 05 43 45 4C 4C 3F 21 88 AA  read CELL?", seconds since `zero`; before it with a minus.
[[nodiscard]] std::string line_of(const TraceFrame& frame, TimePoint zero);

/// A line for each part, with what it is for, and for each value. Of a checksum is said what it should be.
[[nodiscard]] std::string lines_of_parts(const TraceFrame& frame);

/// The same piece as JSON, for programs.
[[nodiscard]] nlohmann::ordered_json json_of(const TraceFrame& frame, TimePoint zero, bool with_parts);

}  // namespace bms::cli
