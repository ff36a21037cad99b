// What all parts of the screen have in common.
#pragma once

#include <cstddef>

namespace bms::cli {

inline constexpr std::size_t label_width = 13;
inline constexpr std::size_t narrowest = 24;  ///< columns: in less nothing can be told

}  // namespace bms::cli
