#include "cli/cli.hpp"

#include <exception>
#include <expected>
#include <iostream>

#include "cli/command_line.hpp"
#include "cli/usage.hpp"

namespace bms::cli {

namespace {

/// What the command is to do, or why nothing is to be done: an exit code. The memory of the command line ends here.
std::expected<Action, int> understand(int argc, char** argv) {
  Action chosen;
  const auto app = command_line(chosen);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return std::unexpected(answer(*app, problem));
  }
  return chosen;
}

/// The same exit code, unless what was printed did not get where it was meant to: then nothing is well.
int after_printing(int exit_code) {
  std::cout.flush();
  if (std::cout || exit_code != 0) return exit_code;
  std::cerr << "dbus-bms: what was printed could not be written\n";
  return static_cast<int>(ExitCode::lost);
}

}  // namespace

int main(int argc, char** argv) try {
  const auto action = understand(argc, argv);
  return after_printing(action ? static_cast<int>((*action)()) : action.error());
} catch (const std::exception& problem) {
  std::cerr << "dbus-bms: " << problem.what() << "\n";
  return static_cast<int>(ExitCode::lost);
}

}  // namespace bms::cli
