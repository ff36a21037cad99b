// `dbus-bms cells`: which cell is weak, from what the driver has kept.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"

namespace bms::cli {

void add_cells(CLI::App& app, Action& chosen);

}  // namespace bms::cli
