#include "cli/console/changed.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <vector>

#include "cli/console/columns.hpp"
#include "cli/console/exits.hpp"
#include "cli/console/json_output.hpp"
#include "cli/console/values.hpp"
#include "console/numbers.hpp"
#include "console/parameter_json.hpp"
#include "factory_values.hpp"

namespace bms::cli {

using nlohmann::ordered_json;

namespace {

/// A parameter that holds another value than it did.
struct Change {
  const Parameter* parameter;
  console::Value now;
  double new_board;
};

ParameterList known(const ParameterList& parameters, const FactoryValues& factory) {
  ParameterList some;
  for (const Parameter* one : parameters)
    if (factory.value(one->name)) some.push_back(one);
  return some;
}

std::vector<Change> changes(const console::Answer& answer, const ParameterList& parameters,
                            const FactoryValues& factory) {
  std::vector<Change> all;
  for (const console::Outcome& outcome : answer.results) {
    const Parameter* one = find_parameter(parameters, outcome.name);
    if (one == nullptr || !outcome.after) continue;
    const double was = factory.value(one->name).value();
    if (!console::same(*outcome.after, was, one))
      all.push_back({.parameter = one, .now = *outcome.after, .new_board = was});
  }
  return all;
}

void print(const std::vector<Change>& all, std::ostream& out) {
  Columns columns({{"NAME"}, {"NOW", Align::right}, {"WHEN NEW", Align::right}, {"UNIT"}, {"RISK"}, {"MEANING"}});
  for (const Change& change : all) {
    const Parameter& one = *change.parameter;
    columns.add({std::string(one.name), shown(change.now, &one), shown(change.new_board, &one), std::string(one.unit),
                 std::string(name_of(one.risk)), std::string(one.words)});
  }
  if (!columns.empty()) columns.print(out);
}

ordered_json json_of(const std::vector<Change>& all) {
  ordered_json json = ordered_json::array();
  for (const Change& change : all) {
    ordered_json one = console::to_json(*change.parameter);
    one["value"] = console::json_of(change.now, change.parameter);
    one["when_new"] = console::json_of(change.new_board, change.parameter);
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace

ExitCode list_changed(const Conversation& with, const Filter& filter) {
  const auto board = meet(with);
  if (!board) return undone(with, board.error());
  const FactoryValues factory = factory_values(*board->family);
  if (factory.value == nullptr)
    return undone(with, {ErrorKind::rejected,
                         "no source says what a new " + std::string(board->family->title) +
                             " board holds; keep a backup, and compare with it by dbus-bms diff",
                         {}});
  const ParameterList parameters = known(fitting(board->parameters, filter), factory);
  const auto answer = ask(with, console::Get{names_of(parameters)}, "reading");
  if (!answer) return undone(with, answer.error());
  if (answer->refused) return undone(with, *answer->refused);
  const std::vector<Change> all = changes(*answer, parameters, factory);
  if (with.json) {
    ordered_json json = cli::json_of(board->facts);
    json["compared_with"] = factory.board;
    json["parameters"] = json_of(all);
    print_json(with.terminal.out, json);
  } else {
    with.terminal.told << in_words(*board) << ", compared with " << factory.board << "\n";
    print(all, with.terminal.out);
    if (all.empty()) with.terminal.told << "nothing differs\n";
  }
  return exit_of_many(*answer);
}

}  // namespace bms::cli
