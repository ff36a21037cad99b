// Says what recorded bytes of a board of the UP series mean.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "recording.hpp"

namespace bms::jbd::up {

/// Whether the recording is of this series: its line says so ("dialect": "up"), or its request has the form.
[[nodiscard]] bool is_up(const Recording& recording);

/// As jbd::explain().
[[nodiscard]] nlohmann::ordered_json explain(const Recording& recording);

}  // namespace bms::jbd::up
