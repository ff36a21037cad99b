// Where a board is read: seen by others for as long as somebody lives there.
#include "line/board_presence.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "../fuzz/scratch.hpp"

namespace bms::line {
namespace {

using Places = std::vector<std::string>;

class Presence : public testing::Test {
 protected:
  fuzz::Scratch scratch_{"presence"};
  std::string directory_ = scratch_.path("run");
};

TEST_F(Presence, IsSeenByOthersOfTheSameBoardUntilItEnds) {
  std::optional<BoardPresence> cable(std::in_place, directory_, "jbd_1", "ttyUSB0");
  EXPECT_EQ(cable->elsewhere(), Places{}) << "oneself is nobody else";
  const BoardPresence air(directory_, "jbd_1", "ble_a4c137000001");
  const BoardPresence other(directory_, "jbd_12", "ttyUSB1");
  const BoardPresence third(directory_, "jbd_1", "ttyUSB2");
  EXPECT_EQ(cable->elsewhere(), (Places{"ble_a4c137000001", "ttyUSB2"}));
  EXPECT_EQ(air.elsewhere(), (Places{"ttyUSB0", "ttyUSB2"}));
  EXPECT_EQ(other.elsewhere(), Places{});
  cable.reset();
  EXPECT_EQ(air.elsewhere(), Places{"ttyUSB2"});
}

TEST_F(Presence, OfSomebodyWhoHasDiedIsNone) {
  const BoardPresence air(directory_, "jbd_1", "ble_a4c137000001");
  std::ofstream(directory_ + "/jbd_1.at.ttyUSB0") << "left behind";
  std::filesystem::create_directory(directory_ + "/jbd_1.at.ttyUSB1");
  EXPECT_EQ(air.elsewhere(), Places{});
  const BoardPresence again(directory_, "jbd_1", "ttyUSB0");
  EXPECT_EQ(air.elsewhere(), Places{"ttyUSB0"});
}

TEST_F(Presence, IsNotSaidWhereNothingIsKept) {
  const BoardPresence one("", "jbd_1", "ttyUSB0");
  const BoardPresence other("", "jbd_1", "ttyUSB1");
  EXPECT_EQ(one.elsewhere(), Places{});
}

}  // namespace
}  // namespace bms::line
