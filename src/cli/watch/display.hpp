// A picture that changes, on the terminal or printed once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <string>
#include <vector>

#include "bms/timer.hpp"
#include "cli/watch/terminal.hpp"

namespace bms::cli {

class Display {
 public:
  /// `picture` draws what is known now, with or without colours. On a terminal it is asked at least every ten seconds.
  Display(boost::asio::io_context& loop, std::function<std::vector<std::string>(bool colours)> picture)
      : picture_(std::move(picture)), terminal_signals_(loop), settled_(loop), again_(loop) {}

  /// Draws in a moment, once for all changes that come together. The terminal is taken when that happens first.
  void redraw_soon();

  /// Prints the picture as plain text.
  void print() const;

  /// Gives the terminal back.
  void leave() { terminal_.leave(); }

 private:
  void draw();
  void follow_terminal();

  std::function<std::vector<std::string>(bool colours)> picture_;
  boost::asio::signal_set terminal_signals_;
  Timer settled_, again_;
  FullScreen terminal_;
  std::vector<std::string> drawn_;
  bool on_screen_ = false;
};

}  // namespace bms::cli
