#include "driver/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace bms::driver {

namespace {

/// What fits into one line without beginning the next.
std::size_t columns_of(int terminal) {
  constexpr std::size_t usual = 79;
  winsize size{};
  if (ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return usual;
  return size.ws_col - 1U;
}

void write_to(int descriptor, const std::string& text) {
  // What cannot be shown is not missed.
  [[maybe_unused]] const ssize_t written = ::write(descriptor, text.data(), text.size());
}

}  // namespace

ProgressLine::ProgressLine(int descriptor) : descriptor_(descriptor), on_terminal_(::isatty(descriptor) == 1) {}

void ProgressLine::show(const std::string& text) {
  if (!on_terminal_) return;
  const std::string cut = text.substr(0, columns_of(descriptor_));
  // Blanks and not a command of the terminal, which may be a simple one.
  const std::size_t left_over = shown_ > cut.size() ? shown_ - cut.size() : 0;
  write_to(descriptor_, "\r" + cut + std::string(left_over, ' ') + std::string(left_over, '\b'));
  shown_ = cut.size();
}

void ProgressLine::clear() {
  if (shown_ == 0) return;
  const std::size_t columns = std::min(shown_, columns_of(descriptor_));
  write_to(descriptor_, "\r" + std::string(columns, ' ') + "\r");
  shown_ = 0;
}

}  // namespace bms::driver
