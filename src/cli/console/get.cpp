#include "cli/console/get.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/console/columns.hpp"
#include "cli/console/exits.hpp"
#include "cli/console/json_output.hpp"
#include "cli/console/selection.hpp"
#include "cli/console/values.hpp"
#include "cli/watch/text.hpp"

namespace bms::cli {

namespace {

/// What is asked for, each once.
Result<ParameterList> wanted(const Board& board, const GetOptions& options) {
  auto parameters = named(board.parameters, options.names);
  if (!parameters) return parameters;
  for (const Parameter* one : board.parameters) {
    const bool chosen = options.all || std::ranges::find(options.groups, one->group) != options.groups.end();
    if (chosen) parameters->push_back(one);
  }
  ParameterList once;
  for (const Parameter* one : *parameters)
    if (std::ranges::find(once, one) == once.end()) once.push_back(one);
  if (once.empty()) return failure(ErrorKind::rejected, "this board has no such parameters");
  return once;
}

void print(const console::Answer& answer, const ParameterList& parameters, Terminal& terminal) {
  Columns columns({{"NAME"}, {"VALUE", Align::right}, {"UNIT"}, {"ACCESS"}, {"MEANING"}});
  for (const console::Outcome& outcome : answer.results) {
    const Parameter* one = find_parameter(parameters, outcome.name);
    if (one == nullptr) continue;
    columns.add({outcome.name, shown(outcome.after, one), std::string(one->unit), std::string(name_of(one->access)),
                 std::string(one->words)});
  }
  columns.print(terminal.out);
  for (const console::Outcome& outcome : answer.results) {
    if (!outcome.ok()) terminal.told << clean(outcome.name + ": " + outcome.error->message, /*utf8=*/true) << "\n";
  }
  for (const std::string& warning : answer.warnings) terminal.told << clean(warning, /*utf8=*/true) << "\n";
}

}  // namespace

ExitCode get(const Conversation& with, const GetOptions& options) {
  const auto board = meet(with);
  if (!board) return undone(with, board.error());
  const auto parameters = wanted(*board, options);
  if (!parameters) return undone(with, parameters.error());
  const auto answer = ask(with, console::Get{names_of(*parameters)}, "reading");
  if (!answer) return undone(with, answer.error());
  if (with.json) {
    print_json(with.terminal.out, json_of(*answer, *parameters, Asked::values));
  } else if (answer->refused) {
    tell(with, *answer->refused);
  } else {
    print(*answer, *parameters, with.terminal);
  }
  return options.names.empty() ? exit_of_many(*answer) : exit_of(*answer);
}

}  // namespace bms::cli
