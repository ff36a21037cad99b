// Commands to a classic Daly board: what they send, and when they are believed.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "bms/hex.hpp"
#include "daly/daly.hpp"
#include "daly_wire.hpp"

namespace bms::daly {
namespace {

using daly_test::A5WireBoard;
using daly_test::ByteVector;
using daly_test::Fault;
using daly_test::Wire;

constexpr CivilTime now{.year = 2025, .month = 6, .day = 1, .hour = 12, .minute = 30, .second = 0};

struct DalyCommand : testing::Test {
  A5WireBoard board;
  Wire<A5WireBoard> wire{board};
  std::unique_ptr<Protocol> protocol = daly::make();

  Result<CommandResult> run(const Command& command) {
    wire.sent.clear();
    wire.requests.clear();
    auto query = protocol->command(command);
    if (!query) return std::unexpected(query.error());
    wire.run(**query);
    return (*query)->result();
  }

  [[nodiscard]] std::vector<std::string> orders() const {
    std::vector<std::string> frames;
    for (const ByteVector& request : wire.sent)
      if (request[2] < 0x50 || request[2] > 0x98) frames.push_back(to_hex(request));
    return frames;
  }
};

TEST_F(DalyCommand, SwitchesFetsAsCaptured) {
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  EXPECT_EQ(orders(), std::vector<std::string>{"A540D9080000000000000000C6"});
  EXPECT_EQ(board.discharge_fet, 0U);
  ASSERT_TRUE(run(SetFet{Fet::discharge, true}));
  EXPECT_EQ(orders(), std::vector<std::string>{"A540D9080100000000000000C7"});
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  EXPECT_EQ(orders(), std::vector<std::string>{"A540DA080000000000000000C7"});
  EXPECT_EQ(board.charge_fet, 0U);
  EXPECT_EQ(board.discharge_fet, 1U);
}

TEST_F(DalyCommand, ReadsBackAfterTheBoardHadTime) {
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  ASSERT_EQ(wire.sent.size(), 2U);
  EXPECT_EQ(wire.sent[1][2], 0x93);
  EXPECT_GE(wire.requests[1].quiet.count(), 200);
  EXPECT_EQ(wire.requests[0].attempts, 1) << "an order is repeated by the command alone";
}

TEST_F(DalyCommand, WhatTheBoardDoesNotShowIsUnverifiedAfterThreeOrders) {
  board.orders_are_ignored = true;
  for (const Command& command : {Command{SetFet{Fet::charge, false}}, Command{SetFet{Fet::discharge, false}}}) {
    EXPECT_EQ(run(command).error().kind, ErrorKind::unverified);
    EXPECT_EQ(orders().size(), 3U);
  }
  board.charge_fet = 0;
  EXPECT_EQ(run(SetFet{Fet::charge, true}).error().kind, ErrorKind::unverified);
}

TEST_F(DalyCommand, ADischargeFetThatStaysOnWhileChargedIsNoFailure) {
  board.keeps_discharging_fet = true;
  board.current = 29800;
  const auto result = run(SetFet{Fet::discharge, false});
  ASSERT_TRUE(result);
  EXPECT_TRUE(std::holds_alternative<std::string>(*result)) << "and the owner is told";
  EXPECT_EQ(orders().size(), 1U);
  board.current = 30000;
  EXPECT_EQ(run(SetFet{Fet::discharge, false}).error().kind, ErrorKind::unverified);
}

TEST_F(DalyCommand, ALostAcknowledgementDoesNotMakeAnOrderFail) {
  wire.fault = [](std::size_t question) { return question == 0 ? Fault::answer_lost : Fault::none; };
  EXPECT_TRUE(run(SetFet{Fet::charge, false}));
  EXPECT_TRUE(run(SetSoc{.soc_pct = 80, .now = now}));
  wire.fault = [](std::size_t question) { return question == 0 ? Fault::request_lost : Fault::none; };
  EXPECT_TRUE(run(SetFet{Fet::charge, true})) << "the second order arrives";
  const auto lost = run(SetSoc{.soc_pct = 20, .now = now});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, ErrorKind::silent);
  EXPECT_EQ(orders().size(), 1U) << "the clock is set once for each wish";
}

TEST_F(DalyCommand, NothingIsBelievedOfABoardThatFallsSilent) {
  wire.fault = [](std::size_t question) { return question > 0 ? Fault::request_lost : Fault::none; };
  EXPECT_EQ(run(SetFet{Fet::charge, false}).error().kind, ErrorKind::silent);
  EXPECT_EQ(run(SetSoc{.soc_pct = 20, .now = now}).error().kind, ErrorKind::silent);
}

TEST_F(DalyCommand, SetsTheStateOfChargeTogetherWithTheClock) {
  ASSERT_TRUE(run(SetSoc{.soc_pct = 100, .now = now}));
  EXPECT_EQ(orders(), std::vector<std::string>{"A54021081906010C1E0003E843"});
  ASSERT_TRUE(run(SetSoc{.soc_pct = 29.96, .now = {2022 + 4, 12, 13, 21, 29, 39}}));
  EXPECT_EQ(to_hex(board.soc_order), "1A0C0D151D27012C");
}

TEST_F(DalyCommand, AStateOfChargeThatIsNotTakenIsToldAsSuch) {
  board.orders_are_ignored = true;
  EXPECT_EQ(run(SetSoc{.soc_pct = 80, .now = now}).error().kind, ErrorKind::unverified);
  EXPECT_EQ(orders().size(), 1U);
  board.soc_acknowledgement = 0;
  EXPECT_EQ(run(SetSoc{.soc_pct = 80, .now = now}).error().status, 0);
}

TEST_F(DalyCommand, ReadsSettingsThatCameTwiceTheSame) {
  EXPECT_EQ(std::get<double>(run(ReadParameter{"cell_high_l1"}).value()), 3.6);
  EXPECT_EQ(std::get<double>(run(ReadParameter{"cell_low_l2"}).value()), 2.6);
  EXPECT_EQ(std::get<double>(run(ReadParameter{"design_capacity"}).value()), 105);
  EXPECT_EQ(wire.sent.size(), 2U);
  EXPECT_EQ(run(ReadParameter{"short_circuit"}).error().kind, ErrorKind::silent);
}

TEST_F(DalyCommand, WhatIsNotPossibleSendsNoByte) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  CivilTime unset = now;
  unset.year = 1970;
  CivilTime odd = now;
  odd.month = 13;
  const Command hostile[] = {ReadParameter{""},
                             ReadParameter{"restart"},
                             ReadParameter{std::string(100000, 'x')},
                             WriteParameter{"cell_high_l1", 3.6},
                             WriteParameter{"nonsense", 1},
                             SetBalancer{true},
                             SetSoc{.soc_pct = nan, .now = now},
                             SetSoc{.soc_pct = infinity, .now = now},
                             SetSoc{.soc_pct = 100.1, .now = now},
                             SetSoc{.soc_pct = -0.1, .now = now},
                             SetSoc{.soc_pct = 50, .now = unset},
                             SetSoc{.soc_pct = 50, .now = odd}};
  for (const Command& command : hostile) {
    const auto result = run(command);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::rejected);
    EXPECT_FALSE(result.error().message.empty());
    EXPECT_TRUE(wire.sent.empty());
  }
}

}  // namespace
}  // namespace bms::daly
