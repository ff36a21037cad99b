#include "cli/cli.hpp"

#include "cli/command_line.hpp"
#include "cli/usage.hpp"

namespace bms::cli {

int main(int argc, char** argv) {
  Action chosen;
  const auto app = command_line(chosen);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return answer(*app, problem);
  }
  return static_cast<int>(chosen());
}

}  // namespace bms::cli
