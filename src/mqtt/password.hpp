// The password for the broker: from a file that others cannot read, or from systemd; never from a command line.
#pragma once

#include <expected>
#include <string>

#include "mqtt/config.hpp"

namespace bms::mqtt {

/// Reads it, each time anew; empty where none is configured. Errors: why it cannot be had, without a word of it.
[[nodiscard]] std::expected<std::string, std::string> password_of(const Config& config);

}  // namespace bms::mqtt
