// What the last days have shown of the cells, in few words: it goes out to everybody, so it changes seldom.
#pragma once

#include <cstddef>

#include "battery/cell_alerts.hpp"
#include "battery/cell_monitor.hpp"
#include "bms/cell_summary.hpp"

namespace bms::battery {

/// Writes a summary anew every half hour, and what it says of events as soon as there is another one.
class CellSummarizer {
 public:
  /// To be called with each reading, `dt_s` after the one before. `units`: so many units share the cells evenly; with
  /// one a cell is "C7", otherwise "U2C7". Nothing is allocated but every half hour.
  void follow(const CellRecord& record, std::size_t units, double dt_s, CellSummary& summary);

  /// The next call of follow() writes everything anew.
  void forget() { *this = {}; }

 private:
  /// What tells one state of the events from another. How bad the newest one is may change with each reading.
  struct Events {
    std::size_t listed = 0, unseen = 0;
    CellAlert newest{};

    friend bool operator==(const Events&, const Events&) = default;
  };
  [[nodiscard]] static Events events_of(const CellAlerts& alerts);

  double age_s_ = 0;
  std::size_t cells_ = 0;  ///< 0: nothing has been written yet
  Events said_;
};

}  // namespace bms::battery
