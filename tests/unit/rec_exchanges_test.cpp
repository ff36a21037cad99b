// Every recorded and every hostile REC exchange, whole, cut in every way, damaged, and with noise around it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bms/hex.hpp"
#include "rec/rec_answer.hpp"
#include "rec/rec_exchange.hpp"
#include "rec/rec_explain.hpp"
#include "rec_wire.hpp"

namespace bms::rec {
namespace {

using Json = nlohmann::ordered_json;
using rec_test::ByteVector;
using rec_test::concat;

struct Case {
  std::string name;
  Recording recording;
  Json expect;

  [[nodiscard]] ByteVector stream() const { return recording.stream(); }
  [[nodiscard]] bool refused() const { return expect.contains("error"); }
  [[nodiscard]] std::string command() const { return recording.line["command"]; }
  [[nodiscard]] std::uint8_t unit() const { return recording.line["address"]; }

  /// The question, without the program's own way from recording to question.
  [[nodiscard]] Question question() const {
    const std::string text = command();
    if (text.contains(' ')) return write_question(unit(), find_instruction(text.substr(0, 4))->name);
    return read_question(unit(), *find_instruction(text.substr(0, 4)));
  }
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::vector<Case> all_cases() {
  std::ifstream file(TEST_FRAMES_DIR "/rec.json");
  const Json root = Json::parse(file);
  std::vector<Case> cases;
  for (const Json& json : root["cases"]) {
    Case one{.name = json["name"], .recording = {}, .expect = json["expect"]};
    one.recording.line = json;
    one.recording.request = from_hex(json["request"].get<std::string>()).value();
    const Json& response = json["response"];
    for (const Json& piece : response.is_array() ? response : Json::array({response}))
      one.recording.pieces.push_back(from_hex(piece.get<std::string>()).value());
    cases.push_back(std::move(one));
  }
  return cases;
}

/// Numbers of a unit have seven digits that count; resistances are small.
bool same(const Json& found, const Json& expected, double absolute = 5e-7) {
  if (expected.is_number() && found.is_number()) {
    const double wanted = expected.get<double>();
    return std::abs(found.get<double>() - wanted) <= std::max(absolute, 2e-7 * std::abs(wanted));
  }
  if (!expected.is_structured() || expected.size() != found.size()) return found == expected;
  if (expected.is_array())
    return std::ranges::equal(found, expected, [=](const Json& a, const Json& b) { return same(a, b, absolute); });
  return std::ranges::all_of(expected.items(), [&](const auto& item) {
    return found.contains(item.key()) &&
           same(found[item.key()], item.value(), item.key() == "cell_resistances_ohm" ? 1e-10 : absolute);
  });
}

/// What the explanation says besides the words for people.
Json facts(const Recording& recording) {
  Json json = explain(recording);
  json.erase("message");
  return json;
}

Json facts(const Case& one, std::vector<ByteVector> pieces) {
  Recording recording = one.recording;
  recording.pieces = std::move(pieces);
  return facts(recording);
}

std::vector<ByteVector> cut_at(const ByteVector& stream, std::size_t place) {
  const auto middle = stream.begin() + static_cast<std::ptrdiff_t>(place);
  return {{stream.begin(), middle}, {middle, stream.end()}};
}

std::vector<ByteVector> single_bytes(const ByteVector& stream) {
  std::vector<ByteVector> pieces;
  for (const std::uint8_t byte : stream) pieces.push_back({byte});
  return pieces;
}

/// The payloads of an answer, or why there is none.
Json summary(const std::optional<Answer>& answer, ErrorKind reason) {
  if (!answer) return Json{{"error", name_of(reason)}};
  Json data = Json::array();
  for (const Bytes payload : answer->data) data.push_back(to_hex(payload));
  return data;
}

/// What a live port makes of the pieces: the answer, in the end at the latest, or the reason why there is none.
Json live(const Case& one, const std::vector<ByteVector>& pieces) {
  Exchange exchange;
  exchange.ask(read_request(one.unit(), "LCD1"), one.question(), usual_patience.with_attempts(1));
  ByteVector all;
  for (const ByteVector& piece : pieces) {
    all = concat(all, piece);
    Progress progress;
    if (const auto answer = exchange.receive(piece, progress)) return summary(answer, {});
  }
  (void)exchange.timed_out();
  return summary(exchange.late_answer(), search(all, one.question(), End::final).reason);
}

class RecExchange : public testing::TestWithParam<Case> {};

TEST_P(RecExchange, DecodesAsExpected) {
  const Json found = facts(GetParam().recording);
  EXPECT_TRUE(same(found, GetParam().expect)) << found << "\n" << GetParam().expect;
}

TEST_P(RecExchange, TheRequestAloneSteersAsWell) {
  Recording recording = GetParam().recording;
  recording.line.erase("address");
  recording.line.erase("command");
  EXPECT_EQ(facts(recording), facts(GetParam().recording));
}

TEST_P(RecExchange, TheCommandEncodesToTheRequest) {
  const std::string text = GetParam().command();
  const RequestBytes request = request_frame(GetParam().unit(), text);
  EXPECT_EQ(to_hex(request), GetParam().recording.line["request"].get<std::string>());
}

TEST_P(RecExchange, ExplanationDoesNotDependOnHowTheStreamIsCut) {
  const ByteVector stream = GetParam().stream();
  const Json whole = facts(GetParam().recording);
  for (std::size_t place = 0; place <= stream.size(); ++place)
    EXPECT_EQ(facts(GetParam(), cut_at(stream, place)), whole) << place;
  EXPECT_EQ(facts(GetParam(), single_bytes(stream)), whole);
}

TEST_P(RecExchange, LivePortFindsTheSameHoweverTheStreamIsCut) {
  const ByteVector stream = GetParam().stream();
  const Findings recorded = search(stream, GetParam().question(), End::final);
  const Json expected = summary(recorded.answer, recorded.reason);
  EXPECT_EQ(live(GetParam(), {stream}), expected);
  EXPECT_EQ(live(GetParam(), single_bytes(stream)), expected);
  for (std::size_t place = 0; place <= stream.size(); ++place)
    EXPECT_EQ(live(GetParam(), cut_at(stream, place)), expected) << place;
}

TEST_P(RecExchange, LivePortNeverWaitsForMoreBytesThanAreMissing) {
  const Question question = GetParam().question();
  Exchange exchange;
  exchange.ask(read_request(GetParam().unit(), "LCD1"), question, usual_patience);
  std::size_t promised = question.shortest_answer();  // bytes that must come before there can be an answer
  for (const std::uint8_t byte : GetParam().stream()) {
    Progress progress;
    const bool answered = exchange.receive({&byte, 1}, progress).has_value();
    promised = promised > 0 ? promised - 1 : 0;
    if (answered) {
      EXPECT_EQ(promised, 0U);
      return;
    }
    EXPECT_GT(progress.missing, 0U);
    EXPECT_GE(progress.missing, promised) << "fewer bytes are missing than was said before";
    promised = progress.missing;
  }
}

TEST_P(RecExchange, NoiseBeforeTheAnswerChangesNothing) {
  if (GetParam().refused()) return;
  const std::uint8_t unit = GetParam().unit();
  const ByteVector noises[] = {{0x00},
                               {0xFF, 0xFE},
                               {0x55},
                               {0x55, 0x00},
                               {0xAA, 0x55, 0x55, 0x00},
                               {0x55, 0x00, unit, 0x02},
                               rec_test::frame(unit, 0, rec_test::ascii("CELL?")),
                               rec_test::frame(0, unit + 1U, rec_test::ascii("28")),
                               rec_test::frame(0, unit + 1U, ByteVector(28))};
  for (const ByteVector& noise : noises)
    EXPECT_EQ(facts(GetParam(), {noise, GetParam().stream()}), facts(GetParam().recording)) << to_hex(noise);
}

TEST_P(RecExchange, WhatIsCutOffYieldsNoValue) {
  const ByteVector stream = GetParam().stream();
  const auto answer = search(stream, GetParam().question(), End::final).answer;
  if (!answer) return;
  const Bytes last = answer->data.back();
  const std::size_t end = static_cast<std::size_t>(last.data() - stream.data()) + last.size() + 3;
  for (std::size_t size = 0; size < end; ++size)
    EXPECT_TRUE(
        facts(GetParam(), {{stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size)}}).contains("error"))
        << size;
}

TEST_P(RecExchange, AFlippedBitYieldsAnErrorOrTheSame) {
  if (GetParam().refused()) return;
  const ByteVector stream = GetParam().stream();
  const Json whole = facts(GetParam().recording);
  for (std::size_t at = 0; at < stream.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      ByteVector flipped = stream;
      flipped[at] ^= static_cast<std::uint8_t>(1U << bit);
      const Json found = facts(GetParam(), {flipped});
      EXPECT_TRUE(found.contains("error") || found == whole) << "byte " << at << " bit " << bit << found;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Frames, RecExchange, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

}  // namespace
}  // namespace bms::rec
