// The packs of a bank, where the battery is one.
#pragma once

#include <cstddef>
#include <vector>

#include "cli/watch/model.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {

/// A line for each pack, or two: its name, what it does, and what it may do. Nothing where there are none.
[[nodiscard]] std::vector<Line> pack_section(const WatchModel& model, std::size_t columns, bool utf8);

}  // namespace bms::cli
