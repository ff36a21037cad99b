// `decode`: JSON lines in, JSON lines out, whatever comes in.
#include "cli/decode.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace bms::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Outcome {
  ExitCode code;
  std::vector<Json> lines;
};

Outcome run(const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  const ExitCode code = decode("jbd", in, out);
  std::vector<Json> lines;
  std::istringstream produced(out.str());
  for (std::string line; std::getline(produced, line);) lines.push_back(Json::parse(line));
  return {code, lines};
}

TEST(Decode, OneLineOutForEachLineInBlankOnesSkipped) {
  const Outcome outcome = run(R"({"request":"DDA50400FFFC77","response":"DD0400080F450F3D0F370F3DFEC677","note":1})"
                              "\n  \r\n"
                              R"({"request":null,"response":["dd04","00080F450F3D0F370F3DFEC677"]})");
  EXPECT_EQ(outcome.code, ExitCode::stopped);
  ASSERT_EQ(outcome.lines.size(), 2U);
  EXPECT_EQ(outcome.lines[0].dump(), R"({"cells_v":[3.909,3.901,3.895,3.901]})");
  EXPECT_EQ(outcome.lines[1], outcome.lines[0]);
}

TEST(Decode, TakesTheFirstOfSeveralRequests) {
  const Outcome outcome = run(R"({"request":["DDA5E100FF1F77","DDA50300FFFD77"],"response":"DDE10000000077"})");
  EXPECT_EQ(outcome.code, ExitCode::stopped);
}

TEST(Decode, ARefusalCarriesItsStatusOtherErrorsDoNot) {
  const Outcome outcome = run(R"({"request":"DDA52400FFDC77","response":"DD248100FF7F77"})"
                              "\n"
                              R"({"request":"DDA52400FFDC77","response":""})");
  EXPECT_EQ(outcome.lines.at(0)["status"], 0x81);
  EXPECT_FALSE(outcome.lines.at(0)["message"].get<std::string>().empty());
  EXPECT_EQ(outcome.lines.at(1)["error"], "garbage");
  EXPECT_FALSE(outcome.lines.at(1).contains("status"));
}

TEST(Decode, GoesOnAfterALineThatIsNoExchange) {
  const std::string sound = R"({"request":null,"response":"DD010000000077"})";
  const std::string deep(20000, '[');
  const std::string hostile[] = {"nonsense",
                                 "[]",
                                 "1",
                                 "null",
                                 "{}",
                                 R"({"response":1})",
                                 R"({"response":"DD0"})",
                                 R"({"response":"0xDD"})",
                                 R"({"response":[["DD"]]})",
                                 R"({"response":{}})",
                                 R"({"request":1,"response":""})",
                                 R"({"request":["xyz"],"response":""})",
                                 R"({"response":")",
                                 deep,
                                 "{\"a\":" + deep,
                                 "\xFF\xFE",
                                 std::string(3, '\0')};
  for (const std::string& line : hostile) {
    const Outcome outcome = run(line + "\n" + sound + "\n");
    EXPECT_EQ(outcome.code, ExitCode::configuration) << line.substr(0, 40);
    ASSERT_EQ(outcome.lines.size(), 2U) << line.substr(0, 40);
    EXPECT_EQ(outcome.lines[0]["error"], "input") << line.substr(0, 40);
    EXPECT_EQ(outcome.lines[1].dump(), R"({"ack":true,"register":1})");
  }
}

TEST(Decode, HugeLinesAndUnprintableNamesAreNoTrouble) {
  std::string zeros(2'000'000, '0');
  EXPECT_EQ(run(R"({"request":null,"response":")" + zeros + "\"}").lines.at(0)["error"], "garbage");
  const Outcome name = run(R"({"request":"DDA50500FFFB77","response":"DD050003FF41C3FDFA77"})");
  EXPECT_EQ(name.lines.at(0)["hardware_version"], "?A?");
}

TEST(Decode, ARequestInAnotherLanguageExpectsNothing) {
  EXPECT_EQ(run(R"({"request":"A540900800","response":"DD010000000077"})").lines.at(0)["ack"], true);
}

TEST(Decode, NamesTheFamiliesItKnows) {
  std::istringstream in;
  std::ostringstream out;
  testing::internal::CaptureStderr();
  EXPECT_EQ(decode("nobody", in, out), ExitCode::configuration);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("jbd"), std::string::npos);
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace bms::cli
