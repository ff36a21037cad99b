// A way to a board that is not there: a JBD board's table, and values that are kept in memory. It looks at requests as
// a driver does, and keeps them.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "console/check.hpp"
#include "console/way.hpp"
#include "registry.hpp"

namespace bms::console {

class RememberedBoard : public Way {
 public:
  BoardFacts facts{.place = "ttyUSB0",
                   .battery = "jbd_demo0001",
                   .family = "jbd",
                   .model = "SP16S020",
                   .serial = "DEMO0001",
                   .firmware = "8.0",
                   .cells = 16,
                   .through_driver = true};
  std::map<std::string, Value> values{{"cell_overvoltage", 3.65}, {"cell_overvoltage_release", 3.45},
                                      {"cell_count", 16.0},       {"cycle_count", 12.0},
                                      {"cell_undervoltage", 2.5}, {"device_name", std::string("SP16S020")}};
  std::map<std::string, Error> broken{};     ///< what happens to these parameters
  std::map<std::string, double> slipping{};  ///< what is read back of these instead
  std::optional<Error> gone{};               ///< the way itself fails
  std::optional<Error> refuses{};            ///< every order is refused
  std::vector<std::string> warnings{};
  std::string undo_file{};
  std::vector<Request> requests{};  ///< all that was asked

  Result<Answer> ask(const Request& request, const std::function<void(const Progress&)>& progress) override {
    requests.push_back(request);
    if (gone) return std::unexpected(*gone);
    progress({.done = 1, .all = 1});
    return std::visit([this](const auto& wish) { return answer(wish); }, request.wish);
  }

  /// The requests of one kind.
  template <class Wish>
  [[nodiscard]] std::vector<Wish> wishes() const {
    std::vector<Wish> all;
    for (const Request& request : requests)
      if (const auto* wish = std::get_if<Wish>(&request.wish)) all.push_back(*wish);
    return all;
  }

  /// How many orders went out that change something.
  [[nodiscard]] std::size_t orders() const {
    const auto sets = wishes<Set>();
    const auto written = std::ranges::count(sets, false, &Set::dry_run);
    return static_cast<std::size_t>(written) + wishes<SwitchOver>().size() + wishes<CountFrom>().size();
  }

 private:
  Answer answer(const Identify& /*nothing*/) { return {.board = facts}; }
  Answer answer(const List& /*nothing*/) { return {.board = facts}; }

  Answer answer(const Get& get) {
    Answer answer{.board = facts};
    for (const std::string& name : get.names) {
      Outcome outcome{.name = name};
      if (broken.contains(name)) {
        outcome.error = broken.at(name);
      } else if (values.contains(name)) {
        outcome.after = values.at(name);
      } else {
        outcome.error = Error{ErrorKind::status, "the BMS refused it (0x80)", 0x80};
      }
      answer.results.push_back(outcome);
    }
    return answer;
  }

  Answer answer(const Set& set) {
    const Family& family = *find_family(facts.family);
    const ParameterList parameters = family.parameters(family.variants.front());
    Answer answer{.board = facts, .results = check_settings(parameters, set.settings), .warnings = warnings};
    for (std::size_t i = 0; i < set.settings.size(); ++i) look(set.settings[i], answer.results[i]);
    if (!answer.ok() || set.dry_run) return answer;
    if (refuses) return {.refused = refuses, .board = facts};
    for (Outcome& outcome : answer.results) write(outcome);
    answer.undo_file = undo_file;
    return answer;
  }

  void look(const Setting& setting, Outcome& outcome) const {
    if (values.contains(setting.name)) outcome.before = values.at(setting.name);
    if (!outcome.ok() || !setting.if_was || !outcome.before) return;
    if (std::get<double>(*outcome.before) != *setting.if_was)
      outcome.error = Error{ErrorKind::rejected, setting.name + " holds something else by now", {}};
  }

  void write(Outcome& outcome) {
    if (broken.contains(outcome.name)) {
      outcome.error = broken.at(outcome.name);
      return;
    }
    outcome.after = slipping.contains(outcome.name) ? Value(slipping.at(outcome.name)) : *outcome.wanted;
    values[outcome.name] = *outcome.after;
    if (outcome.after != outcome.wanted) outcome.error = Error{ErrorKind::unverified, "the board kept its value", {}};
  }

  Answer answer(const SwitchOver& order) { return ordered(std::string(name_of(order.which))); }
  Answer answer(const CountFrom& /*order*/) { return ordered("soc"); }
  Answer answer(const Release& /*order*/) { return ordered("release"); }
  Answer answer(const Trace& /*trace*/) { return {.board = facts}; }
  Answer answer(const Watch& /*wish*/) { return {.board = facts}; }

  Answer ordered(const std::string& name) {
    Answer answer{.board = facts};
    Outcome outcome{.name = name};
    if (refuses) outcome.error = refuses;
    answer.results.push_back(outcome);
    return answer;
  }
};

}  // namespace bms::console
