// Numbers as people read them. Unknown is `--`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bms::cli {

inline constexpr std::string_view unknown_text = "--";

/// "53.12 V": with so many decimals and a unit. `unit` may be empty.
[[nodiscard]] std::string quantity(std::optional<double> value, int decimals, std::string_view unit);

/// The same with its sign, also when positive.
[[nodiscard]] std::string signed_quantity(std::optional<double> value, int decimals, std::string_view unit);

/// Seconds as "45 s", "12 min", "3 h 05 min" or "2 d 4 h". Ten days and more is what Victron devices say for "never":
/// unknown.
[[nodiscard]] std::string span_text(std::optional<double> seconds);

/// The word for /State of a battery; unknown numbers are shown as they are.
[[nodiscard]] std::string state_text(std::optional<std::int64_t> state);

/// What an alarm's path says, in words: "LowCellVoltage" becomes "Low cell voltage".
[[nodiscard]] std::string alarm_text(std::string_view name);

}  // namespace bms::cli
