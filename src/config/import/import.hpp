// Turns a config.ini of dbus-serialbattery into one of ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bms::config {

/// A line of the other file.
struct ForeignLine {
  std::string key;    ///< in capitals, as the newest version calls it
  std::string wrote;  ///< in capitals, as the file calls it
  std::string value;
  int line = 0;
};

/// What has not simply become an option.
struct Remark {
  enum class Group : std::uint8_t {
    decision,     ///< the owner has to say what is right; until then nothing is configured
    meaningless,  ///< nothing in this driver corresponds to it
  };

  Group group = Group::decision;
  int line = 0;
  std::vector<ForeignLine> lines;  ///< what it is about; empty: a line that is no "KEY = value"
  std::string reason;

  /// "KEY = value (line 3): reason".
  [[nodiscard]] std::string text() const;
};

/// The remarks of a group as comments below a title, with an empty line behind them. Empty: there are none.
[[nodiscard]] std::string as_comments(std::span<const Remark> remarks, Remark::Group group, std::string_view title);

struct Imported {
  std::string text;             ///< our file, which has no faults; what is remarked is in it as comments
  std::vector<Remark> remarks;  ///< in the order of the comments, each once: first what needs a decision
  std::size_t options = 0;      ///< that the file sets

  [[nodiscard]] bool needs_decision() const;
};

/// What the owner has changed becomes options of ours; what only repeats what that driver was shipped with is left out.
/// Never fails: what makes no sense, what this driver would refuse, and what counts for other BMSs only becomes a
/// remark. Nothing that is taken over allows more than the other file meant.
[[nodiscard]] Imported import_serialbattery(std::istream& in);

/// Which keys become which option, and which become nothing and why, for the documentation.
struct KeyAndFate {
  std::string keys;       ///< with commas in between; a "*" at the end means any ending
  std::string option;     ///< empty: none
  std::string reason;     ///< why there is none
  bool decision = false;  ///< the owner has to do something about it
};

[[nodiscard]] std::vector<KeyAndFate> import_table();

/// For which BMSs of that driver a key counts, where not for all: the key and their names.
struct KeyAndTypes {
  std::string key, types;
};

[[nodiscard]] std::vector<KeyAndTypes> keys_of_some_types();

/// Older names of keys that are understood like the newer ones: both.
struct KeyAndSuccessor {
  std::string older, newest;
};

[[nodiscard]] std::vector<KeyAndSuccessor> renamed_keys();

}  // namespace bms::config
