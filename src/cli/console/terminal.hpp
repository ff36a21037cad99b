// Where a verb of the console prints, asks and is answered.
#pragma once

#include <iosfwd>
#include <string>

namespace bms::cli {

/// Output is what was asked for and may go into a file; everything else is told.
struct Terminal {
  std::ostream& out;      ///< what was asked for
  std::ostream& told;     ///< questions, warnings, mistakes
  std::istream& answers;  ///< what somebody types
  bool can_ask = false;   ///< somebody sits there
  int progress = -1;      ///< descriptor for a line that says how far it is; below 0: none
};

/// The one that the program was started from. Nothing is coloured there.
[[nodiscard]] Terminal standard_terminal();

/// Asks a question; empty when nobody answers.
[[nodiscard]] std::string answer_to(const std::string& question, Terminal& terminal);

}  // namespace bms::cli
