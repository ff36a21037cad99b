// What has happened to the battery so far.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "battery/config.hpp"
#include "battery/counting.hpp"
#include "battery/facts.hpp"
#include "battery/kept.hpp"
#include "bms/battery.hpp"
#include "bms/low_pass.hpp"

namespace bms::battery {

/// Groups of history that a user may clear; the numbers are those written to /History/Clear.
enum class HistoryGroup : std::uint8_t { all = 1, capacity, voltage, time, alarms, temperature, energy };

/// A quantity without its outliers: the middle of three readings, then a filter of 2 s. One reading that is wrong but
/// plausible leaves no trace.
class Steadied {
 public:
  /// Empty until three readings have come.
  std::optional<double> follow(double value, double dt_s);

 private:
  std::array<double, 2> before_{};
  unsigned count_ = 0;
  LowPass filter_;
};

/// Counts into what is kept. Amounts of charge start at the first full charge, energy and extremes at 0 and nothing.
class HistoryCounter {
 public:
  /// Takes a reading whose alarms and SoC are known already.
  void follow(const Config& config, Kept& kept, const Facts& facts, const Flow& flow, const Battery& battery,
              double dt_s);

  /// The pack became full by itself.
  static void became_full(Kept& kept, std::optional<double> capacity_ah);

  static void clear(Kept& kept, HistoryGroup group);

  /// What is published: what the BMS counts itself, else what is kept; of that nothing when `computed` is false.
  [[nodiscard]] static History history_of(const Kept& kept, const Facts& facts, const Reading& reading, bool computed);

 private:
  void watch_extremes(Kept& kept, const Facts& facts, double dt_s);

  double running_s_ = 0;
  Steadied voltage_v_, lowest_cell_v_, highest_cell_v_, coldest_c_, warmest_c_;
};

}  // namespace bms::battery
