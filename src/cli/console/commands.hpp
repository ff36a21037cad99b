// The verbs of the console on the command line.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"

namespace bms::cli {

/// Adds `list`, `get`, `set`, `switch`, `soc`, `backup`, `restore` and `diff`.
void add_console_commands(CLI::App& app, Action& chosen);

}  // namespace bms::cli
