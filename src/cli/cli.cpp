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

}  // namespace

int main(int argc, char** argv) try {
  const auto action = understand(argc, argv);
  return action ? static_cast<int>((*action)()) : action.error();
} catch (const std::exception& problem) {
  std::cerr << "dbus-bms: " << problem.what() << "\n";
  return static_cast<int>(driver::ExitCode::lost);
}

}  // namespace bms::cli
