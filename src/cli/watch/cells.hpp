// The cells of a battery as horizontal bars.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "cli/watch/model.hpp"
#include "cli/watch/text.hpp"
#include "cli/watch/trends.hpp"

namespace bms::cli {

/// Between which voltages the bars are drawn.
struct BarScale {
  double low_v, high_v;
};

/// A scale that makes differences visible and still holds steady: steps of 50 mV around all cells, at least 100 mV
/// wide. A cell that cannot be true (broken sense wire) does not stretch it. Empty when no cell is known.
[[nodiscard]] std::optional<BarScale> bar_scale(std::span<const WatchedCell> cells);

/// A bar of `columns`, filled from the left to `share` (0..1, what is outside is clipped).
[[nodiscard]] Line bar(double share, std::size_t columns, Style style, bool utf8);

/// The section "Cells": a heading with the extremes, spread and sum, and one bar per cell, in as many columns as fit.
/// `trends`: which way they go; empty: nobody has watched them.
[[nodiscard]] std::vector<Line> cell_section(const WatchModel& model, const CellTrends* trends, std::size_t columns,
                                             bool utf8);

}  // namespace bms::cli
