// Every command of the program with its options, what --help says of them, and what they call.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "bms/exit_code.hpp"

namespace bms::cli {

/// What a command does.
using Action = std::function<ExitCode()>;

/// Parsing does nothing yet: it leaves in `chosen` what the command is to do.
[[nodiscard]] std::unique_ptr<CLI::App> command_line(Action& chosen);

}  // namespace bms::cli
