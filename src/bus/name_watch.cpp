#include "bus/name_watch.hpp"

#include <chrono>
#include <string_view>
#include <utility>

#include "bus/bus_names.hpp"

namespace bms::bus {

constexpr std::string_view victron = "com.victronenergy.";
constexpr std::size_t asked_at_once = 32;  // of as many names as the bus has
constexpr int reported_at_once = 50;
constexpr auto pace_of_reports = std::chrono::milliseconds{100};

NameWatch::NameWatch(BusConnection& bus, Callbacks callbacks)
    : bus_{bus},
      callbacks_{std::move(callbacks)},
      reporting_{bus.loop(), reported_at_once, pace_of_reports, [this] { report_changes(); }} {
  // Before the first question, so that no change falls between the answer and the subscription.
  changes_ = watch_owners(bus_, "arg0namespace='com.victronenergy'",
                          [this](const auto& name, const auto& owner) { take_change(name, owner); });
  names_ = list_names(bus_, victron, [this](auto names) { take_names(std::move(names)); });
}

void NameWatch::take_change(const std::string& name, const std::string& owner) {
  questions_.erase(name);  // its answer would be older
  std::erase(unasked_, name);
  changed_[name] = owner;
  reporting_.ask();
}

void NameWatch::report_changes() {
  for (const auto& [name, owner] : std::exchange(changed_, {})) callbacks_.on_owner(name, owner);
  report_completeness();
}

void NameWatch::take_names(std::vector<std::string> names) {
  // What has come or gone since then was heard after this, as questions and signals keep their order.
  unasked_ = std::move(names);
  listing_ = false;
  ask_more();
  report_completeness();
}

void NameWatch::ask_more() {
  while (!unasked_.empty() && questions_.size() < asked_at_once) {
    const std::string name = std::move(unasked_.back());
    unasked_.pop_back();
    questions_[name] = ask_owner(bus_, name, [this, name](const std::string& owner) { take_owner(name, owner); });
  }
}

void NameWatch::take_owner(const std::string& name, const std::string& owner) {
  const auto question = questions_.extract(name);  // to it belongs `name`
  ask_more();
  if (!owner.empty()) callbacks_.on_owner(name, owner);
  report_completeness();
}

void NameWatch::report_completeness() {
  if (!questions_.empty() || !unasked_.empty() || !changed_.empty() || listing_ || std::exchange(complete_, true))
    return;
  callbacks_.on_complete();
}

}  // namespace bms::bus
