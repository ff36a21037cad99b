// Commands to REC units: what they send, and when they are believed.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "rec/rec.hpp"
#include "rec/rec_parameters.hpp"
#include "rec/rec_text.hpp"
#include "rec_wire.hpp"

namespace bms::rec {
namespace {

using rec_test::LineFault;
using rec_test::Wire;
using rec_test::WireUnit;

struct RecCommand : testing::Test {
  WireUnit unit;
  Wire wire{unit};
  std::unique_ptr<Protocol> protocol = rec::make({.variant = variants[0]});

  Result<CommandResult> run(const Command& command) {
    wire.asked.clear();
    wire.attempts.clear();
    auto query = protocol->command(command);
    if (!query) return std::unexpected(query.error());
    wire.run(**query);
    return (*query)->result();
  }

  void know_as(const char* model) {
    unit.texts["*IDN"] = model;
    const auto query = protocol->identify();
    wire.run(*query);
  }
};

TEST_F(RecCommand, ReadsNumbersTextsAndArrays) {
  EXPECT_EQ(std::get<double>(run(ReadParameter{"BMIN"}).value()), 3.45);
  EXPECT_EQ(std::get<double>(run(ReadParameter{"CYCL"}).value()), 103);
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"*IDN"}).value()), "REC BMS 1Q VICTRON");
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"CELL"}).value()), "3.31 3.32 3.33 3.3");
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"BTEM"}).value()), "28.5");
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"ERRO"}).value()), "no error");
  unit.error = {1, 2, 1, 7};
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"ERRO"}).value()),
            "error 1 (cell_overvoltage), unit 2, cell or sensor 7");
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"LCD3"}).value()),
            "lowest cell 4 of unit 1, highest cell 3 of unit 1, hottest sensor 2 of unit 1, 300 Ah taken out");
  unit.texts["ERRL"] = "01.02.2024 error 5";
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"ERRL"}).value()), "01.02.2024 error 5");
  EXPECT_EQ(std::get<std::string>(run(ReadParameter{"RINT"}).value()), "0.0011 0.0012 0.0013 0.0014");
  EXPECT_TRUE(unit.written.empty());
}

TEST_F(RecCommand, WritesWhatDiffersAndReadsItBack) {
  EXPECT_EQ(std::get<double>(run(WriteParameter{"BMIN", 3.94}).value()), 3.94);
  EXPECT_EQ(wire.asked, (std::vector<std::string>{"BMIN?", "BMIN 3.94", "BMIN?"}));
  EXPECT_EQ(unit.written, (std::set<std::string>{"BMIN 3.94"}));
  EXPECT_EQ(std::get<double>(run(WriteParameter{"BMIN", 3.94}).value()), 3.94);
  EXPECT_EQ(wire.asked, (std::vector<std::string>{"BMIN?"})) << "the memory wears out";
  unit.texts["BMIN"] = "3.94010e0";
  EXPECT_TRUE(run(WriteParameter{"BMIN", 3.94}));
  EXPECT_EQ(wire.asked.size(), 1U) << "the same to the accuracy of an answer";
}

TEST_F(RecCommand, AWriteIsSentOnce) {
  wire.fault = [](const std::string& text, int) {
    return text.contains(' ') ? LineFault::answer_lost : LineFault::none;
  };
  EXPECT_TRUE(run(WriteParameter{"BMIN", 3.9})) << "a lost acknowledgement proves nothing";
  EXPECT_EQ(wire.attempts, (std::vector{1, 1, 1}));
  wire.fault = [](const std::string& text, int) {
    return text.contains(' ') ? LineFault::request_lost : LineFault::none;
  };
  EXPECT_EQ(run(WriteParameter{"BMIN", 3.8}).error().kind, ErrorKind::silent);
  EXPECT_EQ(unit.texts["BMIN"], "3.9e0");
}

TEST_F(RecCommand, NothingIsWrittenToAUnitThatDoesNotAnswer) {
  wire.fault = [](const std::string&, int) { return LineFault::request_lost; };
  EXPECT_EQ(run(WriteParameter{"BMIN", 3.9}).error().kind, ErrorKind::silent);
  EXPECT_EQ(wire.asked.size(), 1U);
}

TEST_F(RecCommand, ARefusalAndAnAcknowledgementWithoutEffectAreTold) {
  unit.refused = {"BMIN"};
  const auto refused = run(WriteParameter{"BMIN", 3.9});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::status);
  EXPECT_NE(refused.error().message.find("refused"), std::string::npos);
  unit.refused.clear();
  unit.writes_are_ignored = true;
  EXPECT_EQ(run(WriteParameter{"BMIN", 3.9}).error().kind, ErrorKind::unverified);
}

TEST_F(RecCommand, SetsTheStateOfCharge) {
  EXPECT_EQ(std::get<double>(run(SetSoc{.soc_pct = 80, .now = {}}).value()), 0.8);
  EXPECT_EQ(unit.written, (std::set<std::string>{"SOCS 0.8"}));
  EXPECT_EQ(run(SetSoc{.soc_pct = 0, .now = {}}).error().kind, ErrorKind::rejected);
  EXPECT_EQ(run(SetSoc{.soc_pct = 101, .now = {}}).error().kind, ErrorKind::rejected);
}

TEST_F(RecCommand, LimitsAreThoseOfTheModelElseTheNarrower) {
  unit.texts["MAXC"] = "7.00000e1";
  const auto takes = [this](const char* name, double value) { return run(WriteParameter{name, value}).has_value(); };
  EXPECT_FALSE(takes("CAPA", 4000));
  EXPECT_FALSE(takes("MAXC", 300));
  EXPECT_FALSE(takes("MAXD", 380));
  EXPECT_FALSE(takes("CHAC", 2));
  know_as("REC BMS 1Q VICTRON");
  EXPECT_TRUE(takes("CAPA", 4000));
  EXPECT_TRUE(takes("MAXC", 300));
  EXPECT_FALSE(takes("MAXD", 380));
  EXPECT_FALSE(takes("CHAC", 2));
  know_as("ACTIVE");
  EXPECT_FALSE(takes("CAPA", 4000));
  EXPECT_FALSE(takes("MAXC", 300));
  EXPECT_TRUE(takes("MAXD", 380));
  EXPECT_TRUE(takes("CHAC", 2));
}

TEST_F(RecCommand, WhatIsOutsideTheTableSendsNoByte) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const Command hostile[] = {SetFet{Fet::charge, true},
                             SetFet{Fet::discharge, false},
                             SetBalancer{true},
                             SetSoc{.soc_pct = nan, .now = {}},
                             ReadParameter{""},
                             ReadParameter{"bmin"},
                             ReadParameter{"BMIN 3"},
                             ReadParameter{std::string(100000, 'x')},
                             WriteParameter{"NONE", 1},
                             WriteParameter{"*IDN", 1},
                             WriteParameter{"LCD1", 1},
                             WriteParameter{"SERI", 1},
                             WriteParameter{"ERRD", 1},
                             WriteParameter{"TIME", 1},
                             WriteParameter{"RE1L", 3},
                             WriteParameter{"RE1T", 0},
                             WriteParameter{"CMAX", nan},
                             WriteParameter{"CMAX", infinity},
                             WriteParameter{"CMAX", -infinity},
                             WriteParameter{"CMAX", 4.31},
                             WriteParameter{"CMAX", 3850},
                             WriteParameter{"CMAX", -3.85},
                             WriteParameter{"CHEM", 2.5},
                             WriteParameter{"CYCL", 8001},
                             WriteParameter{"CAPA", 1e300}};
  for (const Command& command : hostile) {
    const auto result = run(command);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::rejected);
    EXPECT_FALSE(result.error().message.empty());
    EXPECT_TRUE(wire.asked.empty());
  }
  know_as("ACTIVE");
  EXPECT_EQ(run(WriteParameter{"SISN", 1}).error().kind, ErrorKind::rejected) << "a 1Q has that";
}

TEST_F(RecCommand, AWriteIsGoneByAtOnce) {
  const auto poll = [this] {
    wire.asked.clear();
    Query<Reading>& query = protocol->poll();
    wire.run(query);
    return query.result().value();
  };
  for (int i = 0; i < 12; ++i) poll();
  EXPECT_DOUBLE_EQ(poll().max_charge_voltage_v.value(), 4 * 3.58);
  ASSERT_TRUE(run(WriteParameter{"CHAR", 3.5}));
  for (int i = 0; i < 16; ++i) poll();
  EXPECT_DOUBLE_EQ(poll().max_charge_voltage_v.value(), 4 * 3.5);
}

TEST(RecParameters, EveryInstructionIsReadAndEveryWritableOneWrittenOverTheWire) {
  for (const Instruction& instruction : instructions()) {
    WireUnit unit;
    Wire wire(unit);
    const std::string name(instruction.name);
    const bool array = instruction.kind == ParameterKind::list;
    if (!array) unit.texts[name] = instruction.range ? number_text(instruction.range->max) : "1";
    if (instruction.kind == ParameterKind::time) unit.texts[name] = "12:34:56";
    if (instruction.kind == ParameterKind::date) unit.texts[name] = "31.12.2025";
    if (name == "*IDN") unit.texts[name] = "REC";
    const auto protocol = rec::make({.variant = variants[0]});
    const auto read = protocol->command(ReadParameter{name}).value();
    wire.run(*read);
    EXPECT_TRUE(read->result()) << name;

    const double value = instruction.range ? instruction.range->min : 0;
    auto write = protocol->command(WriteParameter{name, value});
    EXPECT_EQ(write.has_value(), instruction.access == Access::read_write) << name;
    if (!write) continue;
    wire.run(**write);
    ASSERT_TRUE((*write)->result()) << name;
    EXPECT_TRUE(same_number(std::get<double>((*write)->result().value()), value)) << name;
    EXPECT_EQ(unit.written.size(), 1U) << name;
    for (const std::string& text : unit.written) EXPECT_EQ(text.find('e'), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace bms::rec
