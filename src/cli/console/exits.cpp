#include "cli/console/exits.hpp"

#include <algorithm>
#include <array>

namespace bms::cli {

namespace {

struct Row {
  ErrorKind why;
  ExitCode unreached, undone;
};

// Damaged answers are a matter of the line. `unsupported` is said of boards that cannot be served, and of things that a
// board does not have.
constexpr std::array<Row, error_kind_count> rows{{
    {ErrorKind::garbage, ExitCode::lost, ExitCode::lost},
    {ErrorKind::truncated, ExitCode::lost, ExitCode::lost},
    {ErrorKind::end_marker, ExitCode::lost, ExitCode::lost},
    {ErrorKind::checksum, ExitCode::lost, ExitCode::lost},
    {ErrorKind::unexpected_command, ExitCode::lost, ExitCode::lost},
    {ErrorKind::status, ExitCode::undecided, ExitCode::undecided},
    {ErrorKind::length, ExitCode::lost, ExitCode::lost},
    {ErrorKind::implausible, ExitCode::undecided, ExitCode::undecided},
    {ErrorKind::silent, ExitCode::not_found, ExitCode::not_found},
    {ErrorKind::rejected, ExitCode::configuration, ExitCode::configuration},
    {ErrorKind::unverified, ExitCode::undecided, ExitCode::undecided},
    {ErrorKind::unconfirmed, ExitCode::undecided, ExitCode::undecided},
    {ErrorKind::link, ExitCode::not_found, ExitCode::lost},
    {ErrorKind::unsupported, ExitCode::not_found, ExitCode::undecided},
    {ErrorKind::foreign, ExitCode::not_found, ExitCode::not_found},
    {ErrorKind::busy, ExitCode::undecided, ExitCode::undecided},
    {ErrorKind::superseded, ExitCode::undecided, ExitCode::undecided},
    {ErrorKind::expired, ExitCode::undecided, ExitCode::undecided},
    {ErrorKind::forbidden, ExitCode::not_permitted, ExitCode::not_permitted},
}};

const Row& row_of(ErrorKind why) { return *std::ranges::find(rows, why, &Row::why); }

/// What a board says, one way or another, of a parameter that it does not have.
bool is_missing(const console::Outcome& outcome) {
  if (outcome.ok()) return false;
  const ErrorKind kind = outcome.error->kind;
  return kind == ErrorKind::status || kind == ErrorKind::silent || kind == ErrorKind::unsupported;
}

}  // namespace

ExitCode exit_when_unreached(ErrorKind why) { return row_of(why).unreached; }

ExitCode exit_when_undone(ErrorKind why) { return row_of(why).undone; }

ExitCode exit_of(const console::Answer& answer) {
  if (answer.refused) return exit_when_undone(answer.refused->kind);
  const auto failed = std::ranges::find_if_not(answer.results, &console::Outcome::ok);
  if (failed == answer.results.end()) return ExitCode::stopped;
  // The board has answered before; many are silent about what they lack.
  const bool silent = failed->error->kind == ErrorKind::silent;
  return silent ? ExitCode::undecided : exit_when_undone(failed->error->kind);
}

ExitCode exit_of_writing(const console::Answer& answer) {
  const auto failed = std::ranges::find_if_not(answer.results, &console::Outcome::ok);
  const bool lost = !answer.refused && failed != answer.results.end() && failed->error->kind == ErrorKind::silent;
  return lost ? ExitCode::lost : exit_of(answer);
}

ExitCode exit_of_many(const console::Answer& answer) {
  const bool something = std::ranges::any_of(answer.results, &console::Outcome::ok);
  if (answer.refused || !something) return exit_of(answer);
  console::Answer present = answer;
  std::erase_if(present.results, is_missing);
  return exit_of(present);
}

}  // namespace bms::cli
