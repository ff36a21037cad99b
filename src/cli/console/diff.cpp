#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/console/backup_files.hpp"
#include "cli/console/columns.hpp"
#include "cli/console/exits.hpp"
#include "cli/console/json_output.hpp"
#include "cli/console/selection.hpp"
#include "cli/console/values.hpp"
#include "cli/watch/text.hpp"
#include "console/differences.hpp"
#include "console/numbers.hpp"

namespace bms::cli {

using console::Backup;
using nlohmann::ordered_json;

namespace {

/// All settings of the board as a backup, or with which exit code there is none.
std::expected<Backup, ExitCode> present(const Conversation& with, const std::string& taken) {
  const auto board = meet(with);
  if (!board) return std::unexpected(undone(with, board.error()));
  ParameterList settings;
  std::ranges::copy_if(board->parameters, std::back_inserter(settings),
                       [](const Parameter* one) { return console::is_setting(*one); });
  if (settings.empty())
    return std::unexpected(undone(with, {ErrorKind::rejected, in_words(*board) + ": has no settings", {}}));
  const auto answer = ask(with, console::Get{names_of(settings)}, "reading");
  if (!answer) return std::unexpected(undone(with, answer.error()));
  if (answer->refused) return std::unexpected(undone(with, *answer->refused));
  if (const ExitCode exit = exit_of_many(*answer); exit != ExitCode::stopped) {
    tell(with, {ErrorKind::link, "not all settings could be read", {}});
    return std::unexpected(exit);
  }
  return console::backup_of(*answer, taken);
}

std::expected<Backup, ExitCode> side(const std::string& name, const DiffOptions& options, Terminal& terminal,
                                     const Conversation* with) {
  if (name == live && with != nullptr) return present(*with, options.taken);
  auto backup = read_backup_file(name);
  if (backup) return *std::move(backup);
  tell(terminal, options.json, backup.error());
  return std::unexpected(exit_when_undone(backup.error().kind));
}

/// The tables that both sides share. Errors: ErrorKind::rejected.
Result<Board> shared(const Backup& first, const Backup& second) {
  if (first.board.family != second.board.family || first.board.dialect != second.board.dialect) {
    return failure(ErrorKind::rejected, "the two cannot be compared: " + first.board.family + " " +
                                            first.board.dialect + " and " + second.board.family + " " +
                                            second.board.dialect);
  }
  return known_board(first.board);
}

std::string title_of(const std::string& name, const Backup& backup) {
  const auto board = known_board(backup.board);
  return name + ": " + (board ? in_words(*board) : backup.board.family) + ", " + backup.taken;
}

void print(const std::vector<console::Difference>& found, const ParameterList& parameters, std::ostream& out) {
  Columns columns({{"NAME"}, {"FIRST", Align::right}, {"SECOND", Align::right}, {"UNIT"}, {"MEANING"}});
  for (const console::Difference& one : found) {
    const Parameter* parameter = find_parameter(parameters, one.name);
    columns.add({one.name, shown(one.first, parameter), shown(one.second, parameter),
                 parameter == nullptr ? "" : std::string(parameter->unit),
                 parameter == nullptr ? "" : std::string(parameter->words)});
  }
  columns.print(out);
}

ordered_json json_of(const std::vector<console::Difference>& found, const ParameterList& parameters) {
  ordered_json all = ordered_json::array();
  for (const console::Difference& one : found) {
    const Parameter* parameter = find_parameter(parameters, one.name);
    ordered_json json{{"name", one.name}};
    if (parameter != nullptr) json["unit"] = parameter->unit;
    if (one.first) json["first"] = console::json_of(*one.first, parameter);
    if (one.second) json["second"] = console::json_of(*one.second, parameter);
    all.push_back(std::move(json));
  }
  return all;
}

}  // namespace

ExitCode diff(const DiffOptions& options, Terminal& terminal, const Conversation* with) {
  const auto first = side(options.first, options, terminal, with);
  if (!first) return first.error();
  const auto second = side(options.second, options, terminal, with);
  if (!second) return second.error();
  const auto board = shared(*first, *second);
  if (!board) {
    tell(terminal, options.json, board.error());
    return ExitCode::configuration;
  }
  const auto found = console::differences(*first, *second, board->parameters, options.ignore_calibration);
  if (options.json) {
    print_json(terminal.out, {{"first", cli::json_of(first->board)},
                              {"second", cli::json_of(second->board)},
                              {"differences", json_of(found, board->parameters)}});
  } else {
    terminal.told << clean(title_of(options.first, *first), /*utf8=*/true) << "\n"
                  << clean(title_of(options.second, *second), /*utf8=*/true) << "\n";
    if (found.empty()) {
      terminal.told << "no setting differs\n";
    } else {
      print(found, board->parameters, terminal.out);
    }
  }
  return found.empty() ? ExitCode::stopped : ExitCode::undecided;
}

}  // namespace bms::cli
