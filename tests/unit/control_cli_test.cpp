// "control": one line in, one line out, and clear words for lines that are not frames.
#include "cli/control.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace bms::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

json frame(double cell_v, double current_a, double dt_s = 1) {
  return {{"dt_s", dt_s},           {"cells_v", std::vector<double>(16, cell_v)},
          {"current_a", current_a}, {"soc_pct", 50},
          {"capacity_ah", 280},     {"temperatures_c", {20, 21}},
          {"charge_fet", true},     {"discharge_fet", true},
          {"alarms", json::array()}};
}

/// Runs the filter over lines of text and collects what comes out.
struct Played {
  explicit Played(const std::vector<std::string>& lines, const ControlOptions& options = {}) {
    std::stringstream in;
    for (const std::string& line : lines) in << line << "\n";
    std::stringstream out;
    std::stringstream said;
    code = control(in, out, said, options);
    problems = said.str();
    for (std::string line; std::getline(out, line);) answers.push_back(json::parse(line));
  }
  ExitCode code = ExitCode::stopped;
  std::string problems;
  std::vector<json> answers;
};

TEST(Control, AnswersEachLine) {
  const Played run({frame(3.3, 10).dump(), frame(3.3, 10).dump()});
  EXPECT_EQ(run.code, ExitCode::stopped);
  EXPECT_EQ(run.problems, "");
  ASSERT_EQ(run.answers.size(), 2U);
  const json& answer = run.answers.back();
  EXPECT_EQ(answer["ccl_a"], 50);
  EXPECT_EQ(answer["dcl_a"], 60);
  EXPECT_GT(answer["cvl_v"], 52.8);
  EXPECT_LE(answer["cvl_v"], 55.2);
  EXPECT_EQ(answer["state"], "Bulk");
  EXPECT_EQ(answer["charge_limitation"], "configured maximum");
  EXPECT_EQ(answer["soc_pct"], 50);
  EXPECT_EQ(answer["alarms"], json::object());
  EXPECT_EQ(answer["time_to_go_s"], nullptr);
}

TEST(Control, LostFramesLeadThroughTheStages) {
  std::vector<std::string> lines{frame(3.3, 10).dump()};
  for (int second = 0; second < 70; ++second) lines.push_back(R"({"dt_s": 1, "lost": true})");
  const Played run(lines);
  EXPECT_EQ(run.answers[8]["ccl_a"], 50);
  EXPECT_EQ(run.answers[12]["ccl_a"], 0);
  EXPECT_EQ(run.answers[12]["alarms"]["BmsCable"], 1);
  EXPECT_TRUE(run.answers[62]["cvl_v"].is_number());
  EXPECT_EQ(run.answers[62]["dcl_a"], 0);
  EXPECT_EQ(run.answers[66]["cvl_v"], nullptr);
  EXPECT_EQ(run.answers[66]["ccl_a"], nullptr);
  EXPECT_EQ(run.answers[66]["alarms"]["BmsCable"], 2);
}

TEST(Control, TakesUnknownAsUnknown) {
  json bare = {{"dt_s", 1}, {"cells_v", std::vector<double>(16, 3.3)}, {"current_a", nullptr}};
  const Played run({bare.dump(), bare.dump()});
  EXPECT_EQ(run.code, ExitCode::stopped);
  EXPECT_TRUE(run.answers.back()["cvl_v"].is_number());
}

TEST(Control, AlarmsBlock) {
  json alarmed = frame(3.3, 10);
  alarmed["alarms"] = {"HighCellVoltage"};
  EXPECT_EQ(Played({alarmed.dump()}).answers.back()["ccl_a"], 0);
  alarmed["alarms"] = {{"HighCellVoltage", 1}};
  EXPECT_EQ(Played({alarmed.dump()}).answers.back()["ccl_a"], 50);
}

TEST(Control, SaysWhatIsWrongWithALineAndGoesOn) {
  const struct {
    std::string line, told;
  } cases[] = {
      {"", "expected one JSON object"},
      {"[1]", "expected one JSON object"},
      {R"({"cells_v": [3.3]})", "dt_s: expected seconds"},
      {R"({"dt_s": -1, "cells_v": [3.3]})", "dt_s: expected seconds"},
      {R"({"dt_s": 1e300, "cells_v": [3.3]})", "dt_s: expected seconds"},
      {R"({"dt_s": 1})", "cells_v: expected 1 to 64 numbers"},
      {R"({"dt_s": 1, "cells_v": ["x"]})", "cells_v: expected numbers"},
      {R"({"dt_s": 1, "cells_v": [3.3], "current_a": "10"})", "current_a: expected a number"},
      {R"({"dt_s": 1, "cells_v": [3.3], "charge_fet": 1})", "charge_fet: expected true, false"},
      {R"({"dt_s": 1, "cells_v": [3.3], "alarms": ["NoSuch"]})", "alarms: expected names"},
      {R"({"dt_s": 1, "cells_v": [3.3], "alarms": {"LowSoc": 3}})", "alarms: expected levels"},
      {R"({"dt_s": 1, "lost": "yes"})", "lost: expected true or false"},
      {R"({"dt_s": "ääääääääääääääääääääääää"})",
       R"(dt_s: expected seconds since the line before, 0 to 1000000, found "\u00e4)"},
      {R"({"dt_s": )" + std::string(100'000, '[') + std::string(100'000, ']') + "}",
       "dt_s: expected seconds since the line before, 0 to 1000000, found an array"},
  };
  for (const auto& [line, told] : cases) {
    const Played run({frame(3.3, 0).dump(), line, frame(3.3, 0).dump()});
    EXPECT_EQ(run.code, ExitCode::configuration) << line;
    EXPECT_THAT(run.problems, HasSubstr("line 2: " + told));
    ASSERT_EQ(run.answers.size(), 3U);
    EXPECT_THAT(run.answers[1]["error"].get<std::string>(), HasSubstr(told));
    EXPECT_EQ(run.answers[2]["ccl_a"], 50);
  }
}

TEST(Control, NoNumberOfLinesIsTooLongForTheClock) {
  const std::vector<std::string> ages(10'000, frame(3.3, 0, 1e6).dump());
  const Played run(ages);
  ASSERT_EQ(run.answers.size(), ages.size());
  EXPECT_EQ(run.answers.back()["soc_pct"], 50);
}

TEST(Control, RefusesWhatCannotBeTrue) {
  const Played run({frame(3.3, 10).dump(), frame(9.9, 10).dump()});
  EXPECT_THAT(run.answers[1]["refused"].get<std::string>(), HasSubstr("cell voltage"));
  EXPECT_EQ(run.answers[1]["ccl_a"], 50);
}

/// A configuration file for one test.
struct Configured {
  explicit Configured(const std::string& text)
      : file(std::filesystem::temp_directory_path() / ("control-config-" + std::to_string(getpid()))) {
    std::ofstream(file) << text;
  }
  ~Configured() { std::filesystem::remove(file); }
  Configured(const Configured&) = delete;
  Configured& operator=(const Configured&) = delete;

  std::string file;
};

TEST(Control, AllowsNothingThatIsAMultipleOfAnUnknownCapacity) {
  const Configured config("[default]\nmax_charge_current = 0.5C\nmax_discharge_current = 1C\n");
  json unknown = frame(3.3, 10);
  unknown.erase("capacity_ah");
  std::vector<std::string> lines(20, unknown.dump());
  lines.resize(220, frame(3.3, 10).dump());
  const Played run(lines, {.config_file = config.file, .battery = {}, .state_file = {}});
  EXPECT_EQ(run.answers[0]["ccl_a"], 0);
  EXPECT_EQ(run.answers[0]["dcl_a"], 0);
  EXPECT_THAT(run.answers[0]["charge_limitation"].get<std::string>(), HasSubstr("set capacity"));
  ASSERT_EQ(run.answers[19]["faults"].size(), 2U) << run.answers[19];
  EXPECT_THAT(run.answers[19]["faults"][0].get<std::string>(), HasSubstr("set capacity"));
  EXPECT_EQ(run.answers[219]["ccl_a"], 140);
  EXPECT_EQ(run.answers[219]["dcl_a"], 280);
  EXPECT_FALSE(run.answers[219].contains("faults"));
}

TEST(Control, ACapacityThatComesLaterOrChangesDoesNotMoveTheSocOfTheBms) {
  json line = frame(3.3, 0);
  line["soc_pct"] = 60;
  line.erase("capacity_ah");
  std::vector<std::string> lines(2, line.dump());
  line["capacity_ah"] = 280;
  lines.resize(20, line.dump());
  line["capacity_ah"] = 300;
  line["soc_pct"] = 40;
  lines.resize(60, line.dump());
  const Played run(lines);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(run.answers[i]["soc_pct"], 60) << i;
  for (std::size_t i = 22; i < 60; ++i) EXPECT_EQ(run.answers[i]["soc_pct"], 40) << i;
  for (const json& answer : run.answers) EXPECT_EQ(answer["alarms"], json::object());
}

/// What control prints as a table, line by line.
std::vector<std::string> table_of(const std::vector<std::string>& frames) {
  std::stringstream in;
  for (const std::string& line : frames) in << line << "\n";
  std::stringstream out;
  std::stringstream problems;
  static_cast<void>(control(in, out, problems, {.table = true}));
  std::vector<std::string> lines;
  for (std::string line; std::getline(out, line);) lines.push_back(line);
  return lines;
}

TEST(Control, PrintsATableForPeople) {
  json alarmed = frame(3.3, -12.34, 0.5);
  alarmed["alarms"] = {"HighCellVoltage"};
  std::vector<std::string> frames{frame(3.3, 10).dump()};
  frames.resize(41, alarmed.dump());  // a reason stays for some seconds, so that it can be read
  const auto lines = table_of(frames);
  ASSERT_EQ(lines.size(), 42U);
  EXPECT_EQ(lines[0], "   time s         V         A   SoC %  state              CCL A    DCL A  reason");
  EXPECT_EQ(lines[1], "      1.0     52.80      10.0    50.0  Bulk                50.0     60.0  configured maximum");
  EXPECT_THAT(lines[2],
              testing::StartsWith("      1.5     52.80     -12.3    50.0  Bulk                 0.0     60.0  "));
  EXPECT_THAT(lines.back(), testing::StartsWith("     21.0     52.80     -12.3    "));
  EXPECT_THAT(lines.back(), testing::EndsWith("     0.0     60.0  CCL: high cell voltage, DCL: configured maximum"));
}

TEST(Control, ATableShowsWhatIsNotKnownAsUnknown) {
  std::vector<std::string> frames{R"({"dt_s": 1, "cells_v": [3.3, 3.3, 3.3, 3.3]})"};
  for (int second = 0; second < 70; ++second) frames.emplace_back(R"({"dt_s": 1, "lost": true})");
  const auto lines = table_of(frames);
  ASSERT_EQ(lines.size(), 72U);
  EXPECT_THAT(lines[1], testing::StartsWith("      1.0     13.20        --      --  Bulk  "));
  EXPECT_THAT(lines[20], testing::StartsWith("     20.0        --        --      --  "));
  EXPECT_THAT(lines[20], HasSubstr("     0.0  "));
  EXPECT_THAT(lines.back(),
              testing::StartsWith("     71.0        --        --      --  Blocked               --       --  "));
}

TEST(Control, ATableSaysWhatWasNotBelievedAndWhatWasNoFrame) {
  const auto lines = table_of({"", frame(3.3, 10).dump(), frame(9.9, 10).dump(), "{}"});
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_THAT(lines[1], testing::AllOf(testing::StartsWith("      0.0        --        --      --  --"),
                                       HasSubstr("no frame: expected one JSON object")));
  EXPECT_THAT(lines[3],
              testing::AllOf(testing::StartsWith("      2.0     52.80"), HasSubstr("; refused: cell voltage")));
  EXPECT_THAT(lines[4], testing::AllOf(testing::StartsWith("      2.0     52.80"), HasSubstr("; no frame: dt_s: ")));
}

TEST(Control, GoesOnFromAStateFile) {
  const std::string file = std::filesystem::temp_directory_path() / ("control-state-" + std::to_string(getpid()));
  std::vector<std::string> full(1200, frame(3.45, 1).dump());
  const Played first(full, {.config_file = {}, .battery = {}, .state_file = file});
  EXPECT_EQ(first.answers.back()["state"], "FloatTransition") << first.answers.back();
  const Played second({frame(3.44, 1).dump()}, {.config_file = {}, .battery = {}, .state_file = file});
  EXPECT_EQ(second.answers.back()["state"], "FloatTransition");
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace bms::cli
