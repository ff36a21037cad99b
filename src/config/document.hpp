// The configuration as a page for people.
#pragma once

#include <string>

namespace bms::config {

/// docs/configuration.md, made from the tables.
[[nodiscard]] std::string configuration_as_markdown();

}  // namespace bms::config
