// Turns a config.ini of dbus-serialbattery into one of ours.
#pragma once

#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bms::config {

/// A line of the other file that has become nothing in ours, and why.
struct NotImported {
  int line = 0;
  std::string key, value, reason;

  /// "KEY = value: reason".
  [[nodiscard]] std::string text() const;
};

struct Imported {
  std::string text;  ///< our file: without faults, the lines that were left out as comments at the end
  std::vector<NotImported> left_out;
};

/// Every key that is in the file becomes an option, also where its value is the default there. Never fails: what makes
/// no sense is left out.
[[nodiscard]] Imported import_serialbattery(std::istream& in);

/// Which keys become which option, and which become nothing and why, for the documentation.
struct KeyAndFate {
  std::string keys;    ///< with commas in between; a "*" at the end stands for any ending
  std::string option;  ///< empty: none
  std::string reason;  ///< why there is none
};

[[nodiscard]] std::vector<KeyAndFate> import_table();

}  // namespace bms::config
