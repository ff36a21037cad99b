// No family takes another family's frames for its own: neither as an answer to its probe nor as a poll nor as a value.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "../frames/frame_files.hpp"
#include "bms/hex.hpp"
#include "recording.hpp"
#include "registry.hpp"

namespace bms {
namespace {

using Json = nlohmann::ordered_json;

struct Stream {
  std::string name;
  std::vector<std::uint8_t> bytes;
};

void append(std::vector<std::uint8_t>& bytes, const Json& hex) {
  if (hex.is_array()) {
    for (const Json& piece : hex) append(bytes, piece);
  } else if (hex.is_string()) {
    const auto piece = from_hex(hex.get<std::string>()).value();
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  }
}

/// Everything that was recorded of a family: what it answers, and what it is asked. Some hostile cases of one family
/// are frames of another one, and are named after it.
std::vector<Stream> streams_of(const Family& family, const Family& listener) {
  std::vector<Stream> streams;
  for (const Json& one : frame_files::cases_of(family.name)) {
    if (one["name"].get<std::string>().find(listener.name) != std::string::npos) continue;
    for (const char* direction : {"request", "response"}) {
      Stream stream{.name = one["name"].get<std::string>() + "/" + direction, .bytes = {}};
      append(stream.bytes, one[direction]);
      if (!stream.bytes.empty()) streams.push_back(std::move(stream));
    }
  }
  return streams;
}

/// The bytes that decide a question: whether one of these frames settles any question of the dialogue.
bool answered_by(Dialogue& dialogue, const std::vector<std::uint8_t>& bytes) {
  if (!dialogue.request()) return false;
  return dialogue.receive(bytes).answered;
}

struct Pair {
  const Family* listener;
  const Family* speaker;
};

std::vector<Pair> pairs() {
  std::vector<Pair> all;
  for (const Family& listener : families()) {
    for (const Family& speaker : families()) {
      if (&listener != &speaker) all.push_back({&listener, &speaker});
    }
  }
  return all;
}

class CrossMatrix : public testing::TestWithParam<Pair> {};

TEST_P(CrossMatrix, NobodysFrameAnswersSomebodyElsesQuestion) {
  const auto [listener, speaker] = GetParam();
  for (const Stream& stream : streams_of(*speaker, *listener)) {
    for (const Variant& variant : listener->variants) {
      const auto protocol = listener->make({.variant = variant});
      EXPECT_FALSE(answered_by(*protocol->probe(), stream.bytes))
          << "probe, " << variant.dialect << ": " << stream.name;
      EXPECT_FALSE(answered_by(protocol->poll(), stream.bytes)) << "poll, " << variant.dialect << ": " << stream.name;
    }
  }
}

TEST_P(CrossMatrix, NobodysFrameHasAMeaningToSomebodyElse) {
  const auto [listener, speaker] = GetParam();
  for (const Stream& stream : streams_of(*speaker, *listener)) {
    const Json facts = listener->explain({.request = {}, .pieces = {stream.bytes}, .line = Json::object()});
    EXPECT_TRUE(facts.contains("error")) << stream.name << ": " << facts.dump();
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(CrossMatrix);
INSTANTIATE_TEST_SUITE_P(Families, CrossMatrix, testing::ValuesIn(pairs()), [](const auto& pair) {
  return std::string(pair.param.listener->name) + "_hears_" + std::string(pair.param.speaker->name);
});

}  // namespace
}  // namespace bms
