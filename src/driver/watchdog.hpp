// Ends the process when its poll loop hangs. Nothing else on the system would notice: a service that stays on the bus
// keeps its permissions for ever.
#pragma once

#include <chrono>

namespace bms::driver {

/// The exit code of a process that its watchdog ended.
inline constexpr int watchdog_exit_code = 3;

/// A timer in the kernel. It needs no thread, works while the process is blocked in a system call, and costs one system
/// call each time it is fed. There is one per process.
class Watchdog {
 public:
  /// Starts the timer: unless fed within `limit`, the process ends with watchdog_exit_code.
  explicit Watchdog(std::chrono::seconds limit);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Starts the time anew.
  void feed();

  /// Starts the time anew with another limit.
  void feed(std::chrono::seconds limit);

 private:
  std::chrono::seconds limit_;
};

}  // namespace bms::driver
