// The sensor of the FETs: once it has spoken it is missed, and after a fault it must be sane for a minute.
#include <gtest/gtest.h>

#include "battery/sensors.hpp"

namespace bms::battery {
namespace {

class MosSensor : public testing::Test {
 protected:
  std::optional<double> see(std::optional<double> reads_c, int seconds = 1) {
    Reading reading;
    for (int i = 0; i < seconds; ++i) {
      reading.mos_temperature_c = reads_c;
      sensors.watch(reading, 1);
      sensors.mask(reading);
    }
    return reading.mos_temperature_c;
  }

  Sensors sensors;
};

TEST_F(MosSensor, IsTrustedAgainAfterAMinute) {
  for (const std::optional<double> fault : {std::optional<double>(), std::optional(300.0), std::optional(-40.0)}) {
    EXPECT_EQ(see(95, 100), 95);
    EXPECT_EQ(see(fault, 5), std::nullopt);
    EXPECT_EQ(see(40, 59), std::nullopt);
    EXPECT_EQ(see(40, 3), 40);
  }
}

TEST_F(MosSensor, IsHeardAtOnceWhenItSaysThatTheyAreHotter) {
  see(60);
  see(std::nullopt);
  EXPECT_EQ(see(95), 95);
  EXPECT_EQ(see(70), std::nullopt) << "cooler than what it said last";
  EXPECT_EQ(see(96), 96);
  EXPECT_EQ(see(300), std::nullopt);
}

TEST_F(MosSensor, ThatNeverSpokeIsNotMissed) {
  EXPECT_EQ(see(std::nullopt, 10), std::nullopt);
  EXPECT_EQ(see(40), 40);
}

}  // namespace
}  // namespace bms::battery
