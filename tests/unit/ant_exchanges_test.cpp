// Every recorded and every hostile ANT exchange, whole, cut in every way, damaged, and with noise around it.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "ant/ant_explain.hpp"
#include "ant/ant_new_frame.hpp"
#include "ant/ant_old_frame.hpp"
#include "ant_wire.hpp"
#include "bms/hex.hpp"

namespace bms::ant {
namespace {

using Json = nlohmann::ordered_json;
using ant_test::ByteVector;
using ant_test::concat;

struct Case {
  std::string name;
  Json line;
  ByteVector request;
  std::vector<ByteVector> pieces;
  Json expect;

  [[nodiscard]] bool old() const { return line["variant"] == "old"; }
  [[nodiscard]] ByteVector stream() const {
    ByteVector all;
    for (const ByteVector& piece : pieces) all = concat(all, piece);
    return all;
  }
  [[nodiscard]] bool refused() const { return expect.contains("error"); }
  /// Refused for what the bytes are, not for what they say.
  [[nodiscard]] bool unsound() const { return refused() && expect["error"] != "status"; }
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::vector<Case> all_cases() {
  std::ifstream file(TEST_FRAMES_DIR "/ant.json");
  const Json root = Json::parse(file);
  std::vector<Case> cases;
  for (const Json& json : root["cases"]) {
    Case one{.name = json["name"], .line = json, .request = {}, .pieces = {}, .expect = json["expect"]};
    one.request = from_hex(json["request"].get<std::string>()).value();
    const Json& response = json["response"];
    for (const Json& piece : response.is_array() ? response : Json::array({response}))
      one.pieces.push_back(from_hex(piece.get<std::string>()).value());
    cases.push_back(std::move(one));
  }
  return cases;
}

/// What the explanation says besides the words for people.
Json facts(const Case& one, const std::vector<ByteVector>& pieces) {
  Json json = explain({.request = one.request, .pieces = pieces, .line = one.line});
  json.erase("message");
  return json;
}

std::vector<ByteVector> cut_at(const ByteVector& stream, std::size_t cut) {
  const auto middle = stream.begin() + static_cast<std::ptrdiff_t>(cut);
  return {{stream.begin(), middle}, {middle, stream.end()}};
}

std::vector<ByteVector> single_bytes(const ByteVector& stream) {
  std::vector<ByteVector> pieces;
  for (const std::uint8_t byte : stream) pieces.push_back({byte});
  return pieces;
}

ByteVector bytes_of(const NewReply& reply) { return {reply.payload.begin(), reply.payload.end()}; }
ByteVector bytes_of(const OldReply& reply) { return {reply.frame.begin(), reply.frame.end()}; }

/// What a live port makes of the pieces: the content of the answer, or nothing.
template <class Expectation>
std::optional<ByteVector> live(const Expectation& expected, const std::vector<ByteVector>& pieces) {
  Receiver<Expectation> receiver;
  receiver.expect(expected);
  for (const ByteVector& piece : pieces)
    if (const auto intake = receiver.push(piece); intake.answer) return bytes_of(*intake.answer);
  return std::nullopt;
}

std::optional<ByteVector> live(const Case& one, const std::vector<ByteVector>& pieces) {
  if (!one.old()) return live(new_expectation_of(one.request), pieces);
  OldRequest request{};
  std::copy_n(one.request.begin(), request.size(), request.begin());
  return live(OldExpectation{.request = request}, pieces);
}

/// Never waits for more than comes: `shortest` bytes at least, then what was promised.
template <class Expectation>
void check_promises(const Expectation& expected, const ByteVector& stream) {
  Receiver<Expectation> receiver;
  receiver.expect(expected);
  std::vector<std::size_t> due;  // where each promise says that an answer can be complete at the earliest
  std::size_t at = 0;
  due.push_back(Expectation::shortest);
  for (const std::uint8_t byte : stream) {
    ++at;
    const auto intake = receiver.push({&byte, 1});
    if (intake.answer) {
      for (const std::size_t promise : due) EXPECT_LE(promise, at);
      return;
    }
    EXPECT_GT(intake.missing, 0U);
    due.push_back(at + intake.missing);
  }
}

class AntExchange : public testing::TestWithParam<Case> {};

TEST_P(AntExchange, DecodesAsExpected) { EXPECT_EQ(facts(GetParam(), GetParam().pieces), GetParam().expect); }

TEST_P(AntExchange, ExplanationDoesNotDependOnHowTheStreamIsCut) {
  const ByteVector stream = GetParam().stream();
  for (std::size_t cut = 0; cut <= stream.size(); ++cut)
    ASSERT_EQ(facts(GetParam(), cut_at(stream, cut)), GetParam().expect) << cut;
  EXPECT_EQ(facts(GetParam(), single_bytes(stream)), GetParam().expect);
}

TEST_P(AntExchange, LivePortFindsTheSameHoweverTheStreamIsCut) {
  const ByteVector stream = GetParam().stream();
  const auto whole = live(GetParam(), {stream});
  if (!GetParam().refused()) {
    EXPECT_TRUE(whole);
  } else if (GetParam().expect["error"] != "status" && GetParam().expect["error"] != "garbage") {
    // What is sound and cannot be true is an answer all the same; a poll refuses it.
    EXPECT_FALSE(whole);
  }
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) ASSERT_EQ(live(GetParam(), cut_at(stream, cut)), whole) << cut;
  EXPECT_EQ(live(GetParam(), single_bytes(stream)), whole);
}

TEST_P(AntExchange, LivePortNeverWaitsForMoreBytesThanAreMissing) {
  // Frames that were cut off promise more than comes.
  if (GetParam().line.contains("stream") || GetParam().unsound()) return;
  if (!GetParam().old()) return check_promises(new_expectation_of(GetParam().request), GetParam().stream());
  OldRequest request{};
  std::copy_n(GetParam().request.begin(), request.size(), request.begin());
  check_promises(OldExpectation{.request = request}, GetParam().stream());
}

TEST_P(AntExchange, NoiseBeforeTheFrameChangesNothing) {
  if (GetParam().unsound()) return;
  const ByteVector noises[] = {{0x00},
                               {0x7E},
                               {0x7E, 0x7E, 0xA1},
                               {0xAA},
                               {0xAA, 0x55},
                               {0xAA, 0x55, 0xAA, 0x55},
                               {0x55, 0xAA, 0xEB, 0x90},
                               {0x7E, 0xA1, 0x11, 0x00},
                               {0x7E, 0xA1, 0xFF},
                               {0xDB, 0xDB},
                               {0x5A, 0x5A, 0xFF, 0x00, 0x00, 0xFF}};
  for (const ByteVector& noise : noises)
    EXPECT_EQ(facts(GetParam(), {noise, GetParam().stream()}), GetParam().expect) << to_hex(noise);
}

TEST_P(AntExchange, WhatIsCutOffYieldsNoValue) {
  if (GetParam().unsound() || GetParam().line.contains("stream")) return;
  const ByteVector stream = GetParam().stream();
  for (std::size_t size = 0; size < stream.size(); ++size)
    EXPECT_TRUE(
        facts(GetParam(), {{stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size)}}).contains("error"))
        << size;
}

TEST_P(AntExchange, AFlippedBitYieldsAnErrorOrTheSame) {
  // Four writes with four answers have four sums, and the first three answers mean nothing.
  if (GetParam().refused() || GetParam().expect.contains("authenticated")) return;
  const ByteVector stream = GetParam().stream();
  const Json& frames = GetParam().expect;
  for (std::size_t at = 0; at < stream.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      ByteVector flipped = stream;
      flipped[at] ^= static_cast<std::uint8_t>(1U << bit);
      const Json found = facts(GetParam(), {flipped});
      const bool one_of_two =
          frames.contains("frames") && (found == frames["frames"][0] || found == frames["frames"][1]);
      EXPECT_TRUE(found.contains("error") || found == GetParam().expect || one_of_two)
          << "byte " << at << " bit " << bit << found;
    }
  }
}

TEST_P(AntExchange, TheOtherProtocolIsNotAccepted) {
  if (GetParam().unsound()) return;
  Case other = GetParam();
  other.line["variant"] = GetParam().old() ? "new" : "old";
  other.request = GetParam().old() ? ant_test::hex("7EA1010000BE1855AA55") : ant_test::hex("DBDB00000000");
  other.line["request"] = to_hex(other.request);
  EXPECT_EQ(facts(other, other.pieces)["error"], "garbage");
}

TEST_P(AntExchange, TheRequestTellsTheProtocolAsWell) {
  Case bare = GetParam();
  bare.line.erase("variant");
  EXPECT_EQ(facts(bare, bare.pieces), bare.expect);
}

INSTANTIATE_TEST_SUITE_P(Frames, AntExchange, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

}  // namespace
}  // namespace bms::ant
