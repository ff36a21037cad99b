// Words for the shell to complete.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace bms::cli {

/// A script for bash that completes commands, options, a few values, and the names of the parameters of all families;
/// to be sourced, or put where bash looks for such scripts.
[[nodiscard]] std::string bash_completion(const CLI::App& app);

}  // namespace bms::cli
