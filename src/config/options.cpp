#include "config/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "bms/reading.hpp"
#include "config/option_rows.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

/// What is in place of the "*", if `name` is of this pattern.
std::optional<std::string_view> in_place_of_star(std::string_view name, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  const std::string_view before = pattern.substr(0, star);
  const std::string_view behind = pattern.substr(star + 1);
  if (name.size() < pattern.size() || !name.starts_with(before) || !name.ends_with(behind)) return std::nullopt;
  return name.substr(before.size(), name.size() - before.size() - behind.size());
}

/// One of several: "temperature_2.role" of "temperature_*.role".
std::optional<Named> as_named(std::string_view name, const Option& option) {
  if (!option.name.contains('*')) return std::nullopt;
  const auto digits = in_place_of_star(name, option.name);
  if (!digits || digits->starts_with('0')) return std::nullopt;
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(digits->data(), digits->data() + digits->size(), number);
  if (problem != std::errc{} || end != digits->data() + digits->size()) return std::nullopt;
  if (number < 1 || number > max_temperatures) return std::nullopt;
  return Named{&option, number - 1};
}

std::string with_number(std::string_view pattern, std::size_t number) {
  std::string name(pattern);
  if (const auto star = name.find('*'); star != std::string::npos) name.replace(star, 1, std::to_string(number));
  return name;
}

std::vector<const Option*> sorted_rows(Subject subject) {
  std::vector<const Option*> rows;
  for (const OptionGroup& group : option_groups(subject)) {
    for (const Option& option : group.options) rows.push_back(&option);
  }
  std::ranges::sort(rows, {}, &Option::name);
  return rows;
}

/// The rows in the order of their names: a file with very many sections looks for very many of them.
std::span<const Option* const> rows_by_name(Subject subject) {
  static const std::vector<const Option*> battery = sorted_rows(Subject::battery);
  static const std::vector<const Option*> bridge = sorted_rows(Subject::bridge);
  return subject == Subject::bridge ? bridge : battery;
}

/// Options that had another name in an earlier version.
struct Renamed {
  std::string_view before, now;
};
constexpr Renamed renamed_options[] = {{"max_cell_voltage", "absorption_cell_voltage"}};

}  // namespace

std::span<const OptionGroup> option_groups(Subject subject) {
  static const std::array bridge_groups{bridge_options()};
  if (subject == Subject::bridge) return bridge_groups;
  static const std::array groups{connection_options(), limit_options(), voltage_options(),
                                 full_options(),       curve_options(), measurement_options(),
                                 soc_options(),        alarm_options(), silence_options()};
  return groups;
}

std::string Named::name() const { return with_number(option->name, index + 1); }

std::optional<Named> find_option(std::string_view name, Subject subject) {
  const auto rows = rows_by_name(subject);
  const auto found = std::ranges::lower_bound(rows, name, {}, &Option::name);
  if (found != rows.end() && (*found)->name == name && !name.contains('*')) return Named{*found, 0};
  for (const Option* option : rows) {
    if (auto named = as_named(name, *option)) return named;
  }
  return std::nullopt;
}

const Option& option_named(std::string_view name) {
  const auto rows = rows_by_name(Subject::battery);
  const auto found = std::ranges::lower_bound(rows, name, {}, &Option::name);
  if (found != rows.end() && (*found)->name == name) return **found;
  throw std::invalid_argument("there is no option " + std::string(name));
}

std::string advice_on_option(std::string_view name, Subject subject) {
  const auto quoted = [](std::string_view option) { return '"' + std::string(option) + '"'; };
  const auto renamed = std::ranges::find(renamed_options, name, &Renamed::before);
  if (renamed != std::end(renamed_options)) return "; it is called " + quoted(renamed->now) + " now";
  const bool other = subject == Subject::bridge;
  if (find_option(name, other ? Subject::battery : Subject::bridge))
    return other ? "; it belongs into [default] or [battery ...]" : "; it belongs into [bridge]";
  if (std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; }))
    return "; \"dbus-bms config import\" reads files of dbus-serialbattery";
  return "; did you mean " + quoted(nearest_option(name, subject)) + "?";
}

std::string nearest_option(std::string_view name, Subject subject) {
  std::string nearest;
  std::size_t least = std::string::npos;
  for (const OptionGroup& group : option_groups(subject)) {
    for (const Option& option : group.options) {
      const std::string candidate = with_number(option.name, 1);
      const std::size_t at_least = name.size() > candidate.size() ? name.size() - candidate.size() : 0;
      if (at_least >= least) continue;
      // Whoever leaves out the end means it.
      const bool begun = !name.empty() && candidate.starts_with(name);
      if (const std::size_t changes = begun ? 1 : distance(name, candidate); changes < least) {
        least = changes;
        nearest = candidate;
      }
    }
  }
  return nearest;
}

}  // namespace bms::config
