#include "config/config.hpp"

#include <ini.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>

namespace bms::config {

namespace {

constexpr std::string_view default_section = "default";
constexpr std::string_view battery_prefix = "battery ";

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

/// How many letters must be added, dropped or changed to turn one word into the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, change});
    }
  }
  return row.back();
}

const Option& nearest(std::string_view name) {
  return *std::ranges::min_element(options(), {}, [name](const Option& option) { return distance(name, option.name); });
}

/// The value as it was meant: a comment behind it needs no semicolon here.
std::string without_comment(std::string text) {
  if (const auto hash = text.find('#'); hash != std::string::npos) text.erase(hash);
  text.erase(text.find_last_not_of(" \t") + 1);
  text.erase(0, text.find_first_not_of(" \t"));
  return text;
}

std::optional<double> parse_number(const std::string& raw, double min, double max) {
  const std::string text = without_comment(raw);
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  if (value < min || value > max) return std::nullopt;
  return value;
}

std::optional<unsigned> parse_whole(const std::string& text, double min, double max) {
  const auto value = parse_number(text, min, max);
  return value && *value == std::floor(*value) ? std::optional(static_cast<unsigned>(*value)) : std::nullopt;
}

/// "1, 2, 5-8".
std::optional<std::vector<unsigned>> parse_list(const std::string& raw, double min, double max) {
  std::vector<unsigned> numbers;
  std::istringstream list(without_comment(raw));
  for (std::string item; std::getline(list, item, ',');) {
    const std::size_t dash = item.find('-');
    const auto first = parse_whole(item.substr(0, dash), min, max);
    const auto last = dash == std::string::npos ? first : parse_whole(item.substr(dash + 1), min, max);
    if (!first || !last || *last < *first) return std::nullopt;
    for (unsigned number = *first; number <= *last; ++number) numbers.push_back(number);
  }
  return numbers;
}

/// `settings` with one option set; empty when the text is no value of that option.
std::optional<Settings> set(Settings settings, const Option& option, const std::string& text) {
  if (const auto* real = std::get_if<double Settings::*>(&option.place)) {
    const auto value = parse_number(text, option.min, option.max);
    if (!value) return std::nullopt;
    settings.** real = *value;
  } else if (const auto* list = std::get_if<std::vector<unsigned> Settings::*>(&option.place)) {
    const auto values = parse_list(text, option.min, option.max);
    if (!values) return std::nullopt;
    settings.** list = *values;
  } else {
    settings.*std::get<std::string Settings::*>(option.place) = without_comment(text);
  }
  return settings;
}

std::string expected_of(const Option& option) {
  const std::string range = "from " + number(option.min) + " to " + number(option.max);
  const std::string unit = option.unit.empty() ? "" : " (" + std::string(option.unit) + ")";
  const bool list = std::holds_alternative<std::vector<unsigned> Settings::*>(option.place);
  return list ? "whole numbers " + range + ", as in 1, 2, 5-8" : "a number " + range + unit;
}

bool known_section(std::string_view section) {
  return section == default_section || (section.starts_with(battery_prefix) && section.size() > battery_prefix.size());
}

}  // namespace

std::optional<std::vector<unsigned>> parse_addresses(const std::string& text) {
  const Option& option = *std::ranges::find(options(), "address", &Option::name);
  return parse_list(text, option.min, option.max);
}

Config Config::read(std::istream& in) {
  Config config;
  struct Source {
    std::istream& in;
    Config& config;
    int line = 0;
  } source{in, config};
  const auto next_line = [](char* buffer, int size, void* stream) -> char* {
    auto& from = *static_cast<Source*>(stream);
    std::string text;
    if (!std::getline(from.in, text)) return nullptr;
    ++from.line;
    if (text.size() >= static_cast<std::size_t>(size)) {
      from.config.faults_.push_back({from.line, "the line is longer than " + std::to_string(size - 1) + " characters"});
      text.clear();
    }
    std::memcpy(buffer, text.c_str(), text.size() + 1);
    return buffer;
  };
  const auto on_entry = [](void* user, const char* section, const char* name, const char* value) -> int {
    auto& to = *static_cast<Source*>(user);
    to.config.add(section, name, value, to.line);
    return 1;
  };
  if (const int line = ini_parse_stream(next_line, &source, on_entry, &source); line > 0) {
    config.faults_.push_back({line, "expected \"[section]\", \"name = value\" or a comment beginning with # or ;"});
  }
  config.check_contradictions();
  return config;
}

Config Config::read_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    Config config;
    config.faults_.push_back({0, std::string("cannot be read: ") + std::strerror(errno)});
    return config;
  }
  return read(file);
}

void Config::add(const std::string& section, const std::string& name, const std::string& text, int line) {
  if (!known_section(section)) {
    faults_.push_back({line, "\"" + name + "\" stands in section [" + section +
                                 "], expected [default] or [battery <identity or port>]"});
    return;
  }
  const auto option = std::ranges::find(options(), name, &Option::name);
  if (option == options().end()) {
    faults_.push_back(
        {line, "there is no option \"" + name + "\"; did you mean \"" + std::string(nearest(name).name) + "\"?"});
    return;
  }
  if (!set(Settings(), *option, text)) {
    faults_.push_back({line, name + " = " + text + ": expected " + expected_of(*option)});
    return;
  }
  entries_.push_back({section, &*option, text});
}

void Config::check_contradictions() {
  std::set<std::string> sections{std::string(default_section)};
  for (const Entry& entry : entries_) sections.insert(entry.section);
  for (const std::string& section : sections) {
    const bool is_default = section == default_section;
    const Settings settings = settings_for({is_default ? "" : section.substr(battery_prefix.size())});
    const std::string where = "section [" + section + "]: ";
    if (!(settings.min_cell_voltage_v < settings.float_cell_voltage_v &&
          settings.float_cell_voltage_v <= settings.max_cell_voltage_v)) {
      faults_.push_back({0, where +
                                "expected min_cell_voltage < float_cell_voltage <= max_cell_voltage, but they are " +
                                number(settings.min_cell_voltage_v) + ", " + number(settings.float_cell_voltage_v) +
                                " and " + number(settings.max_cell_voltage_v)});
    }
    if (settings.stale_after_s >= settings.release_after_s) {
      faults_.push_back({0, where + "expected stale_after < release_after, but they are " +
                                number(settings.stale_after_s) + " and " + number(settings.release_after_s)});
    }
  }
}

Settings Config::settings_for(std::initializer_list<std::string_view> names) const {
  Settings settings;
  const auto apply = [&](std::string_view section) {
    for (const Entry& entry : entries_) {
      if (entry.section == section) settings = *set(std::move(settings), *entry.option, entry.text);
    }
  };
  apply(default_section);
  for (const std::string_view name : names) {
    if (!name.empty()) apply(std::string(battery_prefix).append(name));
  }
  return settings;
}

}  // namespace bms::config
