// Every recorded and every hostile JBD exchange, whole, cut in every way, damaged, and with noise around it.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "bms/hex.hpp"
#include "jbd/jbd_explain.hpp"
#include "jbd/jbd_frame.hpp"
#include "jbd_wire.hpp"

namespace bms::jbd {
namespace {

using Json = nlohmann::ordered_json;
using jbd_test::ByteVector;
using jbd_test::concat;

struct Case {
  std::string name;
  std::optional<ByteVector> request;
  std::vector<ByteVector> pieces;
  Json expect;

  [[nodiscard]] ByteVector stream() const {
    ByteVector all;
    for (const ByteVector& piece : pieces) all = concat(all, piece);
    return all;
  }
  [[nodiscard]] bool refused() const { return expect.contains("error"); }
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::vector<Case> all_cases() {
  std::ifstream file(TEST_FRAMES_DIR "/jbd.json");
  const Json root = Json::parse(file);
  std::vector<Case> cases;
  for (const Json& json : root["cases"]) {
    Case one{.name = json["name"], .request = {}, .pieces = {}, .expect = json["expect"]};
    if (!json["request"].is_null()) one.request = from_hex(json["request"].get<std::string>()).value();
    const Json& response = json["response"];
    for (const Json& piece : response.is_array() ? response : Json::array({response}))
      one.pieces.push_back(from_hex(piece.get<std::string>()).value());
    cases.push_back(std::move(one));
  }
  return cases;
}

/// What the explanation says beside the words for people.
Json facts(const std::optional<ByteVector>& request, const std::vector<ByteVector>& pieces) {
  Json json = explain({.request = request, .pieces = pieces, .line = {}});
  json.erase("message");
  return json;
}

Expectation expectation_for(const Case& one) { return one.request ? expectation_of(*one.request) : Expectation{}; }

/// What a live port makes of the pieces: the answer, or the reason in the end.
Json live(const Case& one, const std::vector<ByteVector>& pieces) {
  FrameReceiver receiver;
  receiver.expect(expectation_for(one));
  for (const ByteVector& piece : pieces) {
    const auto intake = receiver.push(piece);
    if (!intake.answer) continue;
    const Bytes payload = intake.answer->payload;
    return Json{{"register", intake.answer->address}, {"status", intake.answer->status}, {"payload", to_hex(payload)}};
  }
  return Json{{"error", name_of(receiver.finish().reason)}};
}

class JbdExchange : public testing::TestWithParam<Case> {};

TEST_P(JbdExchange, DecodesAsExpected) { EXPECT_EQ(facts(GetParam().request, GetParam().pieces), GetParam().expect); }

TEST_P(JbdExchange, ExplanationDoesNotDependOnHowTheStreamIsCut) {
  const ByteVector stream = GetParam().stream();
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    const auto middle = stream.begin() + static_cast<std::ptrdiff_t>(cut);
    EXPECT_EQ(facts(GetParam().request, {{stream.begin(), middle}, {middle, stream.end()}}), GetParam().expect) << cut;
  }
}

TEST_P(JbdExchange, LivePortFindsTheSameHoweverTheStreamIsCut) {
  const ByteVector stream = GetParam().stream();
  const Json whole = live(GetParam(), {stream});
  if (GetParam().refused() && GetParam().expect["error"] != "status") {
    EXPECT_EQ(whole, (Json{{"error", GetParam().expect["error"]}}));
  } else {
    EXPECT_TRUE(whole.contains("payload"));
  }
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    const auto middle = stream.begin() + static_cast<std::ptrdiff_t>(cut);
    EXPECT_EQ(live(GetParam(), {{stream.begin(), middle}, {middle, stream.end()}}), whole) << cut;
  }
  std::vector<ByteVector> bytes;
  for (const std::uint8_t byte : stream) bytes.push_back({byte});
  EXPECT_EQ(live(GetParam(), bytes), whole);
}

TEST_P(JbdExchange, LivePortNeverWaitsForMoreBytesThanAreMissing) {
  const ByteVector stream = GetParam().stream();
  FrameReceiver receiver;
  receiver.expect(expectation_for(GetParam()));
  std::size_t promised = frame_overhead;  // bytes that must come before there can be an answer
  for (const std::uint8_t byte : stream) {
    const auto intake = receiver.push({&byte, 1});
    --promised;
    if (intake.answer) {
      EXPECT_EQ(promised, 0U);
      return;
    }
    EXPECT_GT(intake.missing, 0U);
    EXPECT_GE(intake.missing, promised) << "fewer bytes are missing than was said before";
    promised = std::max<std::size_t>(intake.missing, 1);
  }
}

TEST_P(JbdExchange, NoiseBeforeTheFrameChangesNothing) {
  if (GetParam().refused() && GetParam().expect["error"] != "status") return;
  const ByteVector noises[] = {
      {0x00}, {0x77}, {0xFF, 0x00, 0x77}, {0xDD}, {0xDD, 0xDD}, {0xDD, 0x03, 0x00, 0xFF}, {0xDD, 0x04, 0x00, 0x03}};
  for (const ByteVector& noise : noises)
    EXPECT_EQ(facts(GetParam().request, {noise, GetParam().stream()}), GetParam().expect) << to_hex(noise);
}

TEST_P(JbdExchange, WhatIsCutOffYieldsNoValue) {
  const ByteVector stream = GetParam().stream();
  const auto whole = search(stream, expectation_for(GetParam()));
  if (!whole.answer) return;
  const auto end =
      static_cast<std::size_t>(whole.answer->payload.data() - stream.data()) + whole.answer->payload.size() + 3;
  for (std::size_t size = 0; size < end; ++size)
    EXPECT_TRUE(facts(GetParam().request, {{stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size)}})
                    .contains("error"))
        << size;
}

TEST_P(JbdExchange, AFlippedBitYieldsAnErrorOrTheSame) {
  if (GetParam().refused()) return;
  const ByteVector stream = GetParam().stream();
  const auto start =
      static_cast<std::size_t>(search(stream, expectation_for(GetParam())).answer->payload.data() - stream.data()) -
      header_size;
  for (std::size_t at = 0; at < stream.size(); ++at) {
    if (at == start + 1 && !GetParam().request) continue;  // the checksum leaves the register out
    for (unsigned bit = 0; bit < 8; ++bit) {
      ByteVector flipped = stream;
      flipped[at] ^= static_cast<std::uint8_t>(1U << bit);
      const Json found = facts(GetParam().request, {flipped});
      EXPECT_TRUE(found.contains("error") || found == GetParam().expect) << "byte " << at << " bit " << bit << found;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Frames, JbdExchange, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

}  // namespace
}  // namespace bms::jbd
