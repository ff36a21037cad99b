// Recorded sessions with boards on the air, as `decode --bluetooth` reads them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "bluetooth_frames.hpp"
#include "cli/decode_bluetooth.hpp"
#include "cli/session_decoder.hpp"
#include "registry.hpp"

namespace bms::cli {
namespace {

using bluetooth_test::Json;
using testing::HasSubstr;

std::vector<Json> recorded_sessions() {
  const Json cases = bluetooth_test::ble_file()["cases"];
  return {cases.begin(), cases.end()};
}

struct Decoded {
  ExitCode code = ExitCode::stopped;
  std::vector<Json> lines{};
};

Decoded decoded(const std::string& text, const std::string& family = "") {
  std::istringstream in(text);
  std::ostringstream out;
  Decoded result{.code = decode_bluetooth(family, in, out)};
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) result.lines.push_back(Json::parse(line));
  return result;
}

/// Whether a line says what the recording expects: each key with its value, and no error where none is due. What the
/// file calls acknowledged is the acknowledgement of a register.
void expect_facts(const Json& expected, const Json& found, const std::string& where) {
  Json due = expected;
  if (due.contains("acknowledged")) {
    due = {{"ack", true}, {"register", std::stoi(expected["acknowledged"].get<std::string>(), nullptr, 16)}};
  }
  EXPECT_EQ(found.contains("error"), due.contains("error")) << where << ": " << found.dump();
  for (const auto& [key, value] : due.items())
    EXPECT_EQ(found.value(key, Json("missing")), value) << where << " " << key;
}

void expect_exchange(const Json& exchange, const Json& found, const std::string& where) {
  if (exchange.contains("expect")) expect_facts(exchange["expect"], found, where);
  if (exchange.contains("module")) {
    EXPECT_EQ(found.value("module", ""), exchange["module"].get<std::string>()) << where;
  }
  if (exchange.contains("sound")) {
    EXPECT_FALSE(found.contains("error")) << where << ": " << found.dump();
  }
}

class RecordedSession : public testing::TestWithParam<Json> {
 protected:
  void expect_all(const Decoded& result) const {
    const Json& session = GetParam();
    EXPECT_EQ(result.code, ExitCode::stopped);
    const bool stream = session.contains("stream");
    ASSERT_EQ(result.lines.size(), session["exchanges"].size() + (stream ? 1 : 0));
    for (std::size_t i = 0; i < session["exchanges"].size(); ++i)
      expect_exchange(session["exchanges"][i], result.lines[i], "exchange " + std::to_string(i));
    if (!stream) return;
    const Json& sound = result.lines.back()["stream"];
    ASSERT_EQ(sound.size(), session["expect_stream"].size());
    for (std::size_t i = 0; i < sound.size(); ++i)
      expect_facts(session["expect_stream"][i], sound[i], "frame " + std::to_string(i));
  }
};

TEST_P(RecordedSession, MeansWhatIsExpected) { expect_all(decoded(GetParam().dump())); }

TEST_P(RecordedSession, MeansTheSameInPiecesOfAnotherSize) {
  constexpr std::size_t digits = 2;
  for (const std::size_t size : {7U, 19U, 100U}) {
    Json session = GetParam();
    for (Json& exchange : session["exchanges"]) {
      Json pieces = Json::array();
      for (const Json& piece : exchange["notifications"]) {
        const auto text = piece.get<std::string>();
        // What the module says is in a notification of its own, however large they may be.
        const bool whole = text.starts_with("FFAA") || text.starts_with("41542B");
        for (std::size_t at = 0; at < text.size(); at += whole ? text.size() : size * digits)
          pieces.push_back(whole ? text : text.substr(at, size * digits));
      }
      exchange["notifications"] = pieces;
    }
    expect_all(decoded(session.dump()));
  }
}

INSTANTIATE_TEST_SUITE_P(All, RecordedSession, testing::ValuesIn(recorded_sessions()),
                         [](const auto& one) { return one.param["name"].template get<std::string>(); });

TEST(RecordedSessions, AreReadAsOneFileOrLineByLine) {
  const auto sessions = recorded_sessions();
  EXPECT_EQ(sessions.size(), 14U);
  std::string lines;
  std::vector<Json> one_by_one;
  for (const Json& session : sessions) {
    lines += session.dump() + "\n";
    for (Json& line : decoded(session.dump()).lines) one_by_one.push_back(std::move(line));
  }
  EXPECT_EQ(decoded(bluetooth_test::ble_file().dump(2)).lines, one_by_one);
  EXPECT_EQ(decoded(lines).lines, one_by_one);
}

TEST(RecordedSessions, AreReadExchangeByExchangeForAFamily) {
  for (const Json& session : recorded_sessions()) {
    if (session.contains("stream") || session.contains("dialect")) continue;
    std::string lines;
    for (const Json& exchange : session["exchanges"]) lines += exchange.dump() + "\n";
    EXPECT_EQ(decoded(lines, session["family"]).lines, decoded(session.dump()).lines) << session["name"];
  }
}

constexpr const char* cells_question = "DDA50400FFFC77";
constexpr const char* cells_answer = "DD0400080D660D610D680D59FE3C77";

Json asked(const Json& request, const std::vector<std::string>& notifications) {
  return {{"request", request}, {"notifications", notifications}};
}

std::vector<Json> jbd_session(const std::vector<Json>& exchanges) {
  return decoded(Json{{"family", "jbd"}, {"exchanges", exchanges}}.dump()).lines;
}

TEST(BluetoothSession, AnAnswerMayEndInTheNextExchange) {
  const std::string answer = cells_answer;
  const auto lines =
      jbd_session({asked(cells_question, {answer.substr(0, 10)}), asked(cells_question, {answer.substr(10)})});
  EXPECT_EQ(lines[0]["error"], "truncated");
  EXPECT_EQ(lines[1]["cells_v"].size(), 4U);
}

TEST(BluetoothSession, APieceMayHoldTheHeadOfTheNextAnswer) {
  const std::string answer = cells_answer;
  const auto lines =
      jbd_session({asked(cells_question, {answer + answer.substr(0, 8)}), asked(cells_question, {answer.substr(8)})});
  EXPECT_EQ(lines[0]["cells_v"].size(), 4U);
  EXPECT_EQ(lines[1]["cells_v"].size(), 4U);
}

TEST(BluetoothSession, AnAnswerThatCameOnceIsNotTakenTwice) {
  const auto lines = jbd_session({asked(cells_question, {cells_answer}), asked(cells_question, {})});
  EXPECT_EQ(lines[1]["error"], "silent");
}

TEST(BluetoothSession, AnAnswerMayComeWhileTheModuleIsAsked) {
  const auto lines = jbd_session({asked(cells_question, {}), asked("FFAA170017", {cells_answer, "FFAA1701C9E1"})});
  EXPECT_EQ(lines[0]["error"], "silent");
  EXPECT_EQ(lines[1]["cells_v"].size(), 4U);
  EXPECT_EQ(lines[1]["module"], "random byte c9");
}

TEST(BluetoothSession, WhatTheModulePutsInIsNoDamage) {
  for (const std::vector<std::string>& noise : {std::vector<std::string>{"00"},
                                                {"0000"},
                                                {"39363030"},
                                                {"41542B50524F44"},
                                                {"FFAA1701C9E1"},
                                                {"4F4B0D0A", "00"}}) {
    const auto lines = jbd_session({asked(cells_question, noise)});
    EXPECT_EQ(lines[0].value("error", "silent"), "silent") << lines[0].dump();
    std::vector<std::string> before = noise;
    before.emplace_back(cells_answer);
    EXPECT_EQ(jbd_session({asked(cells_question, before)})[0]["cells_v"].size(), 4U) << noise[0];
  }
}

TEST(BluetoothSession, ThatIsNoneIsSaidSo) {
  for (const char* bad :
       {"x", "{}", "[]", R"({"family": "rec2", "exchanges": []})", R"({"family": "jbd", "exchanges": 1})",
        R"({"family": 5, "exchanges": []})", R"({"cases": [1, null]})",
        R"({"family": "jbd", "exchanges": [{"request": "D", "notifications": []}]})",
        R"({"family": "jbd", "exchanges": [{"request": null, "notifications": [1]}]})",
        R"({"family": "jbd", "exchanges": [5]})"}) {
    const Decoded result = decoded(bad);
    EXPECT_EQ(result.code, ExitCode::configuration) << bad;
    ASSERT_FALSE(result.lines.empty()) << bad;
    EXPECT_EQ(result.lines[0]["error"], "input") << bad;
  }
  EXPECT_TRUE(decoded("").lines.empty());
  EXPECT_EQ(decoded("\n \n").code, ExitCode::stopped);
}

}  // namespace
}  // namespace bms::cli
