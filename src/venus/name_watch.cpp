#include "venus/name_watch.hpp"

#include <string_view>
#include <utility>

#include "venus/bus_names.hpp"

namespace bms::venus {

constexpr std::string_view victron = "com.victronenergy.";

NameWatch::NameWatch(BusConnection& bus, Callbacks callbacks) : bus_{bus}, callbacks_{std::move(callbacks)} {
  // Before the first question, so that no change falls between the answer and the subscription.
  changes_ = watch_owners(bus_, "arg0namespace='com.victronenergy'",
                          [this](const auto& name, const auto& owner) { take_change(name, owner); });
  names_ = list_names(bus_, [this](const auto& names) { take_names(names); });
}

void NameWatch::take_change(const std::string& name, const std::string& owner) {
  questions_.erase(name);  // its answer would be older
  callbacks_.on_owner(name, owner);
  report_completeness();
}

void NameWatch::take_names(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (!name.starts_with(victron)) continue;
    questions_[name] = ask_owner(bus_, name, [this, name](const std::string& owner) { take_owner(name, owner); });
  }
  listing_ = false;
  report_completeness();
}

void NameWatch::take_owner(const std::string& name, const std::string& owner) {
  const auto question = questions_.extract(name);  // to it belongs `name`
  if (!owner.empty()) callbacks_.on_owner(name, owner);
  report_completeness();
}

void NameWatch::report_completeness() {
  if (!questions_.empty() || listing_ || std::exchange(complete_, true)) return;
  callbacks_.on_complete();
}

}  // namespace bms::venus
