// What must hold whatever comes in: thousands of random sequences, most of them absurd.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <random>
#include <string_view>

#include "charge/staleness.hpp"
#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double absurd[] = {not_a_number, infinite, -infinite, 1e300, -1e300, 1e-300, 0, -1, 65535, 5, 4.5, 0.5};

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  bool one_in(int of) { return std::uniform_int_distribution<int>(1, of)(random_) == 1; }
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  double nonsense() { return absurd[below(std::size(absurd))]; }
  std::optional<double> maybe(double low, double high, int absurd_one_in) {
    if (one_in(4)) return std::nullopt;
    return one_in(absurd_one_in) ? nonsense() : between(low, high);
  }
  std::optional<bool> maybe_bool() { return one_in(4) ? std::nullopt : std::optional(!one_in(10)); }

 private:
  std::mt19937 random_;
};

Sample random_frame(Chance& chance, double mean_v, int absurd_one_in) {
  Sample sample = even_frame();
  for (double& cell_v : sample.cells_v) {
    cell_v = chance.one_in(absurd_one_in * 16) ? chance.nonsense() : mean_v + chance.between(-0.05, 0.05);
  }
  if (chance.one_in(200)) sample.cells_v.clear();
  if (chance.one_in(200)) sample.cells_v.resize(chance.below(max_cells), 3.3);
  sample.current_a = chance.maybe(-200, 200, absurd_one_in);
  sample.capacity_ah = chance.maybe(10, 400, absurd_one_in);
  sample.temperatures_c.clear();
  if (const auto temperature_c = chance.maybe(-20, 60, absurd_one_in)) sample.temperatures_c.push_back(*temperature_c);
  sample.mos_temperature_c = chance.maybe(20, 100, absurd_one_in);
  sample.soc_pct = chance.maybe(0, 100, absurd_one_in);
  sample.charge_fet = chance.maybe_bool();
  sample.discharge_fet = chance.maybe_bool();
  sample.heating = chance.maybe_bool();
  sample.max_charge_voltage_v = chance.one_in(3) ? chance.maybe(50, 58, absurd_one_in) : std::nullopt;
  sample.max_charge_current_a = chance.maybe(0, 200, absurd_one_in);
  sample.max_discharge_current_a = chance.maybe(0, 200, absurd_one_in);
  sample.cell_over_voltage_v = chance.maybe(3.4, 3.8, absurd_one_in);
  sample.cell_under_voltage_v = chance.maybe(2.0, 3.0, absurd_one_in);
  for (const AlarmEffect& effect : alarm_effects) {
    if (chance.one_in(100)) sample.bms_alarms.raise(effect.alarm, AlarmLevel::alarm);
    if (chance.one_in(100)) sample.alarms.raise(effect.alarm, AlarmLevel::alarm);
  }
  return sample;
}

Config random_config(Chance& chance) {
  Config config;
  config.profile = static_cast<Profile>(chance.below(5));
  config.max_charge_current = {.value = chance.between(0, 2), .c_rate = true};
  if (chance.one_in(2)) config.max_charge_current = {chance.between(0, 200)};
  config.max_discharge_current = {chance.between(0, 200)};
  config.charge_blocked = chance.one_in(8);
  config.discharge_blocked = chance.one_in(8);
  config.full_charge_requested = chance.one_in(4);
  config.cable_drop_v = chance.one_in(2) ? 0 : 0.3;
  config.integer_amps = chance.one_in(2);
  config.float_enabled = !chance.one_in(4);
  config.float_follow = !chance.one_in(4);
  return config;
}

bool charge_alarm_stands(const Sample& sample) {
  return std::ranges::any_of(alarm_effects, [&](const AlarmEffect& effect) {
    return effect.blocks_charge &&
           (sample.bms_alarms[effect.alarm] == AlarmLevel::alarm || sample.alarms[effect.alarm] == AlarmLevel::alarm);
  });
}

double lowest_on(const Curve& curve, const Sample& sample) {
  double lowest = 1;
  for (const double temperature_c : sample.temperatures_c) {
    if (std::isfinite(temperature_c)) lowest = std::min(lowest, interpolate(curve, temperature_c));
  }
  return lowest;
}

// S2
void expect_within_all_bounds(const Config& config, const Sample& sample, const Outcome& outcome) {
  const Limits& limits = outcome.limits;
  const bool left_to_bms = config.profile == Profile::bms;
  const double capacity_ah = std::max(sample.capacity_ah.value_or(0), 0.0);
  const double charge_a = config.max_charge_current.c_rate
                              ? std::max(config.max_charge_current.value * capacity_ah, 50.0)
                              : config.max_charge_current.value;
  if (std::isfinite(charge_a)) {
    EXPECT_LE(*limits.charge_current_a, charge_a);
  }
  EXPECT_LE(*limits.discharge_current_a, config.max_discharge_current.value);
  const auto told = [](const std::optional<double>& value) { return value && *value > 0 && std::isfinite(*value); };
  if (told(sample.max_charge_current_a)) {
    EXPECT_LE(*limits.charge_current_a, *sample.max_charge_current_a);
  }
  if (told(sample.max_discharge_current_a)) {
    EXPECT_LE(*limits.discharge_current_a, *sample.max_discharge_current_a);
  }
  if (sample.charge_fet == false || charge_alarm_stands(sample) || config.charge_blocked) {
    EXPECT_EQ(limits.charge_current_a, 0);
  }
  if (sample.discharge_fet == false || config.discharge_blocked) {
    EXPECT_EQ(limits.discharge_current_a, 0);
  }
  if (std::ranges::any_of(sample.cells_v, [](double cell_v) { return cell_v >= 4.5; })) {
    EXPECT_EQ(limits.charge_current_a, 0);
  }
  if (!left_to_bms) {
    EXPECT_LE(*limits.charge_current_a,
              lowest_on(config.charge_temperature_curve, sample) * outcome.base_charge_a + 1e-6);
    EXPECT_LE(*limits.discharge_current_a,
              lowest_on(config.discharge_temperature_curve, sample) * outcome.base_discharge_a + 1e-6);
  }
  if (!limits.charge_voltage_v) return;
  const double drop_v = config.cable_drop_v + 1e-9;
  const auto cell_count = static_cast<double>(sample.cells_v.empty() ? cells : sample.cells_v.size());
  EXPECT_LE(*limits.charge_voltage_v, cell_count * outcome.target_cell_v + drop_v);
  EXPECT_LE(outcome.target_cell_v, outcome.balancing ? config.balancing_cell_v : config.absorption_cell_v);
  if (told(sample.max_charge_voltage_v) && *sample.max_charge_voltage_v > 3.2 * cell_count) {
    EXPECT_LE(*limits.charge_voltage_v, *sample.max_charge_voltage_v + drop_v);
  }
}

// S5
void expect_sound(const Limits& limits) {
  if (!limits.charge_voltage_v) return;
  ASSERT_TRUE(limits.charge_current_a);
  ASSERT_TRUE(limits.discharge_current_a);
  EXPECT_GT(*limits.charge_voltage_v, 0);
  EXPECT_TRUE(std::isfinite(*limits.charge_voltage_v));
  EXPECT_TRUE(std::isfinite(*limits.charge_current_a));
  EXPECT_TRUE(std::isfinite(*limits.discharge_current_a));
  EXPECT_GE(*limits.charge_current_a, 0);
  EXPECT_GE(*limits.discharge_current_a, 0);
  EXPECT_FALSE(*limits.charge_current_a == 0 && limits.allow_charge == true);
}

double random_dt(Chance& chance) {
  if (chance.one_in(50)) return chance.between(0, 1e6);
  if (chance.one_in(50)) return chance.nonsense();
  return chance.one_in(10) ? 0 : chance.between(0.1, 6);
}

TEST(ChargeProperties, NothingThatComesInBreaksThem) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE(seed);
    Chance chance(seed);
    Config config = random_config(chance);
    State state;
    double mean_v = chance.between(2.7, 3.5);
    const int absurd_one_in = chance.one_in(2) ? 3 : 50;
    for (int step_number = 0; step_number < 60; ++step_number) {
      mean_v = std::clamp(mean_v + chance.between(-0.05, 0.05), 2.5, 3.65);
      if (chance.one_in(30)) config.charge_blocked = !config.charge_blocked;
      if (chance.one_in(20)) returning(state);
      const Sample sample = random_frame(chance, mean_v, absurd_one_in);
      const double dt_s = random_dt(chance);
      const Outcome outcome = step(config, state, sample, dt_s);
      if (state.cell_count > 0 && !sample.cells_v.empty()) expect_within_all_bounds(config, sample, outcome);
      expect_sound(outcome.limits);
      for (const KeptField<Kept>& field : kept_fields()) {
        if (const auto* number = std::get_if<double Kept::*>(&field.place)) {
          EXPECT_GE(state.kept.**number, field.min) << field.name;
          EXPECT_LE(state.kept.**number, field.max) << field.name;
        }
      }
      if (testing::Test::HasFailure()) return;
    }
  }
}

// Whatever came before, a healthy battery is charged again in the end.
TEST(ChargeProperties, NonsenseLeavesNothingBehind) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Chance chance(seed);
    Driven run;
    for (int i = 0; i < 50; ++i) {
      const Sample sample = random_frame(chance, 3.3, 2);
      const double dt_s = random_dt(chance);
      run.step(sample, dt_s);
    }
    Sample healthy = even_frame();
    healthy.mos_temperature_c = 25;
    run.steps(healthy, 1200);
    EXPECT_EQ(run.last.limits.charge_current_a, 140) << seed;
    EXPECT_EQ(run.last.limits.discharge_current_a, 140) << seed;
    EXPECT_TRUE(std::isfinite(*run.last.limits.charge_voltage_v)) << seed;
  }
}

// S3
TEST(ChargeProperties, SilenceAllowsNoMoreThanBefore) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    Chance chance(seed);
    const Config config = random_config(chance);
    State state;
    Limits before;
    for (int i = 0; i < 20; ++i) {
      const Sample sample = random_frame(chance, 3.35, 10);
      const double dt_s = random_dt(chance);
      before = step(config, state, sample, dt_s).limits;
    }
    for (double age_s = 10; age_s < 70; ++age_s) {
      const Contact contact = age_s < 60 ? Contact::stale : age_s < 64 ? Contact::releasing : Contact::lost;
      const Limits limits = without_contact(config, state, contact, age_s);
      expect_sound(limits);
      EXPECT_EQ(limits.charge_current_a.value_or(0), 0);
      EXPECT_LE(limits.discharge_current_a.value_or(0), before.discharge_current_a.value_or(0));
      EXPECT_LE(limits.charge_voltage_v.value_or(0), before.charge_voltage_v.value_or(1e9));
      if (contact == Contact::releasing) {
        EXPECT_EQ(limits.discharge_current_a.value_or(0), 0);
      }
      if (contact == Contact::lost) {
        EXPECT_FALSE(limits.charge_voltage_v || limits.charge_current_a);
      }
      before = limits;
    }
    const Outcome back = step(config, state, even_frame(), 1);
    EXPECT_LE(*back.limits.charge_current_a, 0.05 * back.base_charge_a + 1e-9);
    EXPECT_LE(*back.limits.discharge_current_a, 0.05 * back.base_discharge_a + 1e-9);
    if (testing::Test::HasFailure()) return;
  }
}

// What is said of a charge.

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool has_digits(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// Reasons that can hold a limit at 0.
bool can_be_zero(LimitReason reason, double base_a) {
  switch (reason) {
    case LimitReason::none: return false;
    case LimitReason::configured:
    case LimitReason::user_maximum:
    case LimitReason::slow_readings:
      return base_a < 1;  // nothing more is allowed at all, or it is rounded down to that
    default: return true;
  }
}

void expect_consistent(const Outcome& outcome) {
  const Limits& limits = outcome.limits;
  const std::string_view mode = limits.charge_mode;
  const bool charging = *limits.charge_current_a > 0;
  const bool discharging = *limits.discharge_current_a > 0;
  const bool blocked = limits.state == ChargeState::blocked;
  EXPECT_FALSE(blocked && charging);
  EXPECT_EQ(charging, !contains(mode, "no charging") && !contains(mode, "Blocked by")) << mode;
  if (!charging) {
    EXPECT_TRUE(mode.starts_with(name_of(*limits.state))) << mode;
    EXPECT_TRUE(can_be_zero(limits.charge_code, outcome.base_charge_a))
        << name_of(limits.charge_code) << " with " << outcome.base_charge_a << " A";
    // The mode names the reason.
    const bool itself = limits.charge_code == LimitReason::alarm || limits.charge_code == LimitReason::fet_open;
    const std::string_view named = itself ? limits.charge_reason.view() : name_of(limits.charge_code);
    const bool by_user = mode == "Blocked by the user" && limits.charge_code == LimitReason::blocked_by_user;
    EXPECT_TRUE(by_user || contains(mode, named)) << mode << " / " << limits.charge_reason.view();
    EXPECT_FALSE(contains(mode, " min")) << "no time passes: " << mode;
  }
  if (!discharging) {
    EXPECT_TRUE(can_be_zero(limits.discharge_code, outcome.base_discharge_a))
        << name_of(limits.discharge_code) << " with " << outcome.base_discharge_a << " A";
  }
  const std::string_view summary = limits.summary;
  const bool returning = contains(summary, "answers again");
  EXPECT_TRUE(returning || charging != (contains(summary, "no charging"))) << summary;
  EXPECT_TRUE(returning ||
              discharging != (contains(summary, "no discharging") || contains(summary, "no charging or discharging")))
      << summary;
  EXPECT_FALSE(has_digits(summary)) << summary;
  EXPECT_FALSE(summary.empty());
}

TEST(ChargeProperties, ModeAndReasonNeverContradictEachOther) {
  for (unsigned seed = 0; seed < 1500; ++seed) {
    SCOPED_TRACE(seed);
    Chance chance(seed);
    Config config = random_config(chance);
    State state;
    double mean_v = chance.between(2.7, 3.5);
    const int absurd_one_in = chance.one_in(2) ? 3 : 200;
    for (int sample = 0; sample < 80; ++sample) {
      mean_v = std::clamp(mean_v + chance.between(-0.05, 0.05), 2.5, 3.65);
      if (chance.one_in(15)) config.charge_blocked = !config.charge_blocked;
      if (chance.one_in(15)) config.discharge_blocked = !config.discharge_blocked;
      if (chance.one_in(40)) returning(state);
      if (chance.one_in(40)) (void)without_contact(config, state, Contact::stale, 12);
      const Sample next = random_frame(chance, mean_v, absurd_one_in);
      const double dt_s = random_dt(chance);
      expect_consistent(step(config, state, next, dt_s));
      if (testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace bms::charge
