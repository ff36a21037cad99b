// Corrections of raw readings, and sensors that lie.
#include <gtest/gtest.h>

#include <chrono>
#include <limits>

#include "battery/calibration.hpp"
#include "battery/model.hpp"
#include "sample.hpp"

namespace bms::battery {
namespace {

using namespace std::chrono_literals;
using test::healthy_reading;

struct MappedCurrent {
  double says_a, is_a;
};

class CurrentMap : public testing::TestWithParam<MappedCurrent> {
 protected:
  Calibration calibration{.current_map = {{-100, -110}, {0, 1}, {50, 51}, {100, 121}}};
};

TEST_P(CurrentMap, IsStraightBetweenItsPointsAndGoesOnOutside) {
  Reading reading = healthy_reading();
  reading.current_a = GetParam().says_a;
  EXPECT_NEAR(*calibrated(reading, calibration).current_a, GetParam().is_a, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Points, CurrentMap,
                         testing::Values(MappedCurrent{-100, -110}, MappedCurrent{-50, -54.5}, MappedCurrent{0, 1},
                                         MappedCurrent{25, 26}, MappedCurrent{75, 86}, MappedCurrent{100, 121},
                                         MappedCurrent{150, 191}, MappedCurrent{-200, -221}));

TEST(Calibration, ChangesNothingByDefault) { EXPECT_EQ(calibrated(healthy_reading(), {}), healthy_reading()); }

TEST(Calibration, InvertsThenMapsThenOffsets) {
  Reading reading = healthy_reading();
  reading.current_a = -20;
  const Calibration calibration{.invert_current = true, .current_map = {{0, 0}, {10, 11}}, .current_offset_a = -0.5};
  EXPECT_NEAR(*calibrated(reading, calibration).current_a, 21.5, 1e-9);
}

TEST(Calibration, TheOwnersCapacityReplacesTheCountersOfTheBms) {
  Reading reading = healthy_reading();  // 50 %
  reading.full_ah = 100;
  reading.consumed_ah = 50;
  const Reading corrected = calibrated(reading, {.capacity_ah = 200});
  EXPECT_EQ(corrected.design_capacity_ah, 200);
  EXPECT_EQ(corrected.full_ah, 200);
  EXPECT_EQ(corrected.remaining_ah, 100);
  EXPECT_FALSE(corrected.consumed_ah);
}

class ModelSensors : public testing::Test {
 protected:
  Config config;
  Model model{test::bounds, Staleness{}, config};
  TimePoint now = TimePoint{} + 1h;

  const Battery& see(std::optional<double> first_c, std::optional<double> second_c) {
    Reading reading = healthy_reading();
    reading.temperatures_c = {first_c, second_c};
    now += 1s;
    accepted = model.accept(reading, now).has_value();
    return model.battery();
  }
  void configure() { model.configure(Staleness{}, config); }

  bool accepted = false;
};

TEST_F(ModelSensors, AreCorrectedOnce) {
  config.calibration.sensors[1] = {.offset_k = -2, .slope = 1.1};
  configure();
  for (int i = 0; i < 10; ++i) EXPECT_NEAR(*see(20, 20).reading.temperatures_c[1], 20, 1e-9);
  EXPECT_NEAR(*see(20, 30).reading.temperatures_c[1], 31, 1e-9);
}

TEST_F(ModelSensors, ProtectByTheirRole) {
  config.calibration.sensors[0].role = SensorRole::other;
  configure();
  const Battery& battery = see(40, 20);
  EXPECT_EQ(battery.protecting_temperatures_c.size(), 1U);
  EXPECT_EQ(battery.protecting_temperatures_c[0], 20);
  EXPECT_EQ(battery.reading.temperatures_c[0], 40) << "still shown";
  EXPECT_EQ(battery.derived.max_temperature_c, 20) << "an air sensor does not tell how warm the cells are";
  config.calibration.sensors[1].role = SensorRole::unused;
  configure();
  see(40, 20);
  EXPECT_FALSE(battery.reading.temperatures_c[1]);
  EXPECT_FALSE(battery.protection_expected);
  EXPECT_EQ(battery.faulty_sensors, 0);
}

struct Lie {
  const char* name;
  std::optional<double> reads_c;
  const char* cause;
};

class BrokenSensor : public ModelSensors, public testing::WithParamInterface<Lie> {};

// Name of the behaviour: broken_ntc_excluded.
TEST_P(BrokenSensor, broken_ntc_excluded) {
  see(20, 21);
  const auto& battery = model.battery();
  see(GetParam().reads_c, 21);
  for (int i = 0; i < 2 && !accepted; ++i) see(GetParam().reads_c, 21);
  ASSERT_TRUE(accepted) << "one broken sensor does not cost the battery";
  EXPECT_FALSE(battery.reading.temperatures_c[0]);
  EXPECT_EQ(battery.faulty_sensors, 1);
  EXPECT_EQ(battery.sensor_fault, GetParam().cause);
  EXPECT_EQ(battery.derived.min_temperature_c, 21);
  ASSERT_EQ(battery.protecting_temperatures_c.size(), 1U);
  see(GetParam().reads_c, 21);
  EXPECT_TRUE(accepted) << "known by now";

  for (int i = 0; i <= 59; ++i) EXPECT_EQ(see(20, 21).faulty_sensors, 1) << i;
  for (int i = 0; i < 3; ++i) see(20, 21);
  EXPECT_EQ(battery.faulty_sensors, 0);
  EXPECT_EQ(battery.reading.temperatures_c[0], 20);
  EXPECT_TRUE(battery.sensor_fault.empty());
}

INSTANTIATE_TEST_SUITE_P(Faults, BrokenSensor,
                         testing::Values(Lie{"open", -40, "sensor 1 reads -40 °C"},
                                         Lie{"absent", -273, "sensor 1 reads -273 °C"},
                                         Lie{"shorted", 101, "sensor 1 reads 101 °C"},
                                         Lie{"jumped", 41, "sensor 1 jumped to 41 °C"},
                                         Lie{"vanished", std::nullopt, "sensor 1 says nothing"}),
                         [](const auto& lie) { return std::string(lie.param.name); });

TEST_F(ModelSensors, AFlickeringSensorIsNotTrusted) {
  see(20, 21);
  for (int i = 0; i < 300; ++i) see(i % 30 == 0 ? -40 : 20, 21);
  EXPECT_EQ(model.battery().faulty_sensors, 1);
}

TEST_F(ModelSensors, SeveralBrokenOnesLeaveNoProtection) {
  see(20, 21);
  const Battery& battery = see(-40, -40);
  EXPECT_TRUE(battery.protection_expected);
  EXPECT_TRUE(battery.protecting_temperatures_c.empty());
  EXPECT_EQ(battery.faulty_sensors, 2);
}

TEST_F(ModelSensors, AnotherTemperatureAfterALongPauseIsNoJump) {
  see(20, 21);
  now += 10h;
  EXPECT_EQ(see(-10, -11).faulty_sensors, 0);
}

TEST_F(ModelSensors, ThatWereNeverThereAreNotMissed) {
  const Battery& battery = see(std::nullopt, std::nullopt);
  EXPECT_FALSE(battery.protection_expected);
  EXPECT_EQ(battery.faulty_sensors, 0);
}

TEST(ModelCurrent, IsTheExternalOneWhereThereIsOne) {
  Config config;
  config.soc.current_source = CurrentSource::external;
  config.calibration.invert_current = true;
  Model model{test::bounds, Staleness{}, config};
  const TimePoint now = TimePoint{} + 1h;
  ASSERT_TRUE(model.accept(healthy_reading(), now, {.current_a = -33}));
  EXPECT_EQ(model.battery().reading.current_a, -33) << "a shunt needs no correction";
  EXPECT_DOUBLE_EQ(*model.battery().derived.power_w, -33 * *healthy_reading().voltage_v);
  for (const std::optional<double> useless : {std::optional<double>{}, {std::numeric_limits<double>::quiet_NaN()}}) {
    ASSERT_TRUE(model.accept(healthy_reading(), now + 1s, {.current_a = useless}));
    EXPECT_EQ(model.battery().reading.current_a, -10);
  }
}

}  // namespace
}  // namespace bms::battery
