// When a battery's memory is saved: often enough to lose little, rarely enough to spare the flash.
#pragma once

#include <optional>

#include "bms/time.hpp"
#include "files/atomic_file.hpp"

namespace bms::driver {

/// At most about 350 lasting saves on a day with two full cycles, and a copy in memory twice a minute.
class SaveSchedule {
 public:
  /// To be asked after each reading. `state_changed`: charging went into another state. Empty: not now; otherwise the
  /// caller saves this copy.
  [[nodiscard]] std::optional<files::Lasting> due(std::optional<double> soc_pct, bool state_changed, TimePoint now);

 private:
  std::optional<TimePoint> lasting_at_;
  TimePoint volatile_at_{};
  std::optional<double> saved_soc_pct_;
  bool state_changed_ = false;  ///< since the last lasting save
};

}  // namespace bms::driver
