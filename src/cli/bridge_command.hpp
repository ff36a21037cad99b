// `dbus-bms bridge`: the MPPT bridge as a process.
#pragma once

#include <string>

#include "bms/exit_code.hpp"
#include "bridge/bridge.hpp"

namespace bms::cli {

/// Runs the bridge with section [bridge] of the configuration: that of the named file, or else of the usual place.
[[nodiscard]] ExitCode run_bridge(const std::string& config_file, bridge::Options options);

}  // namespace bms::cli
