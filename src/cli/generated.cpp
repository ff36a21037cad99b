#include "cli/generated.hpp"

#include <iostream>

#include "cli/command_options.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"
#include "cli/usage.hpp"

namespace bms::cli {

namespace {

/// The command line is gone by the time that a command runs; it is built again to be described.
ExitCode print(std::string (*describe)(const CLI::App&)) {
  Action none;
  std::cout << describe(*command_line(none));
  return ExitCode::stopped;
}

}  // namespace

void add_generated(CLI::App& app, Action& chosen) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = add_command(app, "completion", "Prints a script that completes commands, options and names",
                                     "  dbus-bms completion bash > /etc/bash_completion.d/dbus-bms\n");
  add_word(*completion, "SHELL", *shell, "bash")->required()->check(one_of({"bash"}));
  completion->group("");
  completion->callback([shell, &chosen] { chosen = [] { return print(bash_completion); }; });

  CLI::App* manual = add_command(app, "manual", "Prints the manual page", "  dbus-bms manual > dbus-bms.1\n");
  manual->group("");
  manual->callback([&chosen] { chosen = [] { return print(manual_page); }; });
}

}  // namespace bms::cli
