// What a new REC unit holds.
#pragma once

#include <optional>
#include <string_view>

namespace bms::rec {

/// Whose values they are.
inline constexpr std::string_view factory_board = "a new 1Q with Victron firmware 2.5";

/// The value of an instruction there; empty: no source says.
[[nodiscard]] std::optional<double> factory_value(std::string_view mnemonic);

}  // namespace bms::rec
