// The directories that systemd makes for a service and hands over by their names.
#pragma once

#include <string>

namespace bms::files {

/// What the variable of the environment says ("STATE_DIRECTORY"), the first where it names several; else `usual`.
[[nodiscard]] std::string handed_over(const char* variable, const std::string& usual);

}  // namespace bms::files
