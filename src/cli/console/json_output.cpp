#include "cli/console/json_output.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "console/numbers.hpp"

namespace bms::cli {

using nlohmann::ordered_json;

namespace {

void add_value(ordered_json& json, const char* name, const std::optional<console::Value>& value,
               const Parameter* parameter) {
  if (value) json[name] = console::json_of(*value, parameter);
}

ordered_json json_of(const console::Outcome& outcome, const Parameter* parameter, Asked asked) {
  ordered_json json{{"name", outcome.name}};
  if (parameter != nullptr) json["unit"] = parameter->unit;
  add_value(json, "before", outcome.before, parameter);
  add_value(json, "wanted", outcome.wanted, parameter);
  add_value(json, asked == Asked::values ? "value" : "after", outcome.after, parameter);
  json["ok"] = outcome.ok();
  if (outcome.error) json["error"] = cli::json_of(*outcome.error);
  if (!outcome.note.empty()) json["note"] = outcome.note;
  return json;
}

}  // namespace

void print_json(std::ostream& out, const ordered_json& json) {
  out << json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << "\n";
}

ordered_json json_of(const Error& error) {
  ordered_json json{{"kind", name_of(error.kind)}, {"message", error.message}};
  if (error.status) json["status"] = *error.status;
  return json;
}

ordered_json json_of(const console::BoardFacts& board) {
  ordered_json json{{"battery", board.battery}, {"family", board.family},
                    {"dialect", board.dialect}, {"model", board.model},
                    {"serial", board.serial},   {"firmware", board.firmware},
                    {"place", board.place},     {"through", board.through_driver ? "driver" : "port"}};
  if (board.cells > 0) json["cells"] = board.cells;
  return json;
}

ordered_json json_of(const console::Answer& answer, const ParameterList& parameters, Asked asked) {
  ordered_json json = json_of(answer.board);
  if (answer.refused) json["error"] = json_of(*answer.refused);
  json["results"] = ordered_json::array();
  for (const console::Outcome& outcome : answer.results) {
    json["results"].push_back(json_of(outcome, find_parameter(parameters, outcome.name), asked));
    if (answer.refused) json["results"].back()["ok"] = false;
  }
  if (!answer.warnings.empty()) json["warnings"] = answer.warnings;
  if (!answer.undo_file.empty()) json["undo_file"] = answer.undo_file;
  return json;
}

}  // namespace bms::cli
