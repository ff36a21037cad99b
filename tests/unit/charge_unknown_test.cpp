// What is not known any more: a limit does not rise because nobody says any longer why it is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Something that limits, and how it ceases to be known.
struct Loss {
  const char* name;
  void (*limit)(Sample&);
  void (*lose)(Sample&);
  double kept_s;  ///< for how long nothing may rise
  std::optional<double> Limits::* direction = &Limits::charge_current_a;
};

constexpr double for_good = 7200;

const Loss losses[] = {
    {"coldest", [](Sample& s) { s.temperatures_c = {20, -5}; }, [](Sample& s) { s.temperatures_c = {20}; }, for_good},
    {"first_is_coldest", [](Sample& s) { s.temperatures_c = {2, 20}; }, [](Sample& s) { s.temperatures_c = {20}; },
     for_good},
    {"hottest", [](Sample& s) { s.temperatures_c = {20, 50}; }, [](Sample& s) { s.temperatures_c = {20}; }, for_good},
    {"middle", [](Sample& s) { s.temperatures_c = {20, -5, 21}; }, [](Sample& s) { s.temperatures_c = {20, 21}; },
     for_good},
    {"both", [](Sample& s) { s.temperatures_c = {3, 4}; }, [](Sample& s) { s.temperatures_c = {}; }, for_good},
    {"the_only_one", [](Sample& s) { s.temperatures_c = {-5}; }, [](Sample& s) { s.temperatures_c = {}; }, for_good},
    {"no_number", [](Sample& s) { s.temperatures_c = {20, -5}; }, [](Sample& s) { s.temperatures_c = {20, nan}; },
     for_good},
    {"coldest_discharge", [](Sample& s) { s.temperatures_c = {20, -5}; }, [](Sample& s) { s.temperatures_c = {20}; },
     for_good, &Limits::discharge_current_a},
};

class EachLoss : public testing::TestWithParam<Loss> {
 protected:
  static Config config(Profile profile) {
    Config config = big_config();
    config.profile = profile;
    config.charge_soc_curve = {{90, 1}, {98, 0}};
    return config;
  }
};

TEST_P(EachLoss, RaisesNothing) {
  for (const Profile profile : {Profile::smooth, Profile::serialbattery_step}) {
    Driven run{.config = config(profile)};
    Sample sample = even_frame();
    GetParam().limit(sample);
    run.steps(sample, 200);
    const double before_a = *(run.last.limits.*GetParam().direction);
    GetParam().lose(sample);
    for (double second = 0; second < GetParam().kept_s; ++second) {
      ASSERT_LE(*(run.step(sample).*GetParam().direction), before_a) << second;
    }
  }
}

TEST_P(EachLoss, IsOverWhenItIsKnownAgain) {
  Driven run{.config = config(Profile::smooth)};
  Sample sample = even_frame();
  GetParam().limit(sample);
  const std::size_t sensors = sample.temperatures_c.size();
  run.steps(sample, 200);
  GetParam().lose(sample);
  run.steps(sample, 50);
  sample = even_frame();
  sample.temperatures_c.assign(sensors, 22);
  sample.mos_temperature_c = 40;
  sample.max_charge_current_a = sample.max_discharge_current_a = 200;
  EXPECT_EQ(*(run.steps(sample, 400).*GetParam().direction), 140);
}

INSTANTIATE_TEST_SUITE_P(ChargeUnknown, EachLoss, testing::ValuesIn(losses),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ChargeUnknown, ASensorThatIsSilentDoesNotHoldWhatOthersSay) {
  Driven run;
  Sample sample = even_frame();
  sample.temperatures_c = {20, 5, 18};
  run.steps(sample, 200);
  EXPECT_EQ(run.last.limits.charge_current_a, 70);
  for (double cell_c = 18; cell_c > -5; cell_c -= 0.1) {
    sample.temperatures_c = {20, cell_c};
    run.step(sample);
  }
  EXPECT_EQ(run.last.limits.charge_current_a, 0);
  for (double cell_c = -5; cell_c < 18; cell_c += 0.1) {
    sample.temperatures_c = {20, cell_c};
    run.step(sample);
  }
  run.steps(sample, 300);
  EXPECT_NEAR(*run.last.limits.charge_current_a, 58.3, 0.1) << "the second one's 5 °C, with the play of 1 K";
  EXPECT_EQ(run.last.limits.charge_reason, "temperature 5.0 °C, by a sensor that is silent now");
  EXPECT_EQ(run.last.limits.charge_code, LimitReason::temperature);
}

TEST(ChargeUnknown, WithoutASensorNoMoreThanATenthIsAllowed) {
  struct Silence {
    double last_c, charge_a;
    const char* reason;
    LimitReason code;
  };
  const Silence silences[] = {
      {20, 14, "no temperature sensor works", LimitReason::no_sensor},
      {0.5, 8.7, "temperature 0.5 °C, by a sensor that is silent now", LimitReason::temperature},
      {-5, 0, "temperature -5.0 °C, by a sensor that is silent now", LimitReason::temperature},
  };
  for (const Silence& silence : silences) {
    Driven run;
    Sample sample = even_frame();
    sample.temperatures_c = {silence.last_c};
    run.steps(sample, 20);
    sample.temperatures_c.clear();
    run.steps(sample, 600);
    EXPECT_NEAR(*run.last.limits.charge_current_a, silence.charge_a, 0.06) << silence.last_c;
    EXPECT_EQ(run.last.limits.charge_reason, silence.reason);
    EXPECT_EQ(run.last.limits.charge_code, silence.code);
    EXPECT_EQ(run.last.too_cold_to_charge, silence.last_c < 0);
    sample.sensors_expected = false;
    EXPECT_EQ(run.steps(sample, 300).charge_current_a, 140) << "the owner says that there is none";
  }
}

}  // namespace
}  // namespace bms::charge
