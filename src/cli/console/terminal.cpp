#include "cli/console/terminal.hpp"

#include <unistd.h>

#include <iostream>

namespace bms::cli {

Terminal standard_terminal() {
  return {.out = std::cout,
          .told = std::cerr,
          .answers = std::cin,
          .can_ask = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1,
          .progress = STDERR_FILENO};
}

std::string answer_to(const std::string& question, Terminal& terminal) {
  terminal.told << question << std::flush;
  std::string line;
  if (!std::getline(terminal.answers, line)) terminal.told << "\n";
  return line;
}

}  // namespace bms::cli
