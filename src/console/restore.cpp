#include "console/restore.hpp"

#include "console/check.hpp"

namespace bms::console {

namespace {

std::string in_words(const std::string& text) { return text.empty() ? "none" : "\"" + text + "\""; }

std::unexpected<Error> another(const char* what, const std::string& from, const std::string& onto,
                               const char* advice = "") {
  return failure(ErrorKind::rejected, std::string("the backup is of a board with another ") + what + ": " + from +
                                          " there, " + onto + " here" + advice);
}

bool is_same_board(const BoardFacts& from, const BoardFacts& onto) {
  return !from.serial.empty() && from.serial == onto.serial && from.model == onto.model;
}

/// Why a value stays where it is; empty: it is restored. Only what could be written at all has reasons that are worth
/// telling.
std::string why_not(const Parameter& parameter, const RestoreOptions& options) {
  switch (restore_of(parameter)) {
    case Restore::yes: return "";
    case Restore::same_board:
      return options.only == ParameterGroup::calibration ? "" : "holds for its own board alone; see --only calibration";
    case Restore::no: break;
  }
  return parameter.momentary ? "changes by itself" : "could cut the board off";
}

/// All that is wrong with values that are to be restored, as one failure.
Result<void> check(std::span<const Parameter* const> parameters, const std::vector<Setting>& settings) {
  std::string wrong;
  for (const Outcome& outcome : check_settings(parameters, settings)) {
    if (outcome.error) wrong += (wrong.empty() ? "" : "; ") + outcome.error->message;
  }
  if (wrong.empty()) return {};
  return failure(ErrorKind::rejected, "nothing of this backup is restored: " + wrong);
}

/// What the table does not know, as a file may have it that a newer program has written.
void leave_unknown(const Backup& backup, std::span<const Parameter* const> parameters, RestorePlan& plan) {
  for (const auto& [name, value] : backup.values) {
    if (find_parameter(parameters, name) == nullptr) plan.left_alone.push_back({.name = name, .why = "is not known"});
  }
}

}  // namespace

Result<void> fits(const BoardFacts& from, const BoardFacts& onto, const RestoreOptions& options) {
  if (from.family != onto.family) return another("family", from.family, onto.family);
  if (from.dialect != onto.dialect) return another("dialect", in_words(from.dialect), in_words(onto.dialect));
  if (from.cells != onto.cells && from.cells > 0 && onto.cells > 0)
    return another("number of cells", std::to_string(from.cells), std::to_string(onto.cells));
  if (options.only == ParameterGroup::calibration) {
    if (is_same_board(from, onto)) return {};
    return failure(ErrorKind::rejected,
                   "a calibration holds for its own board alone, which is known by its serial "
                   "number: " +
                       in_words(from.serial) + " there, " + in_words(onto.serial) + " here");
  }
  if (options.other_board) return {};
  constexpr const char* advice = "; --other-board restores it nevertheless";
  if (from.cells != onto.cells)
    return another("number of cells, or an unknown one", std::to_string(from.cells), std::to_string(onto.cells),
                   advice);
  if (from.model != onto.model) return another("model", in_words(from.model), in_words(onto.model), advice);
  if (from.firmware != onto.firmware)
    return another("firmware", in_words(from.firmware), in_words(onto.firmware), advice);
  return {};
}

Result<RestorePlan> plan_restore(const Backup& backup, const BoardFacts& onto,
                                 std::span<const Parameter* const> parameters, const RestoreOptions& options) {
  if (auto fitting = fits(backup.board, onto, options); !fitting) return std::unexpected(fitting.error());
  RestorePlan plan;
  for (const Parameter* parameter : parameters) {
    const auto found = backup.values.find(std::string(parameter->name));
    if (found == backup.values.end() || parameter->access == Access::read) continue;
    if (options.only && parameter->group != *options.only) continue;
    if (std::string why = why_not(*parameter, options); !why.empty()) {
      plan.left_alone.push_back({.name = found->first, .why = std::move(why)});
    } else if (const auto* number = std::get_if<double>(&found->second)) {
      plan.settings.push_back({.name = found->first, .value = *number});
    } else {
      return failure(ErrorKind::rejected,
                     "nothing of this backup is restored: " + found->first + " is no number there");
    }
  }
  if (auto checked = check(parameters, plan.settings); !checked) return std::unexpected(checked.error());
  if (!options.only) leave_unknown(backup, parameters, plan);
  if (!is_same_board(backup.board, onto))
    plan.notes.push_back("the backup is of another board, or of one that cannot be told from others: serial number " +
                         in_words(backup.board.serial) + " there, " + in_words(onto.serial) +
                         " here; what only holds for its own board is left out");
  return plan;
}

}  // namespace bms::console
