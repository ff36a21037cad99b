// Hearing what passes over a line, and remembering the last minute of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <random>

#include "bms/hex.hpp"
#include "link/replay_link.hpp"
#include "link/tap.hpp"

namespace bms::link {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TimePoint at(Clock::duration time) { return TimePoint(time); }

std::string shown(const Traffic& piece) { return (piece.sent ? "> " : "< ") + to_hex(piece.bytes); }

std::vector<std::string> shown(const std::vector<KeptTraffic>& pieces) {
  std::vector<std::string> all;
  for (const KeptTraffic& piece : pieces)
    all.push_back(shown(Traffic{.at = piece.at, .sent = piece.sent, .bytes = piece.bytes}));
  return all;
}

/// Hides every 55, and counts how often it was asked.
class Hiding55 final : public Censor {
 public:
  explicit Hiding55(int& asked) : asked_(asked) {}
  void sent(std::span<std::uint8_t> question) override { hide(question); }
  void received(std::span<std::uint8_t> piece) override { hide(piece); }

 private:
  void hide(std::span<std::uint8_t> bytes) {
    ++asked_;
    std::ranges::replace(bytes, 0x55, 0x2A);
  }
  int& asked_;
};

const std::vector<std::uint8_t> question{0xDD, 0x55};
const std::vector<std::uint8_t> answer{0x55, 0x01};

class TapTest : public testing::Test {
 protected:
  TrafficListener into(std::vector<std::string>& heard) {
    return [&heard](const Traffic& piece) { heard.push_back(shown(piece)); };
  }

  int asked = 0;
  Tap tap{std::make_unique<Hiding55>(asked)};
};

TEST_F(TapTest, TellsEverybodyWhoListensAsLongAsTheyDo) {
  std::vector<std::string> first, second;
  const Listening listening = tap.listen(into(first));
  {
    const Listening other = tap.listen(into(second));
    tap.sent(at(1s), question);
  }
  tap.received(at(2s), answer);
  EXPECT_THAT(first, ElementsAre("> DD2A", "< 2A01"));
  EXPECT_THAT(second, ElementsAre("> DD2A"));
}

TEST_F(TapTest, KeepsNothingUnlessItIsTold) {
  tap.sent(at(1s), question);
  EXPECT_THAT(tap.recall(at(2s)), IsEmpty());
  EXPECT_FALSE(tap.is_heard());
  tap.remember();
  EXPECT_TRUE(tap.is_heard());
  tap.sent(at(3s), question);
  tap.received(at(4s), answer);
  EXPECT_THAT(shown(tap.recall(at(5s))), ElementsAre("> DD2A", "< 2A01"));
}

TEST_F(TapTest, AListenerMayGoOrBringAnotherWhileItIsTold) {
  std::vector<std::string> late;
  Listening other;
  Listening self;
  self = tap.listen([&](const Traffic&) {
    self.reset();
    other = tap.listen(into(late));
  });
  tap.sent(at(1s), question);
  tap.received(at(2s), answer);
  EXPECT_EQ(late.back(), "< 2A01");
}

TEST_F(TapTest, HearsBothDirectionsOfALinkAndChangesNothingOfThem) {
  ReplayLink line({{.time_s = 0, .request = question, .response = {{0.1, {0x55}}, {0.2, {0x01}}}}}, [](TimePoint) {});
  TappedLink tapped(line, tap);
  std::vector<std::string> heard;
  const Listening listening = tap.listen(into(heard));
  std::vector<std::uint8_t> got;
  boost::asio::io_context loop;
  boost::asio::co_spawn(
      loop,
      [&]() -> boost::asio::awaitable<void> {
        std::vector<std::uint8_t> buffer(10);
        co_await tapped.write(question);
        for (int i = 0; i < 2; ++i) {
          const auto count = co_await tapped.read(buffer, tapped.now() + 1s);
          got.insert(got.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
        }
      },
      boost::asio::detached);
  loop.run();
  EXPECT_EQ(got, answer) << "whoever talks over the line gets what came";
  EXPECT_THAT(heard, ElementsAre("> DD2A", "< 2A", "< 01"));
}

TEST_F(TapTest, IsShownQuestionsEvenIfNobodyListens) {
  tap.sent(at(1s), question);
  EXPECT_EQ(asked, 1) << "their answers may come when somebody does";
}

// ---- The last minute ----

TEST(TrafficMemory, ForgetsWhatIsOlderThanItsSpan) {
  TrafficMemory memory(1000, 60s);
  memory.keep({.at = at(0s), .sent = true, .bytes = question});
  memory.keep({.at = at(30s), .sent = false, .bytes = answer});
  EXPECT_EQ(memory.recall(at(31s)).size(), 2U);
  EXPECT_THAT(shown(memory.recall(at(61s))), ElementsAre("< 5501"));
  EXPECT_THAT(memory.recall(at(1000s)), IsEmpty());
}

TEST(TrafficMemory, KeepsTheNewestThatHaveRoomHoweverTheyLieInIt) {
  std::mt19937 random(1);
  for (const std::size_t room : {20UL, 64UL, 100UL, 1000UL}) {
    TrafficMemory memory(room, 1h);
    std::deque<std::vector<std::uint8_t>> expected;
    std::size_t used = 0;
    for (int i = 0; i < 500; ++i) {
      std::vector<std::uint8_t> bytes(random() % 40 + 1);
      for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
      memory.keep({.at = at(std::chrono::milliseconds(i)), .sent = i % 2 == 0, .bytes = bytes});
      if (bytes.size() + 10 > room) continue;
      used += bytes.size() + 10;
      expected.push_back(bytes);
      for (; used > room; expected.pop_front()) used -= expected.front().size() + 10;
      const auto kept = memory.recall(at(std::chrono::milliseconds(i)));
      ASSERT_EQ(kept.size(), expected.size());
      for (std::size_t k = 0; k < kept.size(); ++k) ASSERT_EQ(kept[k].bytes, expected[k]);
      EXPECT_EQ(kept.back().at, at(std::chrono::milliseconds(i)));
      EXPECT_EQ(kept.back().sent, i % 2 == 0);
    }
  }
}

}  // namespace
}  // namespace bms::link
