#include "console/request.hpp"

#include <algorithm>
#include <array>

#include "bms/link_quality.hpp"
#include "console/json.hpp"

namespace bms::console {

namespace {

constexpr std::array<std::pair<Switch, std::string_view>, 3> switches{
    {{Switch::charge, "charge"}, {Switch::discharge, "discharge"}, {Switch::balancer, "balancer"}}};

// ---- Each kind of wish: its verb, how it is written, how it is read ----

Json written_wish(const Identify& /*nothing*/) { return {{"verb", "identify"}}; }
Json written_wish(const List& /*nothing*/) { return {{"verb", "list"}}; }
Json written_wish(const Get& get) { return {{"verb", "get"}, {"names", get.names}}; }
Json written_wish(const Set& set) {
  Json settings = Json::array();
  for (const Setting& setting : set.settings) {
    Json one{{"name", setting.name}, {"value", setting.value}};
    if (setting.if_was) one["if_was"] = *setting.if_was;
    settings.push_back(std::move(one));
  }
  return {{"verb", "set"}, {"settings", std::move(settings)}, {"dry_run", set.dry_run}};
}
Json written_wish(const SwitchOver& order) {
  return {{"verb", "switch"}, {"which", name_of(order.which)}, {"on", order.on}};
}
Json written_wish(const CountFrom& order) { return {{"verb", "soc"}, {"soc_pct", order.soc_pct}}; }
Json written_wish(const Release& order) { return {{"verb", "release"}, {"minutes", order.minutes}}; }
Json written_wish(const Watch& /*nothing*/) { return {{"verb", "watch"}}; }
Json written_wish(const Trace& trace) { return {{"verb", "trace"}, {"seconds", trace.seconds}, {"past", trace.past}}; }

using Wish = decltype(Request::wish);

Wish read_get(const Json& json) {
  Get get;
  for (const Json& name : array_in(json, "names", most_names)) get.names.push_back(text_of(name, "a name"));
  if (get.names.empty()) throw Unexpected{"expected names"};
  return get;
}

Wish read_set(const Json& json) {
  Set set{.settings = {}, .dry_run = flag_in(json, "dry_run")};
  for (const Json& one : array_in(json, "settings", most_names)) {
    Setting setting{.name = text_of(member(one, "name"), "a name"),
                    .value = number_of(member(one, "value"), "value"),
                    .if_was = {}};
    if (has(one, "if_was")) setting.if_was = number_of(one["if_was"], "if_was");
    set.settings.push_back(std::move(setting));
  }
  if (set.settings.empty()) throw Unexpected{"expected settings"};
  return set;
}

Wish read_switch(const Json& json) {
  const std::string name = text_of(member(json, "which"), "which");
  const auto which = switch_named(name);
  if (!which) throw Unexpected{"expected charge, discharge or balancer, found \"" + name + "\""};
  return SwitchOver{.which = *which, .on = flag_of(member(json, "on"), "on")};
}

Wish read_release(const Json& json) {
  const Release order{number_of(member(json, "minutes"), "minutes")};
  if (!(order.minutes >= 0 && order.minutes <= longest_release_min)) throw Unexpected{"expected 0 to 60 as minutes"};
  return order;
}

Wish read_trace(const Json& json) {
  Trace trace{.seconds = 0, .past = flag_in(json, "past")};
  if (has(json, "seconds")) trace.seconds = number_of(json["seconds"], "seconds");
  if (trace.seconds < 0 || trace.seconds > longest_trace_s) throw Unexpected{"expected 0 to 86400 as seconds"};
  return trace;
}

struct Verb {
  std::string_view name;
  Wish (*read)(const Json&);
};

constexpr std::array<Verb, 9> verbs{
    {{"identify", [](const Json&) -> Wish { return Identify{}; }},
     {"list", [](const Json&) -> Wish { return List{}; }},
     {"get", read_get},
     {"set", read_set},
     {"switch", read_switch},
     {"soc", [](const Json& json) -> Wish { return CountFrom{number_of(member(json, "soc_pct"), "soc_pct")}; }},
     {"release", read_release},
     {"watch", [](const Json&) -> Wish { return Watch{}; }},
     {"trace", read_trace}}};

}  // namespace

std::string_view name_of(Switch which) { return switches.at(static_cast<std::size_t>(which)).second; }

std::optional<Switch> switch_named(std::string_view name) {
  const auto found = std::ranges::find(switches, name, [](const auto& one) { return one.second; });
  return found == switches.end() ? std::nullopt : std::optional(found->first);
}

std::string written(const Request& request) {
  Json json = std::visit([](const auto& wish) { return written_wish(wish); }, request.wish);
  if (!request.battery.empty()) json["battery"] = request.battery;
  if (request.progress) json["progress"] = true;
  if (request.trace) json["trace"] = true;
  return one_line(json);
}

Result<Request> read_request(std::string_view line) {
  if (line.size() > longest_request) return failure(ErrorKind::rejected, "the line is longer than any request");
  return read_json(line, [](const Json& json) {
    const std::string name = text_of(member(json, "verb"), "verb");
    const auto verb = std::ranges::find(verbs, name, &Verb::name);
    if (verb == verbs.end())
      throw Unexpected{"expected identify, list, get, set, switch, soc, release, watch or trace as verb, found \"" +
                       name + "\""};
    return Request{.battery = text_in(json, "battery"),
                   .progress = flag_in(json, "progress"),
                   .trace = flag_in(json, "trace"),
                   .wish = verb->read(json)};
  });
}

}  // namespace bms::console
