// Walks the table of configuration registers: finding a parameter, its value from a word, its word from a value.
#pragma once

#include <cstdint>
#include <string_view>

#include "bms/error.hpp"
#include "jbd/jbd_tables.hpp"

namespace bms::jbd {

/// The parameter of that name. Errors: rejected.
[[nodiscard]] Result<const Parameter*> find_parameter(std::string_view name);

/// A raw word in the unit of the table. `coarse`: the board has its unit flag set.
[[nodiscard]] double value_of(const Parameter& parameter, std::uint16_t raw, bool coarse);

/// The word for a value, rounded to the nearest count. Errors: rejected for what is not a finite number or outside the
/// range of the table.
[[nodiscard]] Result<std::uint16_t> raw_of(const Parameter& parameter, double value, bool coarse);

/// Whether `value` may be written at all. Errors: rejected: read only, no finite number, or out of range.
[[nodiscard]] Result<void> check_write(const Parameter& parameter, double value, bool coarse);

}  // namespace bms::jbd
