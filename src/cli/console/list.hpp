// `dbus-bms list`: which parameters there are.
#pragma once

#include <string>

#include "bms/exit_code.hpp"
#include "cli/console/conversation.hpp"
#include "cli/console/selection.hpp"

namespace bms::cli {

/// Prints the parameters of a board that fit; nothing is asked but who it is.
[[nodiscard]] ExitCode list(const Conversation& with, const Filter& filter);

/// Which tables are meant, without a board.
struct Tables {
  std::string family;
  std::string dialect{};  ///< empty: all dialects that have parameters
};

/// Prints what fits of the tables of a family. Returns ExitCode::configuration when there is no such dialect.
/// Precondition: there is such a family.
[[nodiscard]] ExitCode list_tables(const Tables& tables, const Filter& filter, bool json, Terminal& terminal);

}  // namespace bms::cli
