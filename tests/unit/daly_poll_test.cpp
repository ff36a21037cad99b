// Polling a classic Daly board over a wire that may fail.
#include <gtest/gtest.h>

#include <algorithm>

#include "daly/daly_failures.hpp"
#include "daly_a5_fixture.hpp"

namespace bms::daly {
namespace {

using daly_test::a5_frame;
using daly_test::A5WireBoard;
using daly_test::ByteVector;
using daly_test::Fault;
using DalyPoll = daly_test::A5Fixture;

TEST_F(DalyPoll, BringsWhatTheBoardSays) {
  board.current = 30187;
  board.cells = {3235, 3239, 3238, 3240, 3237, 3236, 3237, 3238};
  board.voltage = 259;
  board.balancer[0] = 0x90;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 25.9);
  EXPECT_EQ(reading.current_a, -18.7) << "more than 30000 is discharge";
  EXPECT_EQ(reading.soc_pct, 50.1);
  EXPECT_EQ(reading.remaining_ah, 52);
  EXPECT_EQ(reading.charge_fet, true);
  EXPECT_EQ(reading.discharge_fet, true);
  EXPECT_TRUE(std::ranges::equal(reading.cells_v, std::vector{3.235, 3.239, 3.238, 3.24, 3.237, 3.236, 3.237, 3.238}));
  EXPECT_EQ(reading.temperatures_c, (decltype(reading.temperatures_c){21, 22}));
  EXPECT_EQ(reading.balancing->to_ulong(), 0x90U);
}

TEST_F(DalyPoll, AsksForTheEssentialEveryTimeAndForTheRestByTurns) {
  ASSERT_TRUE(poll());
  EXPECT_EQ(asked(), (std::vector<unsigned>{0x94, 0x94, 0x90, 0x93, 0x98, 0x95, 0x96, 0x96, 0x97}));
  std::vector<unsigned> total;
  for (int i = 0; i < 64; ++i) {
    ASSERT_TRUE(poll());
    ASSERT_GE(wire.sent.size(), 4U);
    const std::vector<unsigned> commands = asked();
    EXPECT_EQ(std::vector(commands.begin(), commands.begin() + 4), (std::vector<unsigned>{0x90, 0x93, 0x98, 0x95}));
    if (i > 16) {
      EXPECT_LE(wire.sent.size(), 5U);
    }
    for (const unsigned command : asked()) total.push_back(command);
  }
  EXPECT_EQ(std::ranges::count(total, 0x96U), 32);
  EXPECT_EQ(std::ranges::count(total, 0x97U), 16);
  EXPECT_EQ(std::ranges::count(total, 0x94U), 16);
  EXPECT_EQ(std::ranges::count(total, 0x91U), 2);
  EXPECT_EQ(std::ranges::count(total, 0x50U), 2);
}

TEST_F(DalyPoll, WaitsForSilenceBeforeEachQuestionAndSaysHowMuchIsMissing) {
  ASSERT_TRUE(poll());
  for (const Request& request : wire.requests) {
    EXPECT_GE(request.quiet.count(), 20);
    EXPECT_GE(request.first_byte.count(), 300);
  }
  EXPECT_EQ(wire.requests[2].reply_size, 13U);
  EXPECT_EQ(wire.requests[5].reply_size, 39U) << "eight cells in three frames";
}

TEST_F(DalyPoll, LearnsCapacityAndCycles) {
  const Reading reading = settled();
  EXPECT_EQ(reading.design_capacity_ah, 105);
  EXPECT_EQ(reading.cycles, 7);
}

TEST_F(DalyPoll, NewerFirmwareCountsCyclesElsewhere) {
  board.zero_fill = true;
  board.cycles = 58;
  EXPECT_EQ(settled().cycles, 58);
}

TEST_F(DalyPoll, CyclesThatCannotBeToldAreNot) {
  board.soc = 0;
  board.tail = 0;
  EXPECT_EQ(settled().cycles, std::nullopt);
  board.soc = 10;
  board.mute = {0x91};
  EXPECT_EQ(settled().cycles, std::nullopt);
}

TEST_F(DalyPoll, WhatABoardDoesNotAnswerIsMissingAndNoFailure) {
  board.mute = {0x91, 0x92, 0x96, 0x97, 0x50};
  const Reading reading = settled();
  EXPECT_EQ(reading.temperatures_c.size(), 2U);
  EXPECT_EQ(reading.temperatures_c[0], std::nullopt);
  EXPECT_EQ(reading.balancing, std::nullopt);
  EXPECT_EQ(reading.design_capacity_ah, std::nullopt);
  long asked_in_vain = 0;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(poll());
    asked_in_vain += static_cast<long>(wire.sent.size()) - 4;
  }
  EXPECT_LT(asked_in_vain, 40) << "and is asked for ever more rarely";
}

TEST_F(DalyPoll, RememberedValuesDoNotOutliveTheirAnswers) {
  ASSERT_TRUE(poll());
  board.mute = {0x96, 0x97};
  for (int i = 0; i < 130; ++i) ASSERT_TRUE(poll());
  const Reading reading = poll().value();
  EXPECT_EQ(reading.temperatures_c[0], std::nullopt);
  EXPECT_EQ(reading.balancing, std::nullopt);
}

TEST_F(DalyPoll, EndsWithTheReasonWhenAnEssentialQuestionIsGivenUp) {
  ASSERT_TRUE(poll());
  for (const std::size_t question : {0U, 1U, 2U, 3U}) {
    for (const auto& [fault, kind] :
         {std::pair{Fault::request_lost, ErrorKind::silent}, {Fault::damaged, ErrorKind::checksum}}) {
      wire.fault = [question, fault](std::size_t n) { return n == question ? fault : Fault::none; };
      const auto result = poll();
      ASSERT_FALSE(result);
      EXPECT_TRUE(result.error().kind == kind || (question == 3 && result.error().kind == ErrorKind::truncated))
          << result.error().message;
    }
  }
  wire.fault = [](std::size_t) { return Fault::none; };
  EXPECT_TRUE(poll());
}

TEST_F(DalyPoll, AnEchoAndLateAnswersAreSkipped) {
  wire.before = [](const ByteVector& request) {
    return daly_test::concat(request, a5_frame(1, request[2] == 0x91 ? 0x90 : 0x91, {1, 2, 3}));
  };
  EXPECT_TRUE(poll());
  EXPECT_TRUE(wire.failures.empty());
}

TEST_F(DalyPoll, OnlyEchoesAreSilence) {
  Query<Reading>& query = protocol->poll();
  const Progress progress = query.receive(query.request()->bytes);
  EXPECT_FALSE(progress.answered);
  EXPECT_FALSE(progress.begun);
  EXPECT_EQ(query.timed_out().kind, ErrorKind::silent);
}

TEST_F(DalyPoll, AllSixteenFramesOfTheBluetoothAddressAreFine) {
  protocol = daly::make({.variant = variants[1]});
  board.host = 0x80;
  board.all_frames = true;
  EXPECT_EQ(poll()->cells_v.size(), 8U);
  EXPECT_EQ(wire.sent[0][1], 0x80);
}

TEST_F(DalyPoll, EachBoardOfALineIsAskedAtItsOwnAddress) {
  protocol = daly::make({.variant = {.dialect = "a5", .baud = 9600, .address = 3}});
  board.host = 0x42;
  board.number = 3;
  EXPECT_TRUE(poll());
  board.number = 1;
  EXPECT_EQ(poll().error().kind, ErrorKind::silent) << "another board answers";
}

TEST_F(DalyPoll, ASensorThatIsMissingKeepsItsPlace) {
  board.temperatures = {0, 61, 255, 30};
  EXPECT_EQ(poll()->temperatures_c, (decltype(Reading::temperatures_c){std::nullopt, 21, std::nullopt, -10}));
}

TEST_F(DalyPoll, SeesFortyEightCells) {
  board.cells = std::vector<unsigned>(48, 3300);
  board.voltage = 1584;
  board.balancer[5] = 0x80;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.cells_v.size(), 48U);
  EXPECT_TRUE(reading.balancing->test(47));
}

TEST_F(DalyPoll, BitsOfCellsThatDoNotExistMeanNothing) {
  board.balancer = {0x01, 0xFF, 0, 0, 0, 0x80};
  EXPECT_EQ(poll()->balancing->to_ulong(), 1U);
}

TEST_F(DalyPoll, TheUserMayKnowBetterHowManyCellsThereAre) {
  protocol = daly::make({.variant = variants[0], .cells = 7, .temperature_sensors = 1});
  board.voltage = 231;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.cells_v.size(), 7U);
  EXPECT_EQ(reading.temperatures_c.size(), 1U);
}

TEST_F(DalyPoll, RefusesWhatCannotBeTrue) {
  ASSERT_TRUE(poll());
  const auto refused = [this](auto change) {
    const A5WireBoard healthy = board;
    change();
    const auto result = poll();
    board = healthy;
    return !result && result.error().kind == ErrorKind::implausible;
  };
  EXPECT_TRUE(refused([this] { board.voltage = board.current = board.soc = 0; })) << "the echo that reads as values";
  EXPECT_TRUE(refused([this] { board.voltage = 79; })) << "less than 1 V for each cell";
  EXPECT_TRUE(refused([this] { board.voltage = 361; })) << "more than 4.5 V";
  EXPECT_TRUE(poll()) << "and recovers";
}

TEST_F(DalyPoll, ASingleValueThatCannotBeIsPassedOn) {
  settled();
  board.current = 19999;
  board.soc = 1001;
  board.remaining = 127000;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.current_a, 1000.1);
  EXPECT_EQ(reading.soc_pct, 100.1);
  EXPECT_EQ(reading.remaining_ah, 127);
}

TEST_F(DalyPoll, RefusesABoardWithoutCells) {
  board.cells.clear();
  EXPECT_EQ(poll().error().kind, ErrorKind::implausible);
  board.cells = std::vector<unsigned>(49, 3300);
  EXPECT_EQ(poll().error().kind, ErrorKind::implausible);
}

TEST_F(DalyPoll, EveryFailureBitReachesItsAlarmAndNoOther) {
  ASSERT_TRUE(poll());
  for (std::size_t bit = 0; bit < 56; ++bit) {
    board.failures = ByteVector(8);
    board.failures[bit / 8] = static_cast<std::uint8_t>(1U << (bit % 8));
    const Reading reading = poll().value();
    EXPECT_EQ(reading.raw_protection, std::uint64_t{1} << bit);
    const auto row = std::ranges::find(failure_bits, bit, &FailureBit::bit);
    for (const AlarmEffect& effect : alarm_effects) {
      const bool raised = row != failure_bits.end() && row->failure.alarm == effect.alarm;
      const auto level = reading.alarms[effect.alarm];
      EXPECT_EQ(level.value_or(AlarmLevel::ok), raised ? row->failure.level : AlarmLevel::ok)
          << bit << " " << effect.name;
    }
  }
}

TEST_F(DalyPoll, DeclaresTheAlarmsThatTheBoardCanRaise) {
  const Alarms alarms = poll()->alarms;
  for (const AlarmEffect& effect : alarm_effects) {
    const bool unknown = effect.alarm == Alarm::temperature_sensor || effect.alarm == Alarm::fuse_blown ||
                         effect.alarm == Alarm::contactor || effect.alarm == Alarm::state_of_health ||
                         effect.alarm == Alarm::bms_cable;
    EXPECT_EQ(alarms[effect.alarm], unknown ? std::nullopt : std::optional(AlarmLevel::ok)) << effect.name;
  }
}

TEST_F(DalyPoll, AnAlarmIsNotLoweredByItsWarning) {
  board.failures[0] = 0x0C;
  EXPECT_EQ(poll()->alarms[Alarm::low_cell_voltage], AlarmLevel::alarm);
}

TEST_F(DalyPoll, AnInhibitedChargeIsNoPermission) {
  board.failures[6] = 0x08;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.charge_fet, false);
  EXPECT_EQ(reading.alarms[Alarm::low_voltage], AlarmLevel::alarm);
}

TEST_F(DalyPoll, BoundsHoldForEveryReadingOfAHealthyBoard) {
  const Bounds& bounds = protocol->bounds();
  EXPECT_LE(bounds.cell_min_v, 0.0) << "an open sense wire";
  EXPECT_GE(bounds.cell_max_v, 5.0) << "and another one";
  EXPECT_EQ(bounds.current_max_a, 1000);
}

}  // namespace
}  // namespace bms::daly
