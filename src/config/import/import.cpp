#include "config/import/import.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <tuple>

#include "bms/utf8.hpp"
#include "config/config.hpp"
#include "config/import/table.hpp"
#include "config/import/values.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::size_t comfortable_line = 100;

/// A line of our file.
struct OurLine {
  Named named;
  std::string value;
  std::vector<ForeignLine> made_from;
};

bool is_key(std::string_view key, std::string_view pattern) {
  return pattern.ends_with('*') ? key.starts_with(pattern.substr(0, pattern.size() - 1)) : key == pattern;
}

/// A long list goes on in indented lines; a text does not, as its words may look like another option.
std::string broken(const std::string& line, const Option& option) {
  std::string text;
  std::size_t begin = 0;
  while (!std::holds_alternative<Text>(option.kind) && line.size() - begin > comfortable_line) {
    const std::size_t comma = line.rfind(", ", begin + comfortable_line);
    if (comma == std::string::npos || comma < begin) break;
    text += line.substr(begin, comma + 1 - begin) + "\n    ";
    begin = comma + 2;
  }
  return text + line.substr(begin);
}

std::string names_of(const std::vector<ForeignLine>& lines) {
  std::vector<std::string> names;
  names.reserve(lines.size());
  for (const ForeignLine& line : lines) names.push_back(line.wrote);
  return joined(names);
}

/// The key that was probably meant. Empty: it resembles no key.
std::string nearest_key(std::string_view key) {
  std::string_view nearest;
  std::size_t least = key.size() / 3 + 1;
  for (const ShippedValue& row : shipped_values()) {
    const std::size_t longer = std::max(key.size(), row.key.size()) - std::min(key.size(), row.key.size());
    if (longer >= least) continue;
    if (const std::size_t changes = distance(key, row.key); changes < least) {
      least = changes;
      nearest = row.key;
    }
  }
  return std::string(nearest);
}

/// Whoever writes a comment behind a value learns from that driver only that it does not start.
std::string with_hint(std::string reason, const std::vector<ForeignLine>& lines) {
  const bool commented = std::ranges::any_of(
      lines, [](const ForeignLine& line) { return line.value.contains(" ;") || line.value.contains(" #"); });
  if (commented) reason += "; that driver takes what stands behind ; or # for part of the value";
  return reason;
}

/// "Daly and Felicity".
std::string types_of(const KeyOfSomeTypes& scope) {
  std::string text;
  for (std::size_t i = 0; i < scope.types.size() && !scope.types[i].empty(); ++i) {
    const bool last = i + 1 == scope.types.size() || scope.types[i + 1].empty();
    text += (i == 0 ? "" : last ? " and " : ", ") + std::string(scope.types[i]);
  }
  return text;
}

class Import {
 public:
  explicit Import(std::istream& in) : file_(in), as_written_(file_), remarks_(file_.problems()) {}

  Imported run() {
    for (const KeyOfSomeTypes& scope : scoped_keys()) set_aside_unless_it_counts(scope);
    for (const ImportRow& row : import_rows()) convert(row);
    drop_faulty();
    for (const auto& [key, line] : file_.lines()) judge_the_rest(line);
    put_in_order();
    Imported imported{.text = whole_text(), .remarks = std::move(remarks_), .options = lines_.size()};
    return imported;
  }

 private:
  [[nodiscard]] std::vector<ForeignLine> changed_lines(const ImportRow& row) const {
    std::vector<ForeignLine> changed;
    for (const std::string_view key : row.keys) {
      if (file_.changed(key)) changed.push_back(*file_.line(key));
    }
    return changed;
  }

  [[nodiscard]] std::vector<ForeignLine> lines_of(const ImportRow& row) const {
    std::vector<ForeignLine> lines;
    for (const std::string_view key : row.keys) {
      if (file_.has(key)) lines.push_back(*file_.line(key));
    }
    return lines;
  }

  void remark(Remark::Group group, std::vector<ForeignLine> lines, std::string reason) {
    const int line = lines.empty() ? 0 : lines.front().line;
    remarks_.push_back({group, line, std::move(lines), std::move(reason)});
  }

  void set_aside_unless_it_counts(const KeyOfSomeTypes& scope) {
    if (!file_.changed(scope.key)) return;
    const auto counts = [&](const std::string& type) {
      return std::ranges::any_of(scope.types, [&](std::string_view one) { return equal_without_case(one, type); });
    };
    const auto& types = file_.bms_types();
    if (!types.empty() && std::ranges::all_of(types, counts)) return;
    std::string reason = "counts for " + types_of(scope) + " only in that driver, and ";
    reason += types.empty() ? "BMS_TYPE does not say which BMS this is" : "BMS_TYPE = " + joined(types);
    const auto row = std::ranges::find(import_rows(), scope.key, [](const ImportRow& one) {
      return one.option == "profile" ? one.keys[2] : one.keys[0];
    });
    const Converted would = row->convert(as_written_, *row);
    if (would.value) reason += "; here it would be " + std::string(row->option) + " = " + *would.value;
    remark(Remark::Group::decision, {*file_.line(scope.key)}, std::move(reason));
    file_.set_aside(scope.key);
  }

  void convert(const ImportRow& row) {
    for (const std::string_view key : row.keys) known_.emplace(key);
    auto changed = changed_lines(row);
    if (changed.empty()) return;
    Converted result = row.convert(file_, row);
    if (!result.question.empty()) remark(Remark::Group::decision, changed, with_hint(result.question, changed));
    if (!result.meaningless.empty()) remark(Remark::Group::meaningless, changed, std::move(result.meaningless));
    if (!result.value) return;
    const Named named = *battery_options().find(row.option);
    Settings any;
    if (named.option->set(any, named.index, *result.value)) {
      if (!repeats_a_default(named, any, changed)) lines_.push_back({named, *std::move(result.value), lines_of(row)});
    } else {
      remark(Remark::Group::decision, changed, with_hint("expected " + named.option->expected(), changed));
    }
  }

  /// What some version was shipped with, and this driver does anyway: only which version it is from is not certain.
  [[nodiscard]] bool repeats_a_default(const Named& named, Settings& value,
                                       const std::vector<ForeignLine>& changed) const {
    const bool shipped =
        std::ranges::all_of(changed, [&](const ForeignLine& line) { return file_.ever_shipped(line.key); });
    Settings usual = preset_settings(chemistry_of(file_));
    return shipped && named.option->text(value, named.index) == named.option->text(usual, named.index);
  }

  /// What our own check refuses, and what does not read back as it was meant, is not taken over.
  void drop_faulty() {
    for (;;) {
      std::istringstream in(option_lines());
      const Config config = Config::read(in);
      const auto faulty =
          std::ranges::find_if(lines_, [&](const OurLine& line) { return refusal(config, line).has_value(); });
      if (faulty == lines_.end()) return note_what_is_left(config);
      remark(Remark::Group::decision, faulty->made_from, *refusal(config, *faulty));
      lines_.erase(faulty);
    }
  }

  [[nodiscard]] std::optional<std::string> refusal(const Config& config, const OurLine& line) const {
    const auto place = std::ranges::find(places_, line.named, &Place::named);
    // A contradiction is reported at the later of the two lines, and what is used instead is said of the one that
    // yields.
    const std::string begin = line.named.name() + " = ";
    const auto fault = std::ranges::find_if(
        config.faults(), [&](const Fault& one) { return one.line == place->line || one.fallback.starts_with(begin); });
    if (fault != config.faults().end()) return fault->message + (fault->fallback.empty() ? "" : "; " + fault->fallback);
    Settings meant;
    (void)line.named.option->set(meant, line.named.index, line.value);
    Settings read = config.settings_for({});
    const bool same =
        line.named.option->text(meant, line.named.index) == line.named.option->text(read, line.named.index);
    return same ? std::nullopt : std::optional<std::string>("cannot be written so that it is read alike");
  }

  void note_what_is_left(const Config& config) {
    for (const Fault& fault : config.faults()) remark(Remark::Group::decision, {}, fault.message);
  }

  /// A key that no row has taken.
  void judge_the_rest(const ForeignLine& line) {
    if (known_.contains(line.key) || !file_.changed(line.key)) return;
    const bool off = line.value.empty() || foreign_flag(line.value) == false;
    for (const NoCounterpart& none : keys_without_counterpart()) {
      if (!is_key(line.key, none.key)) continue;
      if (line.key == "BLUETOOTH_BMS" && !off) return remark(none.group, {line}, by_bluetooth(line.value));
      if (off && none.group == Remark::Group::decision) return remark(Remark::Group::meaningless, {line}, "is off");
      return remark(none.group, {line}, std::string(none.reason));
    }
    const std::string nearest = nearest_key(line.key);
    remark(Remark::Group::decision, {line},
           "is not a key of that driver" + (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
  }

  /// First what needs a decision, and of that first what concerns a whole battery; then by lines. Each once.
  void put_in_order() {
    const auto rank = [](const Remark& one) {
      const bool whole = !one.lines.empty() && concerns_a_whole_battery(one.lines.front().key);
      return std::tuple(one.group, !whole, one.line);
    };
    std::ranges::stable_sort(remarks_, {}, rank);
    std::set<std::string> said;
    std::erase_if(remarks_, [&](const Remark& one) { return !said.insert(one.text()).second; });
  }

  /// [default] with our options; notes the line of each.
  std::string option_lines() {
    std::string text = "[default]\n";
    int number = 2;
    places_.clear();
    for (const OurLine& line : lines_) {
      places_.push_back({line.named, number});
      const std::string written =
          broken(line.named.name() + " = " + line.value, *line.named.option) + "  # " + names_of(line.made_from) + "\n";
      number += static_cast<int>(std::ranges::count(written, '\n'));
      text += written;
    }
    return text;
  }

  std::string whole_text() {
    std::string text = "# Made from a config.ini of dbus-serialbattery";
    if (const int major = file_.major_version(); major != 0)
      text += ", of one of its versions " + std::to_string(major);
    text +=
        ".\n# Left out is what only repeats what that driver is shipped with. \"dbus-bms config check\" finds no fault "
        "here.\n\n";
    text += as_comments(remarks_, Remark::Group::decision, "Needs a decision:");
    text += as_comments(remarks_, Remark::Group::meaningless, "Has no meaning here:");
    text +=
        lines_.empty() ? "# Nothing is taken over.\n" : "# Taken over; behind each option is what it was made from.\n";
    return text + option_lines();
  }

  struct Place {
    Named named;
    int line;
  };

  ForeignFile file_;  ///< without what does not count
  ForeignFile as_written_;
  std::vector<Remark> remarks_;
  std::vector<OurLine> lines_{};
  std::vector<Place> places_{};
  std::set<std::string, std::less<>> known_{};  ///< keys that rows have looked at
};

/// A file is shown to others when something does not work.
std::string_view shown_value(const ForeignLine& line) {
  return line.wrote.contains("PASSWORD") ? std::string_view("...") : std::string_view(line.value);
}

}  // namespace

std::string Remark::text() const {
  if (lines.empty()) return (line > 0 ? "line " + std::to_string(line) + ": " : "") + clean_text(reason);
  std::string text;
  for (const ForeignLine& one : lines) {
    text += (text.empty() ? "" : ", ") + one.wrote + " = " + std::string(shown_value(one)) + " (line " +
            std::to_string(one.line) + ")";
  }
  return clean_text(text + ": " + reason);
}

std::string as_comments(std::span<const Remark> remarks, Remark::Group group, std::string_view title) {
  std::string text;
  for (const Remark& one : remarks) {
    if (one.group == group) text += "#   " + one.text() + "\n";
  }
  return text.empty() ? text : "# " + std::string(title) + "\n" + text + "\n";
}

bool Imported::needs_decision() const {
  return std::ranges::any_of(remarks, [](const Remark& one) { return one.group == Remark::Group::decision; });
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
    table.push_back({std::string(none.key), {}, std::string(none.reason), none.group == Remark::Group::decision});
  }
  return table;
}

std::vector<KeyAndTypes> keys_of_some_types() {
  std::vector<KeyAndTypes> keys;
  for (const KeyOfSomeTypes& scope : scoped_keys()) keys.push_back({std::string(scope.key), types_of(scope)});
  return keys;
}

std::vector<KeyAndSuccessor> renamed_keys() {
  std::vector<KeyAndSuccessor> keys;
  for (const OlderName& one : older_names()) keys.push_back({std::string(one.older), std::string(one.newest)});
  return keys;
}

}  // namespace bms::config
