// `dbus-bms trace`: shows what passes over the line of a board, and records it.
#pragma once

#include <string>

#include "cli/console/conversation.hpp"
#include "cli/console/trace_printer.hpp"

namespace bms::cli {

struct TraceOptions {
  double seconds = 0;  ///< 0: until it is ended
  std::string file{};  ///< to record into; empty: nothing is recorded
  bool past = true;    ///< begins with what the driver has kept
  bool bytes = false;
};

[[nodiscard]] ExitCode trace(const Conversation& with, const TraceOptions& options);

}  // namespace bms::cli
