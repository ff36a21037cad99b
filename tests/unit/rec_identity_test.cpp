// Finding REC units, and who they are.
#include <gtest/gtest.h>

#include "rec_fixture.hpp"

namespace bms::rec {
namespace {

struct RecIdentity : RecPoll {
  DeviceInfo identify() {
    wire.asked.clear();
    const auto query = protocol->identify();
    wire.run(*query);
    return query->result().value();
  }

  Result<std::string> probe() {
    wire.asked.clear();
    const auto query = protocol->probe();
    wire.run(*query);
    return query->result();
  }
};

TEST_F(RecIdentity, ASerialNumberIsTheAbmsAlone) {
  unit.texts["SERI"] = "2261";
  EXPECT_EQ(identify(), (DeviceInfo{.family = "REC", .model = "REC BMS 1Q VICTRON", .serial = "", .firmware = "2.5"}));
  EXPECT_FALSE(asked("SERI?"));
  unit.texts["*IDN"] = "ACTIVE";
  EXPECT_EQ(identify(), (DeviceInfo{.family = "REC", .model = "ACTIVE", .serial = "1A-2261", .firmware = "2.5"}));
  unit.texts["*IDN"] = "REC - BATTERY MANAGEMENT SYSTEM";
  unit.texts["SERI"] = "2.26100e3";
  EXPECT_EQ(identify().serial, "1A-2261");
  for (const char* const none : {"0", "10000", "-5", "2.5", "SET", "ACTIVE"}) {
    unit.texts["SERI"] = none;
    EXPECT_EQ(identify().serial, "") << none;
  }
}

TEST_F(RecIdentity, WhatTheUnitDoesNotTellStaysEmpty) {
  unit.silent = {"*IDN", "SWVR", "SERI"};
  EXPECT_EQ(identify(), (DeviceInfo{.family = "REC", .model = "", .serial = "", .firmware = ""}));
  EXPECT_EQ(wire.asked, (std::vector<std::string>{"*IDN?", "SERI?", "SWVR?"}));
}

TEST_F(RecIdentity, AnAnswerThatComesLateIsNoOther) {
  unit.texts["*IDN"] = "ACTIVE";
  unit.texts["SERI"] = "2261";
  unit.texts["SWVR"] = "ACTIVE";
  EXPECT_EQ(identify().firmware, "");
  unit.texts["SWVR"] = "2261";
  EXPECT_EQ(identify().firmware, "");
}

TEST_F(RecIdentity, ProbesWithTwoReads) {
  EXPECT_EQ(probe(), "REC BMS 1Q VICTRON, unit 1");
  EXPECT_EQ(wire.asked, (std::vector<std::string>{"*IDN?", "LCD1?"}));
  EXPECT_EQ(wire.attempts, (std::vector{1, 1}));
  EXPECT_TRUE(unit.written.empty());
}

TEST_F(RecIdentity, ANameIsNoProofButPerfectValuesAre) {
  unit.silent = {"LCD1"};
  EXPECT_EQ(probe().error().kind, ErrorKind::silent);
  unit.silent = {"*IDN"};
  EXPECT_EQ(probe(), "REC BMS (unknown model), unit 1");
  unit.silent.clear();
  unit.texts["*IDN"] = "Something else";
  EXPECT_EQ(probe(), "REC BMS (unknown model), unit 1");
  unit.counts = false;
  protocol = rec::make({.variant = variants[0]});
  EXPECT_EQ(probe().error().kind, ErrorKind::unexpected_command) << "any 28 bytes";
  unit.texts["*IDN"] = "ACTIVE";
  EXPECT_TRUE(probe());
  unit.soc = 42;
  EXPECT_EQ(probe().error().kind, ErrorKind::implausible);
  unit.silent = {"*IDN", "LCD1"};
  EXPECT_EQ(probe().error().kind, ErrorKind::silent);
}

TEST_F(RecIdentity, ModelsAreKnownByTheirNames) {
  EXPECT_EQ(model_of("REC BMS 1Q VICTRON", 1), Model::q1);
  EXPECT_EQ(model_of("ACTIVE", 2), Model::abms);
  EXPECT_EQ(model_of("REC - BATTERY MANAGEMENT SYSTEM", 2), Model::abms);
  EXPECT_EQ(model_of("REC - BATERY MANAGEMENT SYSTEM", 2), Model::abms);
  EXPECT_EQ(model_of("REC BMS 1Q VICTRON", 16), Model::master);
  EXPECT_EQ(model_of("REC BMS 9M", 3), Model::unknown);
}

}  // namespace
}  // namespace bms::rec
