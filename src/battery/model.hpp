// The battery as it is known: takes readings, refuses those that cannot be true, and notices when none come.
// Time is an argument of every function.
#pragma once

#include <chrono>

#include "bms/battery.hpp"
#include "bms/error.hpp"
#include "bms/protocol.hpp"

namespace bms::battery {

/// When contact counts as lost. Sources of the figures: what chargers and systemcalc make of stale values; a BMS that
/// is busy or asleep answers again within a few seconds.
struct Staleness {
  std::chrono::milliseconds stale_after{10'000};    ///< T1: measurements are no longer true
  std::chrono::milliseconds release_after{60'000};  ///< T2: the battery stops being a managed one
  std::chrono::milliseconds release_time{4'000};    ///< one cycle of systemcalc: both currents are seen as 0 first
  std::chrono::milliseconds return_time{5'000};     ///< readings must come for this long before they are trusted
  int return_readings = 3;                          ///< and there must be this many
};

class Model {
 public:
  Model(const Bounds& bounds, Staleness staleness) : bounds_(bounds), staleness_(staleness) {}

  /// Takes one complete reading. One that contradicts the last (cycles jump, a sensor vanishes) is refused until it has
  /// been repeated twice; one with another number of cells is another pack and always refused.
  /// Errors: ErrorKind::implausible, and the battery has not changed.
  [[nodiscard]] Result<void> accept(const Reading& reading, TimePoint now);

  /// Lets time pass: moves `contact` through its stages.
  void time_passes(TimePoint now);

  /// When time_passes() has something to do next, if no reading comes before. Empty: never.
  [[nodiscard]] std::optional<TimePoint> next_change() const;

  void configure(const Staleness& staleness) { staleness_ = staleness; }
  void identify(DeviceInfo device) { battery_.device = std::move(device); }
  [[nodiscard]] const Battery& battery() const { return battery_; }

 private:
  [[nodiscard]] Result<void> check(const Reading& reading);
  [[nodiscard]] bool insists(const Reading& reading);

  Bounds bounds_;
  Staleness staleness_;
  Battery battery_;
  TimePoint returned_at_{};
  int returned_readings_ = 0;
  Reading doubted_;  ///< the last reading that contradicted the one before it
  int doubts_ = 0;   ///< how often it has been repeated since
};

}  // namespace bms::battery
