#include "config/import.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

#include "config/config.hpp"
#include "config/import_table.hpp"
#include "config/ini.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view opening =
    "# Made from a config.ini of dbus-serialbattery; behind each option stands what it was made from.\n"
    "[default]\n";

constexpr std::size_t comfortable_line = 100;

/// A line of our file.
struct OurLine {
  std::string option, value;
  std::vector<std::string> keys;  ///< it was made from
};

bool is_key(std::string_view key, std::string_view pattern) {
  return pattern.ends_with('*') ? key.starts_with(pattern.substr(0, pattern.size() - 1)) : key == pattern;
}

/// A long list goes on in indented lines.
std::string broken(const std::string& line) {
  std::string text;
  std::size_t begin = 0;
  while (line.size() - begin > comfortable_line) {
    const std::size_t comma = line.rfind(", ", begin + comfortable_line);
    if (comma == std::string::npos || comma < begin) break;
    text += line.substr(begin, comma + 1 - begin) + "\n    ";
    begin = comma + 2;
  }
  return text + line.substr(begin);
}

class Import {
 public:
  explicit Import(std::istream& in) : ini_(read_ini(in, Comments::on_lines_of_their_own)) {
    for (const IniProblem& problem : ini_.problems) left_out_.push_back({problem.line, "", "", problem.message});
    for (const IniEntry& entry : ini_.entries) {
      if (!entry.section.empty() && entry.section != "DEFAULT") {
        left_out_.push_back({entry.line, entry.name, entry.value, "stands outside of section [DEFAULT]"});
      } else {
        values_[upper(entry.name)] = entry.value;
        line_of_[upper(entry.name)] = entry.line;
      }
    }
  }

  Imported run() {
    for (const ImportRow& row : import_rows()) convert(row);
    drop_faulty();
    for (const auto& [key, value] : values_) {
      if (!used_.contains(key)) leave_out(key, reason_of(key));
    }
    std::ranges::stable_sort(left_out_, {}, &NotImported::line);
    std::string text = written();
    if (!left_out_.empty()) text += "\n# Not taken over:\n";
    for (const NotImported& one : left_out_) text += "# " + one.text() + "\n";
    return {std::move(text), std::move(left_out_)};
  }

 private:
  static std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
  }

  void convert(const ImportRow& row) {
    std::vector<std::string> keys;
    for (const std::string_view key : row.keys) {
      if (!key.empty() && values_.contains(key)) keys.emplace_back(key);
    }
    if (keys.empty()) return;
    if (const auto value = row.convert(values_, row)) {
      lines_.push_back({std::string(row.option), *value, keys});
      used_.insert(keys.begin(), keys.end());
    } else {
      for (const std::string& key : keys) why_not_.try_emplace(key, value.error());
    }
  }

  /// What our own check refuses is not taken over.
  void drop_faulty() {
    for (bool again = true; again;) {
      again = false;
      std::istringstream file(written());
      const Config config = Config::read(file);
      for (const Fault& fault : config.faults()) {
        const auto faulty = std::ranges::find_if(lines_, [&](const OurLine& line) {
          return std::ranges::find(places_, std::pair(fault.line, line.option)) != places_.end();
        });
        if (faulty == lines_.end()) continue;
        for (const std::string& key : faulty->keys) why_not_.insert_or_assign(key, fault.message);
        for (const std::string& key : faulty->keys) leave_out(key, fault.message);
        lines_.erase(faulty);
        again = true;
        break;
      }
    }
  }

  void leave_out(const std::string& key, std::string reason) {
    left_out_.push_back({line_of_[key], key, values_[key], std::move(reason)});
  }

  std::string reason_of(const std::string& key) const {
    if (const auto found = why_not_.find(key); found != why_not_.end()) return found->second;
    for (const NoCounterpart& none : keys_without_counterpart()) {
      if (is_key(key, none.key)) return std::string(none.reason);
    }
    return "is not known";
  }

  /// Our file; notes in which line each option stands.
  std::string written() {
    std::string text(opening);
    places_.clear();
    for (const OurLine& line : lines_) {
      places_.emplace_back(static_cast<int>(std::ranges::count(text, '\n')) + 1, line.option);
      text += broken(line.option + " = " + line.value) + "  # " + joined(line.keys) + "\n";
    }
    return text;
  }

  IniFile ini_;
  ForeignValues values_{};
  std::map<std::string, int, std::less<>> line_of_{};
  std::vector<OurLine> lines_{};
  std::vector<std::pair<int, std::string>> places_{};
  std::set<std::string, std::less<>> used_{};
  std::map<std::string, std::string, std::less<>> why_not_{};
  std::vector<NotImported> left_out_{};
};

}  // namespace

std::string NotImported::text() const {
  if (key.empty()) return "line " + std::to_string(line) + ": " + reason;
  return key + " = " + value + ": " + reason;
}

Imported import_serialbattery(std::istream& in) { return Import(in).run(); }

std::vector<KeyAndFate> import_table() {
  std::vector<KeyAndFate> table;
  for (const ImportRow& row : import_rows()) {
    std::vector<std::string> keys;
    for (const std::string_view key : row.keys) {
      if (!key.empty()) keys.emplace_back(key);
    }
    table.push_back({joined(keys), std::string(row.option), {}});
  }
  for (const NoCounterpart& none : keys_without_counterpart()) {
    table.push_back({std::string(none.key), {}, std::string(none.reason)});
  }
  return table;
}

}  // namespace bms::config
