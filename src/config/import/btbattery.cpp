#include "config/import/btbattery.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <utility>

#include "bms/utf8.hpp"
#include "config/import/btbattery_line.hpp"
#include "config/import/file.hpp"
#include "config/import/table.hpp"
#include "config/ini.hpp"
#include "config/sections.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

/// What that driver takes from the file of a battery, in the order of our file. A bank has the same options.
constexpr std::array<std::string_view, 2> limits{"max_charge_current", "max_discharge_current"};

constexpr std::size_t members_in_a_line = 4;  // long lines are refused

constexpr std::string_view import_opening =
    "# Made from the command line of dbus-btbattery. Of the file of a battery MAX_BATTERY_CHARGE_CURRENT and\n"
    "# MAX_BATTERY_DISCHARGE_CURRENT are taken, and nothing else, as by that driver.\n\n";

using Limits = std::array<std::optional<double>, limits.size()>;  ///< in amperes

const ImportRow& row_of(std::string_view option) {
  return *std::ranges::find(import_rows(), option, &ImportRow::option);
}

/// "max_charge_current of [default] counts instead, 50 A unless it says otherwise".
std::string instead(std::span<const std::string_view> options) {
  std::string names;
  std::string values;
  Settings usual;
  for (const std::string_view option : options) {
    const std::string_view link = names.empty() ? "" : " and ";
    names += std::string(link) + std::string(option);
    values += std::string(link) + option_named(option).text_with_unit(usual);
  }
  return names + " of [default] " + (options.size() == 1 ? "counts" : "count") + " instead, " + values +
         " unless it says otherwise";
}

/// Why a key is not there: it has been there in another way, or a line that cannot be read may have been it.
std::string why_missing(const ForeignFile& file, std::string_view key) {
  std::string unread;
  for (const Remark& problem : file.problems()) {
    if (!problem.lines.empty() && problem.lines.front().key == key) return problem.text();
    if (problem.lines.empty() && unread.empty()) unread = " (" + problem.text() + ")";
  }
  return std::string(key) + " is missing" + unread;
}

/// A limit in amperes. Errors: why there is none.
std::expected<double, std::string> limit_in(const ForeignFile& file, std::string_view option) {
  const ImportRow& row = row_of(option);
  const std::string_view key = row.keys[0];
  const ForeignLine* const line = file.line(key);
  if (line == nullptr) return std::unexpected(why_missing(file, key));
  Converted result = row.convert(file, row);
  Settings any;
  const bool good = result.value && option_named(option).set(any, 0, *result.value);
  if (good) return *parse_number(*result.value);
  std::string reason =
      result.question.empty() ? "expected " + option_named(option).expected() : std::move(result.question);
  return std::unexpected(Remark{.lines = {*line}, .reason = std::move(reason)}.text());
}

/// Whether [bank <name>] is read as the bank of this name.
bool can_name_a_bank(const std::string& name) {
  std::istringstream in("[bank " + name + "]\n");
  const IniFile ini = read_ini(in);
  if (ini.sections.size() != 1 || !ini.entries.empty() || !ini.problems.empty()) return false;
  const auto section = section_titled(ini.sections.front().name);
  return section && section->name == name;
}

class BtImport {
 public:
  BtImport(const BtLine& line, const ReadFile& read) : line_(line), read_(read) {}

  Imported run(const std::string& bank) {
    for (const std::string& doubt : line_.doubts) decide(doubt);
    for (const BtBattery& battery : line_.batteries) add(battery);
    if (line_.batteries.size() > 1) add_bank(bank);
    Imported imported{.text = std::string(import_opening), .remarks = std::move(remarks_), .options = options_};
    imported.text += as_comments(imported.remarks, Remark::Group::decision, "Needs a decision:") + sections_;
    return imported;
  }

 private:
  void decide(std::string what) { remarks_.push_back({.lines = {}, .reason = std::move(what)}); }

  void section(const std::string& title) { sections_ += (sections_.empty() ? "[" : "\n[") + title + "]\n"; }

  void option(std::string_view name, std::string_view value, std::string_view from = "") {
    sections_ +=
        std::string(name) + " = " + std::string(value) + (from.empty() ? "" : "  # " + std::string(from)) + "\n";
    ++options_;
  }

  void add(const BtBattery& battery) {
    section("battery " + battery.address);
    option("bms", "jbd", "what dbus-btbattery can read");
    const Limits found = battery.file.empty() ? Limits{} : limits_of(battery);
    for (std::size_t i = 0; i < limits.size(); ++i) {
      if (!found[i]) continue;
      const std::string key(row_of(limits[i]).keys[0]);
      option(limits[i], number_text(*found[i]), key + " of " + quoted_briefly(battery.file));
    }
    limits_.push_back(found);
  }

  Limits limits_of(const BtBattery& battery) {
    const std::string whose = "[battery " + battery.address + "]: its file " + quoted_briefly(battery.file) + " ";
    const files::SmallFile read = read_(battery.file);
    if (!read.content) {
      decide(whose + (read.problem.empty() ? "is not there" : read.problem) + "; " + instead(limits));
      return {};
    }
    std::istringstream in(*read.content);
    const ForeignFile file(in);
    Limits found;
    for (std::size_t i = 0; i < limits.size(); ++i) {
      const auto limit = limit_in(file, limits[i]);
      if (limit) {
        found[i] = *limit;
      } else {
        decide(whose + "gives no such limit: " + limit.error() + "; " + instead(std::span(limits).subspan(i, 1)));
      }
    }
    return found;
  }

  void add_bank(const std::string& name) {
    const bool series = line_.mode == BankMode::series;
    section("bank " + name);
    option("mode", series ? "series" : "parallel");
    std::string members;
    for (std::size_t i = 0; i < line_.batteries.size(); ++i) {
      const std::string_view link = i == 0 ? "" : i % members_in_a_line == 0 ? ",\n    " : ", ";
      members += std::string(link) + line_.batteries[i].address;
    }
    option("members", members, series ? "from the negative end on" : "");
    for (std::size_t i = 0; i < limits.size(); ++i) {
      if (const auto value = limit_of_bank(i)) {
        option(limits[i], *value, series ? "the lowest of its packs" : "that of its packs together");
      }
    }
  }

  /// As that driver has it, where each pack says its own. Empty: not all do, or a bank cannot have so much; then that
  /// of [default] counts.
  [[nodiscard]] std::optional<std::string> limit_of_bank(std::size_t which) const {
    double sum_a = 0;
    std::optional<double> lowest_a;
    for (const Limits& pack : limits_) {
      const std::optional<double>& limit_a = pack[which];
      if (!limit_a) return std::nullopt;
      sum_a += *limit_a;
      lowest_a = std::min(lowest_a.value_or(*limit_a), *limit_a);
    }
    std::string text = number_text(line_.mode == BankMode::series ? lowest_a.value_or(0) : sum_a);
    BankOptions any;
    const bool fits = bank_options().row(limits[which])->set(any, 0, text);
    return fits ? std::optional(std::move(text)) : std::nullopt;
  }

  const BtLine& line_;
  const ReadFile& read_;
  std::vector<Limits> limits_{};  ///< of each battery
  std::vector<Remark> remarks_{};
  std::string sections_{};
  std::size_t options_ = 0;
};

}  // namespace

std::expected<Imported, std::vector<std::string>> import_btbattery(std::span<const std::string> words,
                                                                   const std::string& bank, const ReadFile& read) {
  auto line = read_btbattery_line(words);
  std::vector<std::string> faults = line ? std::vector<std::string>{} : std::move(line.error());
  if (!can_name_a_bank(bank))
    faults.push_back("expected a name for the bank, as in House, found " + quoted_briefly(bank));
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return BtImport(*line, read).run(bank);
}

}  // namespace bms::config
