// Says what recorded bytes mean, for people and for tests.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "recording.hpp"

namespace bms::jbd {

/// The facts in a recorded answer. Without a request (or if it is not a JBD request) any well-formed reply is taken.
/// The result holds SI units by name, or {"error": kind, "message": ..., "status": n (refusals only)}.
[[nodiscard]] nlohmann::ordered_json explain(const Recording& recording);

}  // namespace bms::jbd
