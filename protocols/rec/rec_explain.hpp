// Says what recorded bytes mean, for people and for tests.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "recording.hpp"

namespace bms::rec {

/// Of the line, `address` (of the unit), `command` ("CELL?") and `context` (`temperature_sensors`) steer; each may be
/// missing. Then the request gives address and command, and without a request the first sound frame gives the unit and
/// the shape of the answer what it is.
[[nodiscard]] nlohmann::ordered_json explain(const Recording& recording);

}  // namespace bms::rec
