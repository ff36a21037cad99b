// The view itself: what a service has said, drawn as lines of text. Pure; every golden picture is a unit test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/watch/model.hpp"
#include "cli/watch/trends.hpp"

namespace bms::cli {

/// Where the watched service is.
enum class Presence : std::uint8_t {
  here,  ///< on the bus and read
  gone,  ///< was there, left; it is being waited for
};

/// How to draw.
struct ScreenOptions {
  std::size_t columns = 80;            ///< width of the terminal; less than 24 is drawn as 24 and cut
  bool colours = false;                ///< with ANSI colours
  bool utf8 = true;                    ///< with block characters; otherwise ASCII alone
  const CellTrends* trends = nullptr;  ///< which way cells go; empty: nobody has watched them
};

/// The whole view, one string per line, none wider than `columns`, none with a control character besides colours.
[[nodiscard]] std::vector<std::string> watch_screen(const WatchModel& model, const std::string& service,
                                                    Presence presence, const ScreenOptions& options);

}  // namespace bms::cli
