// With which exit code a verb of the console ends.
#pragma once

#include "bms/error.hpp"
#include "bms/exit_code.hpp"
#include "console/answer.hpp"

namespace bms::cli {

/// There is no way to a board.
[[nodiscard]] ExitCode exit_when_unreached(ErrorKind why);

/// Somebody was asked, and did not do it.
[[nodiscard]] ExitCode exit_when_undone(ErrorKind why);

/// Of all that was asked: of the refusal, or of the first thing that was not done.
[[nodiscard]] ExitCode exit_of(const console::Answer& answer);

/// Likewise after something may have been written: a board that answered before and does not any more is a lost line.
[[nodiscard]] ExitCode exit_of_writing(const console::Answer& answer);

/// Likewise where much was asked for at once, and a board need not have all of it: what it does not have is no failure
/// as long as something came.
[[nodiscard]] ExitCode exit_of_many(const console::Answer& answer);

}  // namespace bms::cli
