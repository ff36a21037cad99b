// How well a line that comes and goes holds: one without a cable.
#pragma once

#include <optional>
#include <string_view>

namespace bms {

/// A line is given free for so many minutes unless somebody says otherwise, and for so many at most.
inline constexpr double usual_release_min = 10;
inline constexpr double longest_release_min = 60;

struct LinkQuality {
  std::optional<double> losses_per_day{};  ///< how often it was lost in the last 24 hours; empty: it has none
  std::optional<double> longest_gap_s{};   ///< the longest time without it since the start; empty: it was never lost
  std::string_view trouble{};              ///< what ends it again and again, and what helps; empty: nothing
  std::string_view state{};                ///< whether it is there, or why not, in words; valid until the line changes
  double released_s = 0;  ///< how long it will still be left to others, as its owner wished; 0: it is not
};

}  // namespace bms
