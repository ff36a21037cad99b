// A note that a board may be in a mode that it must be taken out of again. It outlives this process, whatever ends it,
// and goes when the machine starts anew.
#pragma once

#include <string>

namespace bms::line {

class ModeNote {
 public:
  /// One file for each board, by its place, in a directory in memory; empty: nothing is noted.
  ModeNote(const std::string& directory, const std::string& place);

  /// Whether an earlier process has left one.
  [[nodiscard]] bool found() const { return found_; }

  /// Notes it, or takes the note away. Touches the file only when that is a change.
  void set(bool may_be_open);

 private:
  std::string file_;  ///< empty: nothing is noted
  bool found_ = false;
  bool set_ = false;
};

}  // namespace bms::line
