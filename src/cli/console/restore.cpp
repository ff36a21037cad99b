#include "console/restore.hpp"

#include <ostream>

#include "cli/console/backup_files.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {

namespace {

void tell_plan(const console::RestorePlan& plan, const Conversation& with) {
  if (with.json) return;
  for (const std::string& note : plan.notes) with.terminal.told << clean(note, /*utf8=*/true) << "\n";
  for (const console::LeftAlone& one : plan.left_alone)
    with.terminal.told << "not restored: " << clean(one.name + " (" + one.why + ")", /*utf8=*/true) << "\n";
}

}  // namespace

ExitCode restore(const Conversation& with, const RestoreCommand& options) {
  const auto consent = consent_to(options.yes);
  if (!consent) return undone(with, consent.error());
  const auto backup = read_backup_file(options.file);
  if (!backup) return undone(with, backup.error());
  const auto board = meet(with);
  if (!board) return undone(with, board.error());
  const auto plan = console::plan_restore(*backup, board->facts, board->parameters,
                                          {.only = options.only, .other_board = options.other_board});
  if (!plan) return undone(with, plan.error());
  tell_plan(*plan, with);
  if (plan->settings.empty())
    return undone(with, {ErrorKind::rejected, "there is nothing in this backup that could be restored", {}});
  return write_settings(with, *board, plan->settings,
                        {.consent = *consent,
                         .dry_run = !options.write,
                         .when_different = ExitCode::undecided,
                         .how_to_write = "nothing was written; --write does so"});
}

}  // namespace bms::cli
