// Says what recorded bytes mean, for people and for tests.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "recording.hpp"

namespace bms::chargery {

/// The facts in recorded bytes. A request does not matter: a board cannot hear one. What is one frame and nothing else
/// gives the values of the frame. Anything else with frames in it gives {"frames": [...], "discarded_bytes": n,
/// "last_56": {...}, ...}; without any, {"error": kind, "message": ...}.
[[nodiscard]] nlohmann::ordered_json explain(const Recording& recording);

}  // namespace bms::chargery
