// `dbus-bms config import`: its words and options.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"

namespace bms::cli {

/// Adds the command to `config`; it puts what is to be done into `chosen`, which outlives the command line.
void add_import(CLI::App& config, Action& chosen);

}  // namespace bms::cli
