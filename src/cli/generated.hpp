// Commands for those who package the program: what they print is made from the command line itself.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"

namespace bms::cli {

/// Adds `completion` and `manual`, which no list of commands shows.
void add_generated(CLI::App& app, Action& chosen);

}  // namespace bms::cli
