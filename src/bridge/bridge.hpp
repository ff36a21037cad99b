// The MPPT bridge: solar chargers stop when a battery says no.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "bms/exit_code.hpp"
#include "bridge/config.hpp"

namespace bms::bridge {

struct Options {
  Config config{};
  std::string state_directory{};    ///< where is remembered which chargers are switched off
  std::string run_directory{};      ///< where batteries of this program have their heartbeats
  bool dry_run = false;             ///< says what it would do, and does nothing
  bool release = false;             ///< only switches on again what it has switched off, and ends
  std::function<void()> settled{};  ///< called some seconds after the start, and after each change
  std::function<void()> alive{};    ///< called with each cycle, which is every 5 s at most
};

/// Runs until it is told to stop. While it is not enabled it switches on again what it has switched off, and waits.
/// Returns ExitCode::stopped by a signal or when what was to be done is done, not_found when a charger that was to be
/// switched on again has not come to the bus or does not obey, and lost when the bus is gone or was never there.
[[nodiscard]] ExitCode run(const Options& options);

}  // namespace bms::bridge
