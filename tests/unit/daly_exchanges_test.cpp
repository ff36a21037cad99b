// Every recorded and every hostile Daly exchange, whole, cut in every way, damaged, and with noise around it.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "bms/hex.hpp"
#include "daly/daly_a5_decode.hpp"
#include "daly/daly_a5_frame.hpp"
#include "daly/daly_explain.hpp"
#include "daly/daly_modbus_frame.hpp"
#include "daly_wire.hpp"

namespace bms::daly {
namespace {

using Json = nlohmann::ordered_json;
using daly_test::ByteVector;
using daly_test::concat;

struct Case {
  std::string name;
  Json line;
  std::optional<ByteVector> request;
  std::vector<ByteVector> pieces;

  [[nodiscard]] const Json& expect() const { return line["expect"]; }
  [[nodiscard]] bool refused() const { return expect().contains("error"); }
  [[nodiscard]] bool is_a5() const { return line["dialect"] == "a5"; }
  [[nodiscard]] ByteVector stream() const {
    ByteVector all;
    for (const ByteVector& piece : pieces) all = concat(all, piece);
    return all;
  }
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::vector<Case> all_cases() {
  std::ifstream file(TEST_FRAMES_DIR "/daly.json");
  const Json root = Json::parse(file);
  std::vector<Case> cases;
  for (const Json& json : root["cases"]) {
    Case one{.name = json["name"], .line = json, .request = {}, .pieces = {}};
    if (!json["request"].is_null()) one.request = from_hex(json["request"].get<std::string>()).value();
    const Json& response = json["response"];
    if (response.is_string()) one.pieces.push_back(from_hex(response.get<std::string>()).value());
    if (response.is_array())
      for (const Json& piece : response) one.pieces.push_back(from_hex(piece.get<std::string>()).value());
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

/// Whether everything that is expected is there, with the same value.
bool holds(const Json& expected, const Json& found) {
  if (!expected.is_object()) return expected == found;
  for (const auto& [key, value] : expected.items())
    if (!found.contains(key) || !holds(value, found[key])) return false;
  return found.contains("error") == expected.contains("error");
}

std::vector<ByteVector> single_bytes(const ByteVector& stream) {
  std::vector<ByteVector> bytes;
  for (const std::uint8_t byte : stream) bytes.push_back({byte});
  return bytes;
}

std::vector<ByteVector> halves(const ByteVector& stream, std::size_t cut) {
  const auto middle = stream.begin() + static_cast<std::ptrdiff_t>(cut);
  return {{stream.begin(), middle}, {middle, stream.end()}};
}

Expectation a5_expectation(const Case& one) {
  const std::uint8_t command = (*one.request)[2];
  const Json context = one.line.value("context", Json::object());
  std::size_t frames = 1;
  if (command == 0x95) frames = frames_for(context["cell_count"], 3);
  if (command == 0x96) frames = frames_for(context["temp_sensor_count"], 7);
  if (command == 0x57) frames = 5;
  if (command == 0x62 || command == 0x63) frames = 2;
  return {.board = board_behind((*one.request)[1]), .command = command, .frames = frames};
}

ModbusExpectation modbus_expectation(const Case& one) {
  ModbusExpectation expected;
  std::ranges::copy(*one.request, expected.request.begin());
  const std::uint8_t asked = (*one.request)[0];
  expected.answer_address = asked == d2_address ? d2_address : p81_addresses(asked - p81_request_base).answer;
  return expected;
}

std::string text_of(const Reply& reply) {
  std::string text = to_hex(reply.data);
  for (std::size_t frame = 1; frame <= reply.frames.last(); ++frame)
    if (reply.frames.has(frame)) text += " " + to_hex(reply.frames.frame(frame));
  return text;
}
std::string text_of(const ModbusReply& reply) {
  return to_hex(reply.words) + (reply.refusal ? " refused " + std::to_string(*reply.refusal) : "");
}

/// What a live port makes of the pieces: the answer, or the reason in the end.
template <class Expected>
std::string live(const Expected& expected, const std::vector<ByteVector>& pieces) {
  Receiver<Expected> receiver;
  receiver.expect(expected);
  for (const ByteVector& piece : pieces)
    if (const auto intake = receiver.push(piece); intake.answer) return "answer " + text_of(*intake.answer);
  return "error " + std::string(name_of(receiver.finish().reason));
}

std::string live(const Case& one, const std::vector<ByteVector>& pieces) {
  return one.is_a5() ? live(a5_expectation(one), pieces) : live(modbus_expectation(one), pieces);
}

template <class Expected>
void expect_honest_promises(const Expected& expected, const ByteVector& stream) {
  Receiver<Expected> receiver;
  receiver.expect(expected);
  std::size_t promised = Expected::shortest;  // bytes that must come before there can be an answer
  for (const std::uint8_t byte : stream) {
    const auto intake = receiver.push({&byte, 1});
    --promised;
    if (intake.answer) {
      EXPECT_EQ(promised, 0U);
      return;
    }
    EXPECT_GT(intake.missing, 0U);
    EXPECT_GE(intake.missing, promised) << "fewer bytes are missing than was said before";
    promised = intake.missing;
  }
}

class DalyExchange : public testing::TestWithParam<Case> {};

TEST_P(DalyExchange, DecodesAsExpected) {
  const Json found = facts(GetParam(), GetParam().pieces);
  EXPECT_TRUE(holds(GetParam().expect(), found)) << found;
}

TEST_P(DalyExchange, NeedsNobodyToSayWhichProtocolItIs) {
  Case bare = GetParam();
  bare.line.erase("dialect");
  EXPECT_EQ(facts(bare, bare.pieces), facts(GetParam(), GetParam().pieces));
}

TEST_P(DalyExchange, ExplanationDoesNotDependOnHowTheStreamIsCut) {
  if (GetParam().pieces.empty()) return;
  const ByteVector stream = GetParam().stream();
  const Json whole = facts(GetParam(), {stream});
  for (std::size_t cut = 0; cut <= stream.size(); ++cut)
    EXPECT_EQ(facts(GetParam(), halves(stream, cut)), whole) << cut;
  if (!stream.empty()) {
    EXPECT_EQ(facts(GetParam(), single_bytes(stream)), whole);
  }
}

TEST_P(DalyExchange, LivePortFindsTheSameHoweverTheStreamIsCut) {
  const ByteVector stream = GetParam().stream();
  const std::string whole = live(GetParam(), {stream});
  const bool answered =
      !GetParam().pieces.empty() && (!GetParam().refused() || GetParam().expect()["error"] == "status");
  EXPECT_EQ(whole.starts_with("answer"), answered) << whole;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) EXPECT_EQ(live(GetParam(), halves(stream, cut)), whole) << cut;
  EXPECT_EQ(live(GetParam(), single_bytes(stream)), whole);
}

TEST_P(DalyExchange, LivePortNeverWaitsForMoreBytesThanAreMissing) {
  if (GetParam().is_a5()) {
    expect_honest_promises(a5_expectation(GetParam()), GetParam().stream());
  } else {
    expect_honest_promises(modbus_expectation(GetParam()), GetParam().stream());
  }
}

TEST_P(DalyExchange, NoiseAroundTheAnswerChangesNothing) {
  if (GetParam().refused() || GetParam().pieces.empty()) return;
  const ByteVector noises[] = {{0x00},
                               {0xFF, 0x00, 0x77},
                               {0xA5},
                               {0xA5, 0xA5},
                               {0xA5, 0x01},
                               {0xA5, 0x01, 0x90},
                               {0xD2},
                               {0xD2, 0x03},
                               {0x51, 0x03, 0xFF},
                               *GetParam().request};
  for (const ByteVector& noise : noises) {
    // The echo of an order is what acknowledges it on d2.
    if (noise == *GetParam().request && noise == GetParam().stream()) continue;
    EXPECT_EQ(facts(GetParam(), {noise, GetParam().stream()}), facts(GetParam(), GetParam().pieces)) << to_hex(noise);
    EXPECT_EQ(facts(GetParam(), {GetParam().stream(), noise}), facts(GetParam(), GetParam().pieces)) << to_hex(noise);
  }
}

TEST_P(DalyExchange, WhatIsCutOffYieldsNoCompleteAnswer) {
  if (GetParam().refused() || GetParam().pieces.empty()) return;
  const ByteVector stream = GetParam().stream();
  std::size_t end = 0;
  while (!live(GetParam(), {halves(stream, end)[0]}).starts_with("answer")) ++end;
  for (std::size_t size = 0; size < end; ++size)
    EXPECT_TRUE(facts(GetParam(), {halves(stream, size)[0]}).contains("error")) << size;
}

/// What the answer itself says, without what the stream shows besides it.
Json answer_alone(Json json) {
  json.erase("also");
  return json;
}

TEST_P(DalyExchange, AFlippedBitYieldsAnErrorOrTheSame) {
  if (GetParam().refused() || GetParam().pieces.empty()) return;
  const ByteVector stream = GetParam().stream();
  const Json whole = answer_alone(facts(GetParam(), {stream}));
  for (std::size_t at = 0; at < stream.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      ByteVector flipped = stream;
      flipped[at] ^= static_cast<std::uint8_t>(1U << bit);
      const Json found = answer_alone(facts(GetParam(), {flipped}));
      EXPECT_TRUE(found.contains("error") || found == whole) << "byte " << at << " bit " << bit << found;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Frames, DalyExchange, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

}  // namespace
}  // namespace bms::daly
