// What is made from the command line: the completion for bash is asked as bash asks it, and the manual page in docs/ is
// the present one. UPDATE_DOCS=1, as in tools/docs, writes it there instead of comparing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/command_line.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"

namespace bms::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// What bash would offer for these words, the last of which is not finished.
std::string offered(const std::string& words) {
  Action none;
  const auto script = std::filesystem::temp_directory_path() / ("completion_" + std::to_string(getpid()));
  std::ofstream(script) << bash_completion(*command_line(none)) << "compopt() { :; }\nCOMP_WORDS=(" << words
                        << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_dbus_bms\nprintf '%s ' \"${COMPREPLY[@]}\"\n";
  std::string text;
  if (FILE* shell = ::popen(("bash -f " + script.string()).c_str(), "r")) {
    for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) text += static_cast<char>(c);
    EXPECT_EQ(::pclose(shell), 0);
  }
  std::filesystem::remove(script);
  return text;
}

TEST(BashCompletion, OffersCommandsOptionsAndNames) {
  EXPECT_THAT(offered("dbus-bms ''"), AllOf(HasSubstr("run "), HasSubstr("restore "), Not(HasSubstr("completion"))));
  EXPECT_EQ(offered("dbus-bms re"), "replay release restore ");
  EXPECT_EQ(offered("dbus-bms restore --wr"), "--write ");
  EXPECT_EQ(offered("dbus-bms get --port ttyUSB0 cell_overvoltage_re"), "cell_overvoltage_release ");
  EXPECT_EQ(offered("dbus-bms get '*ID'"), "*IDN ");
  EXPECT_EQ(offered("dbus-bms set CMA"), "CMAX= ") << "what can be set, with the sign that follows";
  EXPECT_EQ(offered("dbus-bms set cell_coun"), " ") << "what cannot be set";
  EXPECT_EQ(offered("dbus-bms switch bal"), "balancer ");
  EXPECT_EQ(offered("dbus-bms config sh"), "show ");
  EXPECT_EQ(offered("dbus-bms config show --ch"), "--changed ");
}

TEST(ManualPage, IsThePresentOne) {
  Action none;
  const std::string page = manual_page(*command_line(none));
  const std::string path = TEST_FRAMES_DIR "/../../docs/dbus-bms.1";
  if (std::getenv("UPDATE_DOCS") != nullptr) std::ofstream(path) << page;
  std::ifstream file(path);
  const std::string present{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(present, page) << "tools/docs writes it to " << path;
}

}  // namespace
}  // namespace bms::cli
