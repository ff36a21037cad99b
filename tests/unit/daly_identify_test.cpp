// Probing and identifying a classic Daly board.
#include <gtest/gtest.h>

#include <algorithm>

#include "daly_a5_fixture.hpp"

namespace bms::daly {
namespace {

using daly_test::ByteVector;
using DalyIdentify = daly_test::A5Fixture;

TEST_F(DalyIdentify, ProbesWithTwoQuestionsThatChangeNothing) {
  EXPECT_EQ(probe().value(), "status frame of board 1, 8 cells");
  EXPECT_EQ(asked(), (std::vector<unsigned>{0x94, 0x90}));
  wire.sent.clear();
  ASSERT_TRUE(poll());
  EXPECT_EQ(count(0x94), 1) << "what the probe has learned need not be asked twice";
}

TEST_F(DalyIdentify, AProbeBelievesNoSingleFrame) {
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

TEST_F(DalyIdentify, IdentifiesByTheBatteryCode) {
  EXPECT_EQ(
      identify(),
      (DeviceInfo{
          .family = "Daly", .model = "DL-BMS-R32-01E", .serial = "VAN HOUSE BANK 1", .firmware = "20210222-1.01T"}));
  EXPECT_EQ(asked(), (std::vector<unsigned>{0x57, 0x57, 0x62, 0x63, 0x50}));
}

TEST_F(DalyIdentify, ACodeThatIsNoneLeavesTheSerialEmpty) {
  for (const char* const code : {"", "     ", "0000000", "\x01\x02"}) {
    board.texts[0x57] = code;
    EXPECT_EQ(identify().serial, "") << code;
  }
  board.mute = {0x57, 0x62, 0x63, 0x50};
  EXPECT_EQ(identify(), (DeviceInfo{.family = "Daly", .model = "", .serial = "", .firmware = ""}));
}

TEST_F(DalyIdentify, ADamagedCodeIsNotTheIdentity) {
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

TEST_F(DalyIdentify, ReadingNeverWrites) {
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
