// Every command of the program with its options, what --help says of them, and what they call.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "driver/exit_code.hpp"

namespace bms::cli {

/// A command that is parsed runs, and leaves its end in `result`.
[[nodiscard]] std::unique_ptr<CLI::App> command_line(driver::ExitCode& result);

}  // namespace bms::cli
