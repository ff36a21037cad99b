// Average current, time to go, time to points of SoC, midpoint.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "battery/midpoint.hpp"
#include "estimator_fixture.hpp"

namespace bms::battery {
namespace {

class AveragesTest : public EstimatorTest {};

TEST_F(AveragesTest, StartWithTheFirstValueAndFollowInFiveMinutes) {
  reading().current_a = 40;
  frame(0);
  EXPECT_DOUBLE_EQ(*battery.estimate.average_current_a, 40);
  reading().current_a = 0;
  run(300);
  EXPECT_NEAR(*battery.estimate.average_current_a, 40 * std::exp(-1), 1e-6);
}

TEST_F(AveragesTest, AreTheSameAtAnyPollRate) {
  reading().current_a = 40;
  frame(0);
  reading().current_a = 0;
  run(300, 5);
  EXPECT_NEAR(*battery.estimate.average_current_a, 40 * std::exp(-1), 1e-6);
}

struct ToGo {
  const char* name;
  double soc_pct, current_a;
  std::optional<double> floor_pct;
  std::optional<double> time_s;
};

class TimeToGo : public AveragesTest, public testing::WithParamInterface<ToGo> {};

TEST_P(TimeToGo, IsForetoldWhileDischarging) {
  reading().soc_pct = GetParam().soc_pct;
  reading().current_a = GetParam().current_a;
  external.floor_soc_pct = GetParam().floor_pct;
  frame(0);
  EXPECT_EQ(battery.estimate.time_to_go_s, GetParam().time_s);
}

INSTANTIATE_TEST_SUITE_P(Cases, TimeToGo,
                         testing::Values(ToGo{"to_the_configured_floor", 50, -28, {}, 3 * 3600.0},
                                         ToGo{"to_the_floor_of_the_ess", 50, -28, 40, 3600.0},
                                         ToGo{"whole_minutes", 50, -29, {}, 10440.0},
                                         ToGo{"below_the_floor", 15, -28, {}, 0.0},
                                         ToGo{"a_week", 80, -1.5, 0, 537600.0}, ToGo{"charging", 50, 28, {}, {}},
                                         ToGo{"idle", 50, 0, {}, {}}, ToGo{"next_to_nothing", 50, -1.4, {}, {}}),
                         [](const auto& to_go) { return std::string(to_go.param.name); });

TEST_F(AveragesTest, TellTheTimeToPointsAhead) {
  config.soc.time_to_soc_points = {20, 45, 50, 60, 100};
  configure();
  const auto times = [&](double current_a) {
    estimator = Estimator(config);
    reading().current_a = current_a;
    frame(0);
    std::vector<double> result;
    for (const auto& point : battery.estimate.time_to_soc) result.push_back(point.time_s.value_or(-1));
    return result;
  };
  EXPECT_EQ(times(28), (std::vector<double>{-1, -1, -1, 3600, 18000}));
  EXPECT_EQ(times(-28), (std::vector<double>{10800, 1800, -1, -1, -1}));
  EXPECT_EQ(times(0), (std::vector<double>{-1, -1, -1, -1, -1}));
}

TEST_F(AveragesTest, MorePointsThanThereIsRoomForAreLeftOut) {
  config.soc.time_to_soc_points.assign(100, 80);
  configure();
  frame(0);
  EXPECT_EQ(battery.estimate.time_to_soc.size(), battery.estimate.time_to_soc.capacity());
}

TEST(MidpointTest, ComparesTheHalvesOfThePack) {
  std::vector<double> cells_v(16, 3.30);
  cells_v[7] = 3.32;
  const auto midpoint = midpoint_of(cells_v);
  ASSERT_TRUE(midpoint);
  EXPECT_NEAR(midpoint->voltage_v, 26.42, 1e-9);
  EXPECT_NEAR(midpoint->deviation_pct, -0.0379, 0.00005);
}

TEST(MidpointTest, TheMiddleOfAnOddPackIsInsideACell) {
  const std::vector<double> cells_v{3, 3, 4, 3, 3};
  EXPECT_NEAR(midpoint_of(cells_v)->voltage_v, 8, 1e-9);
  EXPECT_NEAR(midpoint_of(cells_v)->deviation_pct, 0, 1e-9);
}

TEST(MidpointTest, NeedsFourCells) {
  EXPECT_FALSE(midpoint_of(std::vector<double>{3, 3, 3}));
  EXPECT_TRUE(midpoint_of(std::vector<double>{3, 3, 3, 3}));
  EXPECT_FALSE(midpoint_of(std::vector<double>{0, 0, 0, 0}));
}

TEST_F(AveragesTest, TheMidpointIsShownOnDemand) {
  frame(0);
  EXPECT_FALSE(battery.estimate.mid_voltage_v);
  config.midpoint = true;
  configure();
  frame();
  EXPECT_NEAR(*battery.estimate.mid_voltage_v, 8 * 3.30, 1e-9);
  reading().cells_v.pop_back();
  frame();
  EXPECT_FALSE(battery.estimate.mid_voltage_v) << "odd";
  config.midpoint_of_odd = true;
  configure();
  frame();
  EXPECT_NEAR(*battery.estimate.mid_voltage_v, 7.5 * 3.30, 1e-9);
}

}  // namespace
}  // namespace bms::battery
