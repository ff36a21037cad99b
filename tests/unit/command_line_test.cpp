// The command line: every command explains itself, and what cannot be understood is answered in clear words.
#include "cli/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "cli/usage.hpp"

namespace bms::cli {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The command line; parsing does nothing.
struct Words {
  Action chosen;
  std::unique_ptr<CLI::App> app = command_line(chosen);

  /// Calls `visit` for the program and each of its commands, with the words that lead there.
  void for_each_command(const std::function<void(CLI::App&, const std::string&)>& visit) const {
    const std::function<void(CLI::App&, const std::string&)> walk = [&](CLI::App& command, const std::string& path) {
      visit(command, path);
      for (CLI::App* inner : command.get_subcommands([](CLI::App*) { return true; }))
        walk(*inner, path + " " + inner->get_name());
    };
    walk(*app, "dbus-bms");
  }

  /// What is said of the line; empty: it is understood.
  [[nodiscard]] std::string complaint_about(const std::string& line) const {
    try {
      app->parse(line, /*program_name_included=*/false);
    } catch (const CLI::ParseError& problem) {
      return complaint(*app, problem);
    }
    return chosen ? "" : "nothing to do";
  }
};

/// Files of examples.
void need_not_be_there(CLI::Option& option) {
  if (option.get_name() != "FILE" && option.get_type_name() != "FILE") return;
  try {
    option.get_validator(0)->active(false);
  } catch (const CLI::OptionNotFound&) {
    return;  // one that is written
  }
}

std::string without_files(const std::string& line) { return line.substr(0, line.find_first_of("<>|#")); }

TEST(CommandLine, EveryCommandExplainsItselfItsOptionsAndGivesAnExample) {
  const Words words;
  int commands = 0;
  words.for_each_command([&](CLI::App& command, const std::string& path) {
    ++commands;
    EXPECT_THAT(command.get_description(), Not(IsEmpty())) << path;
    EXPECT_THAT(command.get_footer(), AllOf(HasSubstr("Example"), HasSubstr(path), HasSubstr("Exit codes"))) << path;
    for (const CLI::Option* option : command.get_options()) {
      EXPECT_THAT(option->get_description(), Not(IsEmpty())) << path << " " << option->get_name();
      // What kind of text or number: SECONDS, FILE. A word of its own place is named by itself.
      const bool flag = option->get_items_expected_max() == 0;
      if (flag) continue;
      EXPECT_THAT(option->get_type_name(), Not(AnyOf("TEXT", "FLOAT", "INT", "UINT", "ENUM", "NUMBER")))
          << path << " " << option->get_name();
      EXPECT_TRUE(option->get_positional() || !option->get_type_name().empty()) << path << " " << option->get_name();
    }
  });
  EXPECT_GE(commands, 12);
}

TEST(CommandLine, AnAmountSaysItsUnit) {
  const Words words;
  int amounts = 0;
  words.for_each_command([&](CLI::App& command, const std::string& path) {
    for (const CLI::Option* option : command.get_options()) {
      if (option->get_type_name() != "SECONDS") continue;
      ++amounts;
      EXPECT_THAT(option->get_description(), HasSubstr("econds")) << path << " " << option->get_name();
    }
  });
  EXPECT_EQ(amounts, 14);
}

TEST(CommandLine, ExamplesAreUnderstood) {
  int examples = 0;
  Words().for_each_command([&](CLI::App& command, const std::string& path) {
    std::istringstream footer(command.get_footer());
    for (std::string line; std::getline(footer, line);) {
      if (!line.starts_with("  dbus-bms ")) continue;
      ++examples;
      EXPECT_THAT(line, HasSubstr(path));
      const Words fresh;
      fresh.for_each_command([](CLI::App& each, const std::string&) {
        for (CLI::Option* option : each.get_options()) need_not_be_there(*option);
      });
      EXPECT_EQ(fresh.complaint_about(without_files(line.substr(std::string("  dbus-bms ").size()))), "") << line;
    }
  });
  EXPECT_GE(examples, 15);
}

TEST(CommandLine, SaysWhatIsWrongAndWhatIsNear) {
  const struct {
    std::string line;
    std::vector<std::string> told;
  } cases[] = {
      {"", {"dbus-bms: a command is missing", "run, detect, scan, decode, watch", "dbus-bms --help"}},
      {"foo", {"dbus-bms: there is no command \"foo\"; the commands are run, detect", "dbus-bms --help"}},
      {"wach", {"there is no command \"wach\"; did you mean \"watch\"?"}},
      {"det", {"did you mean \"detect\"?"}},
      {"Run ttyUSB0", {"there is no command \"Run\"; did you mean \"run\"?"}},
      {"config", {"dbus-bms config: a command is missing", "check, show, import"}},
      {"config shwo", {"there is no command \"shwo\"; did you mean \"show\"?", "dbus-bms config --help"}},
      {"run", {"dbus-bms run: TTY is missing", "ttyUSB0", "dbus-bms run --help"}},
      {"replay", {"FILE is missing", "run --capture"}},
      {"run ttyUSB0 --confg x.ini", {"there is no option \"--confg\"; did you mean \"--config\"?"}},
      {"run ttyUSB0 --intervall=2", {"there is no option \"--intervall\"; did you mean \"--interval\"?"}},
      {"run ttyUSB0 -x", {"there is no option \"-x\""}},
      {"detect ttyUSB0 ttyUSB1", {"\"ttyUSB1\" is one word too many"}},
      {"run ttyUSB0 --bms dayl", {"--bms: expected one of jbd, daly", "found \"dayl\"", "did you mean \"daly\"?"}},
      {"decode tesla", {"FAMILY: expected one of jbd, daly", "found \"tesla\""}},
      {"run ttyUSB0 --address x", {"--address: expected addresses from 0 to 127, as in 1,2,5-8, found \"x\""}},
      {"detect ttyUSB0 --address 128", {"expected addresses", "found \"128\""}},
      {"detect ttyUSB0 --address 1,200", {"expected addresses", "found \"1,200\""}},
      {"run ttyUSB0 --interval", {"--interval"}},
      {"replay /nonexistent/capture", {"FILE: expected a file that can be read", "No such file or directory"}},
      {"replay /", {"FILE: expected a file that can be read, found \"/\": Is a directory"}},
      {"config check /nonexistent", {"expected a file that can be read", "No such file"}},
      {"config show --config /nonexistent", {"expected a file that can be read", "No such file"}},
      {"config import /nonexistent", {"expected a file that can be read", "No such file"}},
      {"config import /dev/null /dev/null", {"\"/dev/null\" is one word too many"}},
      {"config import A4:C1:37:00:00:0A", {"expected a file that can be read", "there is --btbattery"}},
      {"config import", {"FILE is missing"}},
      {"config import --btbattery --", {"FILE is missing: Its config.ini, or the words of that command line"}},
      {"config import --btbatery A4:C1:37:00:00:0A", {"did you mean \"--btbattery\"?"}},
      {"config import --btbattery -x A4:C1:37:00:00:0A", {"there is no option \"-x\""}},
      {"config import --btbattery -s -p A4:C1:37:00:00:0A", {"--series excludes --parallel"}},
      {"config import --parallel /dev/null", {"--parallel requires --btbattery"}},
      {"config import --name House /dev/null", {"--name requires --btbattery"}},
      {"control --config /nonexistent", {"--config: expected a file that can be read", "No such file"}},
  };
  for (const auto& [line, told] : cases) {
    const Words words;
    const std::string complaint = words.complaint_about(line);
    for (const std::string& part : told) EXPECT_THAT(complaint, HasSubstr(part)) << line;
    EXPECT_THAT(complaint, HasSubstr(" --help")) << line;
  }
}

/// However its owner has written it, behind our options or in quotes, it means the same.
TEST(CommandLine, TakesTheCommandLineOfAnotherDriver) {
  const std::string both = "A4:C1:37:00:00:0A A4:C1:37:00:00:0B";
  for (const std::string& line :
       {"--btbattery -p " + both, "--btbattery --parallel " + both, "--btbattery -- -p " + both,
        "-p --btbattery " + both, "--btbattery " + both + " -p", "--btbattery \"-p " + both + "\"",
        "--btbattery -- \"-p " + both + "\"",
        "--btbattery \"exec /opt/victronenergy/dbus-btbattery/dbus-btbattery.py -p " + both + "\"",
        "--btbattery -- ./dbus-btbattery.py -p " + both}) {
    SCOPED_TRACE(line);
    const Words words;
    ASSERT_EQ(words.complaint_about("config import " + line), "");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const ExitCode code = words.chosen();
    const std::string printed = testing::internal::GetCapturedStdout();
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(", 0 questions to decide, "));
    EXPECT_EQ(code, ExitCode::stopped);
    EXPECT_THAT(printed,
                HasSubstr("[bank btbattery]\nmode = parallel\nmembers = A4:C1:37:00:00:0A, A4:C1:37:00:00:0B\n"));
  }
}

TEST(CommandLine, NumbersAreNumbersWithinTheirBounds) {
  for (const std::string bad :
       {"-1", "0", "0.19", "60.1", "nan", "NaN", "-nan", "inf", "-inf", "1e99", "soon", "1,5", "0x10", "2 3"}) {
    EXPECT_THAT(Words().complaint_about("run ttyUSB0 --interval \"" + bad + "\""),
                HasSubstr("--interval: expected a number from 0.2 to 60 (s), found \"" + bad + "\""));
  }
  for (const std::string bad : {"-1", "-0.001", "86401", "nan", "inf", "1e300", "soon"}) {
    EXPECT_THAT(Words().complaint_about("watch --wait " + bad),
                HasSubstr("--wait: expected a number from 0 to 86400 (s), found \"" + bad + "\""));
  }
  for (const std::string good : {"0.2", "1", "60", "5s", "\"5 s\""})
    EXPECT_EQ(Words().complaint_about("run ttyUSB0 --interval " + good), "");
  for (const std::string good : {"0", "5", "86400"}) EXPECT_EQ(Words().complaint_about("watch --wait " + good), "");
}

TEST(CommandLine, AMissingConfigurationFileIsAnErrorThatSaysWhereElseItIsLookedFor) {
  for (const std::string line : {"run ttyUSB0", "detect ttyUSB0", "bridge", "replay /dev/null", "config show"}) {
    EXPECT_THAT(
        Words().complaint_about(line + " --config /nonexistent/config.ini"),
        AllOf(HasSubstr("found \"/nonexistent/config.ini\": No such file or directory"),
              HasSubstr("else /data/apps/dbus-bms/config.ini or /etc/dbus-bms/config.ini, the first that is there")))
        << line;
    EXPECT_THAT(Words().complaint_about(line + " --config /tmp"), HasSubstr("Is a directory")) << line;
  }
}

}  // namespace
}  // namespace bms::cli
