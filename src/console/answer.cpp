#include "console/answer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "console/json.hpp"
#include "console/parameter_json.hpp"

namespace bms::console {

namespace {

constexpr std::size_t longest_message = 4000;
constexpr std::size_t most_results = 1000;
constexpr std::size_t most_items = 2000;
constexpr std::size_t most_batteries = 1000;

Json json_of(const Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

Value value_from(const Json& json, const char* what) {
  if (json.is_string()) return text_of(json, what, longest_message);
  return number_of(json, what);
}

Json json_of(const Error& error) {
  Json json{{"kind", name_of(error.kind)}, {"message", error.message}};
  if (error.status) json["status"] = *error.status;
  return json;
}

ErrorKind kind_named(const std::string& name) {
  for (std::size_t i = 0; i < error_kind_count; ++i) {
    if (name_of(static_cast<ErrorKind>(i)) == name) return static_cast<ErrorKind>(i);
  }
  throw Unexpected{"expected the name of a kind of error, found \"" + name + "\""};
}

Error error_from(const Json& json) {
  Error error{.kind = kind_named(text_of(member(json, "kind"), "kind")),
              .message = text_in(json, "message", longest_message),
              .status = {}};
  if (has(json, "status")) error.status = static_cast<std::uint8_t>(number_of(json["status"], "status"));
  return error;
}

/// The texts of a board's facts, by their names.
struct FactRow {
  const char* name;
  std::string BoardFacts::* place;
};

constexpr FactRow fact_rows[] = {{"place", &BoardFacts::place},      {"battery", &BoardFacts::battery},
                                 {"family", &BoardFacts::family},    {"dialect", &BoardFacts::dialect},
                                 {"model", &BoardFacts::model},      {"serial", &BoardFacts::serial},
                                 {"firmware", &BoardFacts::firmware}};

/// Likewise of the names of a battery.
struct NameRow {
  const char* name;
  std::string BatteryNames::* place;
};

constexpr NameRow name_rows[] = {{"place", &BatteryNames::place},
                                 {"battery", &BatteryNames::battery},
                                 {"serial", &BatteryNames::serial},
                                 {"name", &BatteryNames::name}};

Json json_of(const BoardFacts& board) {
  Json json;
  for (const FactRow& row : fact_rows) json[row.name] = board.*row.place;
  if (!board.name.empty()) json["name"] = board.name;
  if (board.baud > 0) json["baud"] = board.baud;
  if (board.address > 0) json["address"] = board.address;
  if (board.cells > 0) json["cells"] = board.cells;
  json["through"] = board.through_driver ? "driver" : "port";
  json["writes"] = name_of(board.writes);
  if (board.unsaved) json["unsaved"] = true;
  return json;
}

Writes writes_named(const std::string& name) {
  for (const Writes writes : {Writes::no, Writes::limits, Writes::switches, Writes::parameters}) {
    if (name_of(writes) == name) return writes;
  }
  throw Unexpected{"expected no, limits, switches or parameters as writes, found \"" + name + "\""};
}

unsigned count_of(const Json& json, const char* what, unsigned most) {
  const double number = number_of(json, what);
  if (number < 0 || number > most) throw Unexpected{std::string("expected a small number as ") + what};
  return static_cast<unsigned>(number);
}

BoardFacts facts_from(const Json& json) {
  BoardFacts board;
  for (const FactRow& row : fact_rows) board.*row.place = text_in(json, row.name, longest_message);
  board.name = text_in(json, "name", longest_message);
  if (has(json, "baud")) board.baud = count_of(json["baud"], "baud", 10'000'000);
  if (has(json, "address")) board.address = count_of(json["address"], "address", 255);
  if (has(json, "cells")) board.cells = count_of(json["cells"], "cells", 1000);
  board.through_driver = text_in(json, "through") == "driver";
  board.writes = writes_named(text_of(member(json, "writes"), "writes"));
  board.unsaved = has(json, "unsaved");
  return board;
}

Json json_of(const BatteryNames& battery) {
  Json json;
  for (const NameRow& row : name_rows) json[row.name] = battery.*row.place;
  return json;
}

BatteryNames battery_from(const Json& json) {
  BatteryNames battery;
  for (const NameRow& row : name_rows) battery.*row.place = text_in(json, row.name, longest_message);
  return battery;
}

/// The values of an outcome, by their names.
struct ValueRow {
  const char* name;
  std::optional<Value> Outcome::* place;
};

constexpr ValueRow value_rows[] = {
    {"before", &Outcome::before}, {"wanted", &Outcome::wanted}, {"after", &Outcome::after}};

Outcome outcome_from(const Json& json) {
  Outcome outcome{.name = text_of(member(json, "name"), "name")};
  for (const ValueRow& row : value_rows) {
    if (has(json, row.name)) outcome.*row.place = value_from(json[row.name], row.name);
  }
  if (has(json, "error")) outcome.error = error_from(json["error"]);
  outcome.note = text_in(json, "note", longest_message);
  return outcome;
}

Json json_of(const ShownItem& item) {
  Json json{{"path", item.path}, {"value", item.value ? json_of(*item.value) : Json()}};
  if (item.initial) json["initial"] = *item.initial;
  return json;
}

ShownItem item_from(const Json& json) {
  ShownItem item{.path = text_of(member(json, "path"), "path")};
  if (const Json& value = member(json, "value"); !value.is_null()) item.value = value_from(value, "value");
  if (has(json, "initial")) item.initial = number_of(json["initial"], "initial");
  return item;
}

}  // namespace

BatteryNames names_of(const BoardFacts& board) {
  return {.place = board.place, .battery = board.battery, .serial = board.serial, .name = board.name};
}

bool Answer::ok() const { return !refused && std::ranges::all_of(results, &Outcome::ok); }

Json to_json(const Outcome& outcome) {
  Json json{{"name", outcome.name}};
  for (const ValueRow& row : value_rows) {
    if (const auto& value = outcome.*row.place) json[row.name] = json_of(*value);
  }
  json["ok"] = outcome.ok();
  if (outcome.error) json["error"] = json_of(*outcome.error);
  if (!outcome.note.empty()) json["note"] = outcome.note;
  return json;
}

Json to_json(const Answer& answer) {
  Json json = Json::object();
  if (!answer.board.place.empty()) json["board"] = json_of(answer.board);
  json["ok"] = answer.ok();
  if (answer.refused) json["refused"] = json_of(*answer.refused);
  for (const BatteryNames& battery : answer.batteries) json["batteries"].push_back(json_of(battery));
  json["results"] = Json::array();
  for (const Outcome& outcome : answer.results) {
    json["results"].push_back(to_json(outcome));
    if (answer.refused) json["results"].back()["ok"] = false;
  }
  if (!answer.warnings.empty()) json["warnings"] = answer.warnings;
  for (const ShownItem& item : answer.items) json["items"].push_back(json_of(item));
  for (const Parameter* one : answer.parameters) json["parameters"].push_back(to_json(*one));
  if (!answer.undo_file.empty()) json["undo_file"] = answer.undo_file;
  return json;
}

Result<Answer> answer_from(const Json& json) {
  try {
    Answer answer;
    if (has(json, "board")) answer.board = facts_from(json["board"]);
    if (has(json, "refused")) answer.refused = error_from(json["refused"]);
    if (has(json, "batteries")) {
      for (const Json& one : array_in(json, "batteries", most_batteries)) answer.batteries.push_back(battery_from(one));
    }
    for (const Json& one : array_in(json, "results", most_results)) answer.results.push_back(outcome_from(one));
    if (has(json, "warnings")) {
      for (const Json& one : array_in(json, "warnings", most_results))
        answer.warnings.push_back(text_of(one, "a warning", longest_message));
    }
    if (has(json, "items")) {
      for (const Json& one : array_in(json, "items", most_items)) answer.items.push_back(item_from(one));
    }
    answer.undo_file = text_in(json, "undo_file", longest_message);
    return answer;
  } catch (const Unexpected& problem) {
    return failure(ErrorKind::rejected, "the answer of the driver: " + problem.message);
  }
}

}  // namespace bms::console
