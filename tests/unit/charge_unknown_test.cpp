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
constexpr double a_minute = 58;

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
    {"mos_closed", [](Sample& s) { s.mos_temperature_c = 95; }, [](Sample& s) { s.mos_temperature_c.reset(); },
     for_good},
    {"mos_derated", [](Sample& s) { s.mos_temperature_c = 85; }, [](Sample& s) { s.mos_temperature_c.reset(); },
     for_good, &Limits::discharge_current_a},
    {"charge_fet", [](Sample& s) { s.charge_fet = false; }, [](Sample& s) { s.charge_fet.reset(); }, for_good},
    {"discharge_fet", [](Sample& s) { s.discharge_fet = false; }, [](Sample& s) { s.discharge_fet.reset(); }, for_good,
     &Limits::discharge_current_a},
    {"charge_limit", [](Sample& s) { s.max_charge_current_a = 20; }, [](Sample& s) { s.max_charge_current_a.reset(); },
     a_minute},
    {"discharge_limit", [](Sample& s) { s.max_discharge_current_a = 20; },
     [](Sample& s) { s.max_discharge_current_a.reset(); }, a_minute, &Limits::discharge_current_a},
    {"absurd_limit", [](Sample& s) { s.max_charge_current_a = 20; }, [](Sample& s) { s.max_charge_current_a = -7; },
     for_good},
    {"limit_without_a_number", [](Sample& s) { s.max_charge_current_a = 20; },
     [](Sample& s) { s.max_charge_current_a = nan; }, for_good},
    {"limit_taken_down", [](Sample& s) { s.max_charge_current_a = 20; }, [](Sample& s) { s.max_charge_current_a = 0; },
     for_good},
    {"soc", [](Sample& s) { s.soc_pct = 96; }, [](Sample& s) { s.soc_pct.reset(); }, a_minute},
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
  EXPECT_NEAR(*run.last.limits.charge_current_a, 58.3, 1.4) << "the second one's 5 °C, with the play of 1 K";
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

TEST(ChargeUnknown, ASilentFetIsAsItWas) {
  Driven run;
  Sample sample = even_frame();
  sample.charge_fet = false;
  run.steps(sample, 30);
  sample.charge_fet.reset();
  run.steps(sample, 300);
  EXPECT_EQ(run.last.limits.charge_reason, "charge FET open");
  EXPECT_EQ(run.last.limits.allow_charge, false);
  EXPECT_GT(run.steps(even_frame(), 30).charge_current_a, 0);
}

// The BMS's own limit.

struct Told {
  const char* name;
  Profile profile;
  std::vector<std::optional<double>> says_a;  ///< each for 30 s
  double least_a, most_a;                     ///< CCL in the end
};

class EachLimit : public testing::TestWithParam<Told> {};

TEST_P(EachLimit, IsObeyedOnceItHasBeenTold) {
  for (const bool charge : {true, false}) {
    Driven run{.config = big_config()};
    run.config.profile = GetParam().profile;
    Sample sample = even_frame();
    for (const auto& says_a : GetParam().says_a) {
      (charge ? sample.max_charge_current_a : sample.max_discharge_current_a) = says_a;
      run.steps(sample, 30);
    }
    const Limits& limits = run.last.limits;
    const double limit_a = charge ? *limits.charge_current_a : *limits.discharge_current_a;
    EXPECT_GE(limit_a, GetParam().least_a) << charge;
    EXPECT_LE(limit_a, GetParam().most_a) << charge;
    if (limit_a == 0) {
      EXPECT_EQ(charge ? limits.charge_reason : limits.discharge_reason, "maximum of the BMS");
    }
  }
}

constexpr auto unsaid = std::optional<double>();
const Told told_limits[] = {
    {"down_to_0", Profile::smooth, {20, 5, 0.05, 0, 0, 0, 0, 0, 0}, 0, 0},
    {"down_to_0_at_once", Profile::serialbattery_linear, {20, 0}, 0, 0},
    {"down_to_0_bms", Profile::bms, {20, 5, 0.05, 0, 0, 0, 0}, 0, 0},
    {"down_to_0_absurd", Profile::smooth, {20, 0, -5, -5, -5, nan, nan}, 0, 0},
    {"never_filled_in", Profile::smooth, {0, 0, 0}, 140, 140},
    {"never_filled_in_step", Profile::serialbattery_step, {0, 0, 0}, 140, 140},
    {"asked_for", Profile::bms, {0, 0, 0}, 0, 0},
    {"absurd", Profile::smooth, {-1, nan, 1e300}, 140, 140},
    {"absurd_bms", Profile::bms, {-1, nan, 1e300}, 140, 140},
    {"0_is_forgotten_last", Profile::smooth, {20, 0, unsaid, unsaid}, 0, 0},
    {"0_then_nothing_bms", Profile::bms, {20, 0, unsaid, unsaid}, 0, 0},
    {"0_then_nothing_for_long", Profile::bms, {20, 0, unsaid, unsaid, unsaid}, 1, 60},
    {"nothing_for_long", Profile::smooth, {20, unsaid, unsaid, unsaid}, 21, 70},
    {"0_after_nothing_for_long", Profile::smooth, {20, unsaid, unsaid, unsaid, 0}, 0, 0},
    {"again_after_0", Profile::smooth, {20, 0, 20}, 0, 0},
    {"again_for_a_minute_after_0", Profile::smooth, {20, 0, 20, 20, 20, 20, 20, 20, 20}, 20, 20},
};

INSTANTIATE_TEST_SUITE_P(ChargeUnknown, EachLimit, testing::ValuesIn(told_limits),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace bms::charge
