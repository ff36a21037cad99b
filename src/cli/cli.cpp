#include "cli/cli.hpp"

#include "cli/command_line.hpp"
#include "cli/usage.hpp"

namespace bms::cli {

int main(int argc, char** argv) {
  driver::ExitCode result = driver::ExitCode::stopped;
  const auto app = command_line(result);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return answer(*app, problem);
  }
  return static_cast<int>(result);
}

}  // namespace bms::cli
