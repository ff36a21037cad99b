#include "cli/console/conversation.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/console/exits.hpp"
#include "cli/console/json_output.hpp"
#include "cli/console/patience.hpp"
#include "cli/watch/text.hpp"
#include "config/text.hpp"
#include "driver/progress.hpp"
#include "registry.hpp"

namespace bms::cli {

Result<console::Answer> ask(const Conversation& with, decltype(console::Request::wish) wish, std::string_view doing) {
  driver::ProgressLine line(with.terminal.progress);
  const console::Request request{
      .battery = with.battery, .progress = line.on_terminal(), .trace = with.trace, .wish = std::move(wish)};
  const auto show = [&](const console::Progress& progress) {
    line.show(std::string(doing) + " " + std::to_string(progress.done) + " of " + std::to_string(progress.all) +
              " ...");
  };
  Patience patience(with.patience, line);
  for (;;) {
    auto answer = with.way.ask(request, show);
    const bool busy = answer && answer->refused && answer->refused->kind == ErrorKind::busy;
    if (!busy || !patience.another_try(answer->refused->message)) return answer;
  }
}

Result<Board> known_board(const console::BoardFacts& facts) {
  const Family* family = find_family(facts.family);
  if (family == nullptr) return failure(ErrorKind::rejected, "there is no family \"" + facts.family + "\"");
  const auto variant = std::ranges::find(family->variants, facts.dialect, &Variant::dialect);
  if (variant == family->variants.end())
    return failure(ErrorKind::rejected, std::string(family->title) + " has no dialect \"" + facts.dialect + "\"");
  return Board{.facts = facts, .family = family, .parameters = family->parameters(*variant)};
}

Result<Board> meet(const Conversation& with) {
  const auto answer = ask(with, console::Identify{}, "asking");
  if (!answer) return std::unexpected(answer.error());
  if (answer->refused) return std::unexpected(*answer->refused);
  return known_board(answer->board);
}

std::string in_words(const Board& board) {
  const console::BoardFacts& facts = board.facts;
  const bool model_says_family = facts.model.starts_with(board.family->title);  // "REC BMS 1Q"
  std::string text(model_says_family ? facts.model : board.family->title);
  if (!facts.dialect.empty()) text += " (" + facts.dialect + ")";
  if (!model_says_family && !facts.model.empty()) text += " " + facts.model;
  if (!facts.serial.empty()) text += ", serial " + facts.serial;
  if (!facts.place.empty())
    text += ", on " + facts.place + (facts.through_driver ? ", through the running driver" : "");
  return clean(text, /*utf8=*/true);
}

void tell(Terminal& terminal, bool json, const Error& error) {
  if (json) {
    print_json(terminal.out, {{"error", json_of(error)}});
  } else {
    for (const std::string_view line : config::split(error.message, '\n'))
      terminal.told << clean(line, /*utf8=*/true) << "\n";
  }
}

ExitCode undone(const Conversation& with, const Error& error) {
  tell(with, error);
  return exit_when_undone(error.kind);
}

}  // namespace bms::cli
