// Batches: one factory session for many commands, entered once, saved once, and left whatever happens in it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "jbd/jbd.hpp"
#include "jbd_wire.hpp"

namespace bms::jbd {
namespace {

using jbd_test::ByteVector;
using jbd_test::Fault;
using jbd_test::Wire;
using jbd_test::WireBoard;

constexpr unsigned entering = 0x00;
constexpr unsigned leaving = 0x01;
constexpr unsigned discarded = 0x0000;
constexpr unsigned saved = 0x2828;

/// A plain board with registers enough for a batch, and what goes over its wire.
struct Bench {
  WireBoard board;
  Wire wire{board};
  std::unique_ptr<Protocol> protocol = jbd::make();

  Bench() {
    board.words.insert({{0x25, 3550}, {0x26, 2500}, {0x27, 2700}, {0x2A, 3200}});
    board.kept = board.words;
  }

  Result<CommandResult> run(const Command& command) {
    auto query = protocol->command(command);
    if (!query) return std::unexpected(query.error());
    wire.run(**query);
    return (*query)->result();
  }

  bool poll() {
    Query<Reading>& query = protocol->poll();
    wire.run(query);
    return query.result().has_value();
  }

  [[nodiscard]] std::vector<unsigned> written(unsigned address) const {
    std::vector<unsigned> values;
    for (const ByteVector& request : wire.sent)
      if (request[1] == 0x5A && request[2] == address) values.push_back(u16_be(request, 4));
    return values;
  }

  void sound() {
    wire.fault = [](std::size_t) { return Fault::none; };
  }

  /// The question that is the `nth` from now on, once.
  void fail_once(std::size_t nth, Fault how) {
    const std::size_t at = wire.sent.size() + nth;
    wire.fault = [this, at, how](std::size_t) { return wire.sent.size() == at + 1 ? how : Fault::none; };
  }

  [[nodiscard]] unsigned asked_last() const { return wire.sent.back()[2]; }

  /// The batch is over, whatever became of it, and the line is sound.
  void end() {
    sound();
    protocol->leave_mode();
    poll();
  }
};

const WriteParameter first_write{"cell_overvoltage", 3.6, true};
const WriteParameter second_write{"cell_undervoltage", 2.6, true};
const WriteParameter last_write{"balance_start", 3.3, false};
const ReadParameter one_read{"cell_overvoltage_release", true};
const ReadParameter last_read{"cell_undervoltage", false};

/// Runs a dialogue up to a question and breaks it off, as when the process that wants it is gone.
void run_until(Dialogue& dialogue, WireBoard& board, std::size_t questions) {
  for (std::size_t asked = 0; asked < questions; ++asked) {
    const auto request = dialogue.request();
    if (!request) return;
    (void)dialogue.receive(board.answer(request->bytes));
  }
}

TEST(JbdBatch, OfReadsEntersOnceAndLeavesWithoutSaving) {
  Bench bench;
  EXPECT_FALSE(bench.protocol->mode_open());
  EXPECT_EQ(std::get<double>(bench.run(one_read).value()), 3.55);
  EXPECT_TRUE(bench.protocol->mode_open());
  EXPECT_TRUE(bench.run(ReadParameter{"cell_overvoltage", true}));
  EXPECT_TRUE(bench.run(last_read));
  EXPECT_FALSE(bench.protocol->mode_open());
  EXPECT_EQ(bench.written(entering).size(), 1U);
  EXPECT_EQ(bench.written(leaving), std::vector{discarded});
  EXPECT_EQ(bench.board.saves, 0U);
}

TEST(JbdBatch, OfWritesEntersOnceAndSavesOnce) {
  Bench bench;
  EXPECT_EQ(std::get<double>(bench.run(first_write).value()), 3.6);
  EXPECT_TRUE(bench.run(one_read));
  EXPECT_TRUE(bench.run(second_write));
  EXPECT_EQ(bench.board.saves, 0U);
  EXPECT_TRUE(bench.run(last_write));
  EXPECT_EQ(bench.written(entering).size(), 1U);
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
  EXPECT_EQ(bench.board.kept[0x26], 2600U);
  EXPECT_EQ(bench.board.kept[0x2A], 3300U);
}

TEST(JbdBatch, ThatEndsWithAReadSavesWhatWasWritten) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  ASSERT_TRUE(bench.run(last_read));
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
}

TEST(JbdBatch, TheNextOneStartsAnew) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  ASSERT_TRUE(bench.run(last_read));
  ASSERT_TRUE(bench.run(last_read));
  EXPECT_EQ(bench.written(entering).size(), 2U);
  EXPECT_EQ(bench.written(leaving), (std::vector{saved, discarded})) << "what has been saved is not saved again";
}

TEST(JbdBatch, PollsGoOnWithinIt) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  for (int poll = 0; poll < 8; ++poll) ASSERT_TRUE(bench.poll());
  ASSERT_TRUE(bench.run(second_write));
  for (int poll = 0; poll < 8; ++poll) ASSERT_TRUE(bench.poll()) << "counted from the last command";
  ASSERT_TRUE(bench.run(last_write));
  EXPECT_EQ(bench.written(entering).size(), 1U);
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
}

TEST(JbdBatch, ThatNobodyGoesOnWithIsLeftAfterTenPolls) {
  for (const bool writes : {false, true}) {
    Bench bench;
    ASSERT_TRUE(writes ? bench.run(first_write) : bench.run(one_read));
    for (int poll = 0; poll < 10; ++poll) {
      ASSERT_TRUE(bench.poll());
      EXPECT_TRUE(bench.board.factory_mode && bench.protocol->mode_open());
    }
    ASSERT_TRUE(bench.poll());
    EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open());
    EXPECT_EQ(bench.written(leaving), std::vector{writes ? saved : discarded});
    ASSERT_TRUE(bench.run(last_write)) << "and goes on with a session of its own";
    EXPECT_EQ(bench.written(entering).size(), 2U);
  }
}

TEST(JbdBatch, IsLeftByTheNextPollWhenNothingFollows) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  bench.protocol->leave_mode();
  EXPECT_TRUE(bench.protocol->mode_open());
  const std::size_t before = bench.wire.sent.size();
  ASSERT_TRUE(bench.poll());
  EXPECT_EQ(bench.wire.sent[before][2], leaving) << "before anything is asked";
  EXPECT_EQ(bench.wire.sent.size(), before + 3);
  EXPECT_FALSE(bench.protocol->mode_open());
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
  ASSERT_TRUE(bench.poll());
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
}

TEST(JbdBatch, OfAnEarlierRunIsLeftOnDemand) {
  Bench bench;
  bench.board.factory_mode = true;
  bench.protocol->leave_mode();
  ASSERT_TRUE(bench.poll());
  EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open());
  EXPECT_EQ(bench.written(leaving), std::vector{discarded});
}

TEST(JbdBatch, ThatHasBeenLeftIsNotLeftAgain) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  ASSERT_TRUE(bench.run(last_read));
  bench.protocol->leave_mode();
  EXPECT_FALSE(bench.protocol->mode_open());
  ASSERT_TRUE(bench.poll());
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
}

TEST(JbdBatch, ACommandThatWaitsForItsTurnDoesNothingYet) {
  Bench bench;
  const auto waiting = bench.protocol->command(first_write).value();
  EXPECT_FALSE(bench.protocol->mode_open());
  ASSERT_TRUE(bench.poll());
  EXPECT_TRUE(bench.written(leaving).empty());
  run_until(*waiting, bench.board, 2);
  EXPECT_TRUE(bench.board.factory_mode && bench.protocol->mode_open());
  ASSERT_TRUE(bench.poll());
  EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open()) << "though it was broken off";
}

TEST(JbdBatch, ARefusedExitEndsItAsWell) {
  Bench bench;
  bench.protocol->leave_mode();
  bench.fail_once(0, Fault::forbidden);
  ASSERT_TRUE(bench.poll());
  EXPECT_FALSE(bench.protocol->mode_open());
}

TEST(JbdBatch, AnExitIsTriedForAsLongAsTheLineIsDead) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  bench.protocol->leave_mode();
  bench.wire.fault = [](std::size_t) { return Fault::request_lost; };
  for (int poll = 0; poll < 50; ++poll) EXPECT_FALSE(bench.poll());
  EXPECT_TRUE(bench.protocol->mode_open());
  bench.sound();
  ASSERT_TRUE(bench.poll());
  EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open());
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
}

TEST(JbdBatch, ABoardThatIgnoresExitsIsToldFiveTimes) {
  Bench bench;
  bench.protocol->leave_mode();
  bench.wire.fault = [&bench](std::size_t) {
    return bench.asked_last() == leaving ? Fault::request_lost : Fault::none;
  };
  for (int poll = 0; poll < 20; ++poll) EXPECT_TRUE(bench.poll());
  EXPECT_EQ(bench.written(leaving).size(), 5U);
  EXPECT_TRUE(bench.protocol->mode_open()) << "it may still be";
}

// The first command asks: enter, write, read back. The second one, in the session: write, read back. Leaving follows.
struct Step {
  const char* name;
  std::size_t question;
};
constexpr Step steps[] = {{"enter", 0}, {"write", 1}, {"read back", 2}, {"write again", 3}, {"read back again", 4}};

TEST(JbdBatch, AFailureAtAnyStepEndsItAndSavesWhatWasVerified) {
  for (const Step& step : steps) {
    for (const Fault fault :
         {Fault::request_lost, Fault::answer_lost, Fault::refused, Fault::forbidden, Fault::damaged}) {
      SCOPED_TRACE(std::string(step.name) + " fault " + std::to_string(static_cast<int>(fault)));
      Bench bench;
      // A refusal in a session that is held is met by entering once more; so it has to be repeated.
      const unsigned refused_register = step.question == 0 ? entering : step.question < 3 ? 0x24 : 0x26;
      const bool refusal = fault == Fault::refused || fault == Fault::forbidden;
      const bool reading = step.question == 2 || step.question == 4;
      bench.wire.fault = [&, at = step.question](std::size_t) {
        if (!refusal) return bench.wire.sent.size() == at + 1 ? fault : Fault::none;
        const ByteVector& request = bench.wire.sent.back();
        return request[2] == refused_register && (request[1] == 0xA5) == reading ? fault : Fault::none;
      };
      const auto one = bench.run(first_write);
      const auto two = one ? bench.run(second_write) : one;
      EXPECT_EQ(bench.written(leaving).size(), one && two ? 0U : 1U);
      if (!one || !two) {
        EXPECT_FALSE(bench.board.factory_mode) << "left at once";
        EXPECT_FALSE(bench.protocol->mode_open());
        EXPECT_EQ(bench.board.saves, one ? 1U : 0U);
      }
      EXPECT_EQ(bench.written(leaving).empty() ? saved : bench.written(leaving)[0], one ? saved : discarded);
      if (refusal) {
        EXPECT_EQ((one ? two : one).error().kind, ErrorKind::status);
      }
      bench.end();
      EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open());
      EXPECT_EQ(bench.board.kept[0x24] == 3600U, one.has_value());
    }
  }
}

TEST(JbdBatch, AWrongReadBackEndsIt) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  bench.board.writes_are_ignored = true;
  EXPECT_EQ(bench.run(second_write).error().kind, ErrorKind::unverified);
  EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open());
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
  EXPECT_EQ(bench.board.kept[0x26], 2500U);
}

TEST(JbdBatch, AnExitThatFailsIsMadeUpForBySaving) {
  for (const Fault fault : {Fault::request_lost, Fault::answer_lost, Fault::refused, Fault::damaged}) {
    Bench bench;
    ASSERT_TRUE(bench.run(first_write));
    bench.fail_once(2, fault);
    EXPECT_FALSE(bench.run(WriteParameter{"cell_undervoltage", 2.6})) << "an owner must know";
    EXPECT_TRUE(bench.protocol->mode_open());
    bench.sound();
    ASSERT_TRUE(bench.poll());
    EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open());
    EXPECT_EQ(bench.board.saves, 1U);
    EXPECT_EQ(bench.board.kept[0x24], 3600U);
    EXPECT_EQ(bench.board.kept[0x26], 2600U);
  }
}

TEST(JbdBatch, ABoardThatDropsOutIsEnteredOnceMore) {
  Bench bench;
  ASSERT_TRUE(bench.run(one_read));
  for (const Command& command : {Command(one_read), Command(first_write), Command(SetBalancer{false})}) {
    bench.board.factory_mode = false;
    ASSERT_TRUE(bench.run(command));
    if (!std::holds_alternative<SetBalancer>(command)) {
      EXPECT_TRUE(bench.board.factory_mode);
    }
  }
  EXPECT_EQ(bench.written(entering).size(), 4U);
  bench.end();
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
}

TEST(JbdBatch, WhatWasVerifiedIsLookedAtAgainAfterDroppingOut) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  ASSERT_TRUE(bench.run(second_write));
  bench.board.factory_mode = false;
  ASSERT_TRUE(bench.run(last_write)) << "it left the mode, but kept the values";
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
  EXPECT_EQ(bench.board.kept[0x2A], 3300U);
}

TEST(JbdBatch, ALaterWriteThatFailedIsNoLoss) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  // Written, but neither acknowledged nor read back; nor is leaving.
  bench.wire.fault = [](std::size_t) { return Fault::answer_lost; };
  EXPECT_FALSE(bench.run(WriteParameter{"cell_overvoltage", 3.5, true}));
  bench.board.factory_mode = true;
  bench.sound();
  EXPECT_TRUE(bench.run(last_write));
  EXPECT_EQ(bench.board.kept[0x2A], 3300U);
}

TEST(JbdBatch, WhatALossOfPowerHasUndoneIsTold) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  bench.board.lose_power();
  const auto lost = bench.run(second_write);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, ErrorKind::unverified);
  EXPECT_EQ(bench.written(leaving), std::vector{discarded});
  EXPECT_EQ(bench.board.words[0x26], 2500U);
  EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open());
  EXPECT_TRUE(bench.run(last_write)) << "the next batch is not concerned";
}

TEST(JbdBatch, ALossOfPowerAtAnyStepLeavesNothingOpen) {
  for (std::size_t step = 0; step < 12; ++step) {
    Bench bench;
    bench.wire.fault = [&bench, step](std::size_t) {
      if (bench.wire.sent.size() == step + 1) bench.board.lose_power();
      return Fault::none;
    };
    bool all = true;
    for (const WriteParameter& write : {first_write, second_write, last_write})
      all = all && bench.run(write).has_value();
    // What is lost between the last look and saving goes unnoticed: this board acknowledges all the same.
    constexpr std::size_t saving = 7;
    if (all && step != saving) {
      EXPECT_EQ(bench.board.words[0x24], 3600U) << step;
    }
    bench.end();
    EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open()) << step;
  }
}

TEST(JbdBatch, BrokenOffAtAnyStepIsLeftByTheNextPoll) {
  for (std::size_t held = 0; held < 3; ++held) {
    for (std::size_t questions = 0; questions < 6; ++questions) {
      Bench bench;
      bool verified = false;
      if (held > 0) verified = bench.run(held == 1 ? Command(one_read) : Command(first_write)) && held == 2;
      {
        const auto query = bench.protocol->command(second_write).value();
        run_until(*query, bench.board, questions);
      }
      bench.protocol->leave_mode();
      ASSERT_TRUE(bench.poll());
      EXPECT_FALSE(bench.board.factory_mode || bench.protocol->mode_open()) << held << " " << questions;
      EXPECT_EQ(bench.board.kept[0x24] == 3600U, verified) << held << " " << questions;
    }
  }
}

TEST(JbdBatch, AFetIsSwitchedInBetween) {
  for (const bool needs_factory_mode : {false, true}) {
    Bench bench;
    bench.board.lock_needs_factory_mode = needs_factory_mode;
    ASSERT_TRUE(bench.run(first_write));
    ASSERT_TRUE(bench.run(SetFet{Fet::charge, false}));
    EXPECT_EQ(bench.board.lock, 1U);
    ASSERT_TRUE(bench.run(last_write));
    EXPECT_EQ(bench.written(entering).size(), 1U) << "the session was open already";
    EXPECT_EQ(bench.written(leaving), std::vector{saved});
  }
}

TEST(JbdBatch, AFetThatHasToEnterByItselfSavesWhatIsUnsaved) {
  Bench bench;
  bench.board.lock_needs_factory_mode = true;
  ASSERT_TRUE(bench.run(first_write));
  bench.board.factory_mode = false;
  ASSERT_TRUE(bench.run(SetFet{Fet::charge, false}));
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
  ASSERT_TRUE(bench.run(second_write)) << "the batch goes on";
  ASSERT_TRUE(bench.run(last_write));
  EXPECT_EQ(bench.written(entering).size(), 3U);
  EXPECT_EQ(bench.board.kept[0x26], 2600U);
}

TEST(JbdBatch, TheBalancerIsSwitchedInBetween) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  ASSERT_TRUE(bench.run(SetBalancer{false}));
  EXPECT_TRUE(bench.board.factory_mode);
  ASSERT_TRUE(bench.run(last_write));
  EXPECT_EQ(bench.written(entering).size(), 1U);
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
  EXPECT_EQ(bench.board.words[0x2D], 2U);
}

TEST(JbdBatch, ABalancerThatFailsInBetweenSavesWhatIsUnsaved) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  bench.board.writes_are_ignored = true;
  EXPECT_FALSE(bench.run(SetBalancer{false}));
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
}

TEST(JbdBatch, IsOfNoConcernToABoardThatIsSpokenToByItsAddress) {
  const auto protocol = jbd::make({.variant = variants[2]});
  protocol->leave_mode();
  EXPECT_FALSE(protocol->mode_open());
  EXPECT_EQ(protocol->poll().request()->bytes[2], 0xA5);
}

TEST(JbdRefusedPoll, IsMetWithOneExit) {
  for (const std::size_t refused : {0U, 1U}) {
    Bench bench;
    bench.fail_once(refused, Fault::refused);
    EXPECT_TRUE(bench.poll());
    EXPECT_EQ(bench.written(leaving), std::vector{discarded});
    EXPECT_FALSE(bench.protocol->mode_open());
    bench.fail_once(0, Fault::refused);
    EXPECT_FALSE(bench.poll());
    EXPECT_EQ(bench.written(leaving).size(), 1U) << "and never again";
    bench.sound();
    EXPECT_TRUE(bench.poll());
  }
}

TEST(JbdRefusedPoll, IsMetWithOneExitThoughThatIsLost) {
  Bench bench;
  bench.wire.fault = [&bench](std::size_t) {
    const bool exit = bench.asked_last() == leaving;
    return exit ? Fault::request_lost : Fault::forbidden;
  };
  for (int poll = 0; poll < 3; ++poll) EXPECT_FALSE(bench.poll());
  EXPECT_EQ(bench.written(leaving).size(), 1U);
}

TEST(JbdRefusedPoll, WithinABatchSavesIt) {
  Bench bench;
  ASSERT_TRUE(bench.run(first_write));
  bench.fail_once(0, Fault::refused);
  EXPECT_TRUE(bench.poll());
  EXPECT_EQ(bench.written(leaving), std::vector{saved});
  EXPECT_EQ(bench.board.kept[0x24], 3600U);
}

/// What a random batch does to a bench, and what its owner was told.
class RandomBatches {
 public:
  explicit RandomBatches(unsigned seed) : random_(seed) {}

  void play() {
    for (unsigned action = 0; action < 30; ++action) step();
    bench_.end();
    EXPECT_FALSE(bench_.board.factory_mode || bench_.protocol->mode_open());
    for (const auto& [address, word] : verified_) {
      if (doubtful_.contains(address)) continue;
      EXPECT_EQ(bench_.board.kept[address], word) << "reported as set: " << address;
    }
    for (const auto& [address, word] : before_) {
      if (verified_.contains(address) || doubtful_.contains(address)) continue;
      EXPECT_EQ(bench_.board.kept[address], word) << "never reported as set: " << address;
    }
  }

 private:
  struct Row {
    const char* name;
    unsigned address;
    double lowest;
  };
  static constexpr Row rows[] = {{"cell_overvoltage", 0x24, 3.5},
                                 {"cell_overvoltage_release", 0x25, 3.4},
                                 {"cell_undervoltage", 0x26, 2.5},
                                 {"cell_undervoltage_release", 0x27, 2.7},
                                 {"balance_start", 0x2A, 3.2}};

  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

  void step() {
    bench_.sound();
    constexpr Fault faults[] = {Fault::request_lost, Fault::answer_lost, Fault::refused, Fault::forbidden,
                                Fault::damaged};
    if (pick(4) == 0) fail(pick(6), faults[pick(5)]);
    bench_.board.writes_are_ignored = pick(10) == 0;
    if (pick(15) == 0) drop_out();
    bench_.board.lock_needs_factory_mode = pick(2) == 0;
    const unsigned what = pick(10);
    if (what < 4) return write(rows[pick(std::size(rows))]);
    if (what < 6) return (void)bench_.run(ReadParameter{rows[pick(std::size(rows))].name, pick(3) > 0});
    if (what < 7) return (void)bench_.run(SetBalancer{pick(2) == 0});
    if (what < 8) return (void)bench_.run(SetFet{Fet::charge, pick(2) == 0});
    if (pick(6) == 0) bench_.protocol->leave_mode();
    for (unsigned polls = pick(13); polls > 0; --polls) (void)bench_.poll();
  }

  /// A board that refuses to leave does not save, and is believed to have left.
  void fail(unsigned nth, Fault how) {
    bench_.fail_once(nth, how);
    const bool refusal = how == Fault::refused || how == Fault::forbidden;
    bench_.wire.fault = [this, refusal, fault = bench_.wire.fault](std::size_t question) {
      return refusal && bench_.asked_last() == leaving ? Fault::none : fault(question);
    };
  }

  /// If no command follows that notices, an order to save comes too late.
  void drop_out() {
    bench_.board.factory_mode = false;
    for (const auto& [address, word] : bench_.board.words)
      if (bench_.board.kept[address] != word) doubtful_.insert(address);
  }

  void write(const Row& row) {
    const unsigned word = static_cast<unsigned>(row.lowest * 1000) + pick(100);
    const auto result = bench_.run(WriteParameter{row.name, word / 1000.0, pick(3) > 0});
    const bool told_of_leaving = !result && result.error().message.starts_with("factory mode could not be left");
    if (result) {
      verified_[row.address] = word;
      doubtful_.erase(row.address);
    } else if (bench_.board.words[row.address] != last(row.address) || told_of_leaving) {
      // Nobody was told that it is set, and nobody that it is not: the line failed when it was to be read back.
      doubtful_.insert(row.address);
    }
  }

  [[nodiscard]] unsigned last(unsigned address) const {
    const auto found = verified_.find(address);
    return found != verified_.end() ? found->second : before_.at(address);
  }

  std::mt19937 random_;
  Bench bench_;
  std::map<unsigned, unsigned> before_ = bench_.board.kept;
  std::map<unsigned, unsigned> verified_;
  std::set<unsigned> doubtful_{0x2D};  ///< the balancer is in force at once, and saved only with others
};

TEST(JbdBatch, WhateverHappensItIsLeftAndWhatWasReportedIsSaved) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE(seed);
    RandomBatches(seed).play();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace bms::jbd
