#include "cli/watch/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>

namespace bms::cli {
namespace {

constexpr std::size_t widest = 400;

// Own screen, cursor hidden, long lines cut instead of wrapped; and the reverse.
constexpr std::string_view take_screen = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
constexpr std::string_view give_screen_back = "\x1b[?7h\x1b[?25h\x1b[?1049l";

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it, and there is one thread
  return value == nullptr ? std::string_view{} : value;
}

/// Writes everything, or gives up when the terminal is gone.
void write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd writable{STDOUT_FILENO, POLLOUT, 0};
      if (::poll(&writable, 1, -1) < 0 && errno != EINTR) return;
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace

TerminalSize terminal_size() {
  TerminalSize size;
  winsize window{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
    size = {window.ws_col, window.ws_row > 0 ? window.ws_row : size.rows};
  } else {
    const auto columns = environment("COLUMNS");
    std::size_t number = 0;
    std::from_chars(columns.data(), columns.data() + columns.size(), number);
    if (number > 0) size.columns = number;
  }
  size.columns = std::min(size.columns, widest);
  return size;
}

bool terminal_can_redraw() { return ::isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb"; }

bool terminal_wants_colours() { return environment("NO_COLOR").empty(); }

bool speaks_utf8(std::string_view lc_all, std::string_view lc_ctype, std::string_view lang) {
  const std::string_view locale = !lc_all.empty() ? lc_all : !lc_ctype.empty() ? lc_ctype : lang;
  std::string letters;
  for (const char c : locale)
    if (c != '-') letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return letters.find("utf8") != std::string::npos;
}

bool locale_speaks_utf8() { return speaks_utf8(environment("LC_ALL"), environment("LC_CTYPE"), environment("LANG")); }

void FullScreen::enter() {
  if (!entered_) {
    termios now{};
    if (::tcgetattr(STDIN_FILENO, &now) == 0) {
      before_ = now;
      now.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
      ::tcsetattr(STDIN_FILENO, TCSANOW, &now);
    }
    entered_ = true;
  }
  write_out(take_screen);
}

void FullScreen::leave() {
  if (!entered_) return;
  write_out(give_screen_back);
  // Keys that were pressed meanwhile were not meant for the shell.
  if (before_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);
  before_.reset();
  entered_ = false;
}

void FullScreen::draw(const std::vector<std::string>& lines, std::size_t rows) {
  const bool fits = lines.size() <= rows;
  const std::size_t shown = fits ? lines.size() : std::max<std::size_t>(rows, 1) - 1;
  std::string out = "\x1b[H";
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += "\r\n";
    out += lines[i] + "\x1b[K";
  }
  if (!fits) out += "\r\n ... " + std::to_string(lines.size() - shown) + " more lines\x1b[K";
  out += "\x1b[J";
  write_out(out);
}

}  // namespace bms::cli
