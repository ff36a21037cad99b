// Polling, probing, identifying and commanding Daly boards of the newer protocol, from captured answers and over a wire
// that may fail.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bms/hex.hpp"
#include "daly/daly.hpp"
#include "daly/daly_failures.hpp"
#include "daly/daly_modbus_frame.hpp"
#include "daly/daly_registers.hpp"
#include "daly_wire.hpp"

namespace bms::daly {
namespace {

using daly_test::ByteVector;
using daly_test::Fault;
using daly_test::RegisterWireBoard;
using daly_test::Wire;

/// The registers of a captured answer.
void load(RegisterWireBoard& board, unsigned first, const std::string& name) {
  std::ifstream file(TEST_FRAMES_DIR "/daly.json");
  const nlohmann::json root = nlohmann::json::parse(file);
  for (const auto& one : root["cases"]) {
    if (one["name"] != name) continue;
    const ByteVector bytes = from_hex(one["response"].get<std::string>()).value();
    for (unsigned i = 0; i < bytes[2] / 2U; ++i) board.words[first + i] = u16_be(bytes, 3 + 2 * i);
  }
  ASSERT_TRUE(board.words.contains(first)) << name;
}

struct DalyRegisters : testing::Test {
  RegisterWireBoard board;
  Wire<RegisterWireBoard> wire{board};
  std::unique_ptr<Protocol> protocol;

  void be_d2() {
    board.asked_at = board.answers_from = d2_address;
    load(board, 0x00, "d2_16s_discharge_2a5");
    load(board, 0xA9, "d2_version_sh39f003");
    board.words[0x80] = 2800;
    board.words[0xA5] = board.words[0xA6] = board.words[0xCF] = 1;
    board.follows = {{0xA5, 0x35}, {0xA6, 0x36}, {0xA7, 0x2A}};
    protocol = daly::make({.variant = {.dialect = "d2", .baud = 9600, .address = 0}});
  }
  void be_p81(unsigned number = 1) {
    load(board, 0x00, "p81_16s_cells");
    load(board, 0x41, "p81_16s_status");
    load(board, 0x100, "p81_16s_settings");
    load(board, 0x178, "p81_16s_version");
    board.asked_at = 0x80 + number;
    board.answers_from = 0x50 + number;
    board.words[0xCF] = 1;
    board.follows = {{0x121, 0x52}, {0x122, 0x53}, {0x116, 0x3A}};
    protocol = daly::make({.variant = {.dialect = "p81", .baud = 9600, .address = number}});
  }

  Result<Reading> poll() {
    wire.sent.clear();
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
  Result<CommandResult> run(const Command& command) {
    wire.sent.clear();
    board.written.clear();
    auto query = protocol->command(command);
    if (!query) return std::unexpected(query.error());
    wire.run(**query);
    return (*query)->result();
  }
};

TEST_F(DalyRegisters, D2BringsWhatWasCaptured) {
  be_d2();
  ASSERT_TRUE(poll());
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 52.5);
  EXPECT_EQ(reading.current_a, -2.5) << "less than 30000 is discharge here";
  EXPECT_EQ(reading.soc_pct, 56.1);
  EXPECT_EQ(reading.remaining_ah, 117.8);
  EXPECT_EQ(reading.design_capacity_ah, 280);
  EXPECT_EQ(reading.cycles, 60);
  EXPECT_EQ(reading.cells_v.size(), 16U);
  EXPECT_EQ(reading.cells_v[1], 3.282);
  EXPECT_EQ(reading.temperatures_c, (decltype(reading.temperatures_c){13, 13, 13, 13}));
  EXPECT_EQ(reading.mos_temperature_c, 15);
  EXPECT_EQ(reading.charge_fet, true);
  EXPECT_TRUE(reading.balancing->none());
}

TEST_F(DalyRegisters, P81BringsWhatWasCaptured) {
  be_p81();
  ASSERT_TRUE(poll());
  const Reading reading = poll().value();
  EXPECT_EQ(reading.voltage_v, 53);
  EXPECT_EQ(reading.current_a, -8.9);
  EXPECT_EQ(reading.soc_pct, 86.4);
  EXPECT_EQ(reading.remaining_ah, 271.2);
  EXPECT_EQ(reading.design_capacity_ah, 314);
  EXPECT_EQ(reading.cycles, 7);
  EXPECT_EQ(reading.cells_v.back(), 3.317);
  EXPECT_EQ(reading.temperatures_c.size(), 4U);
  EXPECT_EQ(reading.mos_temperature_c, 24);
  EXPECT_EQ(reading.discharge_fet, true);
  for (const AlarmEffect& effect : alarm_effects)
    EXPECT_EQ(reading.alarms[effect.alarm].value_or(AlarmLevel::ok), AlarmLevel::ok) << "a single pack is healthy";
}

TEST_F(DalyRegisters, EachBoardOfALineHasItsOwnAddress) {
  be_p81(3);
  EXPECT_TRUE(poll());
  EXPECT_EQ(wire.sent[0][0], 0x83);
  board.answers_from = 0x51;
  EXPECT_FALSE(poll());
}

TEST_F(DalyRegisters, FewQuestionsInSteadyState) {
  be_d2();
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(poll());
  long asked = 0;
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(poll());
    asked += static_cast<long>(wire.sent.size());
  }
  EXPECT_EQ(asked, 50);
  be_p81();
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(poll());
  EXPECT_EQ(wire.sent.size(), 2U);
}

TEST_F(DalyRegisters, EveryQuestionHasAnAnswerOfItsOwnSize) {
  be_p81();
  ASSERT_TRUE(poll());
  ASSERT_TRUE(poll());
  ASSERT_EQ(wire.sent.size(), 3U);
  EXPECT_NE(wire.sent[0][5], wire.sent[1][5]);
  EXPECT_NE(wire.sent[1][5], wire.sent[2][5]);
}

TEST_F(DalyRegisters, WhatABoardDoesNotHaveIsNoFailure) {
  be_d2();
  for (unsigned address = 0x3E; address < 0x80; ++address) board.words.erase(address);
  EXPECT_EQ(poll()->mos_temperature_c, std::nullopt);
  board.mute = {0x3E, 0x80};
  for (int i = 0; i < 10; ++i) {
    const Reading reading = poll().value();
    EXPECT_EQ(reading.mos_temperature_c, std::nullopt);
    EXPECT_EQ(reading.design_capacity_ah, std::nullopt);
  }
}

TEST_F(DalyRegisters, BalancingCellsAreToldWhereTheyAreKnown) {
  be_d2();
  board.words[0x34] = 1;
  board.words[0x3E] = 0x8003;
  EXPECT_EQ(poll()->balancing->to_ulong(), 0x8003U);
  be_p81();
  board.words[0x4D] = 1;
  board.words[0x4F] = 0x0010;
  board.words[0x50] = 0xFF00;
  EXPECT_EQ(poll()->balancing->to_ulong(), 0x0010U) << "cells beyond the sixteenth do not exist";
}

TEST_F(DalyRegisters, RefusesWhatCannotBeTrue) {
  be_d2();
  const std::pair<unsigned, unsigned> impossible[] = {{0x28, 0}, {0x28, 1000}, {0x31, 0}, {0x31, 33}};
  for (const auto& [address, value] : impossible) {
    const unsigned truth = std::exchange(board.words[address], value);
    EXPECT_EQ(poll().error().kind, ErrorKind::implausible) << address;
    board.words[address] = truth;
  }
  EXPECT_TRUE(poll());
}

TEST_F(DalyRegisters, ASingleValueThatCannotBeIsPassedOn) {
  be_d2();
  board.words[0x29] = 0;
  board.words[0x2A] = 1001;
  const Reading reading = poll().value();
  EXPECT_EQ(reading.current_a, -3000);
  EXPECT_EQ(reading.soc_pct, 100.1);
}

TEST_F(DalyRegisters, SaysWhatCellsTheBoardIsSetToUnlessThatIsTheDefault) {
  be_d2();
  const std::pair<unsigned, std::optional<Chemistry>> types[] = {
      {0, {}}, {1, Chemistry::li_ion}, {2, Chemistry::lto}, {3, {}}};
  for (const auto& [type, chemistry] : types) {
    be_d2();
    board.words[0x89] = static_cast<std::uint16_t>(type);
    ASSERT_TRUE(poll());
    EXPECT_EQ(poll()->chemistry, chemistry) << type;
  }
}

TEST_F(DalyRegisters, EndsWithTheReasonWhenAQuestionIsGivenUp) {
  be_p81();
  for (const std::size_t question : {0U, 1U}) {
    for (const auto& [fault, kind] :
         {std::pair{Fault::request_lost, ErrorKind::silent}, {Fault::damaged, ErrorKind::checksum}}) {
      wire.fault = [question, fault](std::size_t n) { return n == question ? fault : Fault::none; };
      EXPECT_EQ(poll().error().kind, kind);
    }
  }
}

TEST_F(DalyRegisters, EveryFailureBitOfD2ReachesItsAlarmAndNoOther) {
  be_d2();
  for (std::size_t bit = 0; bit < 64; ++bit) {
    for (unsigned i = 0; i < 4; ++i) board.words[0x3A + i] = 0;
    board.words[0x3A + static_cast<unsigned>(bit) / 16] = 1U << (bit % 16);
    const Reading reading = poll().value();
    EXPECT_EQ(reading.raw_protection, std::uint64_t{1} << bit);
    const auto row = std::ranges::find(failure_bits, bit, &FailureBit::bit);
    for (const AlarmEffect& effect : alarm_effects) {
      const bool raised = row != failure_bits.end() && row->failure.alarm == effect.alarm;
      EXPECT_EQ(reading.alarms[effect.alarm].value_or(AlarmLevel::ok), raised ? row->failure.level : AlarmLevel::ok);
    }
    EXPECT_EQ(reading.charge_fet, bit != charge_inhibit_bit);
  }
}

TEST_F(DalyRegisters, EveryFailureOfP81ReachesItsAlarmAndNoOther) {
  be_p81();
  for (std::size_t index = 0; index < p81_failures.size(); ++index) {
    const P81Failure& row = p81_failures[index];
    for (unsigned level = 1; level <= (row.levels ? 7U : 1U); ++level) {
      for (unsigned address = 0x6D; address <= 0x73; ++address) board.words[address] = 0;
      board.words[row.address] = level << row.bit;
      const Reading reading = poll().value();
      EXPECT_EQ(reading.raw_protection, std::uint64_t{1} << index);
      const AlarmLevel expected = !row.levels  ? row.failure.level
                                  : level == 1 ? AlarmLevel::warning
                                               : AlarmLevel::alarm;
      for (const AlarmEffect& effect : alarm_effects)
        EXPECT_EQ(reading.alarms[effect.alarm].value_or(AlarmLevel::ok),
                  row.failure.alarm == effect.alarm ? expected : AlarmLevel::ok)
            << row.failure.name << level;
    }
  }
}

TEST_F(DalyRegisters, StatesOfP81AreNoAlarms) {
  be_p81();
  board.words[0x6D] = 0x4040;
  board.words[0x6F] = 0x0080;
  board.words[0x70] = 0x00C0;
  board.words[0x71] = 0xFFFF;
  board.words[0x72] = 0x00FF;
  board.words[0x73] = 0x7F00;
  const Reading reading = poll().value();
  for (const AlarmEffect& effect : alarm_effects)
    EXPECT_EQ(reading.alarms[effect.alarm].value_or(AlarmLevel::ok), AlarmLevel::ok) << effect.name;
}

TEST_F(DalyRegisters, P81SaysWhetherItWarmsItsCells) {
  be_p81();
  const unsigned flags = board.words[0x73];
  EXPECT_EQ(poll()->heating, false);
  board.words[0x55] = 1;
  EXPECT_EQ(poll()->heating, true);
  board.words[0x55] = 0;
  board.words[0x73] = flags | 1U << 13U;
  EXPECT_EQ(poll()->heating, true);
  board.words[0x55] = 0xFFFF;
  board.words[0x73] = flags;
  EXPECT_EQ(poll()->heating, false) << "FFFF: there is no such register";
  board.words[0x73] = 0xFFFF;
  EXPECT_EQ(poll()->heating, std::nullopt);
}

TEST_F(DalyRegisters, D2DoesNotSayWhetherItWarmsItsCells) {
  be_d2();
  board.words[0x55] = 1;
  board.words[0x73] = 1U << 13U;
  EXPECT_EQ(poll()->heating, std::nullopt);
}

TEST_F(DalyRegisters, ProbesWithOneQuestion) {
  be_d2();
  EXPECT_EQ(probe().value(), "D2 registers, 16 cells");
  EXPECT_EQ(wire.sent.size(), 1U);
  board.words[0x31] = 0;
  EXPECT_EQ(probe().error().kind, ErrorKind::implausible);
  be_p81();
  EXPECT_EQ(probe().value(), "81 registers, 16 cells");
  board.asked_at = 0x82;
  EXPECT_EQ(probe().error().kind, ErrorKind::silent);
}

TEST_F(DalyRegisters, IdentifiesByWhatTheBoardTells) {
  be_d2();
  EXPECT_EQ(identify(), (DeviceInfo{.family = "Daly", .model = "", .serial = "", .firmware = "210402"}));
  be_p81();
  EXPECT_EQ(identify(), (DeviceInfo{.family = "Daly",
                                    .model = "ESS41_0323",
                                    .serial = "210LC210900005",
                                    .firmware = "41_260321_0323ESS-DL-BMS"}));
  for (unsigned address = 0x18D; address < 0x194; ++address) board.words[address] = 0x3030;
  EXPECT_EQ(identify().serial, "") << "all zeros";
  board.mute = {0x178};
  EXPECT_EQ(identify(), (DeviceInfo{.family = "Daly", .model = "", .serial = "", .firmware = ""}));
}

TEST_F(DalyRegisters, SwitchesFetsAsCaptured) {
  be_d2();
  ASSERT_TRUE(run(SetFet{Fet::charge, false}));
  EXPECT_EQ(to_hex(wire.sent[0]), "D20600A500008A4A");
  EXPECT_EQ(board.words[0x35], 0U);
  ASSERT_TRUE(run(SetFet{Fet::discharge, true}));
  EXPECT_EQ(to_hex(wire.sent[0]), "D20600A60001BB8A");
  be_p81();
  ASSERT_TRUE(run(SetFet{Fet::discharge, false}));
  EXPECT_EQ(board.written, (std::vector<std::pair<unsigned, unsigned>>{{0x122, 0}}));
}

TEST_F(DalyRegisters, WhatTheBoardDoesNotShowIsUnverified) {
  be_d2();
  board.orders_are_ignored = true;
  const Command commands[] = {SetFet{Fet::charge, false}, SetFet{Fet::discharge, false}, SetBalancer{false},
                              SetSoc{.soc_pct = 20, .now = {}}};
  for (const Command& command : commands) EXPECT_EQ(run(command).error().kind, ErrorKind::unverified);
  board.orders_are_ignored = false;
  board.follows.clear();
  EXPECT_EQ(run(SetFet{Fet::charge, false}).error().kind, ErrorKind::unverified) << "ordered, but it conducts";
  EXPECT_EQ(board.written.size(), 3U);
}

TEST_F(DalyRegisters, ADischargeFetThatStaysOnWhileChargedIsNoFailure) {
  be_d2();
  board.follows.clear();
  board.words[0x2F] = 1;
  const auto result = run(SetFet{Fet::discharge, false});
  ASSERT_TRUE(result);
  EXPECT_TRUE(std::holds_alternative<std::string>(*result));
}

TEST_F(DalyRegisters, AReleasedFetMayStayOpenByProtection) {
  be_d2();
  board.words[0xA5] = board.words[0x35] = 0;
  board.follows.clear();
  EXPECT_TRUE(run(SetFet{Fet::charge, true}));
}

TEST_F(DalyRegisters, ALostAcknowledgementDoesNotMakeAnOrderFail) {
  be_d2();
  wire.fault = [](std::size_t question) { return question == 0 ? Fault::answer_lost : Fault::none; };
  EXPECT_TRUE(run(SetFet{Fet::charge, false}));
  EXPECT_TRUE(run(SetSoc{.soc_pct = 20, .now = {}}));
  wire.fault = [](std::size_t question) { return question == 1 ? Fault::answer_lost : Fault::none; };
  EXPECT_TRUE(run(SetBalancer{false}));
}

TEST_F(DalyRegisters, TheBalancersSwitchMustReadLikeOne) {
  be_d2();
  ASSERT_TRUE(run(SetBalancer{false}));
  EXPECT_EQ(board.words[0xCF], 0U);
  ASSERT_TRUE(run(SetBalancer{false}));
  EXPECT_TRUE(board.written.empty()) << "what is so already is not written";
  board.words[0xCF] = 0xFFFF;
  EXPECT_EQ(run(SetBalancer{true}).error().kind, ErrorKind::rejected);
  EXPECT_TRUE(board.written.empty());
}

TEST_F(DalyRegisters, SetsTheStateOfCharge) {
  be_p81();
  ASSERT_TRUE(run(SetSoc{.soc_pct = 99.96, .now = {}}));
  EXPECT_EQ(board.written, (std::vector<std::pair<unsigned, unsigned>>{{0x116, 1000}}));
}

TEST_F(DalyRegisters, ReadsSettings) {
  be_p81();
  EXPECT_EQ(std::get<double>(run(ReadParameter{"design_capacity"}).value()), 314);
  EXPECT_EQ(std::get<double>(run(ReadParameter{"cell_high_l2"}).value()), 3.55);
  EXPECT_EQ(std::get<double>(run(ReadParameter{"discharge_limit_l1"}).value()), 160);
  be_d2();
  board.words[0x8A] = 0xFFFF;
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"sleep"}).value()), "never");
  EXPECT_EQ(run(ReadParameter{"board_number"}).error().kind, ErrorKind::rejected) << "d2 has none";
}

TEST_F(DalyRegisters, WhatIsNotPossibleSendsNoByte) {
  be_d2();
  for (const Command& command : {Command{WriteParameter{"cell_high_l1", 3.6}}, Command{ReadParameter{"restart"}},
                                 Command{SetSoc{.soc_pct = 101, .now = {}}}}) {
    EXPECT_EQ(run(command).error().kind, ErrorKind::rejected);
    EXPECT_TRUE(wire.sent.empty());
  }
}

}  // namespace
}  // namespace bms::daly
