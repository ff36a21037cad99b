// A note about a board that outlives this process, whatever ends it, and goes when the machine starts anew.
#pragma once

#include <string>
#include <string_view>

namespace bms::line {

/// What is noted: the ending of the file, and what stands in it.
struct NoteKind {
  std::string_view ending, text;
};

/// The board may be in a mode that it must be taken out of again.
inline constexpr NoteKind mode_open{".mode", "a board may be in a mode that it has to leave\n"};
/// Something was set, and it is not known that all of it was saved.
inline constexpr NoteKind unsaved{".unsaved", "a board may hold values that it loses with its power\n"};

class BoardNote {
 public:
  /// One file for each board, by its place, in a directory in memory; empty: nothing is noted.
  BoardNote(const std::string& directory, const std::string& place, const NoteKind& kind);

  /// Whether an earlier process has left one.
  [[nodiscard]] bool found() const { return found_; }

  /// Whether it is noted now.
  [[nodiscard]] bool is_set() const { return set_; }

  /// Notes it, or takes the note away. Touches the file only when that is a change. False: it could not be noted.
  bool set(bool noted);

 private:
  std::string file_;  ///< empty: nothing is noted
  std::string text_;
  bool found_ = false;
  bool set_ = false;
};

}  // namespace bms::line
