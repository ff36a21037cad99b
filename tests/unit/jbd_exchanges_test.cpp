// Every recorded and every hostile JBD exchange, in each dialect: whole, cut in every way, damaged, and with noise
// around it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "../frames/frame_files.hpp"
#include "bms/hex.hpp"
#include "jbd/jbd_explain.hpp"
#include "jbd/jbd_frame.hpp"
#include "jbd/jbd_up_frame.hpp"
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
  bool up;
  bool complete;  ///< `expect` holds all that there is to say

  [[nodiscard]] ByteVector stream() const {
    ByteVector all;
    for (const ByteVector& piece : pieces) all = concat(all, piece);
    return all;
  }
  [[nodiscard]] bool refused() const { return expect.contains("error"); }
  [[nodiscard]] bool addressed() const { return request && expectation_of(*request).addressed; }
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const frame_files::File& file : frame_files::of("jbd")) {
    for (const Json& json : file.cases) {
      Case one{.name = json["name"],
               .request = {},
               .pieces = {},
               .expect = json["expect"],
               .up = json.value("dialect", "") == "up",
               .complete = file.name != "jbd_addressed.json"};
      if (!json["request"].is_null()) one.request = from_hex(json["request"].get<std::string>()).value();
      const Json& response = json["response"];
      for (const Json& piece : response.is_array() ? response : Json::array({response}))
        one.pieces.push_back(from_hex(piece.get<std::string>()).value());
      cases.push_back(std::move(one));
    }
  }
  return cases;
}

/// What the explanation says besides the words for people, and besides what the case leaves open.
nlohmann::json facts(const Case& one, const std::vector<ByteVector>& pieces) {
  Json json = explain({.request = one.request, .pieces = pieces, .line = one.up ? Json{{"dialect", "up"}} : Json()});
  json.erase("message");
  if (one.complete || json.contains("error")) return json;
  Json asked_for;
  for (const auto& [key, value] : one.expect.items()) asked_for[key] = json.value(key, Json("missing"));
  return asked_for;
}

nlohmann::json expected(const Case& one) { return one.expect; }

/// Calls with what is expected of the answer.
template <class Use>
auto with_expectation(const Case& one, Use use) {
  if (one.up) return use(one.request ? up::expectation_of(*one.request) : up::Expectation{});
  return use(one.request ? expectation_of(*one.request) : Expectation{.addressed = one.name == "addressed_unasked"});
}

Json in_words(const Reply& reply) {
  return {{"board", reply.board.value_or(0)},
          {"register", reply.address},
          {"status", reply.status},
          {"payload", to_hex(reply.payload)}};
}

Json in_words(const up::Reply& reply) {
  return {{"board", reply.address}, {"register", reply.first}, {"payload", to_hex(reply.payload)}};
}

/// What a live port makes of the pieces: the answer, or the reason in the end.
Json live(const Case& one, const std::vector<ByteVector>& pieces) {
  return with_expectation(one, [&](const auto& expected) -> Json {
    Receiver<std::decay_t<decltype(expected)>> receiver;
    receiver.expect(expected);
    for (const ByteVector& piece : pieces) {
      const auto intake = receiver.push(piece);
      if (intake.answer) return in_words(*intake.answer);
    }
    const auto outcome = receiver.finish();
    const bool echo_alone = one.up && outcome.reason == ErrorKind::unexpected_command && outcome.strangers == 0;
    return {{"error", name_of(echo_alone ? ErrorKind::garbage : outcome.reason)}};
  });
}

/// How many bytes of the stream the frame that answers begins and ends at; empty without an answer.
std::optional<std::pair<std::size_t, std::size_t>> answer_in(const Case& one) {
  const ByteVector stream = one.stream();
  return with_expectation(one, [&](const auto& expected) -> std::optional<std::pair<std::size_t, std::size_t>> {
    const auto outcome = search(stream, expected);
    if (!outcome.answer) return std::nullopt;
    const auto payload = static_cast<std::size_t>(outcome.answer->payload.data() - stream.data());
    const std::size_t header = one.up ? up::header_size : header_size + (one.addressed() ? address_size : 0);
    return std::pair(payload - header, payload + outcome.answer->payload.size() + (one.up ? modbus_crc_size : 3));
  });
}

class JbdExchange : public testing::TestWithParam<Case> {};

TEST_P(JbdExchange, DecodesAsExpected) { EXPECT_EQ(facts(GetParam(), GetParam().pieces), expected(GetParam())); }

TEST_P(JbdExchange, ExplanationDoesNotDependOnHowTheStreamIsCut) {
  const ByteVector stream = GetParam().stream();
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    const auto middle = stream.begin() + static_cast<std::ptrdiff_t>(cut);
    EXPECT_EQ(facts(GetParam(), {{stream.begin(), middle}, {middle, stream.end()}}), expected(GetParam())) << cut;
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
  with_expectation(GetParam(), [](const auto& expected) {
    using Expected = std::decay_t<decltype(expected)>;
    Receiver<Expected> receiver;
    receiver.expect(expected);
    std::size_t promised = Expected::shortest;  // bytes that must come before there can be an answer
    for (const std::uint8_t byte : GetParam().stream()) {
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
  });
}

TEST_P(JbdExchange, NoiseBeforeTheFrameChangesNothing) {
  if (GetParam().refused() && GetParam().expect["error"] != "status") return;
  const char* const noises[] = {"00",       "77",       "FF0077",       "DD",         "DDDD",        "DD0300FF",
                                "DD040003", "DD00",     "DD000300FF",   "DD0004007F", "01",          "0178",
                                "01781000", "020178FF", "02510000FFFF", "0178100010", "014500000054"};
  for (const char* noise : noises) {
    const ByteVector bytes = from_hex(noise).value();
    EXPECT_EQ(facts(GetParam(), {bytes, GetParam().stream()}), expected(GetParam())) << noise;
    EXPECT_EQ(live(GetParam(), {concat(bytes, GetParam().stream())}), live(GetParam(), GetParam().pieces)) << noise;
  }
}

TEST_P(JbdExchange, WhatIsCutOffYieldsNoValue) {
  const ByteVector stream = GetParam().stream();
  const auto answer = answer_in(GetParam());
  if (!answer) return;
  for (std::size_t size = 0; size < answer->second; ++size)
    EXPECT_TRUE(
        facts(GetParam(), {{stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size)}}).contains("error"))
        << size;
}

TEST_P(JbdExchange, AFlippedBitYieldsAnErrorOrTheSame) {
  if (GetParam().refused()) return;
  // Without knowing what a board's checksum covers, one error can turn the one sum into the other: see JbdAddressed.
  if (GetParam().addressed() && expectation_of(*GetParam().request).board != 0) return;
  const ByteVector stream = GetParam().stream();
  const std::size_t start = answer_in(GetParam())->first;
  for (std::size_t at = 0; at < stream.size(); ++at) {
    // The checksum of a plain frame leaves the register out, and that of an addressed one perhaps the address.
    if (at == start + 1 && !GetParam().request) continue;
    for (unsigned bit = 0; bit < 8; ++bit) {
      ByteVector flipped = stream;
      flipped[at] ^= static_cast<std::uint8_t>(1U << bit);
      const nlohmann::json found = facts(GetParam(), {flipped});
      EXPECT_TRUE(found.contains("error") || found == expected(GetParam())) << "byte " << at << " bit " << bit << found;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Frames, JbdExchange, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

}  // namespace
}  // namespace bms::jbd
