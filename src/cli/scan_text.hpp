// What a scan shows: a table for people, the lines for config.ini, and JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bluetooth/nearby.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {

/// "JBD", "Daly or JBD?", "rather JK".
[[nodiscard]] std::string what_it_is(const bluetooth::Recognition& recognition);

/// The boards, each with the reason below it, what is configured and was not seen, and how many devices else there are.
/// `problem`: why nothing can be found at present; empty: nothing is wrong. `utf8`: names may have all characters.
[[nodiscard]] std::vector<Line> scan_table(const bluetooth::Nearby& nearby, const std::string& problem, bool utf8);

/// Sections for the boards that the configuration does not name yet: what is certain as it is to be, what may be as
/// comments. Nothing for what is rather another make. Empty: there is none.
[[nodiscard]] std::vector<std::string> config_lines(const bluetooth::Nearby& nearby);

[[nodiscard]] nlohmann::ordered_json scan_json(const bluetooth::Nearby& nearby, const std::string& problem);

}  // namespace bms::cli
