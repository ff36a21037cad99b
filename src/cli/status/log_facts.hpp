// What the logs of our services complain of.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace bms::cli {

/// [{"service", "time", "line"}]: of each log of ours below `directory` the newest errors and warnings, oldest first.
[[nodiscard]] nlohmann::ordered_json last_complaints(const std::string& directory);

/// The moment that multilog writes in front of a line, "@400000006b0b37c136b2c4fc", as "2026-11-28 20:20:00" in UTC.
/// Empty: it is not one.
[[nodiscard]] std::string time_of_stamp(const std::string& stamp);

}  // namespace bms::cli
