// Asking one board for one verb.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "bms/exit_code.hpp"
#include "cli/console/terminal.hpp"
#include "console/way.hpp"
#include "family.hpp"

namespace bms::cli {

struct Conversation {
  console::Way& way;
  Terminal& terminal;
  std::string battery{};             ///< which of those behind the line; empty: the only one
  bool json = false;                 ///< output is one JSON object, and nothing is asked
  bool trace = false;                ///< whoever listens at the way hears what passes over the line for it
  std::chrono::seconds patience{0};  ///< with others who are at work on the board, or look for it
};

/// Asks, and shows meanwhile how far it is: `doing` ("reading"), 12 of 59. Whoever is told that another one is at work,
/// so that nothing has been done yet, waits and asks again.
[[nodiscard]] Result<console::Answer> ask(const Conversation& with, decltype(console::Request::wish) wish,
                                          std::string_view doing);

/// Who is asked, and what the tables say of such boards.
struct Board {
  console::BoardFacts facts{};
  const Family* family = nullptr;
  ParameterList parameters{};
};

/// The tables of a board with these facts. Errors: ErrorKind::rejected: there is no such family.
[[nodiscard]] Result<Board> known_board(const console::BoardFacts& facts);

/// Asks who is there. Errors: that nobody can be asked.
[[nodiscard]] Result<Board> meet(const Conversation& with);

/// "JBD SP16S020, serial DEMO0001, on ttyUSB0, through the running driver".
[[nodiscard]] std::string in_words(const Board& board);

/// Says what went wrong: as an object in JSON, else in words.
void tell(Terminal& terminal, bool json, const Error& error);
inline void tell(const Conversation& with, const Error& error) { tell(with.terminal, with.json, error); }

/// Says why it was not done, and returns the exit code.
[[nodiscard]] ExitCode undone(const Conversation& with, const Error& error);

}  // namespace bms::cli
