// What the verbs of the console print with --json.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

#include "bms/parameter.hpp"
#include "console/answer.hpp"

namespace bms::cli {

/// What was asked for decides how a value is called: "value" where it was only read, else "after".
enum class Asked : std::uint8_t { values, changes };

/// One object in one line.
void print_json(std::ostream& out, const nlohmann::ordered_json& json);

/// {"kind", "message"}, and "status" where the board has given one.
[[nodiscard]] nlohmann::ordered_json json_of(const Error& error);

/// {"battery", "family", "dialect", ..., "through"}.
[[nodiscard]] nlohmann::ordered_json json_of(const console::BoardFacts& board);

/// The board, and "results", each with its unit; numbers are numbers in that unit.
[[nodiscard]] nlohmann::ordered_json json_of(const console::Answer& answer, const ParameterList& parameters,
                                             Asked asked);

}  // namespace bms::cli
