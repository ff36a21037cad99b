// Empties the topics that a broker holds for us, so that Home Assistant forgets the batteries.
#pragma once

#include <string>

#include "bms/exit_code.hpp"
#include "mqtt/config.hpp"

namespace bms::mqtt {

/// Empties what the files in `state_directory` name, and removes those files. Says on standard output what it did.
[[nodiscard]] ExitCode remove_retained(const Config& config, const std::string& state_directory);

}  // namespace bms::mqtt
