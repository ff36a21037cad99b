// Ends the process when one of its lines hangs. Nothing else on the system would notice: a service that stays on the
// bus keeps its permissions for ever.
#pragma once

#include <chrono>
#include <vector>

#include "bms/exit_code.hpp"

namespace bms::driver {

/// The longest time from one beat of a line to the next: the longest poll, every question unanswered, takes half of it.
inline constexpr std::chrono::seconds pulse_limit{15};

class Pulse;

/// A timer in the kernel. It needs no thread, works while the process is blocked in a system call, and costs one system
/// call for each beat. There is one per process.
class Watchdog {
 public:
  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  friend Pulse;
  void follow(const Pulse& pulse);
  void forget(const Pulse& pulse);
  void set_timer() const;

  std::vector<const Pulse*> pulses_;
};

/// The pulse of one line: unless it beats in time, the process ends with ExitCode::lost, however well the other
/// lines are.
class Pulse {
 public:
  /// The first beat must come within `limit`. `watchdog` outlives the pulse.
  Pulse(Watchdog& watchdog, std::chrono::seconds limit);
  ~Pulse() { watchdog_.forget(*this); }
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

  /// The line is alive; its time starts anew.
  void beat();

  /// Likewise, with another limit from now on.
  void beat(std::chrono::seconds limit);

  /// The line has ended and is not expected to beat any more.
  void stop() { watchdog_.forget(*this); }

 private:
  friend Watchdog;

  Watchdog& watchdog_;
  std::chrono::seconds limit_;
  std::chrono::steady_clock::time_point due_;  ///< the next beat, at the latest
};

}  // namespace bms::driver
