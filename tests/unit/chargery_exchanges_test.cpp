// Every recorded, composed and hostile Chargery case: whole, cut in every way, damaged, and with noise around it.
#include <gtest/gtest.h>

#include <algorithm>

#include "chargery/chargery_explain.hpp"
#include "chargery/chargery_frame.hpp"
#include "chargery/chargery_stream.hpp"
#include "chargery_wire.hpp"

namespace bms::chargery {
namespace {

using chargery_test::ByteVector;
using chargery_test::Case;
using chargery_test::Json;

/// What the explanation says besides the words for people.
Json facts(const std::vector<ByteVector>& pieces) {
  Json json = explain({.request = std::nullopt, .pieces = pieces, .line = {}});
  EXPECT_EQ(json.contains("message"), json.contains("error"));
  json.erase("message");
  return json;
}

ByteVector first_bytes(const ByteVector& stream, std::size_t count) {
  return {stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(count)};
}

/// The frames that a stream delivers, however it is explained.
Json frames_in(const ByteVector& stream) {
  const Json found = facts({stream});
  if (found.contains("frames")) return found["frames"];
  if (found.contains("error")) return Json::array();
  return Json::array({{{"offset", 0}, {"command", found["command"]}, {"length", found["frame_length"]}}});
}

class ChargeryExchange : public testing::TestWithParam<Case> {};

TEST_P(ChargeryExchange, DecodesAsExpected) { EXPECT_EQ(facts(GetParam().pieces).dump(), GetParam().expect.dump()); }

TEST_P(ChargeryExchange, DoesNotDependOnHowTheStreamIsCut) {
  const ByteVector stream = GetParam().stream();
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    const auto middle = stream.begin() + static_cast<std::ptrdiff_t>(at);
    ASSERT_EQ(facts({{stream.begin(), middle}, {middle, stream.end()}}), GetParam().expect) << at;
  }
  EXPECT_EQ(facts(chargery_test::single_bytes(stream)), GetParam().expect);
}

TEST_P(ChargeryExchange, ALivePortFindsTheSameFramesHoweverTheyCome) {
  const ByteVector stream = GetParam().stream();
  const Json expected = frames_in(stream);
  std::mt19937 random(7);
  for (std::size_t round = 0; round < 20; ++round) {
    FrameStream line;
    Json found = Json::array();
    const auto collect = [&found](const Found& one) {
      constexpr const char* names[] = {"57", "56", "58"};
      found.push_back({{"offset", one.offset}, {"command", names[one.message.index()]}, {"length", one.size}});
    };
    for (const ByteVector& piece : chargery_test::cut(stream, random, 1 + round * 13)) line.push(piece, collect);
    line.end(collect);
    EXPECT_EQ(found, expected);
  }
}

TEST_P(ChargeryExchange, ALivePortNeverWaitsForMoreBytesThanAreMissing) {
  FrameStream line;
  std::size_t promised = shortest_frame;
  for (const std::uint8_t byte : GetParam().stream()) {
    bool delivered = false;
    line.push({&byte, 1}, [&delivered](const Found&) { delivered = true; });
    --promised;
    if (delivered) {
      EXPECT_EQ(promised, 0U) << "a frame was complete before all bytes came that were said to be missing";
    }
    promised = line.missing();
    EXPECT_GT(promised, 0U);
  }
}

TEST_P(ChargeryExchange, WhatIsCutOffYieldsNoValue) {
  if (!GetParam().is_frame()) return;
  const ByteVector stream = GetParam().stream();
  for (std::size_t size = 0; size < stream.size(); ++size)
    EXPECT_EQ(facts({first_bytes(stream, size)})["error"], size < 2 ? "garbage" : "truncated") << size;
}

TEST_P(ChargeryExchange, AFlippedBitYieldsAnErrorOrTheSame) {
  if (GetParam().refused()) return;
  const ByteVector stream = GetParam().stream();
  const Json expected = frames_in(stream);
  const auto holds = [](const Json& frame, std::size_t at) {
    const auto offset = frame["offset"].get<std::size_t>();
    return at >= offset && at < offset + frame["length"].get<std::size_t>();
  };
  for (std::size_t at = 0; at < stream.size(); ++at) {
    // Between the frames of a stream there may be one that was damaged by a flipped bit.
    const auto hit = [&](const Json& frame) { return holds(frame, at); };
    if (std::ranges::none_of(expected, hit)) continue;
    for (unsigned bit = 0; bit < 8; ++bit) {
      ByteVector flipped = stream;
      flipped[at] ^= static_cast<std::uint8_t>(1U << bit);
      for (const Json& one : frames_in(flipped)) {
        ASSERT_NE(std::ranges::find(expected, one), expected.end()) << "byte " << at << " bit " << bit << one;
        ASSERT_FALSE(hit(one)) << "byte " << at << " bit " << bit;
      }
    }
  }
}

TEST_P(ChargeryExchange, NoiseAroundAFrameChangesNoValue) {
  if (!GetParam().is_frame()) return;
  const ByteVector noises[] = {chargery_test::separator,
                               {0x00},
                               {0x24},
                               {0x24, 0x24},
                               {0x24, 0x24, 0x24},
                               {0x24, 0x24, 0x57},
                               {0x24, 0x24, 0x56, 0x3D},
                               {0x24, 0x24, 0x58, 0x38, 0x01},
                               {0x24, 0x24, 0x57, 0x0F, 0x0E, 0x24},
                               {0xFF, 0x57, 0x13, 0x0D, 0x0A}};
  const std::string last = "last_" + GetParam().expect["command"].get<std::string>();
  for (const ByteVector& noise : noises) {
    for (const auto& pieces : {std::vector{noise, GetParam().stream()}, std::vector{GetParam().stream(), noise},
                               std::vector{noise, GetParam().stream(), noise}}) {
      const Json found = facts(pieces);
      EXPECT_EQ(found[last], GetParam().expect) << to_hex(noise);
      EXPECT_EQ(found["frames"].size(), 1U) << to_hex(noise);
      EXPECT_EQ(found["discarded_bytes"], noise.size() * (pieces.size() - 1)) << to_hex(noise);
    }
  }
}

TEST_P(ChargeryExchange, AFrameIsFoundBehindEveryBeginningOfIt) {
  if (!GetParam().is_frame()) return;
  const ByteVector stream = GetParam().stream();
  std::size_t hidden = 0;
  for (std::size_t size = 1; size < stream.size(); ++size) {
    const Json found = facts({first_bytes(stream, size), stream});
    ASSERT_EQ(found["frames"].size(), 1U) << size;
    if (found["frames"][0]["offset"] != size) ++hidden;
  }
  EXPECT_LE(hidden, 1U) << "now and then the sum over a beginning and another one fits";
}

TEST_P(ChargeryExchange, ARefusedCaseDoesNotHideTheFrameBehindIt) {
  if (!GetParam().refused()) return;
  const ByteVector healthy = chargery_test::System{}.bytes();
  const Json found = facts({GetParam().stream(), healthy});
  ASSERT_EQ(found["frames"].size(), 1U);
  EXPECT_EQ(found["frames"][0]["offset"], GetParam().stream().size());
}

INSTANTIATE_TEST_SUITE_P(Frames, ChargeryExchange, testing::ValuesIn(chargery_test::all_cases()),
                         [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

TEST(ChargeryExplain, DecidesTheKindOfErrorByTheFirstHeader) {
  const auto kind_of = [](const std::string& hex) { return facts({from_hex(hex).value()})["error"]; };
  EXPECT_EQ(kind_of(""), "garbage");
  EXPECT_EQ(kind_of("24"), "garbage");
  EXPECT_EQ(kind_of("FF24FF24"), "garbage");
  EXPECT_EQ(kind_of("FF2424"), "truncated");
  EXPECT_EQ(kind_of("242400"), "unexpected_command");
  EXPECT_EQ(kind_of("242456"), "truncated");
  EXPECT_EQ(kind_of("24245616"), "truncated");
  EXPECT_EQ(kind_of("2424560E"), "length") << "the rest does not matter";
  EXPECT_EQ(kind_of("2424560E0000000000000000000000"), "length");
}

TEST(ChargeryExplain, ARequestDoesNotMatter) {
  const ByteVector bytes = chargery_test::System{}.bytes();
  const Json alone = explain({.request = std::nullopt, .pieces = {bytes}, .line = {}});
  EXPECT_EQ(explain({.request = from_hex("DDA50300FFFD77"), .pieces = {bytes}, .line = {}}), alone);
}

}  // namespace
}  // namespace bms::chargery
