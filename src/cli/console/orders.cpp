#include "cli/console/orders.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/console/advice.hpp"
#include "cli/console/consent.hpp"
#include "cli/console/exits.hpp"
#include "cli/console/json_output.hpp"
#include "cli/console/say.hpp"
#include "console/check.hpp"
#include "parameters.hpp"

namespace bms::cli {

namespace {

/// Prints what became of one order: "discharge off: ok".
ExitCode report(const Conversation& with, const Board& board, const Result<console::Answer>& answer,
                const std::string& order) {
  if (!answer) return undone(with, answer.error());
  const ExitCode exit = exit_of(*answer);
  if (with.json) {
    print_json(with.terminal.out, json_of(*answer, board.parameters, Asked::changes));
    return exit;
  }
  if (answer->refused) say(with.terminal.told, order + ": " + answer->refused->message);
  for (const console::Outcome& outcome : answer->results) {
    if (!outcome.ok()) {
      say(with.terminal.told, order + ": " + outcome.error->message);
    } else {
      say(with.terminal.out, order + ": ok" + (outcome.note.empty() ? "" : "; " + outcome.note));
    }
  }
  for (const std::string& warning : answer->warnings) say(with.terminal.told, "warning: " + warning);
  return exit;
}

}  // namespace

ExitCode switch_over(const Conversation& with, const SwitchOptions& options) {
  const console::Switch which = console::switch_named(options.which).value();
  const auto consent = consent_to(options.yes);
  if (!consent) return undone(with, consent.error());
  const auto board = meet(with);
  if (!board) return undone(with, board.error());
  if (!with.json) say(with.terminal.told, in_words(*board));
  const std::string advice(with.json ? "" : advice_for_switch(which, options.on));
  // What will be refused anyway needs no consent.
  const bool needs_consent =
      which == console::Switch::discharge && !options.on && !console::why_forbidden(board->facts, Writes::switches);
  if (needs_consent) {
    if (!advice.empty()) say(with.terminal.told, advice);
    if (const auto sure = confirm("Switch it off?", *consent, with); !sure) return undone(with, sure.error());
  }
  const auto answer = ask(with, console::SwitchOver{.which = which, .on = options.on}, "switching");
  const ExitCode exit = report(with, *board, answer, options.which + (options.on ? " on" : " off"));
  if (exit == ExitCode::stopped && !needs_consent && !advice.empty()) say(with.terminal.told, advice);
  return exit;
}

ExitCode count_from(const Conversation& with, double soc_pct) {
  const auto board = meet(with);
  if (!board) return undone(with, board.error());
  if (!with.json) say(with.terminal.told, in_words(*board));
  const std::string_view advice = advice_for_soc(*board);
  if (!advice.empty() && !with.json) say(with.terminal.told, std::string(advice));
  const auto answer = ask(with, console::CountFrom{soc_pct}, "setting");
  const ExitCode exit = report(with, *board, answer, "state of charge " + shortest(soc_pct) + " %");
  const bool refused = exit == ExitCode::configuration || exit == ExitCode::undecided;
  if (refused && !with.json)
    say(with.terminal.told,
        "with `soc_source = own` the driver counts a state of charge of its own: dbus -y com.victronenergy.battery." +
            board->facts.place + " /Settings/Soc SetValue " + shortest(soc_pct) +
            " sets that one, and so does the MQTT command `soc`");
  return exit;
}

ExitCode release(const Conversation& with, double minutes) {
  const auto board = meet(with);
  if (!board) return undone(with, board.error());
  if (!with.json) say(with.terminal.told, in_words(*board));
  const auto answer = ask(with, console::Release{minutes}, "giving it free");
  const std::string order = minutes > 0 ? "left to a phone for " + shortest(minutes) + " min" : "taken back";
  const ExitCode exit = report(with, *board, answer, order);
  if (exit == ExitCode::stopped && minutes > 0 && !with.json)
    say(with.terminal.told,
        "nothing is charged from 10 s on, and the battery counts as lost after a minute; `dbus-bms release --end` "
        "takes it back before the time is over");
  return exit;
}

}  // namespace bms::cli
