// The terminal as a place to draw on: what it can do, and how it is left as it was found.
#pragma once

#include <termios.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bms::cli {

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// The size of the terminal at standard output; else what COLUMNS says, else 80 by 24.
[[nodiscard]] TerminalSize terminal_size();

/// Whether standard output is a terminal with a cursor that can be placed.
[[nodiscard]] bool terminal_can_redraw();

/// Whether colours are wanted there: yes unless NO_COLOR is set to anything (no-color.org).
[[nodiscard]] bool terminal_wants_colours();

/// Whether a locale setting speaks UTF-8. In the order of POSIX: LC_ALL, else LC_CTYPE, else LANG; empty counts as
/// unset.
[[nodiscard]] bool speaks_utf8(std::string_view lc_all, std::string_view lc_ctype, std::string_view lang);
/// Likewise for this process's environment.
[[nodiscard]] bool locale_speaks_utf8();

/// Full-screen drawing on standard output. The destructor restores the terminal.
class FullScreen {
 public:
  FullScreen() = default;
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;
  ~FullScreen() { leave(); }

  /// Takes the terminal: a screen of its own, no cursor, no echo of keys. Again after the process was stopped.
  void enter();
  /// Gives it back. Does nothing when it was not taken.
  void leave();
  /// Shows these lines, cut off at the height of the terminal. Precondition: entered.
  void draw(const std::vector<std::string>& lines, std::size_t rows);

 private:
  std::optional<termios> before_;
  bool entered_ = false;
};

}  // namespace bms::cli
