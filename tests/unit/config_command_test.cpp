// `dbus-bms config`: what it prints, and how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/config_command.hpp"

namespace bms::config {
namespace {

using testing::HasSubstr;

class ConfigCommand : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() /
            ("config_command_" + std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "_" +
             testing::UnitTest::GetInstance()->current_test_info()->name() + ".ini");
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string file(const std::string& text) {
    std::ofstream(path_) << text;
    return path_;
  }

  std::filesystem::path path_;
  std::ostringstream out_, problems_;
};

TEST_F(ConfigCommand, CheckSaysHowMuchItFound) {
  EXPECT_EQ(cli::check_config(file("[default]\nname = a\n[battery x]\ncells = 8\nbaud = 9600\n"), out_),
            ExitCode::stopped);
  EXPECT_EQ(out_.str(), "no faults, 3 options in 2 sections\n");
}

TEST_F(ConfigCommand, CheckNamesFileAndLine) {
  EXPECT_EQ(cli::check_config(file("[default]\nnme = a\n"), out_), ExitCode::configuration);
  EXPECT_EQ(out_.str(),
            path_.string() + ":2: there is no option \"nme\"; did you mean \"name\"?; the line is left out\n1 fault\n");
  EXPECT_EQ(cli::check_config("/nonexistent", out_), ExitCode::configuration);
}

TEST_F(ConfigCommand, CheckSaysInWhichCodingAFileIs) {
  using std::string_literals::operator""s;
  for (const std::string& text : {"\xFF\xFE[\0"s, "\xFE\xFF\0["s, "[\0d\0"s, "\0[\0d"s}) {
    out_.str("");
    EXPECT_EQ(cli::check_config(file(text), out_), ExitCode::configuration);
    EXPECT_EQ(out_.str(), path_.string() + ": the file is UTF-16; save it as UTF-8; the defaults are used\n1 fault\n");
  }
}

TEST_F(ConfigCommand, ShowSaysThatNoSectionFits) {
  const std::string config = file("[default]\ncells = 8\n[battery ttyUSB0]\nname = a\n");
  EXPECT_EQ(cli::show_config({.file = config, .batteries = {"ttyUSB7"}}, out_, problems_), ExitCode::stopped);
  EXPECT_EQ(problems_.str(), "no section [battery ttyUSB7]: [default] counts\n");
  problems_.str("");
  for (const std::vector<std::string>& names : {std::vector<std::string>{}, {"ttyUSB0"}, {"JBD:1", "ttyUSB0"}}) {
    EXPECT_EQ(cli::show_config({.file = config, .batteries = names}, out_, problems_), ExitCode::stopped);
    EXPECT_EQ(problems_.str(), "");
  }
}

TEST_F(ConfigCommand, ImportKnowsAFileOfOurOwn) {
  const std::string ours = file("[default]\nmax_charge_current = 30\n");
  EXPECT_EQ(cli::import_config(ours, out_, problems_), ExitCode::configuration);
  EXPECT_EQ(problems_.str(), ours + ": this is a config.ini of dbus-bms already\n");
  EXPECT_EQ(out_.str(), "");
  EXPECT_NE(cli::import_config(file("[DEFAULT]\nMAX_CELL_VOLTAGE = 3.5\n"), out_, problems_), ExitCode::configuration);
}

TEST_F(ConfigCommand, ShowPrintsValuesAndTheirOrigin) {
  const std::string config = file("[battery x]\nmax_charge_current = 30\n");
  EXPECT_EQ(cli::show_config({.file = config, .batteries = {"x"}}, out_, problems_), ExitCode::stopped);
  EXPECT_THAT(out_.str(), testing::ContainsRegex("max_charge_current +30 A +config_command_.*:2 \\[battery x\\]\n"));
  EXPECT_THAT(out_.str(), testing::ContainsRegex("absorption_cell_voltage +3.45 V +default\n"));
  EXPECT_TRUE(problems_.str().empty());
}

TEST_F(ConfigCommand, ShowPrintsJson) {
  const std::string config = file("[default]\nfoo = 1\npoll_interval = 2\n");
  EXPECT_EQ(cli::show_config({.file = config, .json = true}, out_, problems_), ExitCode::stopped);
  const auto json = nlohmann::json::parse(out_.str());
  EXPECT_EQ(json["faults"][0]["line"], 2);
  const auto found =
      std::ranges::find_if(json["options"], [](const auto& o) { return o["option"] == "poll_interval"; });
  ASSERT_NE(found, json["options"].end());
  EXPECT_EQ((*found)["value"], "2");
  EXPECT_EQ((*found)["unit"], "s");
  EXPECT_EQ((*found)["group"], "The BMS and how it is reached");
  EXPECT_EQ((*found)["default"], "1");
  EXPECT_EQ(cli::show_config({.file = "/nonexistent"}, out_, problems_), ExitCode::configuration);
}

TEST_F(ConfigCommand, ShowWithoutAFileShowsTheDefaults) {
  EXPECT_EQ(cli::show_config({}, out_, problems_), ExitCode::stopped);
  EXPECT_THAT(out_.str(), HasSubstr("stale_after"));
}

TEST_F(ConfigCommand, ShowHasHeadings) {
  EXPECT_EQ(cli::show_config({}, out_, problems_), ExitCode::stopped);
  EXPECT_THAT(out_.str(), testing::StartsWith("The BMS and how it is reached\n  name "));
  EXPECT_THAT(out_.str(), HasSubstr("\n\nVoltages\n  absorption_cell_voltage "));
}

TEST_F(ConfigCommand, ShowCanLeaveOutWhatIsTheDefault) {
  const std::string config = file(
      "[default]\nchemistry = Li-ion\nmax_charge_current = 50\nmax_discharge_current = 90\n[bridge]\nenabled = yes\n");
  EXPECT_EQ(cli::show_config({.file = config, .changed = true}, out_, problems_), ExitCode::stopped);
  EXPECT_THAT(out_.str(),
              testing::ContainsRegex("Limits\n  chemistry .*\n  max_discharge_current +90 A .*\n\nVoltages"));
  EXPECT_THAT(out_.str(), testing::ContainsRegex("absorption_cell_voltage +4.1 V +preset Li-ion"));
  EXPECT_THAT(out_.str(), HasSubstr("bridge.enabled"));
  EXPECT_THAT(out_.str(), testing::Not(HasSubstr("max_charge_current"))) << "50 A is the default";
  EXPECT_THAT(out_.str(), testing::Not(HasSubstr("Alarms\n\n")));
}

TEST_F(ConfigCommand, ShowSaysWhenNothingIsChanged) {
  EXPECT_EQ(cli::show_config({.changed = true}, out_, problems_), ExitCode::stopped);
  EXPECT_EQ(out_.str(), "nothing differs from the defaults\n");
}

TEST_F(ConfigCommand, ImportPrintsAFileAndSaysWhetherSomethingNeedsADecision) {
  const std::string theirs = file("[DEFAULT]\nMAX_CELL_VOLTAGE = 3.5\nTELEMETRY = False\n");
  EXPECT_EQ(cli::import_config(theirs, out_, problems_), ExitCode::stopped);
  EXPECT_THAT(out_.str(), HasSubstr("absorption_cell_voltage = 3.5  # MAX_CELL_VOLTAGE\n"));
  EXPECT_THAT(out_.str(), HasSubstr("#   TELEMETRY = False (line 3): nothing is ever sent anywhere\n"));
  EXPECT_EQ(problems_.str(),
            theirs + ": 2 options taken over, 0 questions to decide, 1 setting without meaning here\n");
  problems_.str("");
  EXPECT_EQ(cli::import_config(file("[DEFAULT]\nBMS_TYPE = Jkbms\n"), out_, problems_), ExitCode::undecided);
  EXPECT_THAT(problems_.str(), HasSubstr(": 0 options taken over, 1 question to decide, "));
  for (const std::string& none : {std::string("/nonexistent"), std::filesystem::temp_directory_path().string()}) {
    EXPECT_EQ(cli::import_config(none, out_, problems_), ExitCode::configuration);
  }
}

TEST_F(ConfigCommand, ImportOfACommandLineReadsTheFilesThatItNames) {
  const std::string first = "A4:C1:37:00:00:0A";
  const std::string theirs = file("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 80\nMAX_BATTERY_DISCHARGE_CURRENT = 90\n");
  EXPECT_EQ(cli::import_btbattery({first + ":" + theirs}, "House", out_, problems_), ExitCode::stopped);
  EXPECT_THAT(out_.str(), HasSubstr("\n[battery " + first + "]\nbms = jbd"));
  EXPECT_THAT(out_.str(), HasSubstr("\nmax_charge_current = 80  # MAX_BATTERY_CHARGE_CURRENT of \""));
  EXPECT_EQ(problems_.str(),
            "dbus-btbattery: 3 options taken over, 0 questions to decide, 0 settings without meaning here\n");
  out_.str("");
  problems_.str("");
  const std::vector<std::string> words{"-p", first + ":/nonexistent", "A4:C1:37:00:00:0B:" + std::string(5000, 'x')};
  EXPECT_EQ(cli::import_btbattery(words, "House", out_, problems_), ExitCode::undecided);
  EXPECT_THAT(out_.str(), HasSubstr("\n[bank House]\nmode = parallel\n"));
  EXPECT_THAT(problems_.str(), HasSubstr("dbus-btbattery: [battery " + first + "]: its file \"/nonexistent\" is not "));
  EXPECT_THAT(problems_.str(), HasSubstr("xxx...\" cannot be read: File name too long; max_charge_current and "));
  EXPECT_THAT(problems_.str(), HasSubstr(", 2 questions to decide, "));
}

TEST_F(ConfigCommand, ImportOfACommandLineThatIsNotUnderstoodPrintsNothing) {
  EXPECT_EQ(cli::import_btbattery({"-x", "A4:C1:37"}, "House", out_, problems_), ExitCode::configuration);
  EXPECT_EQ(out_.str(), "");
  EXPECT_THAT(problems_.str(), HasSubstr("dbus-bms config import: expected -s (--series), -p (--parallel) or "));
  EXPECT_THAT(problems_.str(), HasSubstr("found \"A4:C1:37\"\nSee \"dbus-bms config import --help\".\n"));
}

}  // namespace
}  // namespace bms::config
