// What an owner should put right, as readings show it: a capacity that nobody reports, settings of the BMS that do not
// fit, cells of another chemistry.
#pragma once

#include <array>

#include "battery/config.hpp"
#include "battery/plausibility.hpp"
#include "battery/timing.hpp"
#include "bms/battery.hpp"
#include "bms/reading.hpp"

namespace bms::battery {

/// Whether the BMS is set to cells that endure less than those that limits are made for, although nobody has configured
/// which they are; unless the cells themselves show that it is not true.
[[nodiscard]] bool endures_less(const Config& config, const Reading& reading);

/// Says what lasts: for 10 s as a rule, so that nothing is said of what is only not known yet.
class NoticeWatch {
 public:
  /// Fills notices of `battery`, of which the estimates are those of this reading. `raw`: what the BMS said, of which
  /// `left_out` could not be true.
  void follow(const Config& config, const Reading& raw, Quantities left_out, Battery& battery, double dt_s);

 private:
  /// One thing to say. The words stay while it lasts, whatever the numbers in them do.
  struct Subject {
    DelayedSwitch lasts;
    ShortText text;
  };

  void capacity(const Config& config, const Reading& raw, const Battery& battery, Notices& notices, double dt_s);
  void chemistry(const Config& config, const Battery& battery, Notices& notices, double dt_s);
  void odd_values(const Config& config, const Reading& raw, Quantities left_out, Notices& notices, double dt_s);

  Subject no_capacity_, capacities_differ_, told_chemistry_, other_chemistry_;
  std::array<Subject, quantity_count> odd_;
};

}  // namespace bms::battery
