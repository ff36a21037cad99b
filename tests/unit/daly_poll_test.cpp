// Polling, probing and identifying a classic Daly board over a wire that may fail.
#include <gtest/gtest.h>

#include <algorithm>

#include "bms/hex.hpp"
#include "daly/daly.hpp"
#include "daly/daly_failures.hpp"
#include "daly_wire.hpp"

namespace bms::daly {
namespace {

using daly_test::a5_frame;
using daly_test::A5WireBoard;
using daly_test::ByteVector;
using daly_test::Fault;
using daly_test::Wire;

struct DalyPoll : testing::Test {
  A5WireBoard board;
  Wire<A5WireBoard> wire{board};
  std::unique_ptr<Protocol> protocol = daly::make();

  Result<Reading> poll() {
    wire.sent.clear();
    wire.requests.clear();
    Query<Reading>& query = protocol->poll();
    wire.run(query);
    return query.result();
  }

  /// Polls until everything that is asked by turns has been asked twice.
  Reading settled() {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(poll());
    return poll().value();
  }

  Result<std::string> probe() {
    const auto query = protocol->probe();
    wire.run(*query);
    return query->result();
  }

  DeviceInfo identify() {
    const auto query = protocol->identify();
    wire.run(*query);
    return query->result().value();
  }

  [[nodiscard]] std::vector<unsigned> asked() const {
    std::vector<unsigned> commands;
    for (const ByteVector& request : wire.sent) commands.push_back(request[2]);
    return commands;
  }
  [[nodiscard]] long count(unsigned command) const { return std::ranges::count(asked(), command); }

  /// Replaces the answer to one command, once: a damaged frame whose sum is right.
  void falsify(unsigned command, const ByteVector& data) {
    wire.before = [this, command, data](const ByteVector& request) {
      if (request[2] != command || std::exchange(falsified_, true)) return ByteVector();
      return a5_frame(board.number, command, data);
    };
    falsified_ = false;
  }

 private:
  bool falsified_ = false;
};

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
  EXPECT_TRUE(refused([this] { board.current = 0xFFFF; }));
  EXPECT_TRUE(refused([this] { board.current = 19999; }));
  EXPECT_TRUE(refused([this] { board.soc = 1001; }));
  EXPECT_TRUE(poll()) << "and recovers";
}

TEST_F(DalyPoll, RefusesABoardWithoutCells) {
  board.cells.clear();
  EXPECT_EQ(poll().error().kind, ErrorKind::implausible);
  board.cells = std::vector<unsigned>(49, 3300);
  EXPECT_EQ(poll().error().kind, ErrorKind::implausible);
}

TEST_F(DalyPoll, MoreRemainingThanThePackCanHoldIsUnknown) {
  ASSERT_EQ(settled().remaining_ah, 52);
  board.remaining = 127000;
  EXPECT_EQ(poll()->remaining_ah, std::nullopt);
  board.remaining = 126000;
  EXPECT_EQ(poll()->remaining_ah, 126);
}

// What a damaged frame with a right sum could do.

TEST_F(DalyPoll, ADamagedPackStateIsAskedForAgain) {
  ASSERT_TRUE(poll());
  const ByteVector false_values[] = {{0x01, 0x20, 0, 0, 0x75, 0x30, 0x01, 0xF5},
                                     {0x01, 0x08, 0, 0, 0x7D, 0x30, 0x01, 0xF5},
                                     {0x01, 0x08, 0, 0, 0x75, 0x30, 0x03, 0xE8}};
  for (const ByteVector& values : false_values) {
    falsify(0x90, values);
    const Reading reading = poll().value();
    EXPECT_EQ(reading.voltage_v, 26.4);
    EXPECT_EQ(reading.current_a, 0);
    EXPECT_EQ(reading.soc_pct, 50.1);
    EXPECT_EQ(count(0x90), 2);
  }
}

TEST_F(DalyPoll, AChangeThatIsRepeatedIsBelievedInTheSamePoll) {
  ASSERT_TRUE(poll());
  board.voltage = 250;
  board.current = 31500;
  board.soc = 300;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 25.0);
  EXPECT_EQ(reading.current_a, -150);
  EXPECT_EQ(reading.soc_pct, 30);
  EXPECT_EQ(count(0x90), 2);
  ASSERT_TRUE(poll());
  EXPECT_EQ(count(0x90), 1);
}

TEST_F(DalyPoll, DamagedFailureBitsAndFetsAreAskedForAgain) {
  ASSERT_TRUE(poll());
  falsify(0x98, {0x02});
  EXPECT_EQ(poll()->alarms[Alarm::high_cell_voltage], AlarmLevel::ok);
  EXPECT_EQ(count(0x98), 2);
  falsify(0x93, {0, 0, 1, 9, 0, 0, 0xCB, 0x20});
  EXPECT_EQ(poll()->charge_fet, true);
  EXPECT_EQ(count(0x93), 2);
  falsify(0x93, {0, 1, 1, 9, 0, 1, 0xCB, 0x20});
  EXPECT_EQ(poll()->remaining_ah, 52);
}

TEST_F(DalyPoll, OneCellThatJumpsIsAskedForAgain) {
  ASSERT_TRUE(poll());
  wire.before = [this, once = false](const ByteVector& request) mutable {
    if (request[2] != 0x95 || std::exchange(once, true)) return ByteVector();
    const std::vector<unsigned> truth = board.cells;
    board.cells[1] = 3600;
    ByteVector frames = board.answer(request);
    board.cells = truth;
    return frames;
  };
  EXPECT_EQ(poll()->cells_v[1], 3.3);
  EXPECT_EQ(count(0x95), 2);
  wire.before = nullptr;
  board.cells[1] = 3600;
  EXPECT_EQ(poll()->cells_v[1], 3.6) << "repeated";
  EXPECT_EQ(count(0x95), 2);
}

TEST_F(DalyPoll, ALoadThatPullsAllCellsDownIsNoReasonToAskAgain) {
  ASSERT_TRUE(poll());
  for (unsigned& cell : board.cells) cell -= 200;
  EXPECT_EQ(poll()->cells_v[0], 3.1);
  EXPECT_EQ(count(0x95), 1);
}

TEST_F(DalyPoll, OpenSenseWiresAreReadingsOnceTheyAreRepeated) {
  board.cells = {3300, 5000, 5000, 0, 3300, 3300, 3300, 3300};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.cells_v[1], 5.0);
  EXPECT_EQ(reading.cells_v[3], 0.0);
  EXPECT_EQ(count(0x95), 2);
  ASSERT_TRUE(poll());
  EXPECT_EQ(count(0x95), 1);
}

TEST_F(DalyPoll, ADamagedTemperatureOrBalancerIsNeverRemembered) {
  settled();
  falsify(0x96, {1, 99, 62});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(poll()->temperatures_c[0], 21);
  falsify(0x97, {0xFF});
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(poll()->balancing->none());
}

TEST_F(DalyPoll, AValueThatNeverSettlesIsTheMiddleOfThree) {
  ASSERT_TRUE(poll());
  board.current = 31000;
  wire.before = [this](const ByteVector& request) {
    if (request[2] == 0x90) board.current = board.current == 31000 ? 32000 : board.current == 32000 ? 33000 : 31000;
    return ByteVector();
  };
  EXPECT_EQ(poll()->current_a, -200);
  EXPECT_EQ(count(0x90), 3);
}

TEST_F(DalyPoll, ACellCountMustBeRepeatedThreeTimesToChange) {
  ASSERT_TRUE(poll());
  falsify(0x94, {7, 2, 0, 0, 2, 0, 7, 0});
  for (int i = 0; i < 12; ++i) EXPECT_EQ(poll()->cells_v.size(), 8U);
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
                         effect.alarm == Alarm::contactor || effect.alarm == Alarm::bms_cable;
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
  EXPECT_EQ(bounds.temperature_min_c, -39);
  EXPECT_EQ(bounds.temperature_max_c, 125);
}

TEST_F(DalyPoll, ProbesWithTwoQuestionsThatChangeNothing) {
  EXPECT_EQ(probe().value(), "status frame of board 1, 8 cells");
  EXPECT_EQ(asked(), (std::vector<unsigned>{0x94, 0x90}));
  wire.sent.clear();
  ASSERT_TRUE(poll());
  EXPECT_EQ(count(0x94), 1) << "what the probe has learned need not be asked twice";
}

TEST_F(DalyPoll, AProbeBelievesNoSingleFrame) {
  board.mute = {0x90};
  EXPECT_EQ(probe().error().kind, ErrorKind::silent);
  board.mute = {};
  board.voltage = 10;
  EXPECT_EQ(probe().error().kind, ErrorKind::implausible);
  board.cells.clear();
  EXPECT_EQ(probe().error().kind, ErrorKind::implausible);
  board.host = 0x41;
  EXPECT_EQ(probe().error().kind, ErrorKind::silent);
}

TEST_F(DalyPoll, IdentifiesByTheBatteryCode) {
  EXPECT_EQ(
      identify(),
      (DeviceInfo{
          .family = "Daly", .model = "DL-BMS-R32-01E", .serial = "VAN HOUSE BANK 1", .firmware = "20210222-1.01T"}));
  EXPECT_EQ(asked(), (std::vector<unsigned>{0x57, 0x57, 0x62, 0x63, 0x50}));
}

TEST_F(DalyPoll, ACodeThatIsNoneLeavesTheSerialEmpty) {
  for (const char* const code : {"", "     ", "0000000", "\x01\x02"}) {
    board.texts[0x57] = code;
    EXPECT_EQ(identify().serial, "") << code;
  }
  board.mute = {0x57, 0x62, 0x63, 0x50};
  EXPECT_EQ(identify(), (DeviceInfo{.family = "Daly", .model = "", .serial = "", .firmware = ""}));
}

TEST_F(DalyPoll, ADamagedCodeIsNotTheIdentity) {
  wire.before = [this, left = 1](const ByteVector& request) mutable {
    if (request[2] != 0x57 || left-- <= 0) return ByteVector();
    const std::string truth = std::exchange(board.texts[0x57], "VAN HOUSE BANK 7");
    const ByteVector frames = board.answer(request);
    board.texts[0x57] = truth;
    return frames;
  };
  EXPECT_EQ(identify().serial, "VAN HOUSE BANK 1");
  EXPECT_EQ(count(0x57), 3);
}

TEST_F(DalyPoll, ReadingNeverWrites) {
  ASSERT_TRUE(probe());
  settled();
  identify();
  for (const ByteVector& request : wire.sent) {
    EXPECT_GE(request.at(2), 0x50);
    EXPECT_LE(request.at(2), 0x98);
    EXPECT_EQ(request.at(4), 0xAA);
  }
}

}  // namespace
}  // namespace bms::daly
