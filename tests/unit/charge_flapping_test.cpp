// What the BMS closes and opens again and again opens ever later, and after an hour of quiet as at first.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

/// Something by which the BMS ends the use of a battery, and takes that back.
struct Closing {
  const char* name;
  void (*close)(Sample&);
  std::optional<double> Limits::* direction;
  double first_wait_s;
};

const Closing closings[] = {
    {"charge_fet", [](Sample& s) { s.charge_fet = false; }, &Limits::charge_current_a, 15},
    {"discharge_fet", [](Sample& s) { s.discharge_fet = false; }, &Limits::discharge_current_a, 30},
    {"alarm", [](Sample& s) { s.bms_alarms.raise(Alarm::high_cell_voltage, AlarmLevel::alarm); },
     &Limits::charge_current_a, 15},
    {"our_alarm", [](Sample& s) { s.alarms.raise(Alarm::high_cell_voltage, AlarmLevel::alarm); },
     &Limits::charge_current_a, 15},
    {"discharge_alarm", [](Sample& s) { s.bms_alarms.raise(Alarm::high_discharge_current, AlarmLevel::alarm); },
     &Limits::discharge_current_a, 30},
};

class EachClosing : public testing::TestWithParam<Closing> {
 protected:
  EachClosing() { run.steps(even_frame(), 200); }

  static Sample closed() {
    Sample sample = even_frame();
    GetParam().close(sample);
    return sample;
  }

  double limit(const Sample& sample) { return *(run.step(sample).*GetParam().direction); }

  /// How long the limit stays 0 once nothing closes it any more.
  double wait_s(double closed_s = 5) {
    run.steps(closed(), closed_s);
    EXPECT_EQ(*(run.last.limits.*GetParam().direction), 0);
    for (double second = 1; second < 3000; ++second) {
      if (limit(even_frame()) > 0) return second;
    }
    return 3000;
  }

  Driven run;
};

TEST_P(EachClosing, ThatComesAndGoesEndsUseAFewTimes) {
  for (const double period_s : {31.0, 5.0, 1.0}) {
    run = {};
    run.steps(even_frame(), 200);
    int crossings = 0;
    bool before = true;
    for (double second = 0; second < 7200; ++second) {
      const bool shut = static_cast<int>(second / period_s) % 2 == 1;
      const bool open = limit(shut ? closed() : even_frame()) > 0;
      if (open != before) ++crossings;
      before = open;
    }
    EXPECT_LE(crossings, 5) << period_s;
  }
}

TEST_P(EachClosing, WaitsTwiceAsLongEachTimeUpToTenMinutes) {
  EXPECT_LE(wait_s(), GetParam().first_wait_s + 2) << "as ever";
  for (double expected_s = 2 * GetParam().first_wait_s; expected_s < 600; expected_s *= 2) {
    EXPECT_NEAR(wait_s(), expected_s, 3);
    run.steps(even_frame(), 20);
  }
  EXPECT_NEAR(wait_s(), 600, 3);
  EXPECT_NEAR(wait_s(), 600, 3);
}

TEST_P(EachClosing, IsForgottenAfterAnHourOfQuiet) {
  for (int i = 0; i < 6; ++i) wait_s();
  run.steps(even_frame(), 3000);
  EXPECT_GT(wait_s(), 500) << "not quite an hour";
  run.steps(even_frame(), 3700);
  EXPECT_LE(wait_s(), GetParam().first_wait_s + 2);
}

TEST_P(EachClosing, ThatLastsIsOneClosing) { EXPECT_LE(wait_s(7200), GetParam().first_wait_s + 2); }

INSTANTIATE_TEST_SUITE_P(ChargeFlapping, EachClosing, testing::ValuesIn(closings),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ChargeFlapping, SaysWhyItWaits) {
  Driven run;
  Sample open_fets = even_frame();
  open_fets.charge_fet = open_fets.discharge_fet = false;
  for (int i = 0; i < 3; ++i) {
    run.steps(open_fets, 5);
    run.steps(even_frame(), 40);
  }
  EXPECT_EQ(run.last.limits.charge_reason, "charge FET opens again and again");
  EXPECT_EQ(run.last.limits.discharge_reason, "discharge FET opens again and again");
  EXPECT_EQ(run.last.limits.charge_mode, "Bulk, no charging: charge FET opens again and again");
  EXPECT_EQ(run.last.limits.allow_charge, false);
  Sample alarmed = even_frame();
  alarmed.bms_alarms.raise(Alarm::high_cell_voltage, AlarmLevel::alarm);
  Driven other;
  for (int i = 0; i < 3; ++i) {
    other.steps(alarmed, 5);
    EXPECT_EQ(other.last.limits.charge_reason, "high cell voltage");
    other.steps(even_frame(), 20);
  }
  EXPECT_EQ(other.last.limits.charge_reason, "an alarm comes again and again");
}

}  // namespace
}  // namespace bms::charge
