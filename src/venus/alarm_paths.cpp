// The alarms: one path for each, and what stands in words.
#include "venus/alarm_paths.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "venus/path_sources.hpp"

namespace bms::venus {
namespace {

using enum Trust;

/// The word that the BMS does not answer outlasts everything that it said.
constexpr Trust trust_of(Alarm alarm) { return alarm == Alarm::bms_cable ? always : until_lost; }

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

ValueView standing(const View& view) { return text(view.alarms); }

/// Levels are 0 ok, 1 warning, 2 alarm; invalid: there is no such alarm.
template <std::size_t... Index>
constexpr auto rows(std::index_sequence<Index...> /*all*/) {
  return std::array{Path{std::string_view(path_text<Index>.data(), path_text<Index>.size()), count,
                         trust_of(alarm_effects[Index].alarm), level<Index>, alarm_effects[Index].name}...,
                    Path{"/Info/Alarms", word, always, standing, "alarms that stand, and why; empty: none"}};
}

constexpr auto paths = rows(std::make_index_sequence<alarm_count>{});

}  // namespace

std::span<const Path> alarm_paths() { return paths; }

std::string_view path_of(Alarm alarm) { return paths[static_cast<std::size_t>(alarm)].path; }

void describe_alarms(const Battery& battery, std::string& out) {
  out.clear();
  for (const AlarmEffect& effect : alarm_effects) {
    if (!trusted(trust_of(effect.alarm), battery.contact)) continue;
    if (battery.alarms[effect.alarm].value_or(AlarmLevel::ok) == AlarmLevel::ok) continue;
    if (!out.empty()) out += "; ";
    out += effect.venus_name;
    const std::string_view cause = battery.alarm_causes[static_cast<std::size_t>(effect.alarm)];
    if (!cause.empty()) out.append(": ").append(cause);
  }
}

}  // namespace bms::venus
