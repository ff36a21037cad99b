// Boards of JBD's UP series: polls, who they are, what can be ordered, and who is asked in which protocol.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "bms/hex.hpp"
#include "jbd/jbd.hpp"
#include "jbd/jbd_up_poll.hpp"
#include "jbd/jbd_up_tables.hpp"
#include "jbd_up_wire.hpp"
#include "jbd_wire.hpp"

namespace bms::jbd {
namespace {

using jbd_up_test::ByteVector;
using jbd_up_test::Pack;
using jbd_up_test::run;

struct JbdUp : testing::Test {
  Pack pack;
  std::unique_ptr<Protocol> protocol = make({.variant = {.dialect = "up", .baud = 9600, .address = 1}});
  std::vector<ByteVector> asked;

  Result<Reading> poll() {
    Query<Reading>& query = protocol->poll();
    asked = run(query, [this](Bytes request) { return pack.answer(request); });
    return query.result();
  }

  template <class T>
  Result<T> finish(std::unique_ptr<Query<T>> query) {
    asked = run(*query, [this](Bytes request) { return pack.answer(request); });
    return query->result();
  }

  [[nodiscard]] bool asked_own_status() const {
    return std::ranges::any_of(asked, [](const ByteVector& request) { return request[1] == 0x45; });
  }
};

TEST_F(JbdUp, BringsWhatTheStatusSays) {
  pack.status = {.voltage = 1329,
                 .current = 300000 - 6412,
                 .soc = 6095,
                 .remaining = 6000,
                 .soh = 107,
                 .switches = 1 | 8,
                 .balancing = 0x8005};
  pack.status.cells = {3320, 3330, 3310, 3330};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 13.29);
  EXPECT_EQ(reading.current_a, -64.12);
  EXPECT_EQ(reading.soc_pct, 60.95);
  EXPECT_EQ(reading.soh_pct, 100) << "107 was recorded";
  EXPECT_EQ(reading.remaining_ah, 60);
  EXPECT_EQ(reading.full_ah, 100);
  EXPECT_EQ(reading.design_capacity_ah, 100);
  EXPECT_EQ(reading.cycles, 7);
  EXPECT_EQ(reading.balancing->to_ulong(), 5U) << "cell 16 does not exist";
  EXPECT_EQ(reading.discharge_fet, true) << "bit 0, the other way round than in the plain protocol";
  EXPECT_EQ(reading.charge_fet, false);
  EXPECT_EQ(reading.heating, true);
  EXPECT_TRUE(std::ranges::equal(reading.cells_v, std::vector{3.32, 3.33, 3.31, 3.33}));
  ASSERT_EQ(reading.temperatures_c.size(), 2U);
  EXPECT_EQ(reading.temperatures_c[1], 25.1);
  EXPECT_EQ(reading.mos_temperature_c, 26.1);
  EXPECT_EQ(reading.max_charge_voltage_v, 14.6);
  EXPECT_EQ(reading.max_charge_current_a, 100);
  EXPECT_EQ(reading.max_discharge_current_a, 100);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(to_hex(asked[0]), "0178100010A000007FB2");
}

TEST_F(JbdUp, LeavesOutWhatIsNotThere) {
  pack.status = {.full = 0, .rated = 0, .charge_voltage = 0, .tail = false};
  pack.status.temperatures = {2000, 750};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.full_ah, std::nullopt);
  EXPECT_EQ(reading.design_capacity_ah, std::nullopt);
  EXPECT_EQ(reading.balancing, std::nullopt);
  EXPECT_EQ(reading.max_charge_voltage_v, std::nullopt) << "a limit of 0 V is none";
  EXPECT_EQ(reading.temperatures_c[0], std::nullopt) << "150.0 °C";
  EXPECT_EQ(reading.temperatures_c[1], 25.0);
}

TEST_F(JbdUp, APackThatForbidsToChargeSaysSo) {
  pack.status.switches = 1;
  EXPECT_EQ(poll()->charge_fet, false);
  pack.status.switches = 3;
  pack.status.charge_limit = 0;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.charge_fet, false) << "0 A is an order, whatever the FET does";
  EXPECT_EQ(reading.discharge_fet, true);
  EXPECT_EQ(reading.max_charge_current_a, 0);
  EXPECT_EQ(reading.max_discharge_current_a, 100);
}

TEST_F(JbdUp, OnlyTheFetForbidsToDischarge) {
  pack.status.discharge_limit = 0;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.discharge_fet, true) << "some firmware tells 0 for a moment";
  EXPECT_EQ(reading.max_discharge_current_a, std::nullopt);
}

TEST_F(JbdUp, LimitsThatAreNotFilledInForbidNothing) {
  pack.status = {.charge_voltage = 0, .charge_limit = 0, .discharge_voltage = 0, .discharge_limit = 0};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.charge_fet, true);
  EXPECT_EQ(reading.max_charge_voltage_v, std::nullopt);
}

TEST_F(JbdUp, WholePercentagesBecomeFinerWhereTheCapacitiesAgree) {
  pack.status = {.soc = 7300, .remaining = 7327};
  EXPECT_NEAR(*poll()->soc_pct, 73.27, 1e-9);
  pack.status.remaining = 9000;
  EXPECT_EQ(poll()->soc_pct, 73);
}

TEST_F(JbdUp, DoesNotBelieveWhatCannotBe) {
  pack.status.soc = 10001;
  EXPECT_EQ(poll().error().kind, ErrorKind::implausible);
  pack.status.soc = 0;
  pack.status.voltage = pack.status.remaining = 0;
  EXPECT_EQ(poll().error().kind, ErrorKind::implausible) << "the measuring chip does not run";
}

TEST_F(JbdUp, HearsNobodyElse) {
  pack.address = 2;
  EXPECT_EQ(poll().error().kind, ErrorKind::silent);
  pack.address = 1;
  Query<Reading>& query = protocol->poll();
  run(query, [](Bytes request) {
    return jbd_up_test::frame(2, 0x78, u16_be(request, 2), u16_be(request, 4), jbd_up_test::Status{}.payload());
  });
  EXPECT_EQ(query.result().error().kind, ErrorKind::silent);
}

// S1: what one error of a bit makes of an answer is not an answer.
TEST_F(JbdUp, NoErrorOfABitBringsAReading) {
  const ByteVector whole = pack.answer(protocol->poll().request()->bytes);
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    ByteVector damaged = whole;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_FALSE(protocol->poll().receive(damaged).answered) << bit;
  }
}

TEST_F(JbdUp, AMasterIsGivenItsOwnLimitsOfThoseOfAllPacks) {
  pack.status = {.charge_limit = 2000, .discharge_limit = 4000, .packs = 2, .mask = 3};
  pack.tell_own_limits(900, 1000);
  const Reading reading = poll().value();
  EXPECT_TRUE(asked_own_status());
  EXPECT_EQ(reading.max_charge_current_a, 90);
  EXPECT_EQ(reading.max_discharge_current_a, 100);
  EXPECT_EQ(reading.max_charge_voltage_v, 14.6);
}

TEST_F(JbdUp, OneThatDoesNotTellItsOwnLimitsHasItsShare) {
  pack.status = {.charge_limit = 2000, .discharge_limit = 4000, .packs = 2, .mask = 3};
  const Reading reading = poll().value();
  EXPECT_EQ(reading.max_charge_current_a, 100);
  EXPECT_EQ(reading.max_discharge_current_a, 200);
}

TEST_F(JbdUp, TheLimitOfAllPacksIsOneOfEach) {
  pack.status = {.charge_limit = 50, .discharge_limit = 0, .packs = 2, .mask = 3};
  pack.tell_own_limits(1000, 1000);
  const Reading reading = poll().value();
  EXPECT_EQ(reading.max_charge_current_a, 5);
  EXPECT_EQ(reading.max_discharge_current_a, std::nullopt);
}

TEST_F(JbdUp, OwnLimitsThatAreNoLongerToldAreNotKept) {
  pack.status = {.charge_limit = 1000, .packs = 2, .mask = 3};
  pack.tell_own_limits(1000, 1000);
  EXPECT_EQ(poll()->max_charge_current_a, 100);
  pack.own.clear();
  for (int turn = 0; turn < 4; ++turn) ASSERT_TRUE(poll());
  EXPECT_EQ(poll()->max_charge_current_a, 50);
}

TEST_F(JbdUp, AnAnswerThatIsLostRaisesNoLimit) {
  pack.status = {.charge_limit = 2000, .discharge_limit = 2000, .packs = 2, .mask = 3};
  pack.tell_own_limits(400, 500);
  EXPECT_EQ(poll()->max_charge_current_a, 40);
  pack.own.clear();
  for (int turn = 0; turn < 4; ++turn) ASSERT_TRUE(poll());
  EXPECT_EQ(poll()->max_charge_current_a, 40);
  pack.status.charge_limit = 600;
  for (int turn = 0; turn < 4; ++turn) ASSERT_TRUE(poll());
  EXPECT_EQ(poll()->max_charge_current_a, 30) << "an even share, where that is less";
  pack.status.charge_limit = 2000;
  for (int turn = 0; turn < 12; ++turn) ASSERT_TRUE(poll());
  EXPECT_EQ(poll()->max_charge_current_a, 100) << "it is not told any more";
}

// Older firmware ends its status before that.
TEST_F(JbdUp, OneThatDoesNotSayHowManyPacksThereAreIsAskedForItsOwnLimits) {
  pack.status = {.charge_limit = 2000, .discharge_limit = 2000, .tail = false};
  EXPECT_EQ(poll()->max_charge_current_a, 200);
  EXPECT_TRUE(asked_own_status());
  pack.tell_own_limits(900, 1000);
  for (int turn = 0; turn < 4; ++turn) ASSERT_TRUE(poll());
  EXPECT_EQ(poll()->max_charge_current_a, 90);
}

TEST_F(JbdUp, APackBehindAnotherOneIsAskedForItsStatusAlone) {
  protocol = make({.variant = {.dialect = "up", .baud = 9600, .address = 2}});
  pack.address = 2;
  pack.status.tail = false;
  pack.tell_own_limits(100, 100);
  EXPECT_EQ(poll()->max_charge_current_a, 100);
  EXPECT_FALSE(asked_own_status());
}

// The block was recorded from packs of 16 cells only.
TEST_F(JbdUp, OwnLimitsCountOnlyWhereTheVoltageIsWhereItIsExpected) {
  pack.status = {.charge_limit = 1000, .packs = 2, .mask = 3};
  pack.tell_own_limits(1000, 1000);
  pack.own[38] = 0;
  EXPECT_EQ(poll()->max_charge_current_a, 50) << "an even share";
}

TEST_F(JbdUp, APackAloneIsNotAskedForItsOwnLimits) {
  pack.tell_own_limits(500, 500);
  EXPECT_EQ(poll()->max_charge_current_a, 100);
  EXPECT_FALSE(asked_own_status());
}

TEST_F(JbdUp, WhatIsNeverAnsweredIsAskedForFiveTimesAndNoMore) {
  pack.status = {.packs = 2, .mask = 3};
  int questions = 0;
  for (int turn = 0; turn < 100; ++turn) {
    ASSERT_TRUE(poll());
    questions += asked_own_status() ? 1 : 0;
  }
  EXPECT_EQ(questions, 5);
}

TEST_F(JbdUp, WhatWasAnsweredOnceIsAskedForFromThenOn) {
  pack.status = {.packs = 2, .mask = 3};
  pack.tell_own_limits(1000, 1000);
  ASSERT_TRUE(poll());
  pack.own.clear();
  int questions = 0;
  for (int turn = 0; turn < 100; ++turn) {
    ASSERT_TRUE(poll());
    questions += asked_own_status() ? 1 : 0;
  }
  EXPECT_GT(questions, 20);
}

TEST_F(JbdUp, BringsTheChargeOfItsLifeWhereItIsTold) {
  EXPECT_EQ(poll()->total_discharged_ah, std::nullopt);
  pack.blocks[0x2006] = from_hex("128D00640003009600500000197400001EEA").value();
  const Reading reading = poll().value();
  EXPECT_EQ(reading.total_charged_ah, 651.6);
  EXPECT_EQ(reading.total_discharged_ah, 791.4);
  EXPECT_EQ(poll()->total_discharged_ah, 791.4) << "asked for now and then";
  EXPECT_EQ(asked.size(), 1U);
}

// Some firmware reports a discharge limit of 0 for a moment when that is read.
TEST_F(JbdUp, NeverAsksForTheBlockThatDisturbsTheLimits) {
  pack.status = {.packs = 2, .mask = 3};
  for (int turn = 0; turn < 130; ++turn) {
    ASSERT_TRUE(poll());
    for (const ByteVector& request : asked) EXPECT_NE(u16_be(request, 2), 0x2000);
  }
}

// Each attempt costs the other packs of the line the better part of a second.
TEST_F(JbdUp, APackThatSaidNothingIsAskedOnceAPoll) {
  const auto attempts = [this] { return protocol->poll().request()->attempts; };
  EXPECT_EQ(attempts(), 5) << "it may sleep";
  ASSERT_TRUE(poll());
  EXPECT_EQ(attempts(), 3);
  pack.silent = true;
  ASSERT_FALSE(poll());
  EXPECT_EQ(attempts(), 1);
  pack.silent = false;
  ASSERT_TRUE(poll());
  EXPECT_EQ(attempts(), 3);
}

TEST_F(JbdUp, EveryFaultRaisesItsAlarmsAndNoOthers) {
  for (std::size_t bit = 0; bit < 32; ++bit) {
    pack.status.faults = 1U << bit;
    const Alarms alarms = poll()->alarms;
    for (std::size_t alarm = 0; alarm < alarm_count; ++alarm) {
      const auto which = static_cast<Alarm>(alarm);
      const bool known = bit < up::fault_bits.size();
      const bool raised =
          known && std::ranges::find(up::fault_bits[bit].alarms, which) != up::fault_bits[bit].alarms.end();
      const bool unknown = !known && which == up::unknown_fault;
      EXPECT_EQ(alarms[which].value_or(AlarmLevel::ok), raised    ? AlarmLevel::alarm
                                                        : unknown ? AlarmLevel::warning
                                                                  : AlarmLevel::ok)
          << bit << " " << venus_name(which);
    }
  }
}

TEST_F(JbdUp, EveryWarningIsOneOfItsAlarms) {
  for (std::size_t bit = 0; bit < 32; ++bit) {
    pack.status.warnings = 1U << bit;
    const Alarms alarms = poll()->alarms;
    for (std::size_t alarm = 0; alarm < alarm_count; ++alarm) {
      const auto which = static_cast<Alarm>(alarm);
      const bool raised = bit < up::warning_bits.size() &&
                          std::ranges::find(up::warning_bits[bit].alarms, which) != up::warning_bits[bit].alarms.end();
      EXPECT_EQ(alarms[which].value_or(AlarmLevel::ok), raised ? AlarmLevel::warning : AlarmLevel::ok)
          << bit << " " << venus_name(which);
    }
  }
}

TEST_F(JbdUp, AFullPackIsNoFault) {
  pack.status.faults = 1U << 25U;
  pack.status.warnings = 1U << 18U;
  const Reading reading = poll().value();
  for (std::size_t alarm = 0; alarm < alarm_count; ++alarm)
    EXPECT_EQ(reading.alarms[static_cast<Alarm>(alarm)].value_or(AlarmLevel::ok), AlarmLevel::ok) << alarm;
  EXPECT_EQ(reading.raw_protection, std::uint64_t{1} << 50U | 1U << 25U);
}

struct JbdUpIdentity : JbdUp {
  ByteVector board_block(const std::string& serial) {
    ByteVector block(16);
    for (const ByteVector& part : {jbd_up_test::text(serial), ByteVector(6), jbd_up_test::text("JBD48100000")})
      block.insert(block.end(), part.begin(), part.end());
    block.resize(134);
    return block;
  }

  DeviceInfo identify() { return finish(protocol->identify()).value(); }
};

TEST_F(JbdUpIdentity, IsTheNumberOfTheBoard) {
  pack.blocks[0x1C00] = board_block("UP16S019000123456789012345");
  pack.blocks[0x2810] =
      from_hex("00210003000C00010007002455503136533031352E313653323030414A424400000000000000000000000000").value();
  ASSERT_TRUE(poll());
  const DeviceInfo device = identify();
  EXPECT_EQ(device.family, "JBD");
  EXPECT_EQ(device.serial, "UP16S019000123456789012345") << "two packs were recorded with the same serial of the pack";
  EXPECT_EQ(device.model, "UP16S015.16S200A");
  EXPECT_EQ(device.firmware, "12.1.7");
}

TEST_F(JbdUpIdentity, IsUnknownOfAPackBehindAnother) {
  pack.status.firmware = 0x0004;
  ASSERT_TRUE(poll());
  EXPECT_EQ(identify(), (DeviceInfo{.family = "JBD", .model = "", .serial = "", .firmware = ""}));
  EXPECT_EQ(asked.size(), 1U) << "who does not tell the one does not tell the other";
}

TEST_F(JbdUpIdentity, NeedsANumberThatIsOne) {
  for (const char* serial :
       {"", "UP16S019", "UP16S019000000000000000000", "UP16S019        ", "UP16S019\xFF\xFF\xFF"}) {
    pack.blocks[0x1C00] = board_block(serial);
    EXPECT_EQ(identify().serial, "") << serial;
  }
  ASSERT_TRUE(poll());
  EXPECT_EQ(identify().firmware, "12.4") << "of the status, when the product is not told";
}

struct JbdUpOrders : JbdUp {
  Result<CommandResult> order(const Command& command) {
    auto query = protocol->command(command);
    if (!query) return std::unexpected(query.error());
    return finish(*std::move(query));
  }
};

TEST_F(JbdUpOrders, SetTheStateOfCharge) {
  EXPECT_TRUE(order(SetSoc{.soc_pct = 98, .now = {}}));
  ASSERT_EQ(pack.orders.size(), 1U);
  EXPECT_EQ(to_hex(pack.orders[0]), "0179200620080006114A424426484210");
  EXPECT_EQ(pack.status.soc, 9800U);
}

TEST_F(JbdUpOrders, AreBelievedOnlyWhenTheStatusShowsThem) {
  pack.takes_orders = false;
  EXPECT_EQ(order(SetSoc{.soc_pct = 98, .now = {}}).error().kind, ErrorKind::unverified);
  EXPECT_EQ(pack.orders.size(), 1U) << "and not repeated";
}

TEST_F(JbdUpOrders, ALostAcknowledgementProvesNothing) {
  pack.acknowledges = false;
  EXPECT_TRUE(order(SetSoc{.soc_pct = 98, .now = {}}));
  EXPECT_EQ(pack.orders.size(), 1U);
  pack.takes_orders = false;
  EXPECT_EQ(order(SetSoc{.soc_pct = 97.5, .now = {}}).error().kind, ErrorKind::silent) << "near is not enough then";
}

TEST_F(JbdUpOrders, OutsideTheRangeAreRefusedBeforeAByteIsSent) {
  for (const double soc_pct : {-0.1, 100.1, std::nan(""), 1e9})
    EXPECT_EQ(order(SetSoc{.soc_pct = soc_pct, .now = {}}).error().kind, ErrorKind::rejected) << soc_pct;
  EXPECT_TRUE(pack.orders.empty());
}

// Both FETs are written at once, and a protection that holds one open must not become a lasting order.
TEST_F(JbdUpOrders, ThatCouldLockAFetAreRefused) {
  for (const Command& command :
       std::initializer_list<Command>{SetFet{Fet::charge, false}, SetFet{Fet::discharge, true}, SetBalancer{true},
                                      ReadParameter{"cell_overvoltage"}, WriteParameter{"balance_start", 3.6}})
    EXPECT_EQ(order(command).error().kind, ErrorKind::rejected);
  EXPECT_TRUE(pack.orders.empty());
}

// ---- Who is asked in which protocol ----

struct JbdDialects : testing::Test {
  jbd_test::WireBoard plain;
  Pack up;
  bool speaks_plain = true, speaks_up = true;
  int damaged_answers = 0;  ///< of those in the protocol of the UP series, the first ones
  std::size_t questions = 0;

  Result<std::string> probe(const BoardOptions& options) {
    const auto protocol = make(options);
    const auto query = protocol->probe();
    questions = run(*query, [this](Bytes request) {
                  if (request[0] == 0xDD) return speaks_plain ? plain.answer(request) : ByteVector{};
                  ByteVector answer = speaks_up ? up.answer(request) : ByteVector{};
                  if (!answer.empty() && damaged_answers-- > 0) answer.back() ^= 1U;
                  return answer;
                }).size();
    return query->result();
  }

  const Variant plain_variant = variants[0];
  const Variant up_variant = variants[1];
};

TEST_F(JbdDialects, ABoardThatSpeaksBothIsLeftToTheBetterOne) {
  EXPECT_EQ(probe({.variant = plain_variant}).error().kind, ErrorKind::unexpected_command);
  EXPECT_TRUE(probe({.variant = up_variant}));
}

TEST_F(JbdDialects, ADamagedAnswerIsNoReasonToTakeTheOtherOne) {
  damaged_answers = 3;
  EXPECT_EQ(probe({.variant = plain_variant}).error().kind, ErrorKind::unexpected_command);
  damaged_answers = 6;
  EXPECT_EQ(probe({.variant = plain_variant}), "register 0x03, 4 cells") << "asked often enough";
}

TEST_F(JbdDialects, ABoardThatSpeaksOneIsFoundInThat) {
  speaks_up = false;
  EXPECT_EQ(probe({.variant = plain_variant}), "register 0x03, 4 cells");
  EXPECT_EQ(probe({.variant = up_variant}).error().kind, ErrorKind::silent);
  speaks_up = true;
  speaks_plain = false;
  EXPECT_EQ(probe({.variant = plain_variant}).error().kind, ErrorKind::silent);
  EXPECT_EQ(probe({.variant = up_variant}), "status of a pack of the UP series, 4 cells");
}

TEST_F(JbdDialects, AMasterSaysAtWhichAddressesOthersAnswer) {
  struct Row {
    unsigned packs, mask;
    const char* says;
  };
  constexpr Row rows[] = {{1, 1, ""},
                          {1, 2, ""},  // one behind another
                          {2, 3, ", 2 packs answer through it (address = 1-2)"},
                          {16, 0xFFFF, ", 16 packs answer through it (address = 1-16)"},
                          {3, 0x0D, ", 3 packs answer through it (address = 1,3,4)"},
                          {3, 0x03, ", 3 packs answer through it"}};
  for (const Row& row : rows) {
    up.status.packs = row.packs;
    up.status.mask = row.mask;
    EXPECT_EQ(probe({.variant = up_variant}), std::string("status of a pack of the UP series, 4 cells") + row.says);
  }
}

TEST_F(JbdDialects, ABoardThatIsExpectedIsAskedOneThingOnly) {
  EXPECT_TRUE(probe({.variant = plain_variant, .expected = true}));
  EXPECT_EQ(questions, 1U);
}

}  // namespace
}  // namespace bms::jbd
