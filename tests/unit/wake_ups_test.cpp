// What a poll costs: every wait of a session with a simulated board is counted, on a clock of its own.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <ostream>

#include "line/session.hpp"
#include "registry.hpp"
#include "virtual_line.hpp"

namespace bms::driver {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::LineManners;
using test::SimulatedBoard;
using test::VirtualLine;

constexpr auto interval = 1s;
constexpr int polls_to_learn = 100;
constexpr int polls_to_count = 400;

struct BoardKind {
  const char* name;
  const char* family;
  std::vector<std::string> options;
  Variant variant;
  double wake_ups;  ///< for a poll: one for each answer, one for each silence before a question, one for the interval
};

std::ostream& operator<<(std::ostream& out, const BoardKind& kind) { return out << kind.name; }

const BoardKind jbd{"Jbd", "jbd", {}, {.dialect = "", .baud = 9600}, 3};

const BoardKind boards[] = {
    jbd,
    // Four questions in each poll and nine more in eight, each after a silence.
    {"DalyA5", "daly", {}, {.dialect = "a5", .baud = 9600, .address = 1}, 10.5},
    {"DalyP81", "daly", {"--dialect", "p81"}, {.dialect = "p81", .baud = 9600, .address = 1}, 4},
    {"DalyD2", "daly", {"--dialect", "d2"}, {.dialect = "d2", .baud = 9600, .address = 1}, 2.5},
    {"AntNew", "ant", {"--dialect", "new"}, {.dialect = "new", .baud = 19200}, 2},
    {"AntOld", "ant", {"--dialect", "old", "--status-request", "db"}, {.dialect = "old", .baud = 19200}, 2},
    {"Chargery", "chargery", {}, {.dialect = "", .baud = 115200}, 1},
    {"Rec1q", "rec", {}, {.dialect = "", .baud = 56000, .address = 1}, 4.4},
};

struct Line {
  const char* name;
  LineManners manners;
};

std::ostream& operator<<(std::ostream& out, const Line& line) { return out << line.name; }

const Line lines[] = {
    {"0ms", {.latency = 0ms}},
    {"3ms", {.latency = 3ms}},
    {"10ms", {.latency = 10ms}},
    {"30ms", {.latency = 30ms}},
    {"60ms", {.latency = 60ms}},
    {"120ms", {.latency = 120ms}},
    {"0msWholeAnswers", {.latency = 0ms, .lot = 1024}},
    {"3msWholeAnswers", {.latency = 3ms, .lot = 1024}},
    {"60msWholeAnswers", {.latency = 60ms, .lot = 1024}},
    {"3msJitter", {.latency = 3ms, .jitter = 20ms}},
    {"60msJitter", {.latency = 60ms, .jitter = 20ms}},
    {"0msFtdi", {.latency = 0ms, .lot = 62, .lot_timer = 16ms}},
    {"10msFtdi", {.latency = 10ms, .lot = 62, .lot_timer = 16ms}},
    {"60msFtdiJitter", {.latency = 60ms, .jitter = 20ms, .lot = 62, .lot_timer = 16ms}},
};

/// One board that is polled once a second.
class Polling {
 public:
  Polling(const BoardKind& kind, const LineManners& manners)
      : device_(kind.family, kind.options, {.cells = 16, .drift = true}),
        line_(device_, kind.variant.baud, manners),
        session_(line_),
        protocol_(find_family(kind.family)->make({.variant = kind.variant})) {}

  /// Wake-ups for each of so many polls, the one that ends the interval among them.
  double wake_ups(int polls) {
    const unsigned before = line_.wake_ups();
    readings_ = 0;
    age_ = {};
    asio::co_spawn(loop_, poll(polls), asio::detached);
    loop_.restart();
    loop_.run();
    return static_cast<double>(line_.wake_ups() - before) / polls;
  }

  [[nodiscard]] VirtualLine& line() { return line_; }

  // Of the polls that were counted last.
  [[nodiscard]] int readings() const { return readings_; }
  /// How long the last byte of a poll lay there, on average.
  [[nodiscard]] double mean_age_ms() const {
    return std::chrono::duration<double, std::milli>(age_).count() / readings_;
  }

 private:
  asio::awaitable<void> poll(int polls) {
    for (TimePoint due = line_.now(); polls > 0; --polls) {
      Query<Reading>& query = protocol_->poll();
      (void)co_await session_.run(query);
      if (query.result()) {
        ++readings_;
        age_ += line_.age_of_last_byte();
      }
      due = std::max(due + interval, line_.now());
      co_await line_.sleep_until(due);
    }
  }

  SimulatedBoard device_;
  VirtualLine line_;
  line::Session session_;
  std::unique_ptr<Protocol> protocol_;
  asio::io_context loop_{1};
  Clock::duration age_{};
  int readings_ = 0;
};

// An expectation feels its way down and meets the truth now and then: a few more in a hundred.
constexpr double slack = 1.08;

class WakeUps : public testing::TestWithParam<std::tuple<BoardKind, Line>> {};

TEST_P(WakeUps, OneSleepForEachAnswer) {
  const auto& [kind, line] = GetParam();
  Polling polling(kind, line.manners);
  polling.wake_ups(polls_to_learn);
  EXPECT_LE(polling.wake_ups(polls_to_count), kind.wake_ups * slack);
  EXPECT_EQ(polling.readings(), polls_to_count);
  // What a line does at moments of its own is waited for, nothing else.
  const std::chrono::duration<double, std::milli> unsteady = line.manners.jitter + line.manners.lot_timer;
  EXPECT_LE(polling.mean_age_ms(), 1.5 + unsteady.count());
}

INSTANTIATE_TEST_SUITE_P(All, WakeUps, testing::Combine(testing::ValuesIn(boards), testing::ValuesIn(lines)),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param).name) + "At" + std::get<1>(test.param).name;
                         });

TEST(WakeUpsOfJbd, FollowABoardThatChangesItsPace) {
  Polling polling(jbd, {.latency = 30ms});
  for (const auto latency : {30ms, 45ms, 200ms, 5ms}) {
    polling.line().behave({.latency = latency});
    polling.wake_ups(600);
    EXPECT_LE(polling.wake_ups(polls_to_count), 3 * slack) << latency.count();
    EXPECT_LE(polling.mean_age_ms(), 20) << latency.count();
  }
}

TEST(WakeUpsOfJbd, OneSlowAnswerDelaysNoOther) {
  Polling polling(jbd, {.latency = 10ms});
  polling.wake_ups(polls_to_learn);
  polling.line().behave({.latency = 400ms});
  polling.wake_ups(1);
  polling.line().behave({.latency = 10ms});
  EXPECT_LE(polling.wake_ups(20), 3 * slack);
  EXPECT_LE(polling.mean_age_ms(), 2);
}

TEST(WakeUpsOfJbd, AreThreeAgainWhenANoisyTimeIsOver) {
  Polling polling(jbd, {.latency = 10ms});
  polling.wake_ups(polls_to_learn);
  int answers = 0;
  polling.line().damage = [&answers](std::vector<std::uint8_t>& bytes) {
    if (++answers % 3 == 0) bytes[5] ^= 1U;
  };
  EXPECT_GT(polling.wake_ups(50), 3.5);
  polling.line().damage = [](auto&) {};
  polling.wake_ups(polls_to_learn);
  EXPECT_LE(polling.wake_ups(polls_to_count), 3 * slack);
}

}  // namespace
}  // namespace bms::driver
