// Puts a whole answer into words.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "rec/rec_answer.hpp"

namespace bms::rec {

/// What a user or a recording says besides the bytes.
struct Context {
  std::size_t temperature_sensors = 0;  ///< of a unit; 0: not said
  std::optional<std::size_t> cells;     ///< of a unit
};

/// The content of an answer, or {"plausible": false, "message": ...}.
[[nodiscard]] nlohmann::ordered_json explain_answer(const Answer& answer, const Question& question,
                                                    const Context& context);

}  // namespace bms::rec
