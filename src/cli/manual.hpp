// The manual page.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace bms::cli {

/// The page dbus-bms(1), in the language of man: every command with its options, examples and exit codes.
[[nodiscard]] std::string manual_page(const CLI::App& app);

}  // namespace bms::cli
