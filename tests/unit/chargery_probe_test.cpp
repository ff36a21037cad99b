// Probing and identifying a board that cannot be asked, and the commands that it cannot hear.
#include <gtest/gtest.h>

#include "chargery/chargery.hpp"
#include "chargery_wire.hpp"

namespace bms::chargery {
namespace {

using chargery_test::ByteVector;
using chargery_test::concat;
using chargery_test::Level;

struct ChargeryProbe : testing::Test {
  chargery_test::System system;
  chargery_test::Cells cells;
  std::unique_ptr<Protocol> protocol = make();

  [[nodiscard]] ByteVector both() const { return concat(system.bytes(), cells.bytes()); }
};

TEST_F(ChargeryProbe, WantsBothKinds) {
  const auto probe = [this](const std::vector<ByteVector>& pieces) {
    const auto query = protocol->probe();
    return chargery_test::listen(*query, pieces).result;
  };
  const auto found = probe({both()});
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, "frames 57 and 56, firmware V1.26, 4 of 8 inputs with a cell");
  EXPECT_FALSE(probe({system.bytes(), system.bytes()}));
  EXPECT_FALSE(probe({cells.bytes()}));
  EXPECT_EQ(probe({}).error().kind, ErrorKind::silent);
  EXPECT_EQ(probe({{0xDD, 0x03, 0x00, 0x00, 0x00, 0x00, 0x77}}).error().kind, ErrorKind::garbage);
  EXPECT_TRUE(probe({{0xFF, 0x24}, chargery_test::separator, cells.bytes(), system.bytes()}));
}

TEST_F(ChargeryProbe, IsContentWithOneFrameOfABoardThatWasHereTheLastTime) {
  protocol = make({.variant = {}, .expected = true});
  for (const ByteVector& frame : {system.bytes(), cells.bytes()}) {
    const auto query = protocol->probe();
    EXPECT_TRUE(chargery_test::listen(*query, {frame}).result);
  }
  const auto query = protocol->probe();
  EXPECT_FALSE(chargery_test::listen(*query, {chargery_test::separator}).result);
}

TEST_F(ChargeryProbe, ListensNoLongerThanItMust) {
  const auto query = protocol->probe();
  const Request request = query->request().value();
  EXPECT_TRUE(request.bytes.empty());
  EXPECT_EQ(request.attempts, 1);
  EXPECT_LE(request.first_byte, std::chrono::seconds(3)) << "a 57 comes every second";
  EXPECT_FALSE(query->receive({ByteVector{0x00}}).begun) << "noise is no reason to wait for more";
  EXPECT_TRUE(query->receive(system.bytes()).begun) << "a 57 is";
  EXPECT_GE(request.gap, std::chrono::seconds(4));
}

TEST_F(ChargeryProbe, ItsFramesDoNotGetIntoAReading) {
  const auto probe = protocol->probe();
  ASSERT_TRUE(chargery_test::listen(*probe, {both()}).result);
  EXPECT_FALSE(chargery_test::listen(protocol->poll(), {system.bytes()}).result);
}

TEST_F(ChargeryProbe, IdentifyTellsModelAndFirmware) {
  const auto identify = [this](const std::vector<ByteVector>& pieces) {
    const auto query = protocol->identify();
    return chargery_test::listen(*query, pieces).result.value();
  };
  EXPECT_EQ(identify({}), (DeviceInfo{.family = "Chargery", .model = {}, .serial = {}, .firmware = {}}));
  EXPECT_EQ(identify({both()}),
            (DeviceInfo{.family = "Chargery", .model = "BMS8T", .serial = {}, .firmware = "V1.26"}));
  EXPECT_FALSE(protocol->identify()->request()) << "known already";
  EXPECT_EQ(identify({}).model, "BMS8T");

  protocol = make();
  system.level = Level::v122;
  cells.level = Level::v122;
  cells.slots.resize(16, 0);
  EXPECT_EQ(identify({both()}).firmware, "V1.22");
  EXPECT_EQ(identify({}).model, "BMS16T");
  protocol = make();
  cells.level = Level::v124;
  cells.slots.resize(24, 0);
  EXPECT_EQ(identify({both()}).firmware, "V1.24 or V1.25");
  EXPECT_EQ(identify({}).model, "BMS24T");
  protocol = make();
  cells.slots.resize(4);
  EXPECT_EQ(identify({both()}).model, "");
}

TEST_F(ChargeryProbe, EveryCommandIsRefusedWithAReason) {
  const Command commands[] = {SetFet{Fet::charge, true}, SetFet{Fet::discharge, false},
                              SetBalancer{true},         SetSoc{50, {}},
                              ReadParameter{"anything"}, WriteParameter{"anything", 1}};
  for (const Command& command : commands) {
    const auto query = protocol->command(command);
    ASSERT_FALSE(query);
    EXPECT_EQ(query.error().kind, ErrorKind::rejected);
    EXPECT_NE(query.error().message.find("only sends"), std::string::npos) << query.error().message;
  }
}

}  // namespace
}  // namespace bms::chargery
