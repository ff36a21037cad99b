// Says what recorded bytes mean, for people and for tests.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "recording.hpp"

namespace bms::ant {

/// The facts in a recorded answer: SI units by name, or {"error": kind, "message": ...}.
///
/// The line's "variant" ("old", "new") chooses the protocol; without it the request does, else the first header in the
/// answer. Without a request any sound answer is taken. With "stream": true, or with several requests, everything that
/// answers counts, and if that is more than one frame the result is {"frames": [...]}.
[[nodiscard]] nlohmann::ordered_json explain(const Recording& recording);

}  // namespace bms::ant
