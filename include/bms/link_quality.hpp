// How well a line that comes and goes holds: one without a cable.
#pragma once

#include <optional>
#include <string_view>

namespace bms {

struct LinkQuality {
  std::optional<double> losses_per_day{};  ///< how often it was lost in the last 24 hours; empty: it has none
  std::optional<double> longest_gap_s{};   ///< the longest time without it since the start; empty: it was never lost
  std::string_view trouble{};              ///< a constant: what ends it again and again, and what helps; empty: nothing
};

}  // namespace bms
