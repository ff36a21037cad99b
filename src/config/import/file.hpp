// The config.ini of dbus-serialbattery that is read: what it says, which version it is from, and what of it is only
// what that driver was shipped with.
#pragma once

#include <istream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/import/import.hpp"
#include "config/import/shipped.hpp"

namespace bms::config {

class ForeignFile {
 public:
  explicit ForeignFile(std::istream& in);

  /// The line of a key, under whichever of its names. nullptr: there is none that counts.
  [[nodiscard]] const ForeignLine* line(std::string_view key) const;

  [[nodiscard]] bool has(std::string_view key) const { return line(key) != nullptr; }

  /// The owner wrote it, and not merely kept what the file was shipped with.
  [[nodiscard]] bool changed(std::string_view key) const;

  /// Its value is one that some version was shipped with.
  [[nodiscard]] bool ever_shipped(std::string_view key) const;

  /// What the file says, else what its version is shipped with. Empty optional: the version does not decide that.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view key) const;

  /// Likewise for a switch. Empty optional also: neither True nor False.
  [[nodiscard]] std::optional<bool> flag(std::string_view key) const;

  /// The types in BMS_TYPE. Empty: the file does not say.
  [[nodiscard]] const std::vector<std::string>& bms_types() const { return bms_types_; }

  /// Its keys are those of version 1 alone, or of version 2 alone; 0: of both or of neither.
  [[nodiscard]] int major_version() const;

  /// Whether it can be from before a version, and whether it can only be from before.
  [[nodiscard]] bool may_precede(int version) const { return oldest_ < version; }
  [[nodiscard]] bool precedes(int version) const { return newest_ < version; }

  /// A key that does not count, as if it were not there.
  void set_aside(std::string_view key);

  [[nodiscard]] const std::map<std::string, ForeignLine, std::less<>>& lines() const { return lines_; }

  /// Lines that could not be read, or that contradict each other.
  [[nodiscard]] const std::vector<Remark>& problems() const { return problems_; }

 private:
  void add(std::string wrote, std::string value, int line);
  void drop_what_stands_twice();
  void find_version();
  [[nodiscard]] std::optional<int> version_of_a_whole_file() const;
  [[nodiscard]] std::vector<std::string_view> values_it_came_with(std::string_view key) const;

  std::map<std::string, ForeignLine, std::less<>> lines_;  ///< by the newest name
  std::set<std::string, std::less<>> written_;             ///< names as the file has them, in capitals
  std::set<std::string, std::less<>> twice_;
  std::vector<std::string> bms_types_;
  std::vector<Remark> problems_;
  int oldest_ = first_version, newest_ = today;  ///< versions that it can be from
  bool mixed_ = false;                           ///< its keys are of versions that have nothing in common
};

/// In capitals, as that driver takes names.
[[nodiscard]] std::string in_capitals(std::string_view text);

/// True or False, as that driver takes them.
[[nodiscard]] std::optional<bool> foreign_flag(std::string_view text);

}  // namespace bms::config
