// Whether there is a Venus here that a battery could be shown to.
#pragma once

#include <string>

namespace bms::venus {

/// Where a device of Victron has its programs.
inline constexpr const char* victron_directory = "/opt/victronenergy";

/// Why nobody would look for a battery on D-Bus, in words; empty: somebody would. On a device of Victron nothing is
/// asked, since what is missing there is about to come. Elsewhere localsettings must be there already. Blocking, for
/// five seconds at most.
[[nodiscard]] std::string why_no_venus(const std::string& directory = victron_directory);

}  // namespace bms::venus
