// Commands: what they send, when they are believed, and that factory mode is always left.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "bms/hex.hpp"
#include "jbd/jbd.hpp"
#include "jbd/jbd_parameters.hpp"
#include "jbd_wire.hpp"

namespace bms::jbd {
namespace {

using jbd_test::ByteVector;
using jbd_test::Fault;
using jbd_test::Wire;
using jbd_test::WireBoard;

constexpr unsigned cell_overvoltage = 1U << 0U;

struct JbdCommand : testing::Test {
  WireBoard board;
  Wire wire{board};
  std::unique_ptr<Protocol> protocol = jbd::make();

  Result<CommandResult> run(const Command& command) {
    wire.sent.clear();
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
};

TEST_F(JbdCommand, SwitchesOneFetAndKeepsTheOtherLock) {
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  EXPECT_EQ(board.lock, 1U);
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  EXPECT_EQ(board.lock, 3U);
  ASSERT_TRUE(run(SetFet{Fet::charge, true}));
  EXPECT_EQ(board.lock, 2U);
  ASSERT_TRUE(run(SetFet{Fet::discharge, true}));
  EXPECT_EQ(board.lock, 0U);
}

TEST_F(JbdCommand, WaitsForABoardThatShowsTheChangeLate) {
  board.lag = 4;
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  EXPECT_EQ(board.lock, 3U);
  ASSERT_TRUE(run(SetFet{Fet::discharge, true}));
  EXPECT_EQ(board.lock, 1U) << "the late reading was not taken for a release";
  ASSERT_TRUE(run(SetFet{Fet::charge, true}));
  EXPECT_EQ(board.lock, 0U);
  board.lag = 50;
  EXPECT_EQ(run(SetFet{Fet::charge, false}).error().kind, ErrorKind::unverified);
}

TEST_F(JbdCommand, AProtectionIsNeverTurnedIntoALock) {
  board.basic.protection = cell_overvoltage;
  board.protection_holds = 1;
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  EXPECT_EQ(written(0xE1), std::vector{2U});
  ASSERT_TRUE(run(SetFet{Fet::discharge, true}));
  EXPECT_EQ(written(0xE1), std::vector{0U});
}

TEST_F(JbdCommand, TakesOverALockThatIsOlderThanTheProcess) {
  board.lock = 1;
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  EXPECT_EQ(written(0xE1), std::vector{3U});
}

TEST_F(JbdCommand, TakesOverBothLocksWhenNoProtectionExplainsThem) {
  board.lock = 3;
  ASSERT_TRUE(run(SetFet{Fet::discharge, true}));
  EXPECT_EQ(written(0xE1), std::vector{1U});
}

TEST_F(JbdCommand, DoesNotGuessWhichLockAProtectionHides) {
  board.lock = 2;
  board.basic.protection = cell_overvoltage;
  board.protection_holds = 1;
  const auto refused = run(SetFet{Fet::discharge, true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::rejected);
  EXPECT_TRUE(written(0xE1).empty());
  EXPECT_TRUE(run(SetFet{Fet::charge, true})) << "what is asked for need not be guessed";
  EXPECT_EQ(board.lock, 2U);
}

TEST_F(JbdCommand, AKnownLockIsNotForgottenWhileAProtectionIsActive) {
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  board.basic.protection = cell_overvoltage;
  board.protection_holds = 1;
  ASSERT_TRUE(poll());
  ASSERT_TRUE(run(SetFet{Fet::discharge, true}));
  EXPECT_EQ(written(0xE1), std::vector{0U}) << "the charge FET is open by protection, not by lock";
}

TEST_F(JbdCommand, SeesWhenSomebodyElseReleasedALock) {
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  board.lock = 0;
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  EXPECT_EQ(board.lock, 2U);
  ASSERT_TRUE(run(SetFet{Fet::discharge, true}));
  board.lock = 1;
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  EXPECT_EQ(board.lock, 3U) << "or set one";
}

TEST_F(JbdCommand, ReleasingIsVerifiedThoughAProtectionHoldsTheFetOpen) {
  board.lock = 1;
  board.basic.protection = cell_overvoltage;
  board.protection_holds = 1;
  EXPECT_TRUE(run(SetFet{Fet::charge, true}));
  EXPECT_EQ(board.lock, 0U);
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  EXPECT_TRUE(run(SetFet{Fet::charge, true})) << "also while the other lock keeps the bit set";
}

TEST_F(JbdCommand, SwitchingWithoutFactoryModeIsTriedFirst) {
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  EXPECT_TRUE(written(0x00).empty());
  board.lock_needs_factory_mode = true;
  ASSERT_TRUE(run(SetFet{Fet::charge, true}));
  EXPECT_EQ(written(0x00), std::vector{0x5678U});
  EXPECT_EQ(written(0x01), std::vector{0U});
  EXPECT_EQ(board.lock, 0U);
  EXPECT_FALSE(board.factory_mode);
}

TEST_F(JbdCommand, ARefusalInsideFactoryModeIsTold) {
  wire.fault = [this](std::size_t) { return wire.sent.back()[2] == 0xE1 ? Fault::refused : Fault::none; };
  const auto refused = run(SetFet{Fet::charge, false});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::status);
  EXPECT_EQ(refused.error().status, 0x80);
  EXPECT_EQ(written(0xE1).size(), 2U);
  EXPECT_FALSE(board.factory_mode);
}

TEST_F(JbdCommand, WhatTheBoardDoesNotShowIsUnverified) {
  board.writes_are_ignored = true;
  const Command commands[] = {SetFet{Fet::charge, false}, SetFet{Fet::discharge, false}, SetBalancer{false},
                              WriteParameter{"cell_overvoltage", 3.6}};
  for (const Command& command : commands) {
    const auto result = run(command);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::unverified);
    EXPECT_FALSE(board.factory_mode);
    EXPECT_EQ(board.saves, 0U);
  }
}

TEST_F(JbdCommand, TheBalancerBitAloneChanges) {
  board.words[0x2D] = 0x100F;
  ASSERT_TRUE(run(SetBalancer{false}));
  EXPECT_EQ(board.words[0x2D], 0x100BU);
  ASSERT_TRUE(run(SetBalancer{false}));
  EXPECT_TRUE(written(0x2D).empty()) << "what is so already is not written";
  ASSERT_TRUE(run(SetBalancer{true}));
  EXPECT_EQ(board.words[0x2D], 0x100FU);
  EXPECT_EQ(board.saves, 0U) << "the counters survive";
}

TEST_F(JbdCommand, ReadsParametersInTheUnitOfTheTable) {
  EXPECT_EQ(std::get<double>(run(ReadParameter{"cell_overvoltage"}).value()), 3.65);
  EXPECT_EQ(std::get<double>(run(ReadParameter{"design_capacity"}).value()), 280);
  EXPECT_EQ(std::get<double>(run(ReadParameter{"discharge_overcurrent"}).value()), -230);
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"device_name"}).value()), "L4S");
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"barcode"}).value()), "");
  EXPECT_EQ(run(ReadParameter{"led_time"}).error().status, 0x80);
  EXPECT_EQ(board.saves, 0U);
  EXPECT_FALSE(board.factory_mode);
}

TEST_F(JbdCommand, WritesParametersAndSavesThem) {
  EXPECT_EQ(std::get<double>(run(WriteParameter{"cell_overvoltage", 3.55}).value()), 3.55);
  EXPECT_EQ(board.words[0x24], 3550U);
  EXPECT_EQ(board.saves, 1U);
  EXPECT_FALSE(board.factory_mode);
}

TEST_F(JbdCommand, TheUnitFlagIsReadBeforeAnAmountIsWritten) {
  board.words[0x2D] = 0x1006;
  EXPECT_EQ(std::get<double>(run(ReadParameter{"design_capacity"}).value()), 2800);
  EXPECT_EQ(std::get<double>(run(WriteParameter{"design_capacity", 600}).value()), 600);
  EXPECT_EQ(board.words[0x10], 6000U);
}

TEST_F(JbdCommand, WhatIsOutsideTheTableSendsNoByte) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const Command hostile[] = {ReadParameter{""},
                             ReadParameter{"reset"},
                             ReadParameter{std::string(100000, 'x')},
                             WriteParameter{"nonsense", 1},
                             WriteParameter{"barcode", 1},
                             WriteParameter{"cell_count", 4},
                             WriteParameter{"shunt", 1},
                             WriteParameter{"function_config", 6},
                             WriteParameter{"cell_overvoltage", nan},
                             WriteParameter{"cell_overvoltage", infinity},
                             WriteParameter{"cell_overvoltage", -infinity},
                             WriteParameter{"cell_overvoltage", 4.6},
                             WriteParameter{"cell_overvoltage", 3650},
                             WriteParameter{"cell_overvoltage", -3.65},
                             WriteParameter{"discharge_overcurrent", 100},
                             WriteParameter{"charge_overcurrent", 0},
                             WriteParameter{"design_capacity", 1e300}};
  for (const Command& command : hostile) {
    const auto result = run(command);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::rejected);
    EXPECT_TRUE(wire.sent.empty());
  }
}

struct Scenario {
  const char* name;
  Command command;
  bool lock_needs_factory_mode = false;
};

const Scenario scenarios[] = {{"charge", SetFet{Fet::charge, false}},
                              {"charge_in_factory_mode", SetFet{Fet::charge, false}, true},
                              {"balancer", SetBalancer{false}},
                              {"read", ReadParameter{"cell_overvoltage"}},
                              {"read_scaled", ReadParameter{"design_capacity"}},
                              {"write", WriteParameter{"cell_overvoltage", 3.5}},
                              {"write_scaled", WriteParameter{"design_capacity", 100}}};

constexpr Fault all_faults[] = {Fault::request_lost, Fault::answer_lost, Fault::refused, Fault::forbidden,
                                Fault::damaged};

TEST(JbdFactoryMode, IsLeftWhateverFailsInBetween) {
  for (const Scenario& scenario : scenarios) {
    for (std::size_t failing = 0; failing < 8; ++failing) {
      for (const Fault fault : all_faults) {
        SCOPED_TRACE(std::string(scenario.name) + " question " + std::to_string(failing) + " fault " +
                     std::to_string(static_cast<int>(fault)));
        WireBoard board;
        board.lock_needs_factory_mode = scenario.lock_needs_factory_mode;
        Wire wire(board);
        const auto protocol = jbd::make();
        wire.fault = [failing, fault](std::size_t n) { return n == failing ? fault : Fault::none; };
        const auto query = protocol->command(scenario.command).value();
        wire.run(*query);
        const bool done = wire.sent.size() <= failing;
        const auto result = query->result();
        if (done) {
          EXPECT_TRUE(result) << "nothing failed";
        }
        const bool leaving_failed = !done && wire.sent[failing][2] == 0x01;
        if (!leaving_failed) {
          EXPECT_FALSE(board.factory_mode);
        } else {
          EXPECT_FALSE(result) << "an owner must know";
        }

        wire.fault = [](std::size_t) { return Fault::none; };
        wire.run(protocol->poll());
        EXPECT_FALSE(board.factory_mode) << "the next poll makes up for it";
      }
    }
  }
}

TEST(JbdFactoryMode, IsLeftByALaterPollAfterTheCableWasPulled) {
  for (std::size_t pulled = 0; pulled < 5; ++pulled) {
    WireBoard board;
    Wire wire(board);
    const auto protocol = jbd::make();
    wire.fault = [pulled](std::size_t n) { return n >= pulled ? Fault::request_lost : Fault::none; };
    const auto query = protocol->command(WriteParameter{"cell_overvoltage", 3.5}).value();
    wire.run(*query);
    wire.fault = [](std::size_t) { return Fault::none; };
    wire.run(protocol->poll());
    EXPECT_FALSE(board.factory_mode) << pulled;
    const std::size_t asked = wire.sent.size();
    wire.run(protocol->poll());
    EXPECT_EQ(wire.sent.size(), asked + 2) << "and then no more";
  }
}

TEST(JbdFactoryMode, AnAcknowledgementThatWasLostDoesNotMakeAWriteFail) {
  WireBoard board;
  Wire wire(board);
  const auto protocol = jbd::make();
  wire.fault = [&wire](std::size_t) {
    const ByteVector& request = wire.sent.back();
    return request[1] == 0x5A && request[2] == 0x24 ? Fault::answer_lost : Fault::none;
  };
  const auto query = protocol->command(WriteParameter{"cell_overvoltage", 3.5}).value();
  wire.run(*query);
  EXPECT_TRUE(query->result());
}

}  // namespace
}  // namespace bms::jbd
