#include "cli/console/list.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/console/columns.hpp"
#include "cli/console/json_output.hpp"
#include "cli/console/values.hpp"
#include "cli/usage.hpp"
#include "console/parameter_json.hpp"
#include "parameters.hpp"
#include "registry.hpp"

namespace bms::cli {

using nlohmann::ordered_json;

namespace {

/// One table, and the dialects that share it.
struct Table {
  std::vector<std::string> dialects;
  ParameterList parameters;
};

/// The tables of a family, each once; those of one dialect, where it is named.
std::vector<Table> tables_of(const Family& family, const std::string& dialect) {
  std::vector<Table> tables;
  for (const Variant& variant : family.variants) {
    if (!dialect.empty() && dialect != variant.dialect) continue;
    const ParameterList parameters = family.parameters(variant);
    if (parameters.empty()) continue;
    auto table = std::ranges::find(tables, parameters, &Table::parameters);
    if (table == tables.end()) table = tables.insert(tables.end(), Table{{}, parameters});
    const std::string name(variant.dialect);
    if (std::ranges::find(table->dialects, name) == table->dialects.end()) table->dialects.push_back(name);
  }
  return tables;
}

std::vector<std::string> dialects_of(const Family& family) {
  std::vector<std::string> names;
  for (const Variant& variant : family.variants) names.emplace_back(variant.dialect);
  return names;
}

std::string step_of(const Parameter& parameter) {
  return is_number(parameter.kind) ? shortest(parameter.resolution) : "";
}

void print(const ParameterList& parameters, std::ostream& out) {
  Columns columns({{"NAME"},
                   {"UNIT"},
                   {"RANGE", Align::right},
                   {"STEP", Align::right},
                   {"ACCESS"},
                   {"RISK"},
                   {"GROUP"},
                   {"MEANING"}});
  for (const Parameter* one : parameters) {
    columns.add({std::string(one->name), std::string(one->unit), range_shown(*one), step_of(*one),
                 std::string(name_of(one->access)), std::string(name_of(one->risk)), std::string(name_of(one->group)),
                 std::string(one->words)});
  }
  columns.print(out);
}

ordered_json json_of(const ParameterList& parameters) {
  ordered_json json = ordered_json::array();
  for (const Parameter* one : parameters) json.push_back(console::to_json(*one));
  return json;
}

std::string title_of(const Family& family, const Table& table) {
  std::string title(family.title);
  for (const std::string& dialect : table.dialects) {
    if (!dialect.empty()) title += (dialect == table.dialects.front() ? ": " : ", ") + dialect;
  }
  return title;
}

void print(const Family& family, const std::vector<Table>& tables, std::ostream& out) {
  for (const Table& table : tables) {
    if (tables.size() > 1) out << (&table == &tables.front() ? "" : "\n") << title_of(family, table) << "\n";
    print(table.parameters, out);
  }
}

ordered_json json_of(const Family& family, const std::vector<Table>& tables) {
  ordered_json json{{"family", family.name}, {"tables", ordered_json::array()}};
  for (const Table& table : tables)
    json["tables"].push_back({{"dialects", table.dialects}, {"parameters", json_of(table.parameters)}});
  return json;
}

/// Why a list is empty.
void tell_nothing_fits(const Filter& filter, std::string_view whose, std::ostream& told) {
  if (filter == Filter{}) {
    told << whose << " has no parameters that are known here\n";
  } else {
    told << "no parameter of " << whose << " fits; without patterns and filters all are listed\n";
  }
}

}  // namespace

ExitCode list(const Conversation& with, const Filter& filter) {
  const auto board = meet(with);
  if (!board) return undone(with, board.error());
  const ParameterList parameters = fitting(board->parameters, filter);
  if (with.json) {
    ordered_json json = json_of(board->facts);
    json["parameters"] = json_of(parameters);
    print_json(with.terminal.out, json);
    return ExitCode::stopped;
  }
  with.terminal.told << in_words(*board) << "\n";
  if (parameters.empty()) {
    tell_nothing_fits(filter, board->family->title, with.terminal.told);
  } else {
    print(parameters, with.terminal.out);
  }
  return ExitCode::stopped;
}

ExitCode list_tables(const Tables& tables, const Filter& filter, bool json, Terminal& terminal) {
  const Family& family = *find_family(tables.family);
  const std::vector<std::string> dialects = dialects_of(family);
  if (!tables.dialect.empty() && std::ranges::find(dialects, tables.dialect) == dialects.end()) {
    terminal.told << family.title << " has no dialect \"" << tables.dialect << "\""
                  << did_you_mean(tables.dialect, dialects) << "\n";
    return ExitCode::configuration;
  }
  std::vector<Table> found = tables_of(family, tables.dialect);
  const bool any = !found.empty();
  for (Table& table : found) table.parameters = fitting(table.parameters, filter);
  std::erase_if(found, [](const Table& table) { return table.parameters.empty(); });
  if (json) {
    print_json(terminal.out, json_of(family, found));
  } else if (!any) {
    terminal.told << family.title << (tables.dialect.empty() ? "" : " (" + tables.dialect + ")")
                  << " has no parameters\n";
  } else if (found.empty()) {
    tell_nothing_fits(filter, family.title, terminal.told);
  } else {
    print(family, found, terminal.out);
  }
  return ExitCode::stopped;
}

}  // namespace bms::cli
