// Values of parameters as people read and type them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bms/error.hpp"
#include "bms/parameter.hpp"
#include "console/answer.hpp"

namespace bms::cli {

/// A value without its unit, with as many decimals as its step has: "3.650"; "--" when there is none. `parameter` may
/// be nullptr.
[[nodiscard]] std::string shown(const std::optional<console::Value>& value, const Parameter* parameter);

/// Likewise what somebody wants, rounded to its step, as it will be written.
[[nodiscard]] std::string wish_shown(const std::optional<console::Value>& value, const Parameter* parameter);

/// "1.500 … 4.500"; empty: not known.
[[nodiscard]] std::string range_shown(const Parameter& parameter);

/// What somebody has typed: "3.65", "3.65V", and "on" for a flag. Errors: ErrorKind::rejected.
[[nodiscard]] Result<double> parse_value(const Parameter& parameter, std::string_view text);

}  // namespace bms::cli
