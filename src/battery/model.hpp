// The battery as it is known: takes readings, refuses those that cannot be true, corrects the others, and notices when
// none come. Time is an argument of every function.
#pragma once

#include <bitset>
#include <chrono>
#include <utility>

#include "battery/config.hpp"
#include "battery/continuity.hpp"
#include "battery/failure_rate.hpp"
#include "battery/plausibility.hpp"
#include "battery/sensors.hpp"
#include "bms/battery.hpp"
#include "bms/bounds.hpp"
#include "bms/error.hpp"
#include "bms/external.hpp"

namespace bms::battery {

/// When contact counts as lost. Sources of the figures: what chargers and systemcalc make of stale values; a BMS that
/// is busy or asleep answers again within a few seconds.
struct Staleness {
  std::chrono::milliseconds stale_after{10'000};    ///< T1: measurements are no longer true
  std::chrono::milliseconds release_after{60'000};  ///< T2: the battery stops being a managed one
  std::chrono::milliseconds release_time{4'000};    ///< one cycle of systemcalc: both currents are seen as 0 first
  std::chrono::milliseconds return_time{5'000};     ///< readings must come for this long before they are trusted
  int return_readings = 3;                          ///< and there must be this many

  /// T3 - T2: for how long a battery in no danger stays a managed one after T2, with small limits; 0: not at all.
  std::chrono::milliseconds keep_for{0};
  double keep_min_cell_v = 3.225, keep_max_cell_v = 3.375;  ///< in no danger: its last cells lay in here
};

class Model {
 public:
  Model(const Bounds& bounds, Staleness staleness, Config config = {})
      : bounds_(bounds), staleness_(staleness), config_(std::move(config)) {}

  /// Takes one complete reading as the BMS said it. One whose cells and voltage cannot be true is refused, and so is
  /// one that does not follow the last (see Continuity); one with another number of cells is another pack and always
  /// refused. Anything else that cannot be true costs that value alone; an impossible current, or SoC where it is the
  /// one that is shown, costs the reading until it has been repeated twice. Of a believed reading everything is
  /// filled that follows from it alone: calibrated reading, derived values, sensors. The current is the external one if
  /// the configuration says so and there is one.
  /// Errors: ErrorKind::implausible, and the battery has not changed; it is counted as a failed poll.
  [[nodiscard]] Result<void> accept(const Reading& raw, TimePoint now, const External& external = {});

  /// A poll brought nothing, or nothing sound.
  void note_failure(TimePoint now);

  /// Lets time pass: moves `contact` through its stages.
  void time_passes(TimePoint now);

  /// The BMS has been told its SoC, which therefore may jump.
  void soc_was_set() { continuity_.soc_was_set(); }

  /// When time_passes() has something to do next, if no reading comes before. Empty: never.
  [[nodiscard]] std::optional<TimePoint> next_change() const;

  /// Another configuration; readings are corrected by it from the next one on.
  void configure(const Staleness& staleness, Config config);

  /// What of the newest believed reading could not be true, and was left out.
  [[nodiscard]] Quantities left_out() const { return left_out_; }

  void identify(DeviceInfo device) { battery_.device = std::move(device); }
  [[nodiscard]] const Battery& battery() const { return battery_; }
  [[nodiscard]] Battery& battery() { return battery_; }  ///< for the estimator, which fills in the rest

 private:
  [[nodiscard]] Result<Reading> judge(const Reading& raw, TimePoint now, const External& external);
  [[nodiscard]] Result<void> bear(const Reading& raw, Quantities odd);
  [[nodiscard]] Quantities needed(const External& external) const;
  void take(Reading believable, const External& external, double dt_s);
  void take_sensors(const Reading& raw, std::bitset<max_temperatures> on_cells);
  void note_contact(TimePoint now);
  [[nodiscard]] bool in_no_danger() const;
  [[nodiscard]] Clock::duration kept_for() const;

  Bounds bounds_;
  Staleness staleness_;
  Config config_;
  Battery battery_;
  Sensors sensors_;
  FailureRate failures_;
  TimePoint returned_at_{};
  int returned_readings_ = 0;
  Continuity continuity_;
  Quantities left_out_;  ///< of the newest believed reading
  Quantities borne_;     ///< of those that are needed, what the BMS has insisted on
  Quantities doubted_;   ///< what it says for the first or second time
  int doubts_ = 0;
};

}  // namespace bms::battery
