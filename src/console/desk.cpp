#include "console/desk.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "bms/civil_time.hpp"
#include "console/check.hpp"
#include "console/numbers.hpp"
#include "console/undo.hpp"
#include "parameters.hpp"

namespace bms::console {

namespace asio = boost::asio;

namespace {

/// A board that leaves so many questions in a row unanswered is asked for something that it has answered before, and if
/// it is silent then, too, not for the rest. Many boards are silent where they lack a parameter, and lack several that
/// follow each other.
constexpr int most_unanswered = 16;
constexpr int most_unanswered_at_first = 3;

// All items are put together each time, which must not become the work of the driver.
constexpr std::chrono::milliseconds pause_between_shows{100};

Value value_of(const CommandResult& result) {
  if (const auto* number = std::get_if<double>(&result)) return *number;
  const auto* text = std::get_if<std::string>(&result);
  return text == nullptr ? std::string() : *text;
}

std::string in_words(const std::optional<Value>& value) {
  if (!value) return "unknown";
  if (const auto* number = std::get_if<double>(&*value)) return shortest(*number);
  return std::get<std::string>(*value);
}

bool is_unanswered(const Error& error) { return error.kind == ErrorKind::silent; }

void warn_of_unsaved(Answer& answer) {
  if (answer.board.unsaved)
    answer.warnings.emplace_back(
        "the board may not have saved what was set before: set it once more, or it may be lost with its power");
}

/// Nothing that follows can be better.
bool is_final(const Error& error) { return error.kind == ErrorKind::link || error.kind == ErrorKind::expired; }

// Commands have names of their own below: GCC 12 destroys an aggregate twice that is made within co_await.
Command reading(std::string_view name, bool more) { return ReadParameter{.name = std::string(name), .more = more}; }

Error not_tried(const std::string& since) {
  return {.kind = ErrorKind::rejected, .message = "not tried, since " + since + " failed", .status = {}};
}

}  // namespace

asio::awaitable<void> Commands::settle() { co_return; }

/// One request while it is worked at.
struct Desk::Job {
  Answer answer{};
  std::string who{};
  std::function<void(const Progress&)> progress{};
  bool begun = false;             ///< a command has been carried out
  std::size_t done = 0, all = 0;  ///< commands

  void advance() {
    ++done;
    if (progress) progress({.done = done, .all = all});
  }
};

/// How reading one parameter after the other goes.
struct Desk::Reads {
  int unanswered = 0;           ///< in a row
  std::string answered{};       ///< the newest that was
  std::optional<Error> over{};  ///< why nothing more is read
};

asio::awaitable<Answer> Desk::answer(Request request, std::string who, std::function<void(const Progress&)> progress) {
  Job job{.answer = {.board = options_.board}, .who = std::move(who), .progress = std::move(progress)};
  job.answer.board.unsaved = commands_->may_hold_unsaved();
  if (std::holds_alternative<Identify>(request.wish)) co_return std::move(job.answer);
  if (std::holds_alternative<List>(request.wish)) {
    job.answer.parameters = options_.parameters;
    co_return std::move(job.answer);
  }
  if (std::holds_alternative<Watch>(request.wish)) {
    show(job.answer);
    co_return std::move(job.answer);
  }
  if (const auto* release = std::get_if<Release>(&request.wish)) {
    give_free(job, *release);
    co_return std::move(job.answer);
  }
  if (*at_work_) {
    job.answer.refused = Error{ErrorKind::busy, "another request is being carried out; try again in a moment", {}};
    co_return std::move(job.answer);
  }
  *at_work_ = true;
  warn_of_unsaved(job.answer);
  const std::shared_ptr<bool> released(at_work_.get(), [keep = at_work_](bool* at_work) { *at_work = false; });
  if (const auto* get = std::get_if<Get>(&request.wish)) co_await carry_out(job, *get);
  if (const auto* set = std::get_if<Set>(&request.wish)) co_await carry_out(job, *set);
  if (const auto* order = std::get_if<SwitchOver>(&request.wish)) co_await carry_out(job, *order);
  if (const auto* order = std::get_if<CountFrom>(&request.wish)) co_await carry_out(job, *order);
  if (request.trace) co_await commands_->settle();
  co_return std::move(job.answer);
}

void Desk::show(Answer& answer) {
  const TimePoint now = Clock::now();
  if (!options_.items) {
    answer.refused = Error{ErrorKind::unsupported, "only a driver that runs shows the battery", {}};
  } else if (now < show_from_) {
    answer.refused = Error{ErrorKind::busy, "it was shown a moment ago; try again in another", {}};
  } else {
    show_from_ = now + pause_between_shows;
    answer.items = options_.items();
  }
}

/// Nothing is asked of the board, and whoever is at work on it loses it.
void Desk::give_free(Job& job, const Release& wish) const {
  if (!options_.release) {
    job.answer.refused = Error{
        ErrorKind::unsupported, "only a board that a running driver reads by Bluetooth can be left to a phone", {}};
    return;
  }
  if (!permitted(job, Writes::limits)) return;
  options_.release(wish.minutes, job.who);
  job.answer.results.push_back({.name = "release", .wanted = wish.minutes, .after = wish.minutes});
}

asio::awaitable<void> Desk::carry_out(Job& job, const Get& wish) {
  for (const std::string& name : wish.names) {
    if (find_parameter(options_.parameters, name) != nullptr) continue;
    job.answer.refused = no_parameter("this board", name).error();
    co_return;
  }
  job.all = wish.names.size();
  Reads reads;
  for (const std::string& name : wish.names) {
    job.answer.results.push_back(co_await read_next(job, reads, name, &name == &wish.names.back()));
    job.advance();
  }
  if (reads.over) commands_->end_batch();
}

asio::awaitable<Outcome> Desk::read_next(Job& job, Reads& reads, const std::string& name, bool last) {
  Outcome outcome{.name = name, .error = reads.over};
  if (reads.over) co_return outcome;
  const auto read = co_await read_one(job, name, !last);
  if (read) {
    outcome.after = value_of(*read);
    reads.answered = name;
    reads.unanswered = 0;
    co_return outcome;
  }
  outcome.error = read.error();
  if (is_final(read.error())) reads.over = read.error();
  reads.unanswered = is_unanswered(read.error()) ? reads.unanswered + 1 : 0;
  if (reads.unanswered < (reads.answered.empty() ? most_unanswered_at_first : most_unanswered)) co_return outcome;
  reads.unanswered = 0;
  const bool there = co_await still_there(job, reads.answered);
  if (!there) reads.over = read.error();
  if (last) commands_->end_batch();
  co_return outcome;
}

asio::awaitable<Result<CommandResult>> Desk::read_one(Job& job, const std::string& name, bool more) {
  Command command = reading(name, more);
  std::string what = "reading " + name;
  auto read = co_await commands_->carry_out(std::move(command), std::move(what), job.who, job.begun);
  job.begun = true;
  co_return read;
}

/// Whether a parameter that was answered before still is.
asio::awaitable<bool> Desk::still_there(Job& job, const std::string& answered) {
  if (answered.empty()) co_return false;
  const auto read = co_await read_one(job, answered, true);
  co_return read.has_value();
}

/// Whether the configuration permits what needs that much; the answer says why not.
bool Desk::permitted(Job& job, Writes needed) const {
  job.answer.refused = why_forbidden(options_.board, needed);
  return !job.answer.refused;
}

/// Whether this board can carry that out, and may. What no configuration would change is said first.
bool Desk::possible(Job& job, const Command& command) const {
  if (const auto checked = commands_->check(command); !checked) job.answer.refused = checked.error();
  return !job.answer.refused && permitted(job, Writes::switches);
}

asio::awaitable<void> Desk::carry_out(Job& job, const Set& wish) {
  if (!wish.dry_run && !permitted(job, Writes::parameters)) co_return;
  job.answer.results = check_settings(options_.parameters, wish.settings);
  check_for_this_board(job, wish);
  for (const Outcome& outcome : job.answer.results) {
    if (outcome.ok()) continue;
    job.answer.refused = outcome.error;
    co_return;
  }
  const bool fits = co_await read_before(job, wish);
  if (!fits || wish.dry_run || !keep_undo(job)) {
    commands_->end_batch();
    co_return;
  }
  co_await write_all(job, wish);
}

/// Tables are for all models of a family; this one may take less.
void Desk::check_for_this_board(Job& job, const Set& wish) const {
  for (std::size_t i = 0; i < wish.settings.size(); ++i) {
    Outcome& outcome = job.answer.results[i];
    if (!outcome.ok()) continue;
    const Command command = WriteParameter{.name = wish.settings[i].name, .value = wish.settings[i].value};
    if (const auto checked = commands_->check(command); !checked) outcome.error = checked.error();
  }
}

/// Whether the board is as it must be for these settings. What it holds goes into the outcomes.
asio::awaitable<bool> Desk::read_before(Job& job, const Set& wish) {
  const auto others = related(options_.relations, options_.parameters, wish.settings);
  std::vector<std::string_view> names;
  names.reserve(wish.settings.size() + others.size());
  for (const Setting& setting : wish.settings) names.emplace_back(setting.name);
  names.insert(names.end(), others.begin(), others.end());
  job.all = names.size() + (wish.dry_run ? 0 : wish.settings.size());
  Values values;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name(names[i]);
    const auto read = co_await read_one(job, name, true);
    job.advance();
    const auto* number = read ? std::get_if<double>(&*read) : nullptr;
    if (number != nullptr) values.emplace_back(names[i], *number);
    if (i >= wish.settings.size()) {
      if (number == nullptr)
        job.answer.warnings.push_back(std::string(names[i]) + " could not be read: nobody has looked whether it fits");
      continue;
    }
    Outcome& outcome = job.answer.results[i];
    if (number != nullptr) {
      outcome.before = *number;
      continue;
    }
    outcome.error = read ? Error{ErrorKind::unverified, "the board has answered with a text", {}} : read.error();
    job.answer.refused = outcome.error;
    co_return false;
  }
  for (std::size_t i = 0; i < wish.settings.size(); ++i) {
    if (unmoved(wish.settings[i], job.answer.results[i])) continue;
    job.answer.refused = job.answer.results[i].error =
        Error{ErrorKind::rejected,
              wish.settings[i].name + " holds " + in_words(job.answer.results[i].before) + " and not " +
                  shortest(*wish.settings[i].if_was) + "; nothing has been set",
              {}};
    co_return false;
  }
  const auto contradicting = contradictions(options_.relations, values, wish.settings);
  if (contradicting.empty()) co_return true;
  job.answer.warnings = contradicting;
  job.answer.refused = Error{ErrorKind::rejected, contradicting.front() + "; nothing has been set", {}};
  co_return false;
}

bool Desk::unmoved(const Setting& setting, const Outcome& outcome) const {
  return !setting.if_was || same(*setting.if_was, *outcome.before, find_parameter(options_.parameters, setting.name));
}

/// What may be lost with the board's power is set once more, so that it is saved.
bool Desk::changes(const Job& job, const Setting& setting, const Outcome& outcome) const {
  return job.answer.board.unsaved ||
         !same(setting.value, *outcome.before, find_parameter(options_.parameters, setting.name));
}

bool Desk::keep_undo(Job& job) const {
  auto kept = console::keep_undo(options_.undo_directory, job.answer, options_.parameters);
  if (kept) {
    job.answer.undo_file = *std::move(kept);
    return true;
  }
  job.answer.refused = kept.error();
  return false;
}

void Desk::begin_writing(Job& job) const {
  if (commands_->note_unsaved(true)) return;
  job.answer.warnings.emplace_back(
      "nothing can be noted in the directory for what is running: had this been broken off, nobody would know that the "
      "board has to leave its factory mode");
}

asio::awaitable<void> Desk::write_all(Job& job, const Set& wish) {
  std::size_t last = wish.settings.size();  // that changes anything; the board saves with it
  for (std::size_t i = 0; i < wish.settings.size(); ++i) {
    if (changes(job, wish.settings[i], job.answer.results[i])) last = i;
  }
  if (last < wish.settings.size()) begin_writing(job);
  std::string failed;
  for (std::size_t i = 0; i < wish.settings.size(); ++i) {
    const Setting& setting = wish.settings[i];
    Outcome& outcome = job.answer.results[i];
    job.advance();
    if (!failed.empty()) {
      outcome.error = not_tried(failed);
      continue;
    }
    if (!changes(job, setting, outcome)) {
      outcome.after = outcome.before;
      continue;
    }
    Command command = WriteParameter{.name = setting.name, .value = setting.value, .more = i != last};
    std::string what = setting.name + " = " + shortest(setting.value);
    const auto wrote = co_await commands_->carry_out(std::move(command), std::move(what), job.who, true);
    const std::string change =
        setting.name + " from " + in_words(outcome.before) + " to " + shortest(setting.value) + " by " + job.who;
    if (wrote) {
      outcome.after = value_of(*wrote);
      commands_->report("set " + change + "; read back " + in_words(outcome.after), true);
    } else {
      outcome.error = wrote.error();
      if (wrote.error().kind == ErrorKind::unverified) {
        const auto found = co_await read_one(job, setting.name, true);
        if (found) outcome.after = value_of(*found);
      }
      failed = setting.name;
      commands_->report("not set: " + change + ": " + wrote.error().message, false);
    }
  }
  if (failed.empty() && last < wish.settings.size()) commands_->note_unsaved(false);
  if (!failed.empty()) co_await look_again(job, wish);
  if (!failed.empty() || last == wish.settings.size()) commands_->end_batch();
}

/// What was set before something failed is looked at once more: a board that has lost its power since, or was replaced,
/// may not hold it any more.
asio::awaitable<void> Desk::look_again(Job& job, const Set& wish) {
  bool answers = true;
  for (std::size_t i = 0; i < wish.settings.size(); ++i) {
    Outcome& outcome = job.answer.results[i];
    if (!outcome.ok() || !changes(job, wish.settings[i], outcome)) continue;
    if (answers) {
      auto read = co_await read_one(job, outcome.name, true);
      // It may have to be said first that what was not saved is lost.
      if (!read && read.error().kind == ErrorKind::unverified) read = co_await read_one(job, outcome.name, true);
      answers = read.has_value();
      if (read) outcome.after = value_of(*read);
    }
    const Parameter* const parameter = find_parameter(options_.parameters, outcome.name);
    if (!answers) {
      outcome.note = "whether the board has kept it is not known";
    } else if (!same(*outcome.after, *outcome.wanted, parameter)) {
      outcome.error = Error{ErrorKind::unverified, "it was set, and is lost again", {}};
      commands_->report("lost again: " + outcome.name + ", which holds " + in_words(outcome.after), true);
    }
  }
}

asio::awaitable<void> Desk::order(Job& job, Command command, std::string what, Outcome outcome) {
  job.all = 1;
  const auto done = co_await commands_->carry_out(std::move(command), what, job.who, false);
  if (done) {
    outcome.after = outcome.wanted;
    if (const auto* note = std::get_if<std::string>(&*done)) outcome.note = *note;
  } else {
    outcome.error = done.error();
  }
  commands_->report(what + " by " + job.who + ": " + (done ? "done" : done.error().message), false);
  job.answer.results.push_back(std::move(outcome));
  job.advance();
}

asio::awaitable<void> Desk::carry_out(Job& job, const SwitchOver& wish) {
  const std::string name(name_of(wish.which));
  const std::string what = name + (wish.on ? " on" : " off");
  Command command = SetBalancer{wish.on};
  if (wish.which != Switch::balancer)
    command = SetFet{.fet = wish.which == Switch::charge ? Fet::charge : Fet::discharge, .on = wish.on};
  if (!possible(job, command)) co_return;
  Outcome outcome{.name = name, .wanted = wish.on ? 1.0 : 0.0};
  co_await order(job, std::move(command), what, std::move(outcome));
}

asio::awaitable<void> Desk::carry_out(Job& job, const CountFrom& wish) {
  if (const auto checked = check_soc(wish.soc_pct); !checked) {
    job.answer.refused = checked.error();
    co_return;
  }
  Command command = SetSoc{.soc_pct = wish.soc_pct, .now = civil_time_now()};
  if (!possible(job, command)) co_return;
  Outcome outcome{.name = "soc", .wanted = wish.soc_pct};
  co_await order(job, std::move(command), "SoC of " + shortest(wish.soc_pct) + " %", std::move(outcome));
}

}  // namespace bms::console
