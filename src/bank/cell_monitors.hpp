// What the cell monitors of the packs have seen, as one of the bank. It is history: what a pack has seen stays true
// when it falls silent. All of it comes from other programs, and what cannot be is not part of it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "battery/cell_alerts.hpp"
#include "bms/cell_summary.hpp"

namespace bms::bank {

/// A cell as its pack names it, and how far it is ahead of the others of that pack; negative: behind.
struct JudgedCell {
  int unit = 0;  ///< from 1; 0: the pack has one BMS
  int cell = 0;  ///< from 1, within its unit
  double weakness_mv = 0;

  friend bool operator==(const JudgedCell&, const JudgedCell&) = default;
};

/// "C7 23 mV", "U2C7 -4 mV". Empty: it is no such text, or no such cell can be.
[[nodiscard]] std::optional<JudgedCell> judged_cell(std::string_view text);

/// What the monitor of one pack says, as it stands on the bus.
struct MonitorTold {
  std::optional<double> cells{}, lowest_v{}, highest_v{}, mean_v{}, widest_v{}, alerts{};
  std::string_view weakest{}, strongest{}, latest_code{};
};

/// The same, understood. Empty: it does not say, or says what cannot be.
struct PackMonitor {
  std::size_t cells = 0;  ///< 0: unknown
  std::optional<double> lowest_v{}, highest_v{}, mean_v{}, widest_v{};
  std::optional<JudgedCell> weakest{}, strongest{};
  int alerts = 0;
  std::optional<battery::CellAlert> latest{};

  friend bool operator==(const PackMonitor&, const PackMonitor&) = default;
};

[[nodiscard]] PackMonitor understood(const MonitorTold& told);

/// All packs together, in the order of the configuration; one that is not to count is an empty PackMonitor. Extremes
/// are those of any pack, the mean counts every cell once, the spread is the largest within one pack. Cells and the
/// newest event have the number of the pack before them ("B2C7"), and the code of the event has it as its eighth
/// number. Of events the one that began last is the newest; where no clock could be believed, one that still lasts.
[[nodiscard]] CellSummary together(std::span<const PackMonitor> packs);

}  // namespace bms::bank
