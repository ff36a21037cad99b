#include "cli/console/writing.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/console/advice.hpp"
#include "cli/console/columns.hpp"
#include "cli/console/exits.hpp"
#include "cli/console/json_output.hpp"
#include "cli/console/say.hpp"
#include "cli/console/values.hpp"
#include "console/check.hpp"
#include "console/numbers.hpp"

namespace bms::cli {

using console::Answer;
using console::Outcome;
using console::Setting;

namespace {

/// What was wrong with one parameter; many of the messages name it themselves.
std::string about(const Outcome& outcome) {
  const std::string& message = outcome.error->message;
  return message.starts_with(outcome.name + " ") ? message : outcome.name + ": " + message;
}

bool is_there_already(const Outcome& outcome, const Board& board) {
  return !board.facts.unsaved && outcome.before && outcome.wanted &&
         console::same(*outcome.before, *outcome.wanted, find_parameter(board.parameters, outcome.name));
}

/// What a dry run says of the settings.
struct Proposal {
  Answer answer;
  std::vector<Setting> settings;       ///< those that change something; each must find what has been shown
  std::vector<std::string> unchanged;  ///< names of those that do not
};

Proposal proposal_of(Answer answer, const std::vector<Setting>& settings, const Board& board) {
  Proposal proposal{.answer = std::move(answer), .settings = {}, .unchanged = {}};
  for (const Setting& setting : settings) {
    const auto found = std::ranges::find(proposal.answer.results, setting.name, &Outcome::name);
    const bool known = found != proposal.answer.results.end();
    if (known && is_there_already(*found, board)) {
      proposal.unchanged.push_back(setting.name);
      continue;
    }
    Setting one = setting;
    if (known && found->before && std::holds_alternative<double>(*found->before))
      one.if_was = std::get<double>(*found->before);
    proposal.settings.push_back(std::move(one));
  }
  return proposal;
}

void print_changes(const Proposal& proposal, const Board& board, std::ostream& out) {
  Columns columns(
      {{"NAME"}, {"NOW", Align::right}, {"NEW", Align::right}, {"UNIT"}, {"RANGE", Align::right}, {"RISK"}});
  for (const Outcome& outcome : proposal.answer.results) {
    const Parameter* one = find_parameter(board.parameters, outcome.name);
    const bool changes = std::ranges::find(proposal.settings, outcome.name, &Setting::name) != proposal.settings.end();
    if (one == nullptr || !changes) continue;
    columns.add({outcome.name, shown(outcome.before, one), wish_shown(outcome.wanted, one), std::string(one->unit),
                 range_shown(*one), std::string(name_of(one->risk))});
  }
  if (!columns.empty()) columns.print(out);
}

void tell_unchanged(const std::vector<std::string>& names, std::ostream& told) {
  constexpr std::size_t worth_naming = 4;
  if (names.empty()) return;
  std::string text = "already so: ";
  if (names.size() > worth_naming) {
    text += std::to_string(names.size()) + " values";
  } else {
    for (const std::string& name : names) text += (name == names.front() ? "" : ", ") + name;
  }
  say(told, text);
}

/// Warnings, and why nothing was done unless that has been said of one of the parameters.
void tell_refusal(const Answer& answer, std::ostream& told) {
  const auto is_refusal = [&](const Outcome& outcome) {
    return outcome.error && outcome.error->message == answer.refused->message;
  };
  for (const std::string& warning : answer.warnings) {
    if (!answer.refused || !answer.refused->message.starts_with(warning)) say(told, "warning: " + warning);
  }
  if (answer.refused && std::ranges::none_of(answer.results, is_refusal)) say(told, answer.refused->message);
}

/// All that is to be known before it is written. The table is part of the question, unless nothing else was wanted.
void show(const Proposal& proposal, const Board& board, const Conversation& with, bool dry_run) {
  std::ostream& told = with.terminal.told;
  say(told, in_words(board));
  print_changes(proposal, board, dry_run ? with.terminal.out : told);
  tell_unchanged(proposal.unchanged, told);
  for (const Outcome& outcome : proposal.answer.results) {
    if (outcome.error) say(told, about(outcome));
    if (!outcome.note.empty()) say(told, outcome.name + ": " + outcome.note);
  }
  tell_refusal(proposal.answer, told);
  if (!proposal.answer.ok()) return;
  if (proposal.settings.empty()) return say(told, "nothing to write");
  for (const std::string_view advice : advice_for_settings(board, proposal.settings)) say(told, std::string(advice));
}

void print_written(const Answer& answer, const Board& board, const Conversation& with) {
  // Where everything was refused nothing was set.
  const std::vector<Outcome> results = answer.refused ? std::vector<Outcome>() : answer.results;
  std::size_t width = 0;
  for (const Outcome& outcome : results) width = std::max(width, outcome.name.size());
  for (const Outcome& outcome : results) {
    const Parameter* one = find_parameter(board.parameters, outcome.name);
    std::string line = outcome.name + std::string(width - outcome.name.size(), ' ') + "  set " +
                       wish_shown(outcome.wanted, one) + "  read back " + shown(outcome.after, one) + "  " +
                       (outcome.ok() ? "ok" : outcome.error->message);
    if (!outcome.note.empty()) line += " (" + outcome.note + ")";
    say(with.terminal.out, line);
  }
  std::ostream& told = with.terminal.told;
  tell_refusal(answer, told);
  if (!answer.undo_file.empty())
    say(told, "what was there before is in " + answer.undo_file + "; dbus-bms restore " + answer.undo_file +
                  " --write brings it back");
}

ParameterList parameters_of(const std::vector<Setting>& settings, const Board& board) {
  ParameterList parameters;
  for (const Setting& setting : settings) {
    if (const Parameter* one = find_parameter(board.parameters, setting.name)) parameters.push_back(one);
  }
  return parameters;
}

ExitCode carry_out(const Conversation& with, const Board& board, const Proposal& proposal) {
  const auto answer = ask(with, console::Set{.settings = proposal.settings, .dry_run = false}, "setting");
  if (!answer) {
    if (!with.json && !board.facts.battery.empty())
      say(with.terminal.told, "what was there before is in the newest undo-" + board.facts.battery +
                                  "-*.json of the driver's state directory, if anything was set");
    return undone(with, answer.error());
  }
  if (with.json) {
    print_json(with.terminal.out, json_of(*answer, board.parameters, Asked::changes));
  } else {
    print_written(*answer, board, with);
  }
  return exit_of_writing(*answer);
}

}  // namespace

ExitCode write_settings(const Conversation& with, const Board& board, std::vector<Setting> settings,
                        const Writing& writing) {
  auto looked = ask(with, console::Set{.settings = settings, .dry_run = true}, "reading");
  if (!looked) return undone(with, looked.error());
  const Proposal proposal = proposal_of(*std::move(looked), settings, board);
  const bool ends_here = !proposal.answer.ok() || proposal.settings.empty() || writing.dry_run;
  if (!with.json) {
    show(proposal, board, with, writing.dry_run);
  } else if (ends_here) {
    print_json(with.terminal.out, json_of(proposal.answer, board.parameters, Asked::changes));
  }
  if (!proposal.answer.ok()) return exit_of(proposal.answer);
  if (proposal.settings.empty()) return ExitCode::stopped;
  if (writing.dry_run) {
    if (!with.json) say(with.terminal.told, writing.how_to_write);
    return writing.when_different;
  }
  if (const auto forbidden = console::why_forbidden(board.facts, Writes::parameters)) return undone(with, *forbidden);
  if (const auto sure = confirm(parameters_of(proposal.settings, board), writing.consent, with); !sure)
    return undone(with, sure.error());
  return carry_out(with, board, proposal);
}

}  // namespace bms::cli
