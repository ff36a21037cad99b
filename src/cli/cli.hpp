// The command line.
#pragma once

namespace bms::cli {

/// Parses the arguments, runs the subcommand and returns the exit code: 0 stopped as asked, 1 device or charger not
/// found, 2 configuration or usage error, 3 lost the bus or ended by the watchdog.
[[nodiscard]] int main(int argc, char** argv);

}  // namespace bms::cli
