// Orders for a BMS: each comes back with an outcome, none is carried out late, and polls go on between them.
#include "driver/orders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <random>

#include "driver/poll_cycle.hpp"
#include "registry.hpp"
#include "virtual_line.hpp"

namespace bms::driver {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::SimulatedBoard;
using test::VirtualLine;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Variant& up_variant() {
  const auto& variants = find_family("jbd")->variants;
  return *std::ranges::find(variants, "up", &Variant::dialect);
}

/// Runs a coroutine to its end and returns what it brought.
template <class T>
T finish(asio::awaitable<T> work) {
  asio::io_context loop{1};
  std::optional<T> result;
  asio::co_spawn(loop, std::move(work), [&](const std::exception_ptr& problem, T value) {
    if (problem) std::rethrow_exception(problem);
    result = std::move(value);
  });
  loop.run();
  return std::move(*result);
}

class OrdersTest : public testing::Test {
 protected:
  void SetUp() override { orders_.open(); }

  /// An SoC to be set; its outcome goes to outcomes_ as "75: done".
  Order soc(double soc_pct, std::string key = "") {
    return {.what = fmt::format("SoC of {} %", soc_pct),
            .owner = "a test",
            .key = std::move(key),
            .query = protocol_->command(SetSoc{.soc_pct = soc_pct, .now = {2026, 1, 1, 0, 0, 0}}).value(),
            .deadline = line_.now() + 30s,
            .on_outcome = [this, soc_pct](const Result<CommandResult>& outcome) {
              outcomes_.push_back(
                  fmt::format("{}: {}", soc_pct, outcome ? "done" : std::string(name_of(outcome.error().kind))));
            }};
  }

  Result<void> carry_out_next() { return finish(orders_.carry_out_next(session_, line_.now())); }

  SimulatedBoard device_{"jbd", {"--dialect", "up"}, {.drift = false}};
  VirtualLine line_{device_, up_variant().baud, {}};
  line::Session session_{line_};
  std::unique_ptr<Protocol> protocol_ = find_family("jbd")->make({.variant = up_variant()});
  unsigned given_ = 0;
  Orders orders_{[this] { ++given_; }};
  std::vector<std::string> outcomes_;
};

TEST_F(OrdersTest, AreCarriedOutInTheirOrderAndEachIsAnswered) {
  ASSERT_TRUE(orders_.give(soc(40)));
  ASSERT_TRUE(orders_.give(soc(60)));
  EXPECT_EQ(given_, 2U);
  EXPECT_THAT(outcomes_, IsEmpty());
  EXPECT_TRUE(carry_out_next());
  EXPECT_THAT(outcomes_, ElementsAre("40: done"));
  EXPECT_DOUBLE_EQ(device_.pack().soc_pct(), 40);
  EXPECT_TRUE(carry_out_next());
  EXPECT_THAT(outcomes_, ElementsAre("40: done", "60: done"));
  EXPECT_DOUBLE_EQ(device_.pack().soc_pct(), 60);
  EXPECT_FALSE(orders_.due());
  EXPECT_TRUE(carry_out_next()) << "nothing to do is no failure";
  EXPECT_EQ(outcomes_.size(), 2U);
}

TEST_F(OrdersTest, AFullQueueSaysSo) {
  for (std::size_t i = 0; i < Orders::most; ++i) ASSERT_TRUE(orders_.give(soc(10.0 + static_cast<double>(i))));
  const auto refused = orders_.give(soc(90));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::busy);
  EXPECT_THAT(refused.error().message, HasSubstr("try again"));
  EXPECT_THAT(outcomes_, IsEmpty()) << "the answer of give() is the answer";
  EXPECT_TRUE(carry_out_next());
  EXPECT_TRUE(orders_.give(soc(90)));
}

TEST_F(OrdersTest, ANewerOneForTheSameThingIsCarriedOutInsteadAndTheOlderOneIsTold) {
  for (std::size_t i = 1; i < Orders::most; ++i) ASSERT_TRUE(orders_.give(soc(10.0 + static_cast<double>(i))));
  ASSERT_TRUE(orders_.give(soc(40, "soc")));
  ASSERT_TRUE(orders_.give(soc(60, "soc"))) << "it takes a place that is there, though the queue is full";
  EXPECT_THAT(outcomes_, ElementsAre("40: superseded"));
  for (std::size_t i = 0; i < Orders::most; ++i) EXPECT_TRUE(carry_out_next());
  EXPECT_EQ(outcomes_.back(), "60: done");
  EXPECT_EQ(outcomes_.size(), Orders::most + 1);
}

TEST_F(OrdersTest, WhatHasWaitedTooLongIsNeverCarriedOut) {
  const double before_pct = device_.pack().soc_pct();
  ASSERT_TRUE(orders_.give(soc(40)));
  finish([](VirtualLine& line) -> asio::awaitable<bool> {
    co_await line.sleep_until(line.now() + 31s);
    co_return true;
  }(line_));
  EXPECT_TRUE(carry_out_next());
  EXPECT_THAT(outcomes_, ElementsAre("40: expired"));
  EXPECT_EQ(device_.pack().soc_pct(), before_pct);
}

TEST_F(OrdersTest, ALostContactAnswersAllOfThem) {
  ASSERT_TRUE(orders_.give(soc(40)));
  ASSERT_TRUE(orders_.give(soc(60)));
  orders_.close({.kind = ErrorKind::silent, .message = "the BMS does not answer", .status = {}});
  EXPECT_THAT(outcomes_, ElementsAre("40: silent", "60: silent"));
  EXPECT_FALSE(orders_.due());
  const auto refused = orders_.give(soc(80));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "the BMS does not answer");
  orders_.open();
  EXPECT_TRUE(carry_out_next());
  EXPECT_EQ(outcomes_.size(), 2U) << "they do not come back with the contact";
  EXPECT_TRUE(orders_.give(soc(80)));
}

TEST_F(OrdersTest, NoneIsTakenBeforeThereIsContact) {
  Orders orders([] {});
  EXPECT_FALSE(orders.give(soc(40)));
}

TEST_F(OrdersTest, ALineThatGoesAwayLeavesTheOutcomeUnknownAndSaysSo) {
  std::string why;
  Order order = soc(40);
  order.on_outcome = [&why](const Result<CommandResult>& outcome) { why = outcome ? "done" : outcome.error().message; };
  ASSERT_TRUE(orders_.give(std::move(order)));
  line_.unplug();
  const auto ran = carry_out_next();
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().kind, ErrorKind::link);
  EXPECT_THAT(why, HasSubstr("not known"));
}

TEST_F(OrdersTest, WhatIsDoneWithoutAnAnswerThatArrivesIsNotSaidToBeUndone) {
  line_.damage = [](std::vector<std::uint8_t>& answer) { answer.clear(); };
  ASSERT_TRUE(orders_.give(soc(40)));
  EXPECT_TRUE(carry_out_next());
  EXPECT_DOUBLE_EQ(device_.pack().soc_pct(), 40);
  EXPECT_THAT(outcomes_, ElementsAre("40: unconfirmed"));
  Order question = soc(40);
  question.reads = true;
  ASSERT_TRUE(orders_.give(std::move(question)));
  EXPECT_TRUE(carry_out_next());
  EXPECT_EQ(outcomes_.back(), "40: silent") << "whoever only asks has nothing to doubt";
}

TEST_F(OrdersTest, TheEndOfTheProgramAnswersWhatWaitsAndWhatIsUnderWay) {
  ASSERT_TRUE(orders_.give(soc(40)));
  ASSERT_TRUE(orders_.give(soc(60)));
  line_.damage = [this](auto&) { orders_.end(); };
  EXPECT_TRUE(carry_out_next());
  EXPECT_THAT(outcomes_, ElementsAre("60: expired", "40: unconfirmed"));
  EXPECT_FALSE(orders_.due());
}

TEST_F(OrdersTest, TheSameThingIsNotDoneAgainAtOnce) {
  const auto with_pause = [this](double soc_pct) {
    Order order = soc(soc_pct, "soc");
    order.pause = 10s;
    return order;
  };
  ASSERT_TRUE(orders_.give(with_pause(40)));
  const TimePoint begun = line_.now();
  EXPECT_TRUE(carry_out_next());
  ASSERT_TRUE(orders_.give(with_pause(60)));
  EXPECT_EQ(orders_.due(), begun + 10s);
  ASSERT_TRUE(orders_.give(with_pause(70)));
  EXPECT_EQ(orders_.due(), begun + 10s) << "asking again does not put it off";
  ASSERT_TRUE(orders_.give(soc(80, "something else")));
  EXPECT_LE(orders_.due(), line_.now());
  EXPECT_TRUE(carry_out_next());
  EXPECT_TRUE(carry_out_next());
  EXPECT_THAT(outcomes_, ElementsAre("40: done", "60: superseded", "80: done"));
}

TEST_F(OrdersTest, WhoHearsOfAnOutcomeMayGiveTheNextOrder) {
  Order order = soc(40);
  order.on_outcome = [this](const Result<CommandResult>&) { EXPECT_TRUE(orders_.give(soc(60))); };
  ASSERT_TRUE(orders_.give(std::move(order)));
  EXPECT_TRUE(carry_out_next());
  EXPECT_TRUE(carry_out_next());
  EXPECT_THAT(outcomes_, ElementsAre("60: done"));
}

// Whatever happens, in whatever order: each order that was taken is answered once, and what was answered by "expired",
// "superseded" or a lost contact has not reached the board.
TEST_F(OrdersTest, EveryOrderHasOneOutcome) {
  std::mt19937 random(1);
  const auto below = [&random](int end) { return std::uniform_int_distribution(0, end - 1)(random); };
  std::vector<int> answers;
  std::vector<double> done;
  for (int step = 0; step < 3000; ++step) {
    switch (below(6)) {
      case 0: orders_.close({.kind = ErrorKind::silent, .message = "lost", .status = {}}); break;
      case 1: orders_.expire(line_.now() + std::chrono::seconds(below(40))); break;
      case 2: {
        const double before_pct = device_.pack().soc_pct();
        const std::size_t done_before = done.size();
        EXPECT_TRUE(carry_out_next());
        const double expected_pct = done.size() > done_before ? done.back() : before_pct;
        EXPECT_DOUBLE_EQ(device_.pack().soc_pct(), expected_pct);
        break;
      }
      default: {
        orders_.open();
        const double soc_pct = below(101);
        Order order = soc(soc_pct, below(2) == 0 ? "" : std::to_string(below(3)));
        order.deadline = line_.now() + std::chrono::seconds(below(40));
        const std::size_t number = answers.size();
        order.on_outcome = [&, number, soc_pct](const Result<CommandResult>& outcome) {
          ++answers[number];
          if (outcome) done.push_back(soc_pct);
        };
        if (orders_.give(std::move(order))) answers.push_back(0);
      }
    }
  }
  orders_.close({.kind = ErrorKind::silent, .message = "over", .status = {}});
  EXPECT_GT(answers.size(), 500U);
  EXPECT_GT(done.size(), 100U);
  EXPECT_THAT(answers, testing::Each(1));
}

/// Takes its turn on a line, and has orders that take a while.
class Busy final : public Polled {
 public:
  explicit Busy(VirtualLine& line) : line_(line) {}

  asio::awaitable<Result<void>> cycle() override {
    polled_at.push_back(line_.now());
    orders_before_poll.push_back(std::exchange(orders_, 0));
    if (polled_at.size() == polls_to_live) co_return failure(ErrorKind::link, "seen enough");
    co_return Result<void>{};
  }
  [[nodiscard]] int failed_cycles() const override { return 0; }
  [[nodiscard]] std::optional<TimePoint> order_due() const override {
    return waiting > 0 ? std::optional(due) : std::nullopt;
  }
  asio::awaitable<Result<void>> obey() override {
    --waiting;
    ++orders_;
    co_await line_.sleep_until(line_.now() + 300ms);
    co_return Result<void>{};
  }

  std::size_t polls_to_live = 2;
  int waiting = 0;  ///< orders
  TimePoint due{};
  std::vector<TimePoint> polled_at;
  std::vector<int> orders_before_poll;

 private:
  VirtualLine& line_;
  int orders_ = 0;
};

class RestBetweenPolls : public testing::Test {
 protected:
  void poll(Clock::duration interval) {
    Polled* const boards[] = {&board_};
    EXPECT_EQ(finish(poll_in_turn(line_, boards, interval)).message, "seen enough");
  }

  SimulatedBoard device_{"jbd"};
  VirtualLine line_{device_, 9600, {.late_wake_up = 0us}};
  Busy board_{line_};
  const TimePoint begin_ = line_.now();
};

TEST_F(RestBetweenPolls, LastsUntilTheNextOneIsDue) {
  poll(60s);
  EXPECT_THAT(board_.polled_at, ElementsAre(begin_, begin_ + 60s));
}

TEST_F(RestBetweenPolls, EndsWithAnOrderAndAPollShowsWhatBecameOfIt) {
  line_.while_resting(begin_ + 5s, [this] {
    board_.waiting = 1;
    line_.wake();
  });
  poll(60s);
  EXPECT_THAT(board_.polled_at, ElementsAre(begin_, begin_ + 5s + 300ms));
  EXPECT_THAT(board_.orders_before_poll, ElementsAre(0, 1));
}

TEST_F(RestBetweenPolls, EndsWhenAnOrderMayBeCarriedOut) {
  board_.waiting = 1;
  board_.due = begin_ + 10s;
  poll(60s);
  EXPECT_THAT(board_.polled_at, ElementsAre(begin_, begin_ + 10s + 300ms));
}

TEST_F(RestBetweenPolls, HasNoMoreThanASecondOfOrders) {
  board_.waiting = 10;
  board_.polls_to_live = 4;
  poll(1s);
  EXPECT_THAT(board_.orders_before_poll, ElementsAre(0, 4, 4, 2));
  EXPECT_THAT(board_.polled_at, ElementsAre(begin_, begin_ + 1200ms, begin_ + 2400ms, begin_ + 3s));
}

TEST_F(RestBetweenPolls, GivesOrdersTheirTurnThoughPollsAreLate) {
  board_.waiting = 2;
  board_.polls_to_live = 3;
  poll(0s);
  EXPECT_THAT(board_.orders_before_poll, ElementsAre(0, 2, 0));
}

}  // namespace
}  // namespace bms::driver
