// Texts: what boards send as such, and what their result codes mean.
#pragma once

#include <cstdint>
#include <string>

#include "bms/bytes.hpp"

namespace bms::ant {

/// Bytes as printable ASCII, up to the first NUL, without blanks at the end; other bytes become '?'.
[[nodiscard]] std::string printable(Bytes text);

/// What the result of a control command (function 51) means: captures of the vendor's application.
[[nodiscard]] std::string meaning_of_result(std::uint16_t result);

}  // namespace bms::ant
