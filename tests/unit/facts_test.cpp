// What limits and the state of charge follow from, through the whole pipeline: capacities that come late or jump,
// values that cannot be, two boards on one line, cells of another chemistry.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <limits>
#include <vector>

#include "config/settings.hpp"
#include "driver/owner_config.hpp"
#include "driver/pipeline.hpp"
#include "sample.hpp"

namespace bms::driver {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

class FactsTest : public testing::Test {
 protected:
  FactsTest() {
    settings.charge.max_charge_current = {.value = 0.5, .c_rate = true};
    settings.charge.max_discharge_current = {.value = 1, .c_rate = true};
    reading.cells_v.assign(16, 3.300);
    reading.voltage_v = 52.8;
    reading.current_a = 5;
  }

  void start() { pipeline.emplace(bounds, pipeline_config_of(settings, user)); }

  /// The reading once a second; in how many seconds it was believed.
  int seconds(int count) {
    int believed = 0;
    for (int i = 0; i < count; ++i) {
      now += 1s;
      pipeline->time_passes(now);
      const auto taken = pipeline->take(reading, false, now);
      said = taken ? "" : taken.error().message;
      believed += taken ? 1 : 0;
    }
    return believed;
  }

  [[nodiscard]] double soc() const { return pipeline->battery().estimate.soc_pct.value_or(-1); }
  [[nodiscard]] double ccl() const { return pipeline->limits().charge_current_a.value_or(-1); }
  [[nodiscard]] double dcl() const { return pipeline->limits().discharge_current_a.value_or(-1); }
  [[nodiscard]] std::vector<std::string> notices() const {
    std::vector<std::string> texts;
    for (const Notice& notice : pipeline->battery().notices) texts.emplace_back(notice.text.view());
    return texts;
  }
  [[nodiscard]] bool fault() const { return std::ranges::any_of(pipeline->battery().notices, &Notice::fault); }

  Bounds bounds = [] {
    Bounds wide = test::bounds;
    wide.current_max_a = 3276.7;
    return wide;
  }();
  config::Settings settings;
  UserSettings user;
  Reading reading = test::healthy_reading();
  std::optional<Pipeline> pipeline;
  TimePoint now = TimePoint{} + 1h;
  std::string said;
};

// What is not known to be allowed.

TEST_F(FactsTest, NothingIsAllowedThatIsAMultipleOfAnUnknownCapacity) {
  reading.design_capacity_ah.reset();
  reading.remaining_ah.reset();
  start();
  EXPECT_EQ(seconds(20), 20);
  EXPECT_EQ(ccl(), 0);
  EXPECT_EQ(dcl(), 0);
  EXPECT_EQ(pipeline->limits().charge_reason, "capacity unknown; set capacity");
  EXPECT_EQ(pipeline->limits().discharge_reason, "capacity unknown; set capacity");
  EXPECT_THAT(notices(), testing::ElementsAre(AllOf(HasSubstr("max_charge_current"), HasSubstr("set capacity")),
                                              AllOf(HasSubstr("max_discharge_current"), HasSubstr("set capacity"))));
  EXPECT_TRUE(fault());
  EXPECT_EQ(soc(), 50);
}

TEST_F(FactsTest, ACapacityThatComesLaterRepairsEverything) {
  reading.design_capacity_ah.reset();
  reading.remaining_ah.reset();
  user.max_charge_current_a = 30;
  start();
  seconds(20);
  EXPECT_EQ(user_bounds_of(settings, pipeline->battery().estimate.sure_capacity_ah).max_charge_current_a, 0);
  reading.design_capacity_ah = 280;
  double before_a = 0;
  for (int second = 0; second < 200; ++second) {
    seconds(1);
    EXPECT_LE(dcl() - before_a, 5.7) << "1 % of the limit in a second, after " << second;
    before_a = dcl();
  }
  EXPECT_EQ(ccl(), 30) << "what the owner wants";
  EXPECT_EQ(dcl(), 280);
  EXPECT_EQ(user_bounds_of(settings, pipeline->battery().estimate.sure_capacity_ah).max_charge_current_a, 140);
  EXPECT_THAT(notices(), testing::IsEmpty());
  EXPECT_EQ(pipeline->limits().charge_reason, "maximum set by the user");
}

struct Multiple {
  const char* option;
  void (*choose)(config::Settings&);
};

class EveryMultiple : public FactsTest, public testing::WithParamInterface<Multiple> {};

TEST_P(EveryMultiple, OfAnUnknownCapacityIsNamed) {
  reading.design_capacity_ah.reset();
  reading.remaining_ah.reset();
  settings = {};
  GetParam().choose(settings);
  start();
  seconds(9);
  EXPECT_THAT(notices(), testing::IsEmpty()) << "it may come yet";
  seconds(5);
  EXPECT_THAT(notices(), testing::ElementsAre(AllOf(HasSubstr(GetParam().option), HasSubstr("set capacity"))));
  EXPECT_TRUE(fault());
  reading.design_capacity_ah = 100;
  seconds(15);
  EXPECT_THAT(notices(), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Options, EveryMultiple,
    testing::Values(
        Multiple{"max_charge_current", [](config::Settings& s) { s.charge.max_charge_current = {0.3, true}; }},
        Multiple{"max_discharge_current", [](config::Settings& s) { s.charge.max_discharge_current = {0.3, true}; }},
        Multiple{"keep_discharge_rate", [](config::Settings& s) { s.keep_for_s = 600; }},
        Multiple{"tail_current", [](config::Settings& s) { s.charge.tail_current_c = 0.05; }},
        Multiple{"rebulk_discharged", [](config::Settings& s) { s.charge.rebulk_discharged_share = 0.3; }},
        Multiple{"soc_source", [](config::Settings& s) { s.battery.soc.source = battery::SocSource::own; }}),
    [](const auto& multiple) { return std::string(multiple.param.option); });

TEST_F(FactsTest, WithoutMultiplesAnUnknownCapacityIsNoFaultButSaid) {
  reading.design_capacity_ah.reset();
  reading.remaining_ah.reset();
  settings = {};
  start();
  seconds(20);
  EXPECT_EQ(ccl(), 50);
  EXPECT_THAT(notices(), testing::ElementsAre(HasSubstr("set capacity")));
  EXPECT_FALSE(fault());
}

TEST_F(FactsTest, NothingIsKeptOfAnUnknownCapacity) {
  settings = {};
  settings.keep_for_s = 1200;
  settings.charge.kept_charge_c = 0.1;
  reading.design_capacity_ah.reset();
  reading.remaining_ah.reset();
  for (const auto& [capacity_ah, kept_a] : {std::pair<std::optional<double>, double>{{}, 0}, {100, 20}}) {
    reading.design_capacity_ah = capacity_ah;
    start();
    seconds(5);
    pipeline->time_passes(now + 70s);
    ASSERT_EQ(pipeline->battery().contact, Contact::kept);
    EXPECT_EQ(dcl(), kept_a);
    EXPECT_LE(ccl(), kept_a / 2);
  }
}

// Capacities that jump.

TEST_F(FactsTest, LimitsFollowACapacityThatRisesSlowly) {
  reading.design_capacity_ah = 100;
  reading.remaining_ah = 50;
  start();
  seconds(200);
  ASSERT_EQ(ccl(), 50);
  ASSERT_EQ(dcl(), 100);
  reading.design_capacity_ah = 655.35;
  for (int second = 1; second <= 10; ++second) {
    seconds(1);
    EXPECT_EQ(ccl(), 50) << second;
    EXPECT_EQ(pipeline->battery().estimate.capacity_ah, 100) << second;
  }
  double before_a = dcl();
  for (int second = 0; second < 400; ++second) {
    seconds(1);
    EXPECT_LE(dcl(), before_a * 1.025 + 0.2) << second;
    before_a = dcl();
  }
  EXPECT_EQ(pipeline->battery().estimate.capacity_ah, 655.35);
  EXPECT_NEAR(ccl(), 327.6, 0.1);
}

TEST_F(FactsTest, LimitsFollowACapacityThatFallsAtTheThirdReading) {
  start();
  seconds(200);
  ASSERT_EQ(ccl(), 140);
  reading.design_capacity_ah = 100;
  reading.remaining_ah.reset();
  seconds(2);
  EXPECT_EQ(ccl(), 140) << "one reading may be false";
  seconds(1);
  EXPECT_EQ(ccl(), 50);
  EXPECT_EQ(pipeline->battery().estimate.capacity_ah, 280);
}

// Values that cannot be.

struct Odd {
  const char* name;
  std::optional<double> Reading::* place;
  double value;
  const char* notice;
};

class OddValue : public FactsTest, public testing::WithParamInterface<Odd> {};

TEST_P(OddValue, CostsItselfAlone) {
  settings = {};
  start();
  ASSERT_EQ(seconds(100), 100);
  const double before_a = ccl();
  reading.*GetParam().place = GetParam().value;
  EXPECT_EQ(seconds(100), 100) << said;
  EXPECT_FALSE(pipeline->battery().reading.*GetParam().place);
  EXPECT_EQ(ccl(), before_a);
  EXPECT_EQ(soc(), 50);
  EXPECT_THAT(notices(), testing::Contains(HasSubstr(GetParam().notice)));
  EXPECT_FALSE(fault());
}

TEST_P(OddValue, FromTheFirstReadingOn) {
  settings = {};
  reading.*GetParam().place = GetParam().value;
  start();
  EXPECT_EQ(seconds(20), 20) << said;
  EXPECT_EQ(ccl(), 50);
  EXPECT_THAT(notices(), testing::Contains(HasSubstr(GetParam().notice)));
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
INSTANTIATE_TEST_SUITE_P(
    Values, OddValue,
    testing::Values(Odd{"remaining", &Reading::remaining_ah, 900, "its nominal capacity does not fit; set capacity"},
                    Odd{"remaining_nan", &Reading::remaining_ah, nan, "set capacity"},
                    Odd{"nominal", &Reading::design_capacity_ah, 0, "nominal capacity 0 Ah"},
                    Odd{"full", &Reading::full_ah, -1, "full capacity -1 Ah"},
                    Odd{"soh", &Reading::soh_pct, 130, "SoH 130 %"}, Odd{"cycles", &Reading::cycles, -3, "cycles -3"},
                    Odd{"consumed", &Reading::consumed_ah, -5, "consumed charge -5 Ah"},
                    Odd{"total", &Reading::total_charged_ah, 1e12, "charge put in so far"}),
    [](const auto& odd) { return std::string(odd.param.name); });

// syssi/esphome-jbd-bms, issue 67: a board whose nominal capacity nobody has set.
TEST_F(FactsTest, AConfiguredCapacityAnswersABoardThatHasAWrongOne) {
  reading.design_capacity_ah = 30;
  reading.remaining_ah = 85.89;
  start();
  EXPECT_EQ(seconds(20), 20) << said;
  EXPECT_EQ(ccl(), 15) << "of what the board says";
  EXPECT_THAT(notices(),
              testing::ElementsAre(AllOf(HasSubstr("85.89"), HasSubstr("30 Ah"), HasSubstr("set capacity"))));
  EXPECT_FALSE(fault());

  settings.battery.calibration.capacity_ah = 86;
  start();
  EXPECT_EQ(seconds(20), 20);
  EXPECT_EQ(ccl(), 43);
  EXPECT_EQ(soc(), 50);
  EXPECT_EQ(pipeline->battery().estimate.remaining_ah, 43);
  EXPECT_EQ(pipeline->battery().estimate.capacity_ah, 86);
  EXPECT_THAT(notices(), testing::IsEmpty());
}

TEST_F(FactsTest, CapacitiesThatContradictEachOtherAreSaid) {
  reading.design_capacity_ah = 30;
  reading.full_ah = 86;
  reading.remaining_ah = 43;
  start();
  EXPECT_EQ(seconds(20), 20);
  EXPECT_EQ(ccl(), 15);
  EXPECT_THAT(notices(), testing::ElementsAre(AllOf(HasSubstr("86.0"), HasSubstr("30.0"), HasSubstr("set capacity"))));
}

TEST_F(FactsTest, AWildCurrentIsNoMeasurement) {
  settings.battery.soc.source = battery::SocSource::own;
  start();
  seconds(10);
  const double before_pct = soc();
  for (const double wild_a : {-3276.8, 3276.7, -1401.0, 1e9, nan}) {
    reading.current_a = wild_a;
    EXPECT_EQ(seconds(1), 0) << wild_a;
    EXPECT_THAT(said, HasSubstr("current"));
    reading.current_a = 5;
    EXPECT_EQ(seconds(3), 3);
    EXPECT_NEAR(soc(), before_pct, 0.01);
  }
  reading.current_a = -1399;
  EXPECT_EQ(seconds(1), 1) << "5 C";
}

TEST_F(FactsTest, ACurrentThatStaysWildIsLeftOut) {
  start();
  seconds(200);
  reading.current_a = -3276.8;
  EXPECT_EQ(seconds(60), 58) << "two to see whether it stays";
  EXPECT_FALSE(pipeline->battery().reading.current_a);
  EXPECT_EQ(pipeline->battery().contact, Contact::fresh);
  EXPECT_EQ(ccl(), 140);
  EXPECT_THAT(notices(), testing::ElementsAre(HasSubstr("current -3276.8 A")));
}

TEST_F(FactsTest, ACurrentThatNobodyNeedsIsLeftOutAtOnce) {
  settings.battery.soc.current_source = battery::CurrentSource::external;
  start();
  pipeline->hear({.current_a = 7});
  reading.current_a = -3276.8;
  EXPECT_EQ(seconds(5), 5);
  EXPECT_EQ(pipeline->battery().reading.current_a, 7);
}

TEST_F(FactsTest, ABatteryOfWhichNothingIsKnownHasTheBoundOfItsFamily) {
  reading.design_capacity_ah.reset();
  reading.remaining_ah.reset();
  start();
  reading.current_a = 3000;
  EXPECT_EQ(seconds(1), 1);
  reading.current_a = 3277;
  EXPECT_EQ(seconds(1), 0);
}

TEST_F(FactsTest, ASmallBatteryMayBearACurrentForAMoment) {
  reading.design_capacity_ah = 20;
  reading.remaining_ah = 10;
  start();
  reading.current_a = 299;
  EXPECT_EQ(seconds(1), 1);
  reading.current_a = -327.68;
  EXPECT_EQ(seconds(1), 0);
}

TEST_F(FactsTest, ASocThatCannotBeIsCountedHereInstead) {
  start();
  seconds(100);
  reading.soc_pct = 255;
  EXPECT_EQ(seconds(2), 0);
  EXPECT_EQ(seconds(100), 100);
  EXPECT_NEAR(soc(), 50, 0.2);
  EXPECT_THAT(notices(), testing::ElementsAre(HasSubstr("SoC 255 %")));
  EXPECT_TRUE(fault()) << "soc_source = bms is not in force";

  settings.battery.soc.source = battery::SocSource::own;
  reading.soc_pct = 50;
  start();
  seconds(10);
  reading.soc_pct = 255;
  EXPECT_EQ(seconds(20), 20) << "nobody needs it";
  EXPECT_FALSE(fault());
}

TEST_F(FactsTest, ATemperatureThatCannotBeCostsItsSensor) {
  start();
  for (const double wild_c : {-41.0, 160.0, -3000.0, nan}) {
    reading.temperatures_c = {21, 22};
    seconds(200);
    ASSERT_EQ(ccl(), 140);
    reading.temperatures_c[1] = wild_c;
    EXPECT_EQ(seconds(100), 100) << said;
    EXPECT_EQ(ccl(), 140) << wild_c;
    EXPECT_EQ(pipeline->battery().alarms[Alarm::temperature_sensor], AlarmLevel::warning);
    EXPECT_EQ(pipeline->battery().derived.mean_temperature_c, 21);
  }
}

TEST_F(FactsTest, ASensorOfAHeaterDoesNotSpeakForCells) {
  settings.battery.calibration.sensors[1].role = battery::SensorRole::other;
  reading.temperatures_c = {21, 60};
  start();
  seconds(10);
  EXPECT_EQ(pipeline->battery().derived.max_temperature_c, 21);
  reading.temperatures_c[0] = -60;
  seconds(10);
  EXPECT_FALSE(pipeline->battery().derived.max_temperature_c);
  EXPECT_FALSE(pipeline->battery().derived.mean_temperature_c);
}

// A REC unit reports how warm its hottest cell is, and not which that is.
TEST_F(FactsTest, AHighestTemperatureIsShownAsThatAndProtects) {
  for (const bool any_sensor : {false, true}) {
    reading.temperatures_c.clear();
    if (any_sensor) reading.temperatures_c = {20.0, 30.0};
    reading.highest_temperature_c = 30;
    start();
    seconds(10);
    if (any_sensor) reading.temperatures_c = {std::nullopt, std::nullopt};
    seconds(10);
    const Battery& battery = pipeline->battery();
    EXPECT_EQ(battery.derived.max_temperature_c, 30);
    EXPECT_FALSE(battery.derived.max_sensor);
    EXPECT_FALSE(battery.derived.min_temperature_c);
    EXPECT_FALSE(battery.derived.mean_temperature_c);
    EXPECT_EQ(ccl(), 140);
    reading.highest_temperature_c = 56;
    seconds(1);
    EXPECT_EQ(ccl(), 0) << "too hot";
    reading.highest_temperature_c.reset();
    seconds(100);
    EXPECT_EQ(ccl(), 0) << "what is not known any more has not cooled down";
  }
}

// The state of charge.

TEST_F(FactsTest, ACapacityThatComesLaterDoesNotMoveTheSoc) {
  for (const auto source : {battery::SocSource::bms, battery::SocSource::own}) {
    settings.battery.soc.source = source;
    reading.soc_pct = 60;
    reading.design_capacity_ah.reset();
    reading.remaining_ah.reset();
    reading.current_a = 0;
    start();
    for (int second = 0; second < 60; ++second) {
      if (second == 2) reading.design_capacity_ah = 280;
      seconds(1);
      EXPECT_EQ(soc(), 60) << second;
      EXPECT_EQ(pipeline->battery().alarms[Alarm::low_soc], AlarmLevel::ok);
    }
  }
}

TEST_F(FactsTest, ACapacityThatChangesWithTheSocOfTheBmsIsNoReasonToWander) {
  reading.soc_pct = 60;
  start();
  seconds(10);
  reading.design_capacity_ah = 300;
  reading.soc_pct = 40;
  seconds(2);
  EXPECT_EQ(soc(), 60) << "is it true?";
  for (int second = 0; second < 60; ++second) {
    seconds(1);
    EXPECT_EQ(soc(), 40) << second;
  }
}

// Two boards.

TEST_F(FactsTest, TwoBoardsOnOneLineAreLostLikeASilentOne) {
  start();
  const Reading one = reading;
  Reading other = reading;
  other.soc_pct = 95;
  other.current_a = -30;
  other.cells_v.assign(16, 3.450);
  other.voltage_v = 55.2;
  for (int second = 0; second < 80; ++second) {
    reading = second % 2 == 0 ? one : other;
    seconds(1);
    EXPECT_NE(pipeline->battery().reading.soc_pct, 95) << second;
  }
  EXPECT_THAT(said, HasSubstr("two boards answer on this line"));
  EXPECT_EQ(pipeline->battery().contact, Contact::lost);
  EXPECT_FALSE(pipeline->limits().charge_voltage_v);
}

// Chemistry.

TEST_F(FactsTest, ABmsThatIsSetToOtherCellsIsHeard) {
  settings = {};
  reading.chemistry = Chemistry::li_ion;
  start();
  EXPECT_EQ(seconds(20), 20);
  EXPECT_THAT(notices(),
              testing::ElementsAre(AllOf(HasSubstr("Li-ion"), HasSubstr("LFP"), HasSubstr("set chemistry"))));
  EXPECT_TRUE(fault());
  EXPECT_EQ(ccl(), 50) << "less than such cells endure";

  settings.chemistry_configured = true;
  start();
  seconds(20);
  EXPECT_FALSE(fault()) << "the owner knows better";
  reading.chemistry = Chemistry::lfp;
  start();
  seconds(20);
  EXPECT_THAT(notices(), testing::IsEmpty());
}

TEST_F(FactsTest, CellsThatEndureLessAreNotCharged) {
  settings = {};
  reading.chemistry = Chemistry::lto;
  reading.cells_v.assign(20, 2.40);
  reading.voltage_v = 48;
  start();
  seconds(20);
  EXPECT_EQ(ccl(), 0);
  EXPECT_THAT(std::string(pipeline->limits().charge_reason.view()), HasSubstr("set chemistry"));
  EXPECT_TRUE(fault());
  reading.cells_v.assign(20, 3.30);
  reading.voltage_v = 66;
  start();
  seconds(20);
  EXPECT_EQ(ccl(), 50) << "no such cell has 3.3 V: the board is set wrong";
  EXPECT_TRUE(fault());
}

TEST_F(FactsTest, CellsThatLookLikeOtherOnesAreSaid) {
  settings = {};
  reading.current_a = 0;
  reading.soc_pct = 42;
  reading.cells_v.assign(16, 3.66);
  reading.voltage_v = 16 * 3.66;
  start();
  seconds(300);
  EXPECT_THAT(notices(), testing::IsEmpty());
  seconds(320);
  EXPECT_THAT(notices(), testing::ElementsAre(AllOf(HasSubstr("3.66 V"), HasSubstr("chemistry"))));
  EXPECT_TRUE(fault());
}

struct Usual {
  double cell_v, soc_pct, current_a;
};

TEST_F(FactsTest, UsualCellsLookLikeThemselves) {
  settings = {};
  for (const Usual& usual : {Usual{3.55, 99, 1}, Usual{3.64, 100, 0}, Usual{2.85, 1, 0}, Usual{3.40, 97, 0},
                             Usual{3.52, 70, 100}, Usual{3.20, 30, 0}}) {
    reading.current_a = usual.current_a;
    reading.soc_pct = usual.soc_pct;
    reading.cells_v.assign(16, usual.cell_v);
    reading.voltage_v = 16 * usual.cell_v;
    start();
    seconds(700);
    EXPECT_THAT(notices(), testing::IsEmpty()) << usual.cell_v;
  }
}

// What is no longer told.

TEST_F(FactsTest, ASensorThatTheBoardNoLongerListsDoesNotOpenCharging) {
  for (const double last_c : {-5.0, 58.0}) {
    settings.charge.max_charge_current = {.value = 50};
    reading.temperatures_c = {last_c};
    start();
    seconds(40);
    EXPECT_EQ(ccl(), 0);
    reading.temperatures_c.clear();
    seconds(300);
    EXPECT_LE(ccl(), 0.1 * 50) << last_c;
    EXPECT_EQ(pipeline->battery().faulty_sensors, 1);
    EXPECT_TRUE(pipeline->battery().protection_expected);
    EXPECT_EQ(pipeline->battery().alarms[Alarm::temperature_sensor], AlarmLevel::alarm);
  }
}

TEST_F(FactsTest, ACapacityThatNoPackHasAllowsNothing) {
  reading.design_capacity_ah = 6553.5;
  start();
  seconds(60);
  EXPECT_EQ(ccl(), 0);
  EXPECT_TRUE(fault());
}

}  // namespace
}  // namespace bms::driver
