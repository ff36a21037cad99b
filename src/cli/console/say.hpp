// One line for a person.
#pragma once

#include <ostream>
#include <string>

#include "cli/watch/text.hpp"

namespace bms::cli {

/// Texts may come from anybody: what is no printable text is made harmless.
inline void say(std::ostream& to, const std::string& line) { to << clean(line, /*utf8=*/true) << "\n"; }

}  // namespace bms::cli
