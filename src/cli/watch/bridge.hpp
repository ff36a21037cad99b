// What `watch bridge` shows: why chargers may charge or not, and what became of it. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/watch/model.hpp"
#include "cli/watch/screen.hpp"

namespace bms::cli {

/// The whole view, one string per line, as watch_screen().
[[nodiscard]] std::vector<std::string> bridge_screen(const WatchModel& model, Presence presence,
                                                     const ScreenOptions& options);

}  // namespace bms::cli
