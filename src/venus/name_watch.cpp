#include "venus/name_watch.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace bms::venus {
namespace {

constexpr auto call_timeout = std::chrono::seconds{5};
constexpr std::string_view daemon_name = "org.freedesktop.DBus";
constexpr std::string_view daemon_path = "/org/freedesktop/DBus";
constexpr std::string_view victron = "com.victronenergy.";

CallTarget of_daemon(std::string_view method) { return {daemon_name, daemon_path, daemon_name, method}; }

}  // namespace

NameWatch::NameWatch(BusConnection& bus, Callbacks callbacks) : bus_{bus}, callbacks_{std::move(callbacks)} {
  // Before the first question, so that no change falls between the answer and the subscription.
  changes_ = subscribe(bus_,
                       "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
                       "member='NameOwnerChanged',arg0namespace='com.victronenergy'",
                       [this](sd_bus_message* signal) { take_change(signal); });
  names_ = call(bus_, of_daemon("ListNames"), call_timeout, [this](sd_bus_message* reply) { take_names(reply); });
}

void NameWatch::take_change(sd_bus_message* signal) {
  const char* name = read_text(signal);
  const char* old_owner = name ? read_text(signal) : nullptr;
  const char* new_owner = old_owner ? read_text(signal) : nullptr;
  if (!new_owner) return;
  questions_.erase(name);  // its answer would be older
  callbacks_.on_owner(name, new_owner);
  report_completeness();
}

void NameWatch::take_names(sd_bus_message* reply) {
  std::vector<std::string> listed;
  if (sd_bus_message_enter_container(reply, 'a', "s") > 0) {
    while (const char* name = read_text(reply)) {
      if (std::string_view{name}.starts_with(victron)) listed.emplace_back(name);
    }
  }
  for (const std::string& name : listed) {
    questions_[name] = call(
        bus_, of_daemon("GetNameOwner"), call_timeout,
        [this, name](sd_bus_message* answer) { take_owner(name, answer); },
        [&name](MessageWriter& arguments) { arguments.append_basic('s', name.c_str()); });
  }
  listing_ = false;
  report_completeness();
}

void NameWatch::take_owner(const std::string& name, sd_bus_message* reply) {
  const auto question = questions_.extract(name);  // to it belongs `name`
  const char* owner = sd_bus_message_is_method_error(reply, nullptr) > 0 ? nullptr : read_text(reply);
  if (owner) callbacks_.on_owner(name, owner);
  report_completeness();
}

void NameWatch::report_completeness() {
  if (!questions_.empty() || listing_ || std::exchange(complete_, true)) return;
  callbacks_.on_complete();
}

}  // namespace bms::venus
