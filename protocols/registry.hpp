// The one list of BMS families. Detection follows its order.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "family.hpp"

namespace bms {

[[nodiscard]] std::span<const Family> families();

/// The family of that name, or nullptr.
[[nodiscard]] const Family* find_family(std::string_view name);

/// All names, for messages: "jbd, daly".
[[nodiscard]] std::string family_names();

}  // namespace bms
