// Waiting for somebody else who is at work on the same board.
#pragma once

#include <chrono>
#include <string>

#include "driver/progress.hpp"

namespace bms::cli {

class Patience {
 public:
  /// Ends so long from now. On a terminal `line` says what is waited for.
  Patience(std::chrono::seconds how_long, driver::ProgressLine& line);

  /// Whether it is worth trying again, which is so a moment later. `why`: what was in the way; up to a semicolon it is
  /// shown.
  [[nodiscard]] bool another_try(const std::string& why);

 private:
  std::chrono::steady_clock::time_point end_;
  driver::ProgressLine& line_;
};

}  // namespace bms::cli
