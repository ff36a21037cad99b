// Which cell is weak, and what the others are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "battery/cell_monitor.hpp"

namespace bms::battery {

/// What the deviations of a cell at both ends mean. One that reaches either end before the others, and the other one
/// not after them, holds less than they do or resists more.
enum class CellVerdict : std::uint8_t {
  unknown,  ///< not seen at both ends yet
  even,     ///< like the others
  weak,
  strong,   ///< the opposite
  fuller,   ///< before the others at the top and after them at the end: balancing cures it
  emptier,  ///< the other way round
};

/// In a few words: "fuller than the others".
[[nodiscard]] std::string_view text_of(CellVerdict verdict);

/// One cell, compared with the median of all. Deviations are empty where the class has not been seen yet.
struct RankedCell {
  std::size_t cell = 0;  ///< from 1
  std::optional<double> rest_mv{}, charge_top_mv{}, discharge_end_mv{};

  /// How far it is ahead of the others on the way to full and to empty, added up: what is charged into it too much and
  /// is missing at the end cancels out, so it is the cell that counts and not how far it is charged. Where the end of
  /// a discharge has not been seen yet, rest stands for it.
  double weakness_mv = 0;
  CellVerdict verdict{};
};

/// The weakest first. Empty: nothing has been compared yet.
[[nodiscard]] std::vector<RankedCell> ranked(const CellRecord& record);

}  // namespace bms::battery
