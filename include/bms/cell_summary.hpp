// What the last days have shown of the cells, in so few words that it may go out on D-Bus.
#pragma once

#include <optional>
#include <string>

#include "bms/short_text.hpp"

namespace bms {

/// Empty: nothing is known yet.
struct CellSummary {
  std::optional<double> lowest_v, highest_v;  ///< of any cell, in two days
  std::optional<double> mean_v;               ///< of all cells, in two days
  std::optional<double> widest_v;             ///< the largest spread of ten minutes, in two days

  /// "C7 23 mV": the cell, and how far it is ahead of the others on the way to full and to empty; negative: behind.
  ShortText weakest, strongest;

  int alerts = 0;          ///< how many warnings and alarms nobody has acknowledged
  ShortText latest_alert;  ///< the newest event, for people: "warning: C4 too low, 2.871 V"

  /// The same for programs: kind (0 cells apart, 1 a cell too low, 2 a cell too high), level (0 info, 1 warning,
  /// 2 alarm), cell or 0, worst value in mV or 0, 1 while it lasts, 1 when acknowledged, begin in seconds since 1970
  /// or 0; with colons between them.
  ShortText latest_alert_code;

  /// The lowest cell of every half hour of two days, the oldest first, and how many mV it was below the mean of all:
  /// "7:12,7:13,,9:5". A half hour that nobody saw is empty.
  std::string trend;
};

}  // namespace bms
