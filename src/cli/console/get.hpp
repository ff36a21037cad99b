// `dbus-bms get`: what a board holds.
#pragma once

#include <string>
#include <vector>

#include "bms/exit_code.hpp"
#include "cli/console/conversation.hpp"

namespace bms::cli {

struct GetOptions {
  std::vector<std::string> names{};
  std::vector<ParameterGroup> groups{};  ///< all of these groups as well
  bool all = false;
};

/// Reads and prints values: those named in the order of their names, then the groups. What is named must be there;
/// of groups a board may lack some.
[[nodiscard]] ExitCode get(const Conversation& with, const GetOptions& options);

}  // namespace bms::cli
