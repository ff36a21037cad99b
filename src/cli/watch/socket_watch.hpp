// A live view of a battery through the driver that reads it, where it is not on D-Bus.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bms/exit_code.hpp"
#include "cli/watch/watch.hpp"

namespace bms::cli {

/// Whom to ask for a battery.
struct DriverChoice {
  std::string port;                     ///< of the driver; empty: there is none that fits, or more than one
  std::string battery;                  ///< behind its line; empty: the only one
  std::vector<std::string> candidates;  ///< ports of drivers or places of batteries, when more than one fits
};

/// The ports of the drivers that run, in order: each has its socket in the directory. One that was killed leaves its
/// socket behind, so it is tried whether somebody listens.
[[nodiscard]] std::vector<std::string> ports_of_drivers(const std::string& run_directory);

/// Chooses among drivers by their ports. `wanted` as of choose_service(); empty: the only one there is.
[[nodiscard]] DriverChoice choose_driver(std::span<const std::string> ports, std::string_view wanted);

/// Whether a driver runs that could show what is wanted.
[[nodiscard]] bool driver_to_watch(const WatchOptions& options);

/// What is there instead, in words, where nothing fits and there is no bus: `why_no_bus`. `running`: the batteries of
/// drivers that run. The exit code is lost where there is none, else not_found.
struct NothingFits {
  ExitCode exit_code;
  std::string words;
};
[[nodiscard]] NothingFits nothing_fits(const std::string& running, const WatchOptions& options,
                                       const std::string& why_no_bus);

/// The same, said on standard error.
[[nodiscard]] ExitCode say_nothing_fits(const WatchOptions& options, const std::string& why_no_bus);

/// Asks it once a second, until told to stop. Exit codes as of watch().
[[nodiscard]] ExitCode watch_through_driver(const WatchOptions& options);

}  // namespace bms::cli
