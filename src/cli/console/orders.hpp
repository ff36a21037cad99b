// `dbus-bms switch`, `dbus-bms soc` and `dbus-bms release`: what a board is told besides its parameters.
#pragma once

#include <string>

#include "bms/exit_code.hpp"
#include "cli/console/conversation.hpp"

namespace bms::cli {

struct SwitchOptions {
  std::string which{};  ///< as name_of(Switch): "charge"
  bool on = false;
  std::string yes{};  ///< see consent_to(); empty: not given
};

/// Switches, and waits until the board shows it. Precondition: there is such a switch.
[[nodiscard]] ExitCode switch_over(const Conversation& with, const SwitchOptions& options);

/// Sets the state of charge that the board counts from.
[[nodiscard]] ExitCode count_from(const Conversation& with, double soc_pct);

/// Leaves the board to a phone for so many minutes; 0: takes it back.
[[nodiscard]] ExitCode release(const Conversation& with, double minutes);

}  // namespace bms::cli
