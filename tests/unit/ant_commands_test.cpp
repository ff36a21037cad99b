// Commands to boards of either protocol: what is sent, what is refused, and what is believed.
#include <gtest/gtest.h>

#include <algorithm>

#include "ant/ant.hpp"
#include "ant_wire.hpp"
#include "bms/hex.hpp"

namespace bms::ant {
namespace {

using ant_test::ByteVector;
using ant_test::Fault;
using ant_test::Wire;
using ant_test::WireBoard;

struct AntCommands : testing::TestWithParam<bool> {
  AntCommands() {
    board.speaks_new = !old();
    board.speaks_old = old();
  }

  static bool old() { return GetParam(); }

  WireBoard board;
  Wire wire{board};
  std::unique_ptr<Protocol> protocol =
      make({.variant = {.dialect = GetParam() ? "old" : "new", .baud = 19200, .address = 0}});

  Result<CommandResult> run(const Command& command) {
    const auto query = protocol->command(command).value();
    wire.run(*query);
    return query->result();
  }

  [[nodiscard]] std::vector<std::string> orders() const {
    std::vector<std::string> all;
    all.reserve(board.orders.size());
    for (const ByteVector& one : board.orders) all.push_back(to_hex(one));
    return all;
  }

  [[nodiscard]] std::string only_order() const { return board.orders.size() == 1 ? orders()[0] : "several or none"; }
};

TEST_P(AntCommands, SwitchesTheFetsAndLooksWhetherTheyDid) {
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  EXPECT_TRUE(board.charge_locked);
  EXPECT_FALSE(board.discharge_locked);
  EXPECT_EQ(only_order(), old() ? "A5A5FA0000FA" : "7EA151040000C8E4AA55");
  board.orders.clear();
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  EXPECT_TRUE(board.discharge_locked);
  EXPECT_EQ(only_order(), old() ? "A5A5F90000F9" : "7EA151010000D8E5AA55");
  board.orders.clear();
  ASSERT_TRUE(run(SetFet{Fet::charge, true}));
  EXPECT_FALSE(board.charge_locked);
  EXPECT_EQ(only_order(), old() ? "A5A5FA0001FB" : "7EA1510600006924AA55");
  board.orders.clear();
  ASSERT_TRUE(run(SetFet{Fet::discharge, true}));
  EXPECT_FALSE(board.discharge_locked);
  EXPECT_EQ(only_order(), old() ? "A5A5F90001FA" : "7EA1510300007925AA55");
  EXPECT_EQ(board.logins, 0) << "no password unless the board asks for it";
}

TEST_P(AntCommands, WaitsForAFetThatTakesItsTime) {
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  board.lag = 7;
  const auto result = run(SetFet{Fet::charge, true});
  ASSERT_TRUE(result);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*result));
  EXPECT_GT(wire.listened, 7);
}

TEST_P(AntCommands, AnAcknowledgementWithoutEffectIsUnverified) {
  board.writes_are_ignored = true;
  const auto result = run(SetFet{Fet::charge, false});
  EXPECT_EQ(result.error().kind, ErrorKind::unverified);
  EXPECT_NE(result.error().message.find("on (code 1)"), std::string::npos) << result.error().message;
  board.charge_locked = true;
  EXPECT_EQ(run(SetFet{Fet::charge, true}).error().kind, ErrorKind::unverified);
}

TEST_P(AntCommands, AProtectionThatHoldsAReleasedFetIsTold) {
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  board.charge_held_by = 2;
  const auto result = run(SetFet{Fet::charge, true});
  ASSERT_TRUE(result);
  EXPECT_EQ(std::get<std::string>(*result), "released, but held open: cell over-voltage (code 2)");
}

TEST_P(AntCommands, ADefectIsNoSuccess) {
  board.discharge_held_by = 13;
  EXPECT_EQ(run(SetFet{Fet::discharge, true}).error().kind, ErrorKind::unverified);
}

TEST_P(AntCommands, LogsInWhenTheBoardAsksForIt) {
  board.level = 0;
  board.needed_level = 1;
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  EXPECT_TRUE(board.charge_locked);
  EXPECT_EQ(orders(), old() ? (std::vector<std::string>{"A5A5FA0000FA", "A5A5F1313254", "A5A5F2333459", "A5A5F335365E",
                                                        "A5A5F4373863", "A5A5FA0000FA"})
                            : (std::vector<std::string>{"7EA151040000C8E4AA55", "7EA1234A01083132333435363738DB50AA55",
                                                        "7EA151040000C8E4AA55"}));
}

TEST_P(AntCommands, AWrongPasswordIsTriedOnce) {
  board.level = 0;
  board.needed_level = 1;
  board.password = "87654321";
  const auto result = run(SetFet{Fet::charge, false});
  EXPECT_EQ(result.error().kind, ErrorKind::status);
  EXPECT_NE(result.error().message.find("password"), std::string::npos);
  EXPECT_FALSE(board.charge_locked);
  EXPECT_EQ(board.logins, old() ? 4 : 1);
}

TEST_P(AntCommands, ALostAcknowledgementProvesNothing) {
  const std::size_t order = 0;
  wire.fault = [](std::size_t question) { return question == order ? Fault::answer_lost : Fault::none; };
  EXPECT_TRUE(run(SetFet{Fet::charge, false})) << "the status shows it";
  wire.sent.clear();
  wire.fault = [](std::size_t question) { return question == order ? Fault::request_lost : Fault::none; };
  EXPECT_EQ(run(SetFet{Fet::charge, true}).error().kind, ErrorKind::silent) << "and here it does not";
}

TEST_P(AntCommands, ALineThatDiesEndsTheCommand) {
  wire.fault = [](std::size_t) { return Fault::request_lost; };
  for (const Command& command :
       std::initializer_list<Command>{SetFet{Fet::charge, true}, SetBalancer{true}, ReadParameter{"cell_overvoltage"},
                                      WriteParameter{"cell_overvoltage", 3.6}})
    EXPECT_EQ(run(command).error().kind, ErrorKind::silent);
}

TEST_P(AntCommands, SwitchesTheBalancer) {
  ASSERT_TRUE(run(SetBalancer{true}));
  EXPECT_TRUE(board.balancer);
  ASSERT_TRUE(run(SetBalancer{true})) << "again";
  EXPECT_TRUE(board.balancer);
  ASSERT_TRUE(run(SetBalancer{false}));
  EXPECT_FALSE(board.balancer);
  ASSERT_TRUE(run(SetBalancer{false}));
  EXPECT_FALSE(board.balancer);
}

TEST_P(AntCommands, ABalancerThatRestsIsSwitchedOnAllTheSame) {
  board.pack.discharge = 20;
  const auto result = run(SetBalancer{true});
  ASSERT_TRUE(result);
  EXPECT_TRUE(board.balancer);
  if (!old()) {
    EXPECT_NE(std::get<std::string>(*result).find("off (code 0)"), std::string::npos);
  }
}

TEST_P(AntCommands, ReadsAParameter) {
  EXPECT_DOUBLE_EQ(std::get<double>(run(ReadParameter{"cell_overvoltage"}).value()), 3.65);
  EXPECT_DOUBLE_EQ(std::get<double>(run(ReadParameter{"balance_limit"}).value()), 3.6);
  EXPECT_TRUE(board.orders.empty());
}

TEST_P(AntCommands, WritesAParameterAndReadsItBack) {
  EXPECT_DOUBLE_EQ(std::get<double>(run(WriteParameter{"cell_overvoltage", 3.6}).value()), 3.6);
  EXPECT_EQ(old() ? board.registers[3] : board.settings[0], 3600U);
  EXPECT_EQ(board.saves, 1);
}

TEST_P(AntCommands, LogsInToWriteAParameter) {
  board.level = 1;
  board.needed_level = 5;
  EXPECT_TRUE(run(WriteParameter{"cell_overvoltage", 3.6}));
  EXPECT_EQ(old() ? board.registers[3] : board.settings[0], 3600U);
}

TEST_P(AntCommands, AWriteWithoutEffectIsUnverified) {
  board.writes_are_ignored = true;
  EXPECT_EQ(run(WriteParameter{"cell_overvoltage", 3.6}).error().kind, ErrorKind::unverified);
}

TEST_P(AntCommands, WhatTheBoardDoesNotHaveIsNotWritten) {
  board.settings.clear();
  board.registers.clear();
  EXPECT_EQ(run(ReadParameter{"cell_overvoltage"}).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(run(WriteParameter{"cell_overvoltage", 3.6}).error().kind, ErrorKind::unsupported);
  EXPECT_TRUE(board.orders.empty());
}

TEST_P(AntCommands, NothingOutsideTheTablesIsPrepared) {
  for (const Command& command :
       std::initializer_list<Command>{SetSoc{.soc_pct = 50, .now = {}}, ReadParameter{"shunt"}, ReadParameter{""},
                                      WriteParameter{"cell_overvoltage", 5.5}, WriteParameter{"cell_overvoltage", NAN},
                                      WriteParameter{"cell_count", 16}, WriteParameter{std::string(1000, 'x'), 1}})
    EXPECT_EQ(protocol->command(command).error().kind, ErrorKind::rejected);
  EXPECT_TRUE(wire.sent.empty());
}

INSTANTIATE_TEST_SUITE_P(Protocols, AntCommands, testing::Bool(),
                         [](const auto& one) { return one.param ? std::string("Old") : std::string("New"); });

struct AntOldBalancer : testing::Test {
  AntOldBalancer() {
    board.speaks_new = false;
    board.speaks_old = true;
  }
  WireBoard board;
  Wire wire{board};
  std::unique_ptr<Protocol> protocol = make({.variant = {.dialect = "old", .baud = 19200, .address = 0}});
};

TEST_F(AntOldBalancer, AChangeWhoseAnswerIsLostIsNotRepeated) {
  wire.fault = [](std::size_t question) { return question == 1 ? Fault::answer_lost : Fault::none; };
  const auto query = protocol->command(SetBalancer{true}).value();
  wire.run(*query);
  EXPECT_EQ(query->result().error().kind, ErrorKind::silent);
  EXPECT_EQ(board.orders.size(), 1U);
}

TEST_F(AntOldBalancer, AnEchoIsNotTakenForTheAnswer) {
  wire.fault = [](std::size_t) { return Fault::echoed; };
  const auto query = protocol->command(SetBalancer{true}).value();
  wire.run(*query);
  EXPECT_TRUE(query->result());
  EXPECT_TRUE(board.balancer);
}

}  // namespace
}  // namespace bms::ant
