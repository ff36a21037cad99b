// Says what recorded bytes mean, for people and for tests.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "bms/bytes.hpp"

namespace bms::jbd {

/// The facts in a recorded answer. `request` is what was sent; without it (or if it is no JBD request) any well-formed
/// reply is taken. The pieces of the answer belong together in their order; how it was cut does not matter.
/// The result holds SI units by name, or {"error": kind, "message": ..., "status": n (refusals only)}.
[[nodiscard]] nlohmann::ordered_json explain(std::optional<Bytes> request,
                                             const std::vector<std::vector<std::uint8_t>>& pieces);

}  // namespace bms::jbd
