// The alarms: one path for each, and all of them in words.
#include "items/alarm_paths.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "bms/words.hpp"
#include "items/path_sources.hpp"

namespace bms::items {
namespace {

using enum Lasts;

/// The alarm that the BMS does not answer outlasts everything that it said.
constexpr Lasts trust_of(Alarm alarm) { return alarm == Alarm::bms_cable ? always : until_lost; }

template <std::size_t Index>
constexpr auto path_text = [] {
  constexpr std::string_view node = "/Alarms/";
  constexpr std::string_view name = alarm_effects[Index].venus_name;
  std::array<char, node.size() + name.size()> letters{};
  std::ranges::copy(name, std::ranges::copy(node, letters.begin()).out);
  return letters;
}();

template <std::size_t Index>
ValueView level(const View& view) {
  const auto present = view.battery.alarms[alarm_effects[Index].alarm];
  return present ? ValueView{static_cast<std::int32_t>(*present)} : ValueView{};
}

ValueView raised(const View& view) { return text(view.alarms); }
ValueView codes(const View& view) { return text(view.alarm_codes); }
ValueView begun(const View& view) { return text(view.alarms_since); }

/// Levels are 0 ok, 1 warning, 2 alarm; invalid: there is no such alarm.
template <std::size_t... Index>
constexpr auto rows(std::index_sequence<Index...> /*all*/) {
  return std::array{Path{std::string_view(path_text<Index>.data(), path_text<Index>.size()), count,
                         trust_of(alarm_effects[Index].alarm), level<Index>, alarm_effects[Index].name}...,
                    Path{"/Info/Alarms", word, always, raised, "what is raised, and why; empty: nothing"},
                    Path{"/Info/AlarmCodes", word, always, codes, "the same for programs, see alarms.md"},
                    Path{"/Info/AlarmsSince", word, always, begun,
                         "\"1764430000;0\": since when each of these is raised, in seconds since 1970, as far as this "
                         "program was there; 0: the clock is not set"}};
}

constexpr auto alarm_table = rows(std::make_index_sequence<alarm_count>{});

}  // namespace

std::span<const Path> alarm_paths() { return alarm_table; }

std::string_view path_of(Alarm alarm) { return alarm_table[static_cast<std::size_t>(alarm)].path; }

namespace {

/// The level of an alarm, as far as it is believed.
AlarmLevel believed_level(const Battery& battery, Alarm alarm) {
  if (!trusted(trust_of(alarm), battery.contact)) return AlarmLevel::ok;
  return battery.alarms[alarm].value_or(AlarmLevel::ok);
}

/// Calls `each` with every alarm that is raised and believed.
template <class Each>
void for_each_raised(const Battery& battery, Each each) {
  for (const AlarmEffect& effect : alarm_effects) {
    const AlarmLevel level = believed_level(battery, effect.alarm);
    if (level != AlarmLevel::ok) each(effect, level, static_cast<std::size_t>(effect.alarm));
  }
}

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 20> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

}  // namespace

void describe_alarms(const Battery& battery, std::string& out) {
  out.clear();
  for_each_raised(battery, [&](const AlarmEffect& effect, AlarmLevel, std::size_t index) {
    if (!out.empty()) out += "; ";
    append_title(out, effect.name);
    const std::string_view cause = battery.alarm_causes[index];
    if (!cause.empty()) out.append(" (").append(cause).append(")");
  });
}

void encode_alarms(const Battery& battery, std::string& out) {
  out.clear();
  for_each_raised(battery, [&](const AlarmEffect& effect, AlarmLevel level, std::size_t index) {
    const AlarmSource& source = battery.alarm_sources[index];
    if (!out.empty()) out += ';';
    out.append(effect.venus_name);
    for (const int number : {static_cast<int>(level), static_cast<int>(source.cause), source.number}) {
      out += ':';
      append_number(out, number);
    }
  });
}

void follow_alarms(const Battery& battery, const Moment& now, AlarmsSince& since) {
  for (const AlarmEffect& effect : alarm_effects) {
    const bool raised = believed_level(battery, effect.alarm) != AlarmLevel::ok;
    since[static_cast<std::size_t>(effect.alarm)].follow(raised, now);
  }
}

void encode_alarms_since(const Battery& battery, const AlarmsSince& since, std::string& out) {
  out.clear();
  for_each_raised(battery, [&](const AlarmEffect&, AlarmLevel, std::size_t index) {
    if (!out.empty()) out += ';';
    append_number(out, static_cast<std::int64_t>(since[index].unix_s().value_or(0)));
  });
}

}  // namespace bms::items
