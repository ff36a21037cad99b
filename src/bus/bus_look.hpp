// One look at the bus, for programs that may do without it.
#pragma once

#include <expected>
#include <string>

namespace bms::bus {

/// Whether somebody has a name on the bus that BusConnection would connect to. Connects for that alone; blocking, for
/// five seconds at most. Errors: why nobody can say, in words.
[[nodiscard]] std::expected<bool, std::string> has_owner(const std::string& name);

}  // namespace bms::bus
