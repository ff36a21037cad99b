// A row of the table of parameters as JSON, the same on the command line, at the socket and on D-Bus.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "bms/parameter.hpp"

namespace bms::console {

/// {"name", "unit", "min", "max", "step", "writable", "risk", "group", "meaning"}; what it has not got is left out.
[[nodiscard]] nlohmann::ordered_json to_json(const Parameter& parameter);

}  // namespace bms::console
