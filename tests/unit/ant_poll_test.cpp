// Polling, probing and identifying boards of either protocol over a wire that may fail.
#include <gtest/gtest.h>

#include <algorithm>

#include "ant/ant.hpp"
#include "ant_wire.hpp"
#include "bms/hex.hpp"

namespace bms::ant {
namespace {

using ant_test::ByteVector;
using ant_test::captured;
using ant_test::Fault;
using ant_test::Pack;
using ant_test::Wire;
using ant_test::WireBoard;

const BoardOptions old_options{.variant = {.dialect = "old", .baud = 19200, .address = 0}};

struct AntLine : testing::Test {
  WireBoard board;
  Wire wire{board};
  std::unique_ptr<Protocol> protocol = make();

  Result<Reading> poll() {
    Query<Reading>& query = protocol->poll();
    wire.run(query);
    return query.result();
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

  /// What a poll makes of bytes that came from a real board.
  [[nodiscard]] Result<Reading> poll_of(const ByteVector& answer) const {
    Query<Reading>& query = protocol->poll();
    if (!query.receive(answer).answered) query.give_up(query.timed_out());
    while (query.request()) query.give_up({ErrorKind::silent, "", {}});
    return query.result();
  }
};

struct AntNew : AntLine {};

struct AntOld : AntLine {
  AntOld() {
    board.speaks_new = false;
    board.speaks_old = true;
    protocol = make(old_options);
  }
};

TEST_F(AntNew, BringsWhatACapturedFrameSays) {
  const Reading reading = poll_of(captured("new_20s_charging_33a_extended_tail")).value();
  EXPECT_EQ(reading.voltage_v, 73.48);
  EXPECT_EQ(reading.current_a, 33.1);
  EXPECT_EQ(reading.soc_pct, 45);
  EXPECT_EQ(reading.soh_pct, 100);
  EXPECT_EQ(reading.remaining_ah, 60.956774);
  EXPECT_EQ(reading.design_capacity_ah, 134);
  EXPECT_EQ(reading.full_ah, std::nullopt);
  EXPECT_EQ(reading.cycles, 10);
  EXPECT_EQ(reading.cells_v.size(), 20U);
  ASSERT_EQ(reading.temperatures_c.size(), 2U);
  EXPECT_EQ(reading.temperatures_c[0], 31);
  EXPECT_EQ(reading.mos_temperature_c, 34);
  EXPECT_EQ(reading.charge_fet, true);
  EXPECT_EQ(reading.discharge_fet, true);
  EXPECT_TRUE(reading.balancing->none());
  EXPECT_EQ(reading.raw_protection, 0U);
  EXPECT_GT(reading.total_charged_ah.value(), 0);
}

TEST_F(AntNew, ALockedChargeFetIsTheChargeFet) {
  const Reading reading = poll_of(captured("new_14s_nmc_uart_charge_locked_after_overvoltage")).value();
  EXPECT_EQ(reading.charge_fet, false);
  EXPECT_EQ(reading.discharge_fet, true);
  EXPECT_EQ(reading.alarms[Alarm::high_cell_voltage], AlarmLevel::alarm);
  EXPECT_EQ(reading.raw_protection, 2U);
  EXPECT_EQ(reading.temperatures_c.at(2), std::nullopt) << "not fitted, and keeps its place";
  EXPECT_EQ(reading.temperatures_c.at(3), 28);
}

TEST_F(AntNew, AsksOneQuestionAPollAndKnowsTheSizeOfTheAnswer) {
  ASSERT_TRUE(poll());
  ASSERT_TRUE(poll());
  ASSERT_EQ(wire.sent.size(), 2U);
  EXPECT_EQ(to_hex(wire.sent[0]), "7EA1010000BE1855AA55");
  EXPECT_EQ(protocol->poll().request()->reply_size, Pack{}.new_status().size());
}

TEST_F(AntNew, BalancingCellsThatDoNotExistAreLeftOut) {
  board.pack.balancing = 0x80000005;
  EXPECT_EQ(poll()->balancing->to_ulong(), 5U);
}

TEST_F(AntNew, WhatIsZeroIsNotReported) {
  board.pack.capacity = 0;
  board.pack.remaining = 0;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.design_capacity_ah, std::nullopt);
  EXPECT_EQ(reading.remaining_ah, std::nullopt);
  EXPECT_EQ(reading.cycles, std::nullopt);
  board.pack.soc = 0;
  EXPECT_EQ(poll()->remaining_ah, 0.0) << "empty is empty";
  board.pack.soh = 0;
  EXPECT_EQ(poll()->soh_pct, std::nullopt);
}

TEST_F(AntNew, RefusesWhatCannotBeTrue) {
  const std::function<void(Pack&)> lies[] = {[](Pack& pack) { pack.cells[1] = 5001; },
                                             [](Pack& pack) { pack.voltage_mv = 10000; },
                                             [](Pack& pack) { pack.cells.assign(4, 400); }};
  for (const auto& lie : lies) {
    board.pack = {};
    lie(board.pack);
    EXPECT_EQ(poll().error().kind, ErrorKind::implausible);
  }
  board.pack = {};
  EXPECT_TRUE(poll()) << "and recovers";
}

TEST_F(AntNew, WithALooseSenseWireCellsAndPackNeedNotAgree) {
  board.pack.cells[2] = 0;
  board.pack.voltage_mv = 13300;
  EXPECT_FALSE(poll());
  board.pack.protection = 1ULL << 25U;
  EXPECT_EQ(poll()->cells_v[2], 0.0);
  board.pack.protection = 0;
  board.charge_held_by = 9;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.alarms[Alarm::internal_failure], AlarmLevel::alarm);
  EXPECT_EQ(reading.charge_fet, false);
}

TEST_F(AntNew, OnlyCodeOneIsOn) {
  for (const unsigned code : {0U, 2U, 4U, 14U, 15U, 31U}) {
    board.charge_held_by = code;
    board.charge_locked = code == 0;
    EXPECT_EQ(poll()->charge_fet, false) << code;
    EXPECT_EQ(poll()->discharge_fet, true) << code;
  }
}

TEST_F(AntNew, EndsWithTheReasonWhenTheQuestionIsGivenUp) {
  wire.fault = [](std::size_t) { return Fault::request_lost; };
  EXPECT_EQ(poll().error().kind, ErrorKind::silent);
  wire.fault = [](std::size_t) { return Fault::damaged; };
  EXPECT_EQ(poll().error().kind, ErrorKind::checksum);
  wire.fault = [](std::size_t) { return Fault::echoed; };
  EXPECT_TRUE(poll());
}

TEST_F(AntNew, OnlyEchoesAndStrangersAreSilence) {
  Query<Reading>& query = protocol->poll();
  const Request request = query.request().value();
  EXPECT_FALSE(query.receive(request.bytes).begun);
  const Progress progress = query.receive(captured("new_identity_16zm"));
  EXPECT_FALSE(progress.answered);
  EXPECT_FALSE(progress.begun);
  EXPECT_EQ(progress.strangers, 1U);
  EXPECT_EQ(query.timed_out().kind, ErrorKind::silent);
}

TEST_F(AntNew, IdentifyTellsModelFirmwareAndChipId) {
  EXPECT_EQ(
      identify(),
      (DeviceInfo{
          .family = "ANT", .model = "16ZM", .serial = "40703B18DC8F9E1137428401", .firmware = "16ZMUB00-211026A"}));
  EXPECT_TRUE(board.orders.empty());
  board.chip_id = ByteVector(12, 0xFF);
  EXPECT_EQ(identify().serial, "") << "erased memory tells nobody apart";
  board.chip_id.clear();
  EXPECT_EQ(identify().model, "16ZM");
  wire.fault = [](std::size_t) { return Fault::request_lost; };
  EXPECT_EQ(identify(), (DeviceInfo{.family = "ANT", .model = "", .serial = "", .firmware = ""}));
}

TEST_F(AntNew, ProbeWantsTwoFrames) {
  EXPECT_EQ(probe().value(), "status frame of 4 cells, new protocol");
  EXPECT_EQ(wire.sent.size(), 2U);
  EXPECT_TRUE(board.orders.empty());
}

TEST_F(AntNew, ProbeSaysWhyItIsNone) {
  board.speaks_new = false;
  EXPECT_EQ(probe().error().kind, ErrorKind::silent);
  board.speaks_new = true;
  wire.fault = [](std::size_t question) { return question == 2 ? Fault::request_lost : Fault::none; };
  EXPECT_EQ(probe().error().kind, ErrorKind::silent) << "one frame is not enough";
}

TEST_F(AntNew, ProbeRefusesAPackThatIsFarFromItsCells) {
  board.pack.voltage_mv = board.pack.sum() + 1200;
  EXPECT_EQ(probe().error().kind, ErrorKind::implausible);
  EXPECT_TRUE(poll()) << "in operation that may be";
}

TEST_F(AntNew, ProbeRefusesARunTimeThatGoesBack) {
  wire.fault = [this](std::size_t question) {
    if (question == 1) board.pack.runtime = 1;
    return Fault::none;
  };
  EXPECT_EQ(probe().error().kind, ErrorKind::implausible);
}

TEST_F(AntNew, BoundsLeaveTheComparisonToThePoll) {
  const Bounds& bounds = protocol->bounds();
  EXPECT_EQ(bounds.cell_min_v, 0);
  EXPECT_EQ(bounds.cell_max_v, 5);
  EXPECT_EQ(bounds.current_max_a, 1500);
  EXPECT_GE(bounds.sum_tolerance_v, 150);
}

TEST_F(AntOld, BringsWhatACapturedFrameSays) {
  const Reading reading = poll_of(captured("old_14s_nmc_discharging_8a")).value();
  EXPECT_EQ(reading.voltage_v, 48.8);
  EXPECT_EQ(reading.current_a, -8.0);
  EXPECT_EQ(reading.soc_pct, 41);
  EXPECT_EQ(reading.remaining_ah, 68.769939);
  EXPECT_EQ(reading.design_capacity_ah, 170);
  EXPECT_EQ(reading.cycles, 65);
  EXPECT_EQ(reading.cells_v.size(), 14U);
  EXPECT_EQ(reading.temperatures_c.size(), 4U);
  EXPECT_EQ(reading.mos_temperature_c, 22);
  EXPECT_EQ(reading.total_charged_ah, std::nullopt);
  EXPECT_EQ(reading.raw_protection, 0x0101U);
}

TEST_F(AntOld, FiveCellsOfACapturedPackBalance) {
  const Reading reading = poll_of(captured("old_16s_lfp_overcharge_balancing")).value();
  EXPECT_EQ(reading.balancing->to_ulong(), 0x0B50U);
  EXPECT_EQ(reading.charge_fet, false);
  EXPECT_EQ(reading.alarms[Alarm::high_cell_voltage], AlarmLevel::alarm);
  EXPECT_EQ(reading.temperatures_c.at(0), -5);
}

TEST_F(AntOld, FindsOutHowToAskAndKeepsToIt) {
  board.knows_display_request = false;
  ASSERT_TRUE(poll());
  ASSERT_TRUE(poll());
  ASSERT_EQ(wire.sent.size(), 3U);
  EXPECT_EQ(to_hex(wire.sent[0]), "DBDB00000000");
  EXPECT_EQ(to_hex(wire.sent[1]), "5A5A00000101");
  EXPECT_EQ(to_hex(wire.sent[2]), "5A5A00000101");
  EXPECT_EQ(wire.attempts.back(), 3);
}

TEST_F(AntOld, ForgetsHowToAskWhenNobodyAnswersAnyMore) {
  ASSERT_TRUE(poll());
  board.knows_display_request = false;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(poll().error().kind, ErrorKind::silent);
  EXPECT_TRUE(poll());
}

TEST_F(AntOld, AsksTheRegistersForACapacityThatTheStatusDoesNotTell) {
  board.pack.capacity = 0;
  EXPECT_EQ(poll()->design_capacity_ah, 200);
  EXPECT_EQ(wire.sent.size(), 3U);
  EXPECT_EQ(poll()->cycles, 6) << "1234 Ah through 200";
  EXPECT_EQ(wire.sent.size(), 4U) << "once is enough";
}

TEST_F(AntOld, ACapacityThatNobodyTellsDoesNotSpoilAPoll) {
  board.pack.capacity = 0;
  board.registers.clear();
  EXPECT_EQ(poll()->design_capacity_ah, std::nullopt) << "FF FF is no capacity";
  EXPECT_EQ(wire.sent.size(), 3U);
  ASSERT_TRUE(poll());
  EXPECT_EQ(wire.sent.size(), 4U) << "not asked again at once";
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(poll());
  EXPECT_EQ(wire.sent.size(), 306U) << "but again in a while";
}

TEST_F(AntOld, ProbesThatAreAlwaysExactlyZeroAreNone) {
  board.pack.probes = {13, 14, 0, 0};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.temperatures_c.at(1), 14);
  EXPECT_EQ(reading.temperatures_c.at(2), std::nullopt);
  EXPECT_EQ(reading.temperatures_c.at(3), std::nullopt);
  board.pack.probes = {0, 0, 1, 0};
  ASSERT_TRUE(poll());
  board.pack.probes = {0, 0, 0, 0};
  const Reading later = poll().value();
  EXPECT_EQ(later.temperatures_c.at(0), 0) << "the first two are fitted";
  EXPECT_EQ(later.temperatures_c.at(2), 0) << "was seen alive";
  EXPECT_EQ(later.temperatures_c.at(3), std::nullopt);
}

TEST_F(AntOld, TheUserMaySayHowManyProbesThereAre) {
  protocol = make({.variant = old_options.variant, .temperature_sensors = 3});
  board.pack.probes = {13, 14, 0, 0};
  const Reading reading = poll().value();
  ASSERT_EQ(reading.temperatures_c.size(), 3U);
  EXPECT_EQ(reading.temperatures_c[2], 0);
}

TEST_F(AntOld, TwoErrorsThatCancelInTheSumAreFound) {
  ASSERT_TRUE(poll());
  ByteVector bytes = Pack{}.old_status();
  bytes[7] ^= 0x20U;   // cell 1 loses 32 mV ...
  bytes[71] ^= 0x20U;  // ... and the current gains 2 million
  EXPECT_FALSE(poll_of(bytes));
  bytes = Pack{}.old_status();
  ASSERT_EQ(bytes[7] & 0x40U, 0x40U);
  ASSERT_EQ(bytes[9] & 0x40U, 0U);
  bytes[7] ^= 0x40U;
  bytes[9] ^= 0x40U;
  EXPECT_EQ(poll_of(bytes).error().kind, ErrorKind::implausible) << "the sum is right, the extremes are not";
  EXPECT_TRUE(poll());
  bytes = Pack{}.old_status();
  bytes[20] = 1;
  const auto other = poll_of(Pack::with_sum(bytes));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->cells_v.size(), 4U) << "what stands behind the last cell is not one";
  EXPECT_TRUE(poll());
}

TEST_F(AntOld, ABoardWhoseFramesNeverFitIsBelievedInTheEnd) {
  ByteVector odd = Pack{}.old_status();
  odd[117] ^= 1U;  // the highest cell
  odd = Pack::with_sum(odd);
  EXPECT_FALSE(poll_of(odd));
  EXPECT_FALSE(poll_of(odd));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(poll_of(odd)) << i;
}

// What to do with a single value that cannot be true is decided where it is known what depends on it.
template <class Test>
void passes_on_single_values(Test& test) {
  test.board.pack.probes[0] = 160;
  test.board.pack.probes[1] = -41;
  test.board.pack.fet_temperature = 200;
  test.board.pack.soc = 101;
  test.board.pack.discharge = -15001;
  const Reading reading = test.poll().value();
  EXPECT_EQ(reading.temperatures_c.at(0), 160);
  EXPECT_EQ(reading.temperatures_c.at(1), -41);
  EXPECT_EQ(reading.mos_temperature_c, 200);
  EXPECT_EQ(reading.soc_pct, 101);
  EXPECT_EQ(reading.current_a, 1500.1);
  EXPECT_FALSE(reading.cells_v.empty());
}

TEST_F(AntNew, ASingleValueThatCannotBeIsPassedOn) { passes_on_single_values(*this); }
TEST_F(AntOld, ASingleValueThatCannotBeIsPassedOn) { passes_on_single_values(*this); }

TEST_F(AntNew, SaysWhatCellsTheBoardIsSetTo) {
  EXPECT_EQ(poll_of(captured("new_16s_lfp_zero_current"))->chemistry, Chemistry::lfp);
  EXPECT_EQ(poll_of(captured("new_14s_nmc_soc_very_low"))->chemistry, Chemistry::li_ion);
  EXPECT_EQ(poll_of(captured("new_22s_lto_end_of_capture"))->chemistry, Chemistry::lto);
}

TEST_F(AntOld, EndsWithTheReasonWhenTheQuestionIsGivenUp) {
  ASSERT_TRUE(poll());
  wire.fault = [](std::size_t) { return Fault::damaged; };
  EXPECT_EQ(poll().error().kind, ErrorKind::checksum);
  wire.fault = [](std::size_t) { return Fault::echoed; };
  EXPECT_TRUE(poll());
}

TEST_F(AntOld, OnALineThatEchoesAReadOfZeroIsNoEcho) {
  board.pack.capacity = 0;
  board.registers[31] = 0;
  wire.fault = [](std::size_t) { return Fault::echoed; };
  EXPECT_DOUBLE_EQ(poll()->design_capacity_ah.value(), 0x0BEB0000 / 1e6);
}

TEST_F(AntOld, HasNothingToSayOfItself) {
  EXPECT_EQ(identify(), (DeviceInfo{.family = "ANT", .model = "", .serial = "", .firmware = ""}));
  EXPECT_TRUE(wire.sent.empty());
}

TEST_F(AntOld, ProbeTriesBothWaysOfAskingAndRemembers) {
  board.knows_display_request = false;
  EXPECT_EQ(probe().value(), "status frame of 4 cells, old protocol");
  EXPECT_EQ(wire.sent.size(), 3U);
  ASSERT_TRUE(poll());
  EXPECT_EQ(to_hex(wire.sent.back()), "5A5A00000101");
  board.speaks_old = false;
  EXPECT_FALSE(probe());
  EXPECT_TRUE(board.orders.empty());
}

TEST_F(AntOld, ProbeRefusesWhatContradictsItself) {
  wire.fault = [](std::size_t) { return Fault::request_lost; };
  ByteVector odd = Pack{}.old_status();
  odd[20] = 1;
  wire.chatter = [&] { return ByteVector{}; };
  const auto query = protocol->probe();
  query->give_up(query->timed_out());
  EXPECT_TRUE(query->receive(Pack::with_sum(odd)).answered);
  EXPECT_EQ(query->result().error().kind, ErrorKind::implausible);
}

}  // namespace
}  // namespace bms::ant
