#include "config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "bms/utf8.hpp"
#include "config/ini.hpp"
#include "config/text.hpp"
#include "files/small_file.hpp"

namespace bms::config {

namespace {

constexpr std::size_t largest_file = 10'000'000;

constexpr std::string_view default_section = "default";
constexpr std::string_view battery_prefix = "battery ";
constexpr std::string_view device_directory = "/dev/";  // a port may be named by its path
constexpr std::string_view bridge_section = "bridge";
constexpr std::string_view expected_sections = "expected [default], [battery <identity or port>] or [bridge]";

std::string battery_section(std::string_view name) { return std::string(battery_prefix).append(name); }

/// The name of the battery, if that is what the section is about.
std::optional<std::string_view> battery_of(std::string_view section) {
  if (!section.starts_with(battery_prefix)) return std::nullopt;
  std::string_view name = trimmed(section.substr(battery_prefix.size()));
  if (name.starts_with(device_directory)) name.remove_prefix(device_directory.size());
  return name.empty() || !is_clean_text(name) ? std::nullopt : std::optional(name);
}

std::string lowered(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
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

/// What is known only while a file is being read. Files may be as long as they like, so nothing here is looked for one
/// by one.
struct Config::Notes {
  std::set<std::string> batteries, options, faults;
  std::size_t unknown_options = 0;
};

Config Config::read(std::istream& in, const std::string& file) {
  Config config;
  Notes notes;
  config.file_ = file;
  const IniFile ini = read_ini(in);
  for (const IniProblem& problem : ini.problems) {
    config.report(problem.line, problem.message, "the line is left out", notes);
  }
  for (const IniSection& section : ini.sections) config.add_section(section, notes);
  for (const IniEntry& entry : ini.entries) config.add(entry, notes);
  config.check(notes);
  std::ranges::stable_sort(config.faults_, {}, &Fault::line);
  return config;
}

Config Config::read_file(const std::string& path) {
  const bool none = path == "/dev/null";  // the usual way to say so
  const SmallFile found = none ? SmallFile{.content = "", .problem = {}} : read_small_file(path, largest_file);
  if (found.content) {
    std::istringstream content(*found.content);
    return read(content, path);
  }
  Config config;
  Notes notes;
  config.file_ = path;
  config.report(0, found.problem.empty() ? "cannot be read: No such file or directory" : found.problem,
                "the defaults are used", notes);
  return config;
}

void Config::report(int line, std::string message, std::string fallback, Notes& notes) {
  // The log and the bus take what they are given.
  Fault fault{.file = file_, .line = line, .message = clean_text(message), .fallback = clean_text(std::move(fallback))};
  if (notes.faults.insert(fault.text()).second) faults_.push_back(std::move(fault));
}

void Config::add_section(const IniSection& section, Notes& notes) {
  if (section.name == default_section) {
    has_default_ = 1;
  } else if (section.name == bridge_section) {
    has_bridge_ = 1;
  } else if (const auto battery = battery_of(section.name)) {
    const auto [name, is_new] = notes.batteries.emplace(*battery);
    if (is_new) sections_.push_back({*name, section.line});
  } else {
    report(section.line, complaint_about(section.name), "the section is left out", notes);
  }
}

void Config::add(const IniEntry& line, Notes& notes) {
  const auto battery = battery_of(line.section);
  if (line.section.empty()) {
    return report(line.line, "\"" + line.name + "\" stands before any section, " + std::string(expected_sections),
                  "the line is left out", notes);
  }
  if (!battery && line.section != default_section && line.section != bridge_section) return;
  const Subject subject = line.section == bridge_section ? Subject::bridge : Subject::battery;
  const auto named = find_option(lowered(line.name), subject);  // capitals are no reason to leave a limit out
  if (!named) {
    // Whoever has so many of them has not misspelt one or the other.
    constexpr std::size_t most_guesses = 100;
    const bool guess = notes.unknown_options++ < most_guesses;
    return report(line.line,
                  "there is no option \"" + line.name + "\"" + (guess ? advice_on_option(line.name, subject) : ""),
                  "the line is left out", notes);
  }
  Entry entry{.section = battery ? battery_section(*battery) : line.section,
              .named = *named,
              .text = line.value,
              .line = line.line};
  Settings any;
  if (!notes.options.insert(entry.section + "\n" + named->name()).second) {
    entry.state = Entry::State::repeated;
  } else if (!named->option->set(any, named->index, line.value)) {
    entry.state = Entry::State::bad;
  }
  entries_[entry.section].push_back(std::move(entry));
  ++option_count_;
}

/// Every section once, on top of [default].
void Config::check(Notes& notes) {
  Resolution below(std::filesystem::path(file_).filename());
  below.add_section(default_section, entries_of(default_section));
  Resolution alone = below;
  alone.finish();
  check_section(default_section, alone, notes);
  below.forget_contradictions();
  for (const BatterySection& battery : sections_) {
    const std::string section = battery_section(battery.name);
    const auto entries = entries_of(section);
    if (entries.empty()) continue;
    Resolution resolution = below;
    resolution.add_section(section, entries);
    resolution.finish();
    check_section(section, resolution, notes);
  }
  Resolution bridge = resolve_bridge();
  check_section(bridge_section, bridge, notes);
}

/// Says of every line that cannot be used what comes of it, and what contradicts itself.
void Config::check_section(std::string_view section, Resolution& resolution, Notes& notes) {
  for (const Entry& entry : entries_of(section)) {
    if (entry.state == Entry::State::good) continue;
    const std::string name = entry.named.name();
    std::string message =
        entry.state == Entry::State::repeated
            ? "\"" + name + "\" stands twice in section [" + entry.section + "]"
            : name + " = " + entry.text + ": expected " + entry.named.option->expected_instead_of(entry.text);
    report(entry.line, std::move(message), resolution.in_use(entry.named), notes);
  }
  for (const Contradiction& found : resolution.contradictions()) {
    report(found.line, found.message, found.fallback, notes);
  }
}

std::span<const Entry> Config::entries_of(std::string_view section) const {
  const auto found = entries_.find(section);
  return found == entries_.end() ? std::span<const Entry>{} : std::span<const Entry>(found->second);
}

Resolution Config::resolve(std::span<const std::string_view> names) const {
  Resolution resolution(std::filesystem::path(file_).filename());
  resolution.add_section(default_section, entries_of(default_section));
  for (auto name = names.begin(); name != names.end(); ++name) {
    // The only board on a port may have the same name twice.
    const bool again = std::find(names.begin(), name, *name) != name;
    if (name->empty() || again) continue;
    const std::string section = battery_section(*name);
    resolution.add_section(section, entries_of(section));
  }
  resolution.finish();
  return resolution;
}

Resolution Config::resolve_bridge() const {
  Resolution resolution(std::filesystem::path(file_).filename());
  resolution.add_section(bridge_section, entries_of(bridge_section));
  return resolution;
}

bridge::Config Config::bridge() const { return resolve_bridge().settings().bridge; }

Settings Config::settings_for(std::span<const std::string_view> names) const { return resolve(names).settings(); }

std::vector<Explanation> Config::explain(std::span<const std::string_view> names) const {
  const Resolution resolution = resolve(names);
  Settings settings = resolution.settings();
  Settings defaults;
  std::vector<Explanation> all;
  const auto add = [&](const OptionGroup& group, const Named& named, std::string name, Settings& values,
                       std::string from) {
    all.push_back({.group = group.title,
                   .name = std::move(name),
                   .value = named.option->text(values, named.index),
                   .unit = std::string(named.option->unit),
                   .from = std::move(from),
                   .default_value = named.option->text(defaults, named.index)});
  };
  for (const OptionGroup& group : option_groups()) {
    for (const Option& option : group.options) {
      const std::size_t count = option.name.contains('*') ? max_temperatures : 1;
      for (std::size_t index = 0; index < count; ++index) {
        const Named named{&option, index};
        std::string from = resolution.origin(named);
        if (!from.empty()) add(group, named, named.name(), settings, std::move(from));
      }
    }
  }
  const Resolution bridge = resolve_bridge();
  Settings bridge_settings = bridge.settings();
  for (const OptionGroup& group : option_groups(Subject::bridge)) {
    for (const Option& option : group.options) {
      const Named named{&option, 0};
      add(group, named, "bridge." + std::string(option.name), bridge_settings, bridge.origin(named));
    }
  }
  return all;
}

}  // namespace bms::config
