#include "console/backup.hpp"

#include <utility>

#include "console/json.hpp"
#include "console/numbers.hpp"

namespace bms::console {

namespace {

constexpr int format = 1;
constexpr std::size_t longest_value = 4000;
constexpr std::size_t most_values = 1000;
constexpr double most_cells = 1000;

/// The facts that a file holds; where the board is plugged in and what may be changed on it are none of its own.
struct KeptFact {
  const char* name;
  std::string BoardFacts::* place;
};

constexpr KeptFact kept_facts[] = {{"battery", &BoardFacts::battery}, {"dialect", &BoardFacts::dialect},
                                   {"family", &BoardFacts::family},   {"firmware", &BoardFacts::firmware},
                                   {"model", &BoardFacts::model},     {"serial", &BoardFacts::serial}};

// ---- Writing ----

/// Members, each in a line of its own.
class Lines {
 public:
  explicit Lines(std::size_t depth) : indent_("\n" + std::string(depth, ' ')) {}

  void add(const std::string& name, const std::string& value) {
    text_ += (text_.empty() ? "" : ",") + indent_ + one_line(Json(name)) + ": " + value;
  }

  /// The object of all of them; `depth` is that of its own line.
  [[nodiscard]] std::string object() const {
    return text_.empty() ? "{}" : "{" + text_ + indent_.substr(0, indent_.size() - 1) + "}";
  }

 private:
  std::string indent_;
  std::string text_;
};

std::string written_board(const BoardFacts& board) {
  Lines lines(2);
  const auto add_fact = [&](const KeptFact& row) { lines.add(row.name, one_line(Json(board.*row.place))); };
  add_fact(kept_facts[0]);
  if (board.cells > 0) lines.add("cells", std::to_string(board.cells));
  for (const KeptFact& row : std::span(kept_facts).subspan(1)) add_fact(row);
  return lines.object();
}

std::string written_values(const Backup& backup, std::span<const Parameter* const> parameters) {
  Lines lines(2);
  for (const auto& [name, value] : backup.values) {
    const Parameter* parameter = find_parameter(parameters, name);
    Json json = Json::object();
    if (parameter != nullptr && !parameter->unit.empty()) json["unit"] = parameter->unit;
    json["value"] = console::json_of(value, parameter);
    lines.add(name, one_line(json));
  }
  return lines.object();
}

std::string written_reasons(const Backup& backup) {
  Lines lines(2);
  for (const auto& [name, why] : backup.unreadable) lines.add(name, one_line(Json(why)));
  return lines.object();
}

// ---- Reading ----

std::size_t cells_of(const Json& board) {
  if (!has(board, "cells")) return 0;
  const double cells = number_of(board["cells"], "cells");
  if (!(cells >= 0 && cells <= most_cells) || cells != std::floor(cells))
    throw Unexpected{"expected a number of cells, found " + shortest(cells)};
  return static_cast<std::size_t>(cells);
}

BoardFacts board_from(const Json& json) {
  BoardFacts board;
  for (const KeptFact& row : kept_facts) board.*row.place = text_in(json, row.name);
  if (board.family.empty()) throw Unexpected{"expected the family of the board"};
  board.cells = cells_of(json);
  return board;
}

Value value_from(const Json& json, const std::string& name) {
  const Json& value = member(json, "value");
  if (value.is_string()) return text_of(value, name.c_str(), longest_value);
  return number_of(value, name.c_str());
}

/// Calls `take` with the name and the content of each member of an object of the document.
template <class Take>
void for_each_in(const Json& document, const char* object, Take take) {
  const Json& all = member(document, object);
  if (!all.is_object()) throw Unexpected{std::string("expected an object as ") + object};
  if (all.size() > most_values) throw Unexpected{std::string("more ") + object + " than any board has"};
  for (const auto& [name, content] : all.items()) {
    if (name.empty() || name.size() > longest_name)
      throw Unexpected{std::string("expected names in ") + object + " of 1 to 120 letters"};
    take(name, content);
  }
}

Backup backup_from(const Json& json) {
  if (const double found = number_of(member(json, "format"), "format"); found != format)
    throw Unexpected{"expected a backup of format 1, found format " + shortest(found)};
  Backup backup{.program = text_in(json, "program"), .taken = text_in(json, "taken")};
  backup.board = board_from(member(json, "board"));
  for_each_in(json, "parameters", [&](const std::string& name, const Json& content) {
    backup.values.insert_or_assign(name, value_from(content, name));
  });
  if (!has(json, "unreadable")) return backup;
  for_each_in(json, "unreadable", [&](const std::string& name, const Json& content) {
    backup.unreadable.insert_or_assign(name, text_of(content, name.c_str(), longest_value));
  });
  return backup;
}

}  // namespace

Backup backup_of(const Answer& answer, std::string taken) {
  Backup backup{.program = BMS_VERSION, .taken = std::move(taken), .board = answer.board};
  for (const Outcome& outcome : answer.results) {
    if (outcome.ok() && outcome.after) {
      backup.values.insert_or_assign(outcome.name, *outcome.after);
    } else {
      backup.unreadable.insert_or_assign(outcome.name, outcome.error ? outcome.error->message : "no value came");
    }
  }
  return backup;
}

std::string written(const Backup& backup, std::span<const Parameter* const> parameters) {
  Lines lines(1);
  lines.add("board", written_board(backup.board));
  lines.add("format", std::to_string(format));
  lines.add("parameters", written_values(backup, parameters));
  lines.add("program", one_line(Json(backup.program)));
  lines.add("taken", one_line(Json(backup.taken)));
  lines.add("unreadable", written_reasons(backup));
  return lines.object() + "\n";
}

Result<Backup> read_backup(std::string_view text) {
  if (text.size() > largest_backup) return failure(ErrorKind::rejected, "the file is larger than any backup");
  const auto backup = read_json(text, backup_from);
  if (!backup) return failure(ErrorKind::rejected, "no backup: " + backup.error().message);
  return backup;
}

}  // namespace bms::console
