#include "config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "bluetooth/address.hpp"
#include "bms/utf8.hpp"
#include "config/ini.hpp"
#include "config/resolution.hpp"
#include "config/text.hpp"
#include "files/small_file.hpp"

namespace bms::config {

namespace {

constexpr std::size_t largest_file = 10'000'000;

std::string lowered(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Editors of other systems may save so; what is ASCII has a zero in every pair of bytes.
bool is_utf16(std::string_view content) {
  if (content.size() < 2) return false;
  const std::string_view begin = content.substr(0, 2);
  return begin == "\xFF\xFE" || begin == "\xFE\xFF" || (begin[0] == '\0') != (begin[1] == '\0');
}

bool has_open_quote(std::string_view value) {
  return value.starts_with('"') && std::ranges::count(value, '"') % 2 != 0;
}

/// The section that was meant, where its first word is misspelt; empty: none is like it.
std::string meant_section(std::string_view title) {
  constexpr std::size_t letters_per_slip = 3;
  const std::string_view word = title.substr(0, title.find(' '));
  for (const SectionKind& kind : section_kinds()) {
    const std::string meant = std::string(kind.word) + std::string(title.substr(word.size()));
    if (distance(lowered(std::string(word)), kind.word) <= kind.word.size() / letters_per_slip && section_titled(meant))
      return meant;
  }
  return {};
}

/// "host =  is used" tells nobody anything.
std::string without_gap(std::string words) {
  if (words == "host =  is used") return "nothing is sent to a broker";
  if (words == "bms =  is used") return "the family is found out";
  if (words == "address =  is used") return "the address is found out";
  constexpr std::string_view gap = " =  is used";
  if (words.ends_with(gap)) return words.substr(0, words.size() - gap.size()) + " stays empty";
  return words;
}

std::string complaint_about(std::string_view section) {
  const std::size_t blank = section.find(' ');
  if (blank != std::string_view::npos && bluetooth::resembles_address(trimmed(section.substr(blank)))) {
    return "[" + std::string(section) + "]: expected a Bluetooth address of six pairs of hexadecimal digits, as in " +
           "A4:C1:37:00:00:23";
  }
  // Whoever comes from dbus-serialbattery should not have to guess.
  const bool foreign = section == "DEFAULT";
  if (const std::string meant = foreign ? "" : meant_section(section); !meant.empty())
    return "there is no section [" + std::string(section) + "]; did you mean [" + meant + "]?";
  return "there is no section [" + std::string(section) + "], " + expected_sections() +
         (foreign ? "; \"dbus-bms config import\" reads files of dbus-serialbattery" : "");
}

/// Packs in series that are taken to be in parallel are charged with a multiple of what they bear, so nobody guesses.
constexpr std::string_view wiring_option = "mode";

bool wiring_is_clear(std::span<const Entry> entries) {
  return std::ranges::none_of(entries, [](const Entry& each) {
    return each.named.name() == wiring_option && each.state != Entry::State::good;
  });
}

/// Adds every option of a table. `prefix`: before its name.
template <class Layered, class Struct>
void add_explanations(const OptionTable& table, const Layered& layers, Struct defaults, const std::string& prefix,
                      std::vector<Explanation>& all) {
  Struct values = layers.values();
  for (const OptionGroup& group : table.groups()) {
    for (const Option& option : group.options) {
      const std::size_t count = option.name.contains('*') ? max_temperatures : 1;
      for (std::size_t index = 0; index < count; ++index) {
        const Named named{&option, index};
        std::string from = layers.origin(named);
        if (from.empty()) continue;
        all.push_back({.group = group.title,
                       .name = prefix + named.name(),
                       .value = option.shown(option.text(values, index)),
                       .unit = std::string(option.unit),
                       .from = std::move(from),
                       .default_value = option.text(defaults, index)});
      }
    }
  }
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
  std::map<std::string, int> sections;  ///< the line where each begins
  std::set<std::string> options, faults;
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
  const files::SmallFile found =
      none ? files::SmallFile{.content = "", .problem = {}} : files::read_small_file(path, largest_file);
  if (found.content && is_utf16(*found.content)) {
    Config config;
    Notes notes;
    config.file_ = path;
    config.report(0, "the file is UTF-16; save it as UTF-8", "the defaults are used", notes);
    return config;
  }
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

void Config::add_section(const IniSection& line, Notes& notes) {
  auto section = section_titled(line.name);
  if (!section) return report(line.line, complaint_about(line.name), "the section is left out", notes);
  if (const auto [first, is_new] = notes.sections.emplace(section->title(), line.line); !is_new) {
    // Two boards are meant, or one of them was forgotten.
    if (!bluetooth::is_address(section->name)) return;
    return report(line.line, "[" + line.name + "] is the board of line " + std::to_string(first->second) + " again",
                  "both sections count as one", notes);
  }
  if (section->kind->is_for_a_battery && !section->name.empty()) {
    sections_.push_back({std::move(section->name), line.line});
  } else {
    others_.push_back(*std::move(section));
  }
}

void Config::add(const IniEntry& line, Notes& notes) {
  if (line.section.empty()) {
    return report(line.line, "\"" + line.name + "\" stands before any section, " + expected_sections(),
                  "the line is left out", notes);
  }
  const auto section = section_titled(line.section);
  if (!section) return;
  const SectionKind& kind = *section->kind;
  const auto named = kind.options().find(lowered(line.name));  // capitals are no reason to leave a limit out
  if (!named) {
    // Whoever has so many of them has not misspelt one or the other.
    constexpr std::size_t most_guesses = 100;
    const bool guess = notes.unknown_options++ < most_guesses;
    return report(line.line,
                  "there is no option \"" + line.name + "\"" + (guess ? advice_on_option(line.name, kind) : ""),
                  "the line is left out", notes);
  }
  if (has_open_quote(line.value))
    return report(line.line, line.name + " = " + line.value + ": a quote is not closed", "the line is left out", notes);
  Entry entry{.section = section->title(), .named = *named, .text = line.value, .line = line.line};
  Values any = kind.defaults();
  if (!notes.options.insert(entry.section + "\n" + named->name()).second) {
    entry.state = Entry::State::repeated;
  } else if (!named->option->set(any, named->index, line.value)) {
    entry.state = Entry::State::bad;
  }
  entries_[entry.section].push_back(std::move(entry));
  ++option_count_;
}

/// Every section once, those of batteries on top of [default].
void Config::check(Notes& notes) {
  Resolution below(std::filesystem::path(file_).filename());
  below.add_section(entries_of(default_section()));
  Resolution alone = below;
  alone.finish();
  check_battery(default_section(), alone, notes);
  below.forget_contradictions();
  for (const BatterySection& battery : sections_) {
    const Section section = battery_section(battery.name);
    const auto entries = entries_of(section);
    const bool by_bluetooth = bluetooth::is_address(battery.name);
    if (entries.empty() && !by_bluetooth) continue;
    Resolution resolution = below;
    resolution.add_section(entries);
    if (by_bluetooth) resolution.by_bluetooth();
    resolution.finish();
    check_battery(section, resolution, notes);
  }
  for (const Section& section : sections_for_no_battery()) {
    Layers<Values> layers = resolve(section);
    const bool of_bank = section.kind == &section_kind_of<BankOptions>();
    const auto in_use = [&layers, of_bank](const Named& named) {
      return of_bank && named.name() == wiring_option ? "the bank is left out" : layers.in_use(named);
    };
    check_lines(section, in_use, notes);
  }
  check_banks(notes);
}

void Config::check_banks(Notes& notes) {
  for (const Section& section : others_) {
    if (section.kind != &section_kind_of<BankOptions>() || !wiring_is_clear(entries_of(section))) continue;
    const int line = notes.sections[section.title()];
    std::vector<BankFault> faults;
    auto bank = usable_bank(section.name, line, this->section<BankOptions>(section.name), banks_, faults);
    for (BankFault& fault : faults) {
      const auto entries = entries_of(section);
      const auto said = std::ranges::find(entries, fault.option, [](const Entry& each) { return each.named.name(); });
      report(said == entries.end() ? line : said->line, std::move(fault.message), std::move(fault.fallback), notes);
    }
    if (bank) banks_.push_back(*std::move(bank));
  }
}

const Bank* Config::bank_of(std::span<const std::string_view> names) const {
  for (const Bank& bank : banks_) {
    if (!member_named(bank, names).empty()) return &bank;
  }
  return nullptr;
}

/// Says of every line that cannot be used what comes of it.
void Config::check_lines(const Section& section, const std::function<std::string(const Named&)>& in_use, Notes& notes) {
  for (const Entry& entry : entries_of(section)) {
    if (entry.state == Entry::State::good) continue;
    const std::string name = entry.named.name();
    const Option& option = *entry.named.option;
    std::string message =
        entry.state == Entry::State::repeated
            ? "\"" + name + "\" stands twice in section [" + entry.section + "]"
            : name + " = " + option.shown(entry.text) + ": expected " + option.expected_instead_of(entry.text);
    report(entry.line, std::move(message), without_gap(in_use(entry.named)), notes);
  }
}

/// And of a battery what contradicts itself.
void Config::check_battery(const Section& section, Resolution& resolution, Notes& notes) {
  check_lines(section, [&resolution](const Named& named) { return resolution.in_use(named); }, notes);
  for (const Contradiction& found : resolution.contradictions()) {
    report(found.line, found.message, without_gap(found.fallback), notes);
  }
}

std::span<const Entry> Config::entries_of(const Section& section) const {
  const auto found = entries_.find(section.title());
  return found == entries_.end() ? std::span<const Entry>{} : std::span<const Entry>(found->second);
}

Resolution Config::resolve(std::span<const std::string_view> names) const {
  Resolution resolution(std::filesystem::path(file_).filename());
  resolution.add_section(entries_of(default_section()));
  for (auto name = names.begin(); name != names.end(); ++name) {
    // The only board on a port may have the same name twice.
    const bool again = std::find(names.begin(), name, *name) != name;
    if (name->empty() || again) continue;
    resolution.add_section(entries_of(battery_section(*name)));
  }
  if (std::ranges::any_of(names, bluetooth::is_address)) resolution.by_bluetooth();
  resolution.finish();
  return resolution;
}

Layers<Values> Config::resolve(const Section& section) const {
  Layers<Values> layers(std::filesystem::path(file_).filename(), section.kind->defaults(), section.kind->defaults());
  layers.add_section(entries_of(section));
  return layers;
}

/// Those of a fixed title, whether the file has them or not, and those with names that it has.
std::vector<Section> Config::sections_for_no_battery() const {
  std::vector<Section> all;
  for (const SectionKind& kind : section_kinds()) {
    if (kind.is_for_a_battery) continue;
    if (kind.names.empty()) all.push_back({.kind = &kind});
    for (const Section& section : others_) {
      if (section.kind == &kind && !section.name.empty()) all.push_back(section);
    }
  }
  return all;
}

std::vector<BluetoothBoard> Config::bluetooth_boards() const {
  const std::string usual_adapter = section<bluetooth::Config>().adapter;
  std::vector<BluetoothBoard> boards;
  for (const BatterySection& battery : sections_) {
    if (!bluetooth::is_address(battery.name)) continue;
    Settings settings = settings_for({battery.name});
    if (settings.adapter.empty()) settings.adapter = usual_adapter;
    boards.push_back({.address = battery.name,
                      .family = std::move(settings.bms),
                      .adapter = std::move(settings.adapter),
                      .password = std::move(settings.password)});
  }
  return boards;
}

Settings Config::settings_for(std::span<const std::string_view> names) const { return resolve(names).settings(); }

std::vector<Explanation> Config::explain(std::span<const std::string_view> names) const {
  std::vector<Explanation> all;
  const Resolution battery = resolve(names);
  add_explanations(battery_options(), battery, Settings{}, "", all);
  for (const Section& section : sections_for_no_battery()) {
    add_explanations(section.kind->options(), resolve(section), section.kind->defaults(), section.title() + ".", all);
  }
  return all;
}

}  // namespace bms::config
