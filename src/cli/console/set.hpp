// `dbus-bms set`: parameters by hand.
#pragma once

#include <string>
#include <vector>

#include "cli/console/writing.hpp"

namespace bms::cli {

struct SetOptions {
  std::vector<std::string> settings{};  ///< "cell_overvoltage=3.6"
  std::string if_was{};                 ///< what the one parameter must hold now; empty: anything
  std::string yes{};                    ///< see consent_to(); empty: not given
  bool dry_run = false;
};

/// Sets what was asked for, all of it or, when something speaks against a part of it, nothing.
[[nodiscard]] ExitCode set(const Conversation& with, const SetOptions& options);

}  // namespace bms::cli
