#include "config/options.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

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

std::vector<const Option*> sorted_rows(std::span<const OptionGroup> groups) {
  std::vector<const Option*> rows;
  for (const OptionGroup& group : groups) {
    for (const Option& option : group.options) rows.push_back(&option);
  }
  std::ranges::sort(rows, {}, &Option::name);
  return rows;
}

}  // namespace

std::string Named::name() const { return with_number(option->name, index + 1); }

OptionTable::OptionTable(std::vector<OptionGroup> groups)
    : groups_(std::move(groups)), by_name_(sorted_rows(groups_)) {}

std::optional<Named> OptionTable::find(std::string_view name) const {
  const Option* const plain = row(name);
  if (plain != nullptr && !name.contains('*')) return Named{plain, 0};
  for (const Option* option : by_name_) {
    if (auto named = as_named(name, *option)) return named;
  }
  return std::nullopt;
}

const Option* OptionTable::row(std::string_view name) const {
  const auto found = std::ranges::lower_bound(by_name_, name, {}, &Option::name);
  return found != by_name_.end() && (*found)->name == name ? *found : nullptr;
}

std::string OptionTable::nearest(std::string_view name) const {
  std::string nearest;
  std::size_t least = std::string::npos;
  for (const OptionGroup& group : groups_) {
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

const OptionTable& battery_options() {
  static const OptionTable table({connection_options(), limit_options(), voltage_options(), full_options(),
                                  curve_options(), measurement_options(), soc_options(), alarm_options(),
                                  silence_options()});
  return table;
}

const OptionTable& bridge_options() {
  static const OptionTable table({mppt_bridge_options()});
  return table;
}

const OptionTable& mqtt_options() {
  static const OptionTable table({broker_options()});
  return table;
}

const OptionTable& bluetooth_options() {
  static const OptionTable table({radio_options()});
  return table;
}

const OptionTable& bank_options() {
  static const OptionTable table({packs_of_bank_options()});
  return table;
}

const Option& option_named(std::string_view name) {
  if (const Option* const option = battery_options().row(name)) return *option;
  throw std::invalid_argument("there is no option " + std::string(name));
}

}  // namespace bms::config
