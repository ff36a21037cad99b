// Watches every cell of a battery: which one is weak, what each of them has been through, what went wrong when.
//
// A reading holds until the next one. One that is like the one before only makes that time longer; everything is
// reckoned when values change, and otherwise once a minute.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "battery/cell_alerts.hpp"
#include "battery/cell_classes.hpp"
#include "battery/cell_trend.hpp"
#include "battery/config.hpp"
#include "battery/timing.hpp"
#include "bms/battery.hpp"
#include "bms/pace.hpp"

namespace bms::battery {

/// The lowest and the highest that a cell has ever had; 0: nothing yet. Times are seconds since 1970, 0: not known.
struct CellExtremes {
  std::uint16_t lowest_mv = 0, highest_mv = 0;
  double lowest_unix_s = 0, highest_unix_s = 0;

  friend bool operator==(const CellExtremes&, const CellExtremes&) = default;
};

/// Everything that is known of the cells, and kept.
struct CellRecord {
  std::size_t cells = 0;                              ///< 0: nothing is known yet
  std::array<std::uint16_t, max_cells> present_mv{};  ///< the newest reading; 0: what no cell can have
  std::array<ClassMeans, cell_class_count> classes{};
  std::array<CellExtremes, max_cells> extremes{};
  CellTrend trend{};
  CellAlerts alerts{};

  [[nodiscard]] const ClassMeans& of(CellClass which) const { return classes[static_cast<std::size_t>(which)]; }

  friend bool operator==(const CellRecord&, const CellRecord&) = default;
};

class CellMonitor {
 public:
  /// Takes a believed reading whose alarms and estimates are known already. `unix_s`: the clock on the wall, if it can
  /// be believed; `dt_s`: since the reading before, 0 for the first. Another number of cells is another battery:
  /// everything begins anew. Nothing is allocated but for that.
  void follow(const Config& config, const Battery& battery, std::optional<double> unix_s, double dt_s);

  /// What is known, and to be kept; up to a minute old.
  [[nodiscard]] const CellRecord& record() const { return record_; }

  /// Goes on from what was kept `down_s` seconds ago (empty: nobody knows how long).
  void restore(CellRecord record, std::optional<double> down_s);

  /// The owner has seen all alerts.
  void acknowledge() { record_.alerts.acknowledge(); }

 private:
  /// What a reading says, in so far as it matters here.
  struct Seen {
    decltype(Reading::cells_v) cells_v;
    std::optional<double> current_a, soc_pct, capacity_ah;
    std::array<std::optional<AlarmLevel>, cell_alert_kinds> alarms;
  };

  [[nodiscard]] bool is_like_before(const Battery& battery) const;
  void settle();
  void take(const Config& config, const Battery& battery);
  void take_cells(const Reading& reading);
  void note_extremes();
  void choose_class(const Config& config);
  void judge(const Config& config, double held_s);
  [[nodiscard]] std::optional<CellAlertLevel> level_of(CellAlertKind kind) const;
  [[nodiscard]] std::optional<CellAlerts::Worst> worst(CellAlertKind kind) const;

  CellRecord record_;
  TrendWriter trend_;

  Seen seen_{};                                       ///< the newest reading ...
  std::array<std::uint16_t, max_cells> before_mv_{};  ///< ... and the cells of the one before
  bool repeated_ = false;                             ///< the newest cells have come twice
  bool all_sound_ = false;                            ///< each cell reads what a cell can have
  PerCell deviations_mv_{};
  double mean_mv_ = 0;
  std::size_t lowest_ = 0, highest_ = 0, furthest_ = 0;  ///< cells, from 0; the last one from the median

  Pace pace_;
  double held_s_ = 0;    ///< for how long the newest reading has held and is not reckoned with yet ...
  double unseen_s_ = 0;  ///< ... and how long nobody has looked after that
  double unix_s_ = 0;    ///< at the newest reading; 0: not known
  double rest_s_ = 0;
  std::optional<CellClass> class_;
  std::optional<CellClass> uneven_in_;
  DelayedSwitch uneven_;  ///< more than is usual, and less than an alarm
};

}  // namespace bms::battery
