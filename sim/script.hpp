// A script: commands, one per line, each at its time. Lines are "[at <seconds>] <command>", blank, or "# comment".
#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "outcome.hpp"

namespace bms::sim {

/// One line of a script, not yet understood.
struct Step {
  double at_s = 0;  ///< since the start; a line without a time happens together with the one before it
  std::vector<std::string> words;
  int line = 0;
};

/// Splits at white space; everything from '#' on is a comment.
[[nodiscard]] std::vector<std::string> words_of(std::string_view line);

/// The steps of a script in the order of the file. Errors: a time that is invalid, or that goes backwards.
[[nodiscard]] Outcome<std::vector<Step>> read_script(std::istream& from);

}  // namespace bms::sim
