// What `replay --table` and `control --table` print: a line for each poll, in columns, for people.
#pragma once

#include <string>
#include <string_view>

#include "bms/battery.hpp"
#include "bms/limits.hpp"

namespace bms::driver {

/// The names of the columns, with their units.
[[nodiscard]] std::string poll_table_head();

/// One poll. What is not known, or is not true any more, is "--". `remark`: what is special about it; may be empty.
[[nodiscard]] std::string poll_table_row(double time_s, const Battery& battery, const Limits& limits,
                                         std::string_view remark = {});

}  // namespace bms::driver
