// One line on a terminal that says what is going on.
#pragma once

#include <cstddef>
#include <string>

namespace bms::driver {

/// One line on a terminal that is written over and over again. Where there is no terminal nothing is written.
class ProgressLine {
 public:
  /// `descriptor`: of the output, which may be a terminal.
  explicit ProgressLine(int descriptor);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { clear(); }

  [[nodiscard]] bool on_terminal() const { return on_terminal_; }

  /// Replaces what the line says.
  void show(const std::string& text);

  /// Takes the line away; to be called before anything else is written there.
  void clear();

 private:
  int descriptor_;
  bool on_terminal_;
  std::size_t shown_ = 0;  ///< columns in use
};

}  // namespace bms::driver
