// Reading of ini files: lines into names and values, with their places in the file.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace bms::config {

/// "[name]", and where it is.
struct IniSection {
  std::string name;
  int line = 0;

  friend bool operator==(const IniSection&, const IniSection&) = default;
};

/// "name = value". A value that goes on in indented lines is one value.
struct IniEntry {
  std::string section;  ///< empty: it comes before any
  std::string name;
  std::string value;  ///< without comment, blanks around it removed
  int line = 0;
};

/// A line that means nothing.
struct IniProblem {
  int line = 0;
  std::string message;
};

struct IniFile {
  std::vector<IniSection> sections;  ///< in the order of the file, each as often as it is opened
  std::vector<IniEntry> entries;
  std::vector<IniProblem> problems;
};

/// Whether a comment may follow a value. Some programs take it for a part of the value.
enum class Comments : std::uint8_t { also_behind_values, on_lines_of_their_own };

/// Comments begin with # or ; at the start of a line or after a blank, but not within double quotes.
[[nodiscard]] IniFile read_ini(std::istream& in, Comments comments = Comments::also_behind_values);

}  // namespace bms::config
