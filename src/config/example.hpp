// The configuration as a file to begin with.
#pragma once

#include <string>

namespace bms::config {

/// docs/config.example.ini, made from the tables: every option as a comment, with its default. As it is it changes
/// nothing.
[[nodiscard]] std::string configuration_example();

}  // namespace bms::config
