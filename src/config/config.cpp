#include "config/config.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "config/ini.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view default_section = "default";
constexpr std::string_view battery_prefix = "battery ";
constexpr std::string_view bridge_section = "bridge";
constexpr std::string_view expected_sections = "expected [default] or [battery <identity or port>], or [bridge]";

std::string battery_section(std::string_view name) { return std::string(battery_prefix).append(name); }

/// The name of the battery, if that is what the section is about.
std::optional<std::string_view> battery_of(std::string_view section) {
  if (!section.starts_with(battery_prefix)) return std::nullopt;
  const std::string_view name = trimmed(section.substr(battery_prefix.size()));
  return name.empty() ? std::nullopt : std::optional(name);
}

std::string complaint_about(std::string_view section) {
  // Whoever comes from dbus-serialbattery should not have to guess.
  const bool foreign = section == "DEFAULT";
  return "there is no section [" + std::string(section) + "], " + std::string(expected_sections) +
         (foreign ? "; \"dbus-bms config import\" reads files of dbus-serialbattery" : "");
}

}  // namespace

std::string Fault::text() const {
  return file + (line > 0 ? ":" + std::to_string(line) : "") + ": " + message +
         (fallback.empty() ? "" : "; " + fallback);
}

std::optional<std::vector<unsigned>> parse_addresses(const std::string& text) {
  Settings settings;
  if (!option_named("address").set(settings, 0, text)) return std::nullopt;
  return settings.addresses;
}

Config Config::read(std::istream& in, const std::string& file) {
  Config config;
  config.file_ = file;
  const IniFile ini = read_ini(in);
  for (const IniProblem& problem : ini.problems) config.report(problem.line, problem.message, "the line is left out");
  for (const IniSection& section : ini.sections) {
    const auto battery = battery_of(section.name);
    if (battery && std::ranges::find(config.sections_, *battery, &BatterySection::name) == config.sections_.end()) {
      config.sections_.push_back({std::string(*battery), section.line});
    }
    if (section.name == default_section) config.has_default_ = 1;
    if (section.name == bridge_section) config.has_bridge_ = 1;
    if (!battery && section.name != default_section && section.name != bridge_section) {
      config.report(section.line, complaint_about(section.name), "the section is left out");
    }
  }
  for (const IniEntry& entry : ini.entries) config.add(entry);
  config.check_entries();
  config.check_contradictions();
  std::ranges::stable_sort(config.faults_, {}, &Fault::line);
  return config;
}

Config Config::read_file(const std::string& path) {
  std::ifstream file(path);
  const int error = errno;
  std::error_code ignored;
  const bool directory = std::filesystem::is_directory(path, ignored);
  if (file && !directory) return read(file, path);
  Config config;
  config.file_ = path;
  config.report(0, std::string("cannot be read: ") + std::strerror(directory ? EISDIR : error),
                "the defaults are used");
  return config;
}

void Config::report(int line, std::string message, std::string fallback) {
  Fault fault{.file = file_, .line = line, .message = std::move(message), .fallback = std::move(fallback)};
  if (std::ranges::find(faults_, fault) == faults_.end()) faults_.push_back(std::move(fault));
}

void Config::add(const IniEntry& line) {
  const auto battery = battery_of(line.section);
  if (line.section.empty()) {
    return report(line.line, "\"" + line.name + "\" stands before any section, " + std::string(expected_sections),
                  "the line is left out");
  }
  if (!battery && line.section != default_section && line.section != bridge_section) return;
  const Subject subject = line.section == bridge_section ? Subject::bridge : Subject::battery;
  const auto named = find_option(line.name, subject);
  if (!named) {
    return report(
        line.line,
        "there is no option \"" + line.name + "\"; did you mean \"" + nearest_option(line.name, subject) + "\"?",
        "the line is left out");
  }
  Entry entry{.section = battery ? battery_section(*battery) : line.section,
              .named = *named,
              .text = line.value,
              .line = line.line};
  Settings any;
  const bool is_value = named->option->set(any, named->index, line.value);
  const auto before = std::ranges::find_if(
      entries_, [&entry](const Entry& other) { return other.section == entry.section && other.named == entry.named; });
  if (before != entries_.end()) {
    entry.state = Entry::State::repeated;
  } else if (!is_value) {
    entry.state = Entry::State::bad;
  }
  entries_.push_back(std::move(entry));
}

/// Says of every line that cannot be used what comes of it.
void Config::check_entries() {
  for (const Entry& entry : entries_) {
    if (entry.state == Entry::State::good) continue;
    const std::string_view battery = battery_of(entry.section).value_or("");
    Resolution resolution = entry.section == bridge_section ? resolve_bridge() : resolve({&battery, 1});
    const std::string in_use = resolution.in_use(entry.named);
    const std::string name = entry.named.name();
    if (entry.state == Entry::State::repeated) {
      report(entry.line, "\"" + name + "\" stands twice in section [" + entry.section + "]", in_use);
    } else {
      report(entry.line, name + " = " + entry.text + ": expected " + entry.named.option->expected(), in_use);
    }
  }
}

void Config::check_contradictions() {
  std::vector<std::string_view> batteries{""};
  for (const BatterySection& section : sections_) batteries.emplace_back(section.name);
  for (const std::string_view battery : batteries) {
    const Resolution resolution = resolve({&battery, 1});
    for (const Contradiction& found : resolution.contradictions()) {
      report(found.line, found.message, found.fallback);
    }
  }
}

Resolution Config::resolve(std::span<const std::string_view> names) const {
  Resolution resolution(std::filesystem::path(file_).filename());
  resolution.add_section(default_section, entries_);
  for (auto name = names.begin(); name != names.end(); ++name) {
    // The only board on a port may have the same name twice.
    const bool again = std::find(names.begin(), name, *name) != name;
    if (!name->empty() && !again) resolution.add_section(battery_section(*name), entries_);
  }
  resolution.finish();
  return resolution;
}

Resolution Config::resolve_bridge() const {
  Resolution resolution(std::filesystem::path(file_).filename());
  resolution.add_section(bridge_section, entries_);
  return resolution;
}

bridge::Config Config::bridge() const { return resolve_bridge().settings().bridge; }

Settings Config::settings_for(std::span<const std::string_view> names) const { return resolve(names).settings(); }

std::vector<Explanation> Config::explain(std::span<const std::string_view> names) const {
  const Resolution resolution = resolve(names);
  Settings settings = resolution.settings();
  std::vector<Explanation> all;
  for (const OptionGroup& group : option_groups()) {
    for (const Option& option : group.options) {
      const std::size_t count = option.name.contains('*') ? max_temperatures : 1;
      for (std::size_t index = 0; index < count; ++index) {
        const Named named{&option, index};
        std::string from = resolution.origin(named);
        if (from.empty()) continue;
        all.push_back({.name = named.name(),
                       .value = option.text(settings, index),
                       .unit = std::string(option.unit),
                       .from = std::move(from)});
      }
    }
  }
  const Resolution bridge = resolve_bridge();
  Settings bridge_settings = bridge.settings();
  for (const OptionGroup& group : option_groups(Subject::bridge)) {
    for (const Option& option : group.options) {
      all.push_back({.name = "bridge." + std::string(option.name),
                     .value = option.text(bridge_settings),
                     .unit = std::string(option.unit),
                     .from = bridge.origin({&option, 0})});
    }
  }
  return all;
}

}  // namespace bms::config
