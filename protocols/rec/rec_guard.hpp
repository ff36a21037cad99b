// What the thresholds of a unit permit, besides the one error that it reports: it reports only one at a time, and which
// one if several hold is not known.
//
// Charging is forbidden from CMAX on and outside TMIN to TMAX, discharging from CMIN down; each until the value is back
// by the unit's own hysteresis (MAXH, MINH; fixed 2 K: 1Q settings table of aaronsb/REC-BMSManager).
#pragma once

#include <optional>

#include "bms/reading.hpp"
#include "rec/rec_decode.hpp"
#include "rec/rec_errands.hpp"

namespace bms::rec {

class Guard {
 public:
  /// Compares a complete reading with the settings. Temperatures may be empty.
  void update(const Overview& overview, std::optional<double> coldest_c, std::optional<double> hottest_c,
              const Settings& settings);

  [[nodiscard]] bool allows_charge() const { return !cell_high_ && !cold_ && !hot_; }
  [[nodiscard]] bool allows_discharge() const { return !cell_low_; }

 private:
  bool cell_high_ = false;
  bool cell_low_ = false;
  bool cold_ = false;
  bool hot_ = false;
};

/// Raises the alarms that follow from thresholds that are passed now.
void raise_threshold_alarms(Alarms& alarms, const Overview& overview, std::optional<double> coldest_c,
                            std::optional<double> hottest_c, const Settings& settings);

}  // namespace bms::rec
