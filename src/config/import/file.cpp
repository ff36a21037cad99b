#include "config/import/file.hpp"

#include <algorithm>

#include "bms/utf8.hpp"
#include "config/ini.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view only_section = "DEFAULT";

bool exists_in(const ShippedValue& row, int version) { return row.since <= version && version <= row.until; }

/// Versions from which on something is different.
std::set<int> turning_points() {
  std::set<int> versions;
  for (const ShippedValue& row : shipped_values()) {
    versions.insert(row.since);
    if (row.until != today) versions.insert(row.until);
  }
  return versions;
}

std::span<const ShippedValue> rows_of(std::string_view key) {
  const auto [begin, end] = std::ranges::equal_range(shipped_values(), key, {}, &ShippedValue::key);
  return {begin, end};
}

}  // namespace

std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  std::ranges::transform(capitals, capitals.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return capitals;
}

std::optional<bool> foreign_flag(std::string_view text) {
  if (equal_without_case(text, "true")) return true;
  return equal_without_case(text, "false") ? std::optional(false) : std::nullopt;
}

ForeignFile::ForeignFile(std::istream& in) {
  const IniFile ini = read_ini(in, Comments::on_lines_of_their_own);
  for (const IniProblem& problem : ini.problems) {
    problems_.push_back({Remark::Group::decision, problem.line, {}, problem.message});
  }
  for (const IniSection& section : ini.sections) {
    if (section.name == only_section) continue;
    problems_.push_back(
        {Remark::Group::decision,
         section.line,
         {},
         "section [" + clean_text(section.name) + "]: that driver reads [DEFAULT] alone, and so does this import"});
  }
  for (const IniEntry& entry : ini.entries) {
    if (entry.section.empty() || entry.section == only_section) add(entry.name, entry.value, entry.line);
  }
  drop_what_stands_twice();
  find_version();
  const ForeignLine* type = line("BMS_TYPE");
  const std::string_view types = type == nullptr ? std::string_view{} : type->value;
  for (const std::string_view name : split(types, ',')) {
    if (!name.empty()) bms_types_.emplace_back(name);
  }
}

void ForeignFile::add(std::string wrote, std::string value, int line) {
  wrote = in_capitals(clean_text(wrote));
  const std::string key(newest_name(wrote));
  ForeignLine added{.key = key, .wrote = wrote, .value = std::move(value), .line = line};
  const bool again = !written_.insert(wrote).second;
  const auto [place, is_new] = lines_.try_emplace(key, added);
  if (is_new) return;
  ForeignLine& known = place->second;
  if (same_value(known.value, added.value)) {
    if (added.wrote == key) known = std::move(added);
    return;
  }
  if (again) {
    twice_.insert(key);
    return;
  }
  // One of them is an older name, and the newest one counts.
  const auto age = [&](const ForeignLine& one) {
    return std::ranges::find(older_names(), one.wrote, &OlderName::older) - older_names().begin();
  };
  const bool newer = added.wrote == key || (known.wrote != key && age(added) < age(known));
  const ForeignLine older = newer ? known : added;
  if (newer) known = std::move(added);
  problems_.push_back({Remark::Group::decision,
                       older.line,
                       {older},
                       "says otherwise than " + known.wrote + ", the newer name of the same, which counts"});
}

/// That driver does not start with such a file, so nobody knows which of them was meant.
void ForeignFile::drop_what_stands_twice() {
  for (const std::string& key : twice_) {
    const ForeignLine line = lines_.at(key);
    problems_.push_back({Remark::Group::decision, line.line, {line}, "stands in the file again with another value"});
    lines_.erase(key);
  }
}

/// Whoever copies the whole file and changes some lines has the keys of one version.
std::optional<int> ForeignFile::version_of_a_whole_file() const {
  constexpr std::size_t least_of_a_whole_file = 40;
  if (written_.size() < least_of_a_whole_file) return std::nullopt;
  std::optional<int> best;
  std::pair<std::size_t, std::size_t> fewest{};
  for (const int version : turning_points()) {
    std::size_t keys = 0;
    std::size_t missing = 0;
    std::size_t changed = 0;
    for (const ShippedValue& row : shipped_values()) {
      if (!exists_in(row, version)) continue;
      ++keys;
      const auto found = written_.contains(row.key) ? lines_.find(newest_name(row.key)) : lines_.end();
      if (found == lines_.end()) {
        ++missing;
      } else if (!same_value(found->second.value, row.value)) {
        ++changed;
      }
    }
    const std::size_t foreign = written_.size() - std::min(written_.size(), keys - missing);
    const std::pair unlike{missing + foreign, changed};
    if (4 * missing < keys && (!best || unlike <= fewest)) {
      best = version;
      fewest = unlike;
    }
  }
  return best;
}

void ForeignFile::find_version() {
  if (const auto version = version_of_a_whole_file()) {
    oldest_ = newest_ = *version;
    return;
  }
  for (const std::string& key : written_) {
    const auto rows = rows_of(key);
    if (rows.empty()) continue;
    oldest_ = std::max(oldest_, std::ranges::min(rows, {}, &ShippedValue::since).since);
    newest_ = std::min(newest_, std::ranges::max(rows, {}, &ShippedValue::until).until);
  }
  // Keys of several versions: it is the newer one that runs, but nothing follows from that for what it does not say.
  mixed_ = oldest_ > newest_;
  if (mixed_) newest_ = today;
}

int ForeignFile::major_version() const {
  if (oldest_ >= first_of_version_2) return 2;
  return newest_ < first_of_version_2 ? 1 : 0;
}

const ForeignLine* ForeignFile::line(std::string_view key) const {
  const auto found = lines_.find(key);
  return found == lines_.end() ? nullptr : &found->second;
}

/// Those of the versions that the file can be from; where none of these has the key, of those nearest to them.
std::vector<std::string_view> ForeignFile::values_it_came_with(std::string_view key) const {
  std::vector<std::string_view> values;
  std::vector<std::string_view> betas;
  for (const ShippedValue& row : rows_of(key)) {
    if (row.since > newest_ || row.until < oldest_) continue;
    (row.beta_only ? betas : values).push_back(row.value);
  }
  if (!values.empty()) return values;
  if (!betas.empty() || rows_of(key).empty()) return betas;
  const ShippedValue& last = rows_of(key).back();
  return {last.until < oldest_ ? last.value : rows_of(key).front().value};
}

bool ForeignFile::changed(std::string_view key) const {
  const ForeignLine* said = line(key);
  if (said == nullptr) return false;
  const auto shipped = values_it_came_with(said->wrote);
  return shipped.empty() ||
         !std::ranges::all_of(shipped, [&](std::string_view value) { return same_value(value, said->value); });
}

bool ForeignFile::ever_shipped(std::string_view key) const {
  const ForeignLine* said = line(key);
  return said != nullptr && std::ranges::any_of(rows_of(said->wrote), [&](const ShippedValue& row) {
           return same_value(row.value, said->value);
         });
}

std::optional<std::string_view> ForeignFile::value(std::string_view key) const {
  if (const ForeignLine* said = line(key)) return said->value;
  const auto rows = rows_of(key);
  if (rows.empty() || (!mixed_ && rows.front().since > oldest_)) return std::nullopt;
  std::vector<std::string_view> shipped;
  if (mixed_) {
    for (const ShippedValue& row : rows) shipped.push_back(row.value);
  } else {
    shipped = values_it_came_with(key);
  }
  const bool certain =
      std::ranges::all_of(shipped, [&](std::string_view value) { return same_value(value, shipped.front()); });
  return certain ? std::optional(shipped.front()) : std::nullopt;
}

std::optional<bool> ForeignFile::flag(std::string_view key) const {
  const auto text = value(key);
  return text ? foreign_flag(*text) : std::nullopt;
}

void ForeignFile::set_aside(std::string_view key) {
  if (const auto found = lines_.find(key); found != lines_.end()) lines_.erase(found);
}

}  // namespace bms::config
