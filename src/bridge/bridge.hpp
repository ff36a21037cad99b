// The MPPT bridge: solar chargers stop when a battery says no.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "bridge/config.hpp"

namespace bms::bridge {

struct Options {
  Config config{};
  std::string state_directory{};    ///< where is remembered which chargers are switched off
  bool dry_run = false;             ///< says what it would do, and does nothing
  bool release = false;             ///< only switches on again what it has switched off, and ends
  std::function<void()> settled{};  ///< called once, some seconds after the start
};

enum class End : std::uint8_t {
  asked,     ///< by a signal, or what was to be done is done
  bus_lost,  ///< or there is none
};

/// Runs until it is told to stop. While it is not enabled it switches on again what it has switched off, and waits.
[[nodiscard]] End run(const Options& options);

}  // namespace bms::bridge
