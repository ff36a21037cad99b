// What has allowed nothing opens once it has recovered, and not again and again.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bms/curve.hpp"
#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

/// Counts how often a limit falls to 0.
struct Zeros {
  int count = 0;
  double before_a = 0;

  void see(double limit_a) {
    if (before_a > 0 && limit_a == 0) ++count;
    before_a = limit_a;
  }
};

/// Even LiFePO4 cells of 100 Ah that come to their end, with a slow part of their resistance that makes them rise for
/// minutes after a load has gone.
class EmptyingBattery {
 public:
  explicit EmptyingBattery(double cell_ohm) : cell_ohm_(cell_ohm) {}

  void draw(double current_a) {
    current_a_ = current_a;
    soc_pct_ -= current_a / 3600;
    slow_v_ += (current_a * cell_ohm_ - slow_v_) / 120;
  }

  [[nodiscard]] double cell_v() const {
    return interpolate(rest_v, soc_pct_, Ends::extend) - current_a_ * cell_ohm_ - slow_v_;
  }

  [[nodiscard]] Sample sample() const {
    Sample sample = even_frame(cell_v(), -current_a_);
    sample.capacity_ah = 100;
    sample.soc_pct = std::max(soc_pct_, 0.0);
    return sample;
  }

 private:
  static constexpr Point rest_points[] = {{0, 2.60}, {2, 2.95}, {5, 3.10}, {10, 3.18}, {20, 3.235}, {30, 3.265}};
  Curve rest_v{std::begin(rest_points), std::end(rest_points)};

  double cell_ohm_;
  double soc_pct_ = 6;
  double current_a_ = 0;
  double slow_v_ = 0;
};

struct Load {
  double current_a = 80;
  bool obeys = true;  ///< takes no more than DCL; without, it only stops at 0
};

struct Emptied {
  Zeros zeros{};
  double lowest_v = 10;
  double last_before_zero_a = 0;  ///< DCL in the sample before it became 0
};

Emptied empty(const Config& config, const Load& load, double cell_ohm, Driven& run) {
  EmptyingBattery battery(cell_ohm);
  run = {.config = config};
  Emptied emptied;
  for (int second = 0; second < 7200; ++second) {
    const double before_a = emptied.zeros.before_a;
    const double dcl_a = *run.step(battery.sample()).discharge_current_a;
    emptied.zeros.see(dcl_a);
    if (dcl_a == 0 && before_a > 0) emptied.last_before_zero_a = before_a;
    const double drawn_a = load.obeys ? std::min(load.current_a, dcl_a) : load.current_a;
    battery.draw(dcl_a < 0.1 ? 0 : drawn_a);
    emptied.lowest_v = std::min(emptied.lowest_v, battery.cell_v());
  }
  return emptied;
}

struct Table {
  const char* name;
  Profile profile;
  std::vector<Point> points;
};

// Louisvdw/dbus-serialbattery issue 371, the tables of older versions of it, and what owners make of them.
const Table tables[] = {
    {"issue_371", Profile::smooth, {{2.90, 0}, {3.00, .1}, {3.10, 1}}},
    {"high", Profile::smooth, {{3.00, 0}, {3.10, .5}, {3.20, 1}}},
    {"older_default", Profile::smooth, {{2.70, 0}, {2.80, .1}, {2.90, .5}, {3.10, 1}}},
    {"steep", Profile::smooth, {{2.95, 0}, {2.96, 1}}},
    {"never_quite_0", Profile::smooth, {{2.85, 0.0005}, {3.10, 1}}},
    {"linear", Profile::serialbattery_linear, {}},
    {"step", Profile::serialbattery_step, {}},
    {"own_linear", Profile::serialbattery_linear, {{2.90, 0}, {3.00, .1}, {3.10, 1}}},
    {"own_step", Profile::serialbattery_step, {{2.90, 0}, {3.00, .1}, {3.10, 1}}},
    {"smooth", Profile::smooth, {}},
};

class EachTable : public testing::TestWithParam<Table> {};

TEST_P(EachTable, EndsDischargingOnceAndOpensAfterACharge) {
  Config config;
  config.profile = GetParam().profile;
  config.discharge_cell_curve.assign(GetParam().points.begin(), GetParam().points.end());
  for (const bool obeys : {true, false}) {
    for (const double cell_ohm : {0.0005, 0.001}) {
      SCOPED_TRACE((obeys ? "obedient load, " : "disobedient load, ") + std::to_string(cell_ohm) + " ohm");
      Driven run;
      const Emptied emptied = empty(config, {.obeys = obeys}, cell_ohm, run);
      // A load that obeys is led down so far that it may not come to the end at all.
      EXPECT_LE(emptied.zeros.count, 1);
      EXPECT_GE(emptied.zeros.count, obeys ? 0 : 1);
      EXPECT_LT(*run.last.limits.discharge_current_a, 0.5);
      EXPECT_EQ(run.steps(even_frame(3.20, 20), 60).discharge_current_a > 0, true) << "the sun is out";
    }
  }
}

TEST_P(EachTable, OpensAgainAfterARestThatMeansSomething) {
  Config config;
  config.profile = GetParam().profile;
  config.discharge_cell_curve.assign(GetParam().points.begin(), GetParam().points.end());
  Driven run;
  (void)empty(config, {.obeys = false}, 0.0005, run);
  run.steps(even_frame(3.33), 50);
  EXPECT_EQ(run.last.limits.discharge_current_a, 0);
  run.steps(even_frame(3.33), 40);
  EXPECT_GT(*run.last.limits.discharge_current_a, 0);
}

INSTANTIATE_TEST_SUITE_P(ChargeReopening, EachTable, testing::ValuesIn(tables),
                         [](const auto& test) { return test.param.name; });

TEST(ChargeReopening, AnEndThatIsNearLeadsDownToIt) {
  for (const double min_v : {2.90, 2.75, 2.64, 2.50}) {
    Config config;
    config.min_cell_v = min_v;
    config.cutoff_cell_v = std::max(min_v - 0.1, 2.5);
    config.reopen_cell_v = config.cutoff_cell_v + 0.25;
    config.reopen_charging_cell_v = config.cutoff_cell_v + 0.1;
    Driven run;
    const Emptied emptied = empty(config, {}, 0.0005, run);
    EXPECT_EQ(emptied.zeros.count, 1) << min_v;
    EXPECT_LE(emptied.last_before_zero_a, 0.05 * 60) << min_v;
    EXPECT_LE(emptied.lowest_v, min_v + 0.005) << min_v;
    EXPECT_GE(emptied.lowest_v, config.cutoff_cell_v - 0.01) << min_v;
  }
}

TEST(ChargeReopening, RestingOpensOnceAndThenMustMeanMore) {
  Driven run;
  run.steps(even_frame(2.75, -20), 20);
  ASSERT_EQ(run.last.limits.discharge_current_a, 0);
  EXPECT_GT(run.steps(even_frame(3.10), 120).discharge_current_a, 0);
  EXPECT_EQ(run.steps(even_frame(2.75, -20), 20).discharge_current_a, 0);
  EXPECT_EQ(run.steps(even_frame(3.10), 600).discharge_current_a, 0) << "the same again would be hunting";
  EXPECT_GT(run.steps(even_frame(3.25), 120).discharge_current_a, 0);
  EXPECT_EQ(run.steps(even_frame(2.75, -20), 20).discharge_current_a, 0);
  run.steps(even_frame(3.00, 5), 30);
  EXPECT_GT(*run.last.limits.discharge_current_a, 0) << "something has been charged";
  run.steps(even_frame(2.75, -20), 20);
  EXPECT_GT(run.steps(even_frame(3.10), 120).discharge_current_a, 0) << "a new emptying";
}

TEST(ChargeReopening, ACurrentOfAMomentIsNoCharge) {
  Driven run;
  run.steps(even_frame(2.75, -20), 20);
  for (int i = 0; i < 20; ++i) {
    run.steps(even_frame(2.95, 0), 30);
    EXPECT_EQ(run.steps(even_frame(2.95, 3), 3).discharge_current_a, 0) << i;
  }
}

TEST(ChargeReopening, ARestartDoesNotForgetTheEnd) {
  Config config = big_config();
  config.discharge_cell_curve = {{2.90, 0}, {3.00, .1}, {3.10, 1}};
  Driven run{.config = config};
  run.steps(even_frame(2.88, -20), 20);
  ASSERT_EQ(run.last.limits.discharge_current_a, 0);
  run.restart();
  EXPECT_EQ(run.steps(even_frame(2.97), 600).discharge_current_a, 0);
}

/// How often CCL (or DCL) becomes 0 while `spoil` makes something swing slowly.
template <class Spoil>
Zeros swinging(const Config& config, Spoil spoil, std::optional<double> Limits::* limit) {
  Driven run{.config = config};
  run.steps(even_frame(), 200);
  Zeros zeros{.before_a = (run.last.limits.*limit).value_or(0)};
  for (int second = 0; second < 7200; ++second) {
    Sample sample = even_frame(3.35);
    spoil(sample, second / 120 % 2 == 0);
    zeros.see((run.step(sample).*limit).value_or(0));
  }
  return zeros;
}

TEST(ChargeReopening, AHighCellThatSwingsEndsChargingOnce) {
  struct Swing {
    const char* name;
    Profile profile;
    Curve curve;
    double low_v, high_v;
  };
  const Swing swings[] = {
      {"smooth", Profile::smooth, {}, 3.525, 3.535},
      {"linear", Profile::serialbattery_linear, {}, 3.490, 3.505},
      {"step", Profile::serialbattery_step, {}, 3.445, 3.455},
      {"own", Profile::smooth, {{3.40, 1}, {3.50, 0}}, 3.485, 3.505},
      {"own_step", Profile::serialbattery_step, {{3.40, 1}, {3.45, .3}, {3.50, 0}}, 3.445, 3.455},
  };
  for (const Swing& swing : swings) {
    Config config = big_config();
    config.profile = swing.profile;
    config.charge_cell_curve = swing.curve;
    const auto spoil = [&](Sample& sample, bool high) { sample.cells_v[3] = high ? swing.high_v : swing.low_v; };
    EXPECT_EQ(swinging(config, spoil, &Limits::charge_current_a).count, 1) << swing.name;
  }
}

TEST(ChargeReopening, TheEndThatAnAlarmSetsHasPlayToo) {
  Config config = big_config();
  config.charge_cell_curve = {{3.40, 1}, {3.60, 0}};
  config.warned_cell_v = 3.53;
  const auto spoil = [](Sample& sample, bool high) { sample.cells_v[3] = high ? 3.525 : 3.515; };
  EXPECT_EQ(swinging(config, spoil, &Limits::charge_current_a).count, 1);
}

TEST(ChargeReopening, TemperaturesThatSwingEndUseOnce) {
  struct Swing {
    const char* name;
    Profile profile;
    Curve curve;
    double low_c, high_c;
  };
  const Curve usual{std::begin(usual_mos_temperatures), std::end(usual_mos_temperatures)};
  const Swing swings[] = {
      {"usual", Profile::smooth, usual, 86, 91},
      {"step", Profile::serialbattery_step, usual, 79, 81},
      {"more_points", Profile::smooth, {{70, 1}, {90, 0}, {110, 0}}, 86, 91},
      {"cold_end", Profile::smooth, {{-20, 0}, {0, 1}, {70, 1}, {90, 0}}, -21, -15},
  };
  for (const Swing& swing : swings) {
    Config config = big_config();
    config.profile = swing.profile;
    config.charge_mos_curve = config.discharge_mos_curve = swing.curve;
    const auto spoil = [&](Sample& sample, bool high) { sample.mos_temperature_c = high ? swing.high_c : swing.low_c; };
    EXPECT_EQ(swinging(config, spoil, &Limits::charge_current_a).count, 1) << swing.name;
    EXPECT_EQ(swinging(config, spoil, &Limits::discharge_current_a).count, 1) << swing.name;
  }
  Config config = big_config();
  const auto cold = [](Sample& sample, bool high) { sample.temperatures_c = {high ? 0.9 : -0.1}; };
  EXPECT_EQ(swinging(config, cold, &Limits::charge_current_a).count, 1);
}

TEST(ChargeReopening, ATemperatureThatIsNoLongerSaidIsNotBetter) {
  Driven run;
  Sample sample = even_frame();
  sample.temperatures_c = {-5};
  run.steps(sample, 10);
  ASSERT_EQ(run.last.limits.charge_current_a, 0);
  sample.temperatures_c.clear();
  EXPECT_EQ(run.steps(sample, 50).charge_current_a, 0);
  EXPECT_EQ(run.steps(sample, 7200).charge_current_a, 0);
  sample = even_frame();
  sample.mos_temperature_c = 95;
  run.steps(sample, 10);
  sample.mos_temperature_c.reset();
  EXPECT_EQ(run.steps(sample, 7200).charge_current_a, 0);
}

TEST(ChargeReopening, ASocThatSwingsEndsUseOnce) {
  for (const Profile profile : {Profile::smooth, Profile::serialbattery_step}) {
    Config config = big_config();
    config.profile = profile;
    config.discharge_soc_curve = {{10, 0}, {20, 1}};
    config.charge_soc_curve = {{90, 1}, {98, 0}};
    const auto low = [](Sample& sample, bool high) { sample.soc_pct = high ? 12.5 : 9.5; };
    EXPECT_EQ(swinging(config, low, &Limits::discharge_current_a).count, 1);
    const auto full = [](Sample& sample, bool high) { sample.soc_pct = high ? 98.2 : 97.3; };
    EXPECT_EQ(swinging(config, full, &Limits::charge_current_a).count, 1);
  }
}

TEST(ChargeReopening, ASocThatIsUnknownForAMomentOpensNothing) {
  Driven run;
  run.config.discharge_soc_curve = {{10, 0}, {20, 1}};
  Sample known = even_frame();
  known.soc_pct = 9;
  Sample unknown = known;
  unknown.soc_pct.reset();
  run.steps(known, 10);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(run.steps(unknown, 40).discharge_current_a, 0);
    EXPECT_EQ(run.steps(known, 10).discharge_current_a, 0);
  }
  EXPECT_GT(run.steps(unknown, 100).discharge_current_a, 0) << "one that stays unknown is not used";
}

TEST(ChargeReopening, AWireThatComesLooseEndsUseOnce) {
  Zeros charge;
  Zeros discharge;
  Driven run;
  run.steps(even_frame(), 200);
  for (int second = 0; second < 3600; ++second) {
    const Limits limits = run.step(second % 50 < 5 ? sample_with_cell(0.2) : even_frame());
    charge.see(*limits.charge_current_a);
    discharge.see(*limits.discharge_current_a);
  }
  EXPECT_EQ(charge.count, 1);
  EXPECT_EQ(discharge.count, 1);
  EXPECT_EQ(run.steps(even_frame(), 300).discharge_current_a, 140);
}

TEST(ChargeReopening, AnUnderVoltageThatTheBmsTakesBackIsNoRecovery) {
  for (const Alarm alarm : {Alarm::low_cell_voltage, Alarm::low_voltage}) {
    Driven run;
    run.steps(even_frame(3.1), 200);
    Zeros zeros{.before_a = *run.last.limits.discharge_current_a};
    for (int second = 0; second < 7200; ++second) {
      const bool tripped = second % 300 < 100;
      Sample sample = even_frame(tripped ? 2.85 : 2.98, 0);
      if (tripped) sample.bms_alarms.raise(alarm, AlarmLevel::alarm);
      sample.discharge_fet = !tripped;
      zeros.see(*run.step(sample).discharge_current_a);
    }
    EXPECT_EQ(zeros.count, 1);
    EXPECT_GT(run.steps(even_frame(3.0, 5), 660).discharge_current_a, 0) << "the FET has opened again and again";
  }
}

TEST(ChargeReopening, ALimitOfTheBmsThatComesAndGoesEndsUseOnce) {
  for (const double least_a : {0.0, 0.05}) {
    Driven run;
    Zeros charge;
    Zeros discharge;
    for (int second = 0; second < 3600; ++second) {
      Sample sample = even_frame();
      sample.max_charge_current_a = sample.max_discharge_current_a = second % 50 >= 45 ? least_a : 20;
      const Limits limits = run.step(sample);
      charge.see(*limits.charge_current_a);
      discharge.see(*limits.discharge_current_a);
    }
    EXPECT_EQ(charge.count, 1) << least_a;
    EXPECT_EQ(discharge.count, 1) << least_a;
  }
}

TEST(ChargeReopening, A0OfTheBmsMeansNothingUnlessItHasNamedALimit) {
  const Config config = big_config();
  Sample sample = even_frame();
  sample.max_discharge_current_a = 0;
  Driven run{.config = config};
  EXPECT_EQ(run.step(sample).discharge_current_a, 140) << "most boards that say 0 have no such limit";
  sample.max_discharge_current_a = 30;
  EXPECT_EQ(run.step(sample).discharge_current_a, 30);
  sample.max_discharge_current_a = 0;
  EXPECT_EQ(run.step(sample).discharge_current_a, 0);
  sample.max_discharge_current_a = 30;
  EXPECT_EQ(run.steps(sample, 50).discharge_current_a, 0);
  EXPECT_GT(run.steps(sample, 50).discharge_current_a, 0);
}

}  // namespace
}  // namespace bms::charge
