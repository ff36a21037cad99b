// What the owner has changed at run time.
#pragma once

#include <vector>

#include "cli/watch/model.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {

/// One piece for each setting that is not as configured: "charge current 20.0 A (configured 50.0 A)".
[[nodiscard]] std::vector<Line> changed_settings(const WatchModel& model);

}  // namespace bms::cli
