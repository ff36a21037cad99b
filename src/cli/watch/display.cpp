#include "cli/watch/display.hpp"

#include <chrono>
#include <csignal>
#include <iostream>
#include <utility>

namespace bms::cli {

namespace {

// Changes that come together are drawn together.
constexpr auto settle_time = std::chrono::milliseconds{40};

// What is drawn may depend on how long nothing has changed.
constexpr auto longest_pause = std::chrono::seconds{10};

}  // namespace

void Display::redraw_soon() {
  if (!settled_.waits()) settled_.after(settle_time, [this] { draw(); });
}

void Display::print() const {
  for (const std::string& line : picture_(false)) std::cout << line << '\n';
  std::cout.flush();
}

void Display::draw() {
  if (!on_screen_) {
    for (const int signal : {SIGWINCH, SIGTSTP, SIGCONT}) terminal_signals_.add(signal);
    terminal_.enter();
    follow_terminal();
    on_screen_ = true;
  }
  again_.after(longest_pause, [this] { draw(); });
  auto lines = picture_(terminal_wants_colours());
  if (lines == drawn_) return;
  terminal_.draw(lines, terminal_size().rows);
  drawn_ = std::move(lines);
}

/// Another size: draw again. Ctrl-Z: hand the terminal to the shell before stopping, take it back afterwards.
void Display::follow_terminal() {
  terminal_signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGTSTP) {
      terminal_.leave();
      static_cast<void>(std::raise(SIGSTOP));
    }
    if (signal != SIGWINCH) terminal_.enter();
    drawn_.clear();
    draw();
    follow_terminal();
  });
}

}  // namespace bms::cli
