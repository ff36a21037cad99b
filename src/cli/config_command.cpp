#include "cli/config_command.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "config/config.hpp"
#include "config/import/btbattery.hpp"
#include "config/import/import.hpp"
#include "config/sections.hpp"
#include "files/small_file.hpp"

namespace bms::cli {

namespace {

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string explained(const config::Explanation& option) {
  const bool number = !option.value.empty() && option.value.find_first_not_of("0123456789.-") == std::string::npos;
  return number && !option.unit.empty() ? option.value + " " + option.unit : option.value;
}

void print_table(const std::vector<config::Explanation>& options, std::ostream& out) {
  std::size_t name_width = 0;
  std::size_t value_width = 0;
  for (const config::Explanation& option : options) {
    name_width = std::max(name_width, option.name.size());
    // Curves are long; they may stick out.
    if (explained(option).size() <= 24) value_width = std::max(value_width, explained(option).size());
  }
  std::string_view group;
  for (const config::Explanation& option : options) {
    if (option.group != group) out << (group.empty() ? "" : "\n") << option.group << "\n";
    group = option.group;
    out << "  " << std::left << std::setw(static_cast<int>(name_width)) << option.name << "  "
        << std::setw(static_cast<int>(value_width)) << explained(option) << "  " << option.from << "\n";
  }
}

bool is_default(const config::Explanation& option) { return option.value == option.default_value; }

nlohmann::ordered_json as_json(const std::vector<config::Explanation>& options,
                               const std::vector<config::Fault>& faults) {
  nlohmann::ordered_json json{{"options", nlohmann::ordered_json::array()},
                              {"faults", nlohmann::ordered_json::array()}};
  for (const config::Explanation& option : options) {
    json["options"].push_back({{"option", option.name},
                               {"value", option.value},
                               {"unit", option.unit},
                               {"from", option.from},
                               {"group", option.group},
                               {"default", option.default_value}});
  }
  for (const config::Fault& fault : faults) {
    json["faults"].push_back(
        {{"file", fault.file}, {"line", fault.line}, {"message", fault.message}, {"fallback", fault.fallback}});
  }
  return json;
}

/// Says how much of a foreign configuration has become what.
ExitCode sum_up(const std::string& what, const config::Imported& imported, std::ostream& summary) {
  const auto count = [&](config::Remark::Group group) {
    return static_cast<std::size_t>(std::ranges::count(imported.remarks, group, &config::Remark::group));
  };
  summary << what << ": " << counted(imported.options, "option") << " taken over, "
          << counted(count(config::Remark::Group::decision), "question") << " to decide, "
          << counted(count(config::Remark::Group::meaningless), "setting") << " without meaning here\n";
  return imported.needs_decision() ? ExitCode::undecided : ExitCode::stopped;
}

}  // namespace

ExitCode check_config(const std::string& file, std::ostream& out) {
  const config::Config config = config::Config::read_file(file);
  for (const config::Fault& fault : config.faults()) out << fault.text() << "\n";
  if (!config.faults().empty()) {
    out << counted(config.faults().size(), "fault") << "\n";
    return ExitCode::configuration;
  }
  out << "no faults, " << counted(config.option_count(), "option") << " in "
      << counted(config.section_count(), "section") << "\n";
  return ExitCode::stopped;
}

namespace {

/// Whether the file has a section for one of these names.
bool has_section_for(const config::Config& config, const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [&config](const std::string& name) {
    return std::ranges::find(config.sections(), config::battery_section(name).name, &config::BatterySection::name) !=
           config.sections().end();
  });
}

/// Whether it is a file as we write it, and says something.
bool is_ours(const std::string& file) {
  const config::Config config = config::Config::read_file(file);
  return config.faults().empty() && config.section_count() > 0;
}

}  // namespace

ExitCode show_config(const ShowOptions& options, std::ostream& out, std::ostream& problems) {
  const config::Config config = options.file.empty() ? config::Config() : config::Config::read_file(options.file);
  const std::vector<std::string_view> names(options.batteries.begin(), options.batteries.end());
  auto explained = config.explain(names);
  if (options.changed) std::erase_if(explained, is_default);
  for (const config::Fault& fault : config.faults()) problems << fault.text() << "\n";
  if (!options.file.empty() && !names.empty() && !has_section_for(config, options.batteries))
    problems << "no section [battery " << options.batteries.front() << "]: [default] counts\n";
  if (options.json) {
    out << as_json(explained, config.faults()).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  } else if (explained.empty()) {
    out << "nothing differs from the defaults\n";
  } else {
    print_table(explained, out);
  }
  const bool unreadable = std::ranges::any_of(config.faults(), [](const auto& fault) { return fault.line == 0; });
  return unreadable ? ExitCode::configuration : ExitCode::stopped;
}

ExitCode import_config(const std::string& file, std::ostream& out, std::ostream& summary) {
  std::ifstream in(file);
  const int error = errno;
  std::error_code ignored;
  const bool directory = std::filesystem::is_directory(file, ignored);
  if (!in || directory) {
    summary << file << ": cannot be read: " << std::strerror(directory ? EISDIR : error) << "\n";
    return ExitCode::configuration;
  }
  if (is_ours(file)) {
    summary << file << ": this is a config.ini of dbus-bms already\n";
    return ExitCode::configuration;
  }
  const config::Imported imported = config::import_serialbattery(in);
  out << imported.text;
  return sum_up(file, imported, summary);
}

ExitCode import_btbattery(const std::vector<std::string>& words, const std::string& bank, std::ostream& out,
                          std::ostream& problems) {
  const auto read = [](const std::string& path) { return files::read_small_file(path); };
  const auto imported = config::import_btbattery(words, bank, read);
  if (!imported) {
    for (const std::string& fault : imported.error()) problems << "dbus-bms config import: " << fault << "\n";
    problems << "See \"dbus-bms config import --help\".\n";
    return ExitCode::configuration;
  }
  out << imported->text;
  for (const config::Remark& remark : imported->remarks) problems << "dbus-btbattery: " << remark.text() << "\n";
  return sum_up("dbus-btbattery", *imported, problems);
}

}  // namespace bms::cli
