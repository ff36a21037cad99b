// The limits: what the owner, the BMS, its alarms and its silence allow. S2, S3 and S5 as properties.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "battery/derive.hpp"
#include "battery/model.hpp"
#include "charge/limits_control.hpp"
#include "sample.hpp"

namespace bms::charge {
namespace {

using namespace std::chrono_literals;
using test::healthy_reading;

Battery battery_of(const Reading& reading, Contact contact = Contact::fresh) {
  Battery battery;
  battery.reading = reading;
  battery.derived = battery::derive(reading);
  battery.contact = contact;
  battery.cell_count = reading.cells_v.size();
  battery.read_at = TimePoint{} + 1h;
  return battery;
}

TEST(Limits, AreTheConfiguredOnesForAHealthyBattery) {
  LimitsControl control(Config{});
  const Limits& limits = control.update(battery_of(healthy_reading()), TimePoint{} + 1h);
  EXPECT_DOUBLE_EQ(*limits.charge_voltage_v, 16 * 3.45);
  EXPECT_EQ(limits.charge_current_a, 50);
  EXPECT_EQ(limits.discharge_current_a, 60);
  EXPECT_DOUBLE_EQ(*limits.low_voltage_v, 16 * 2.9);
  EXPECT_EQ(limits.allow_charge, true);
  EXPECT_EQ(limits.charge_reason, "configured maximum");
}

TEST(Limits, TheBmsMayLowerThemButNeverRaise) {
  Reading reading = healthy_reading();
  reading.max_charge_current_a = 20;
  reading.max_discharge_current_a = 500;
  reading.max_charge_voltage_v = 54;
  LimitsControl control(Config{});
  const Limits& limits = control.update(battery_of(reading), TimePoint{} + 1h);
  EXPECT_EQ(limits.charge_current_a, 20);
  EXPECT_EQ(limits.charge_reason, "maximum of the BMS");
  EXPECT_EQ(limits.discharge_current_a, 60);
  EXPECT_EQ(limits.charge_voltage_v, 54);
}

TEST(Limits, EveryAlarmBlocksExactlyWhatItSays) {
  for (const AlarmEffect& effect : alarm_effects) {
    for (const AlarmLevel level : {AlarmLevel::ok, AlarmLevel::warning, AlarmLevel::alarm}) {
      Reading reading = healthy_reading();
      reading.alarms.raise(effect.alarm, level);
      LimitsControl control(Config{});
      const Limits& limits = control.update(battery_of(reading), TimePoint{} + 1h);
      const bool stands = level == AlarmLevel::alarm;
      EXPECT_EQ(limits.charge_current_a == 0, stands && effect.blocks_charge) << effect.name;
      EXPECT_EQ(limits.discharge_current_a == 0, stands && effect.blocks_discharge) << effect.name;
      EXPECT_EQ(limits.allow_charge, !(stands && effect.blocks_charge)) << effect.name;
    }
  }
}

TEST(Limits, AnOpenFetBlocksItsDirectionOnly) {
  Reading reading = healthy_reading();
  reading.charge_fet = false;
  LimitsControl control(Config{});
  const Limits& limits = control.update(battery_of(reading), TimePoint{} + 1h);
  EXPECT_EQ(limits.charge_current_a, 0);
  EXPECT_EQ(limits.charge_reason, "charge FET open");
  EXPECT_EQ(limits.discharge_current_a, 60);
}

TEST(Limits, ACellThatCannotBeIsNotCharged) {
  for (const double cell_v : {0.0, 4.6}) {
    Reading reading = healthy_reading();
    reading.cells_v[4] = cell_v;
    LimitsControl control(Config{});
    EXPECT_EQ(control.update(battery_of(reading), TimePoint{} + 1h).charge_current_a, 0);
  }
}

TEST(Limits, AReopenedFetStartsLowAndRisesSlowly) {
  LimitsControl control(Config{});
  TimePoint now = TimePoint{} + 1h;
  Reading closed = healthy_reading();
  Reading open = closed;
  open.charge_fet = false;
  control.update(battery_of(closed), now);
  EXPECT_EQ(control.update(battery_of(open), now += 1s).charge_current_a, 0);
  EXPECT_EQ(control.update(battery_of(closed), now += 1s).charge_current_a, 2.5);  // 5 % of 50 A
  EXPECT_EQ(control.limits().charge_reason, "rising slowly");
  const TimePoint reopened = now;
  double previous_a = 2.5;
  while (now < reopened + 200s) {
    const Limits& limits = control.update(battery_of(closed), now += 1s);
    EXPECT_GE(*limits.charge_current_a, previous_a);
    EXPECT_LE(*limits.charge_current_a, previous_a + 0.5 + 0.1);  // 1 % of 50 A per second, and the rounding step
    previous_a = *limits.charge_current_a;
  }
  EXPECT_EQ(previous_a, 50);
}

TEST(Limits, FallThroughTheStagesOfALostBms) {
  LimitsControl control(Config{});
  Battery battery = battery_of(healthy_reading());
  const TimePoint read = battery.read_at;
  control.update(battery, read);

  battery.contact = Contact::stale;
  control.update(battery, read + 10s);
  EXPECT_EQ(control.limits().charge_current_a, 0);
  EXPECT_EQ(control.limits().allow_charge, false);
  EXPECT_EQ(control.limits().discharge_current_a, 60);
  EXPECT_DOUBLE_EQ(*control.limits().charge_voltage_v, 16 * 3.375);
  EXPECT_EQ(control.next_change(battery, read + 10s), read + 30s);
  control.update(battery, read + 30s);
  EXPECT_EQ(control.limits().discharge_current_a, 30);
  EXPECT_FALSE(control.next_change(battery, read + 30s));

  battery.contact = Contact::releasing;
  control.update(battery, read + 60s);
  EXPECT_EQ(control.limits().charge_current_a, 0);
  EXPECT_EQ(control.limits().discharge_current_a, 0);
  EXPECT_TRUE(control.limits().charge_voltage_v);

  battery.contact = Contact::lost;
  control.update(battery, read + 64s);
  EXPECT_FALSE(control.limits().charge_voltage_v);
  EXPECT_FALSE(control.limits().charge_current_a);
  EXPECT_FALSE(control.limits().discharge_current_a);

  battery.contact = Contact::returning;
  battery.read_at = read + 100s;
  control.update(battery, read + 100s);
  EXPECT_EQ(control.limits().charge_current_a, 2.5);
  EXPECT_EQ(control.limits().discharge_current_a, 3);
}

// A pack that rests above float is not to be drained into the grid.
TEST(Limits, AStaleChargeVoltageStaysAboveWhereThePackRests) {
  Reading reading = healthy_reading();
  for (double& cell_v : reading.cells_v) cell_v = 3.42;
  reading.voltage_v = 16 * 3.42;
  LimitsControl control(Config{});
  Battery battery = battery_of(reading);
  control.update(battery, battery.read_at);
  battery.contact = Contact::stale;
  EXPECT_DOUBLE_EQ(*control.update(battery, battery.read_at + 10s).charge_voltage_v, 16 * 3.42);
}

/// Batteries of every kind, healthy, absurd and lost, one after the other.
class AnyBattery {
 public:
  explicit AnyBattery(unsigned seed) : random_(seed) {}

  unsigned pick(unsigned choices) { return static_cast<unsigned>(random_() % choices); }

  Battery next(TimePoint now) {
    Reading reading = healthy_reading(pick(33));
    if (pick(4) == 0) reading.voltage_v = absurd();
    if (pick(4) == 0) reading.current_a = absurd();
    if (pick(4) == 0 && !reading.cells_v.empty()) reading.cells_v[0] = absurd().value_or(0);
    reading.max_charge_current_a = absurd();
    reading.max_discharge_current_a = absurd();
    reading.max_charge_voltage_v = absurd();
    reading.charge_fet = pick(3) != 0;
    if (pick(3) == 0) reading.alarms.raise(alarm_effects[pick(alarm_count)].alarm, AlarmLevel::alarm);
    Battery battery = battery_of(reading, static_cast<Contact>(pick(6)));
    battery.read_at = now;
    return battery;
  }

 private:
  std::optional<double> absurd() {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr double values[] = {-infinity, -1e300, -1, -0.0,  0,        1e-300,
                                 3.3,       20,     54, 1e300, infinity, std::numeric_limits<double>::quiet_NaN()};
    const auto choice = pick(14);
    return choice < std::size(values) ? std::optional(values[choice]) : std::nullopt;
  }

  std::mt19937 random_;
};

/// S5: what may leave the program at all.
void expect_fit_to_leave(const Limits& limits) {
  for (const auto value : {limits.charge_voltage_v, limits.charge_current_a, limits.discharge_current_a}) {
    EXPECT_TRUE(!value || (std::isfinite(*value) && *value >= 0));
  }
  if (!limits.charge_voltage_v) return;
  EXPECT_GT(*limits.charge_voltage_v, 0);
  EXPECT_TRUE(limits.charge_current_a);
  EXPECT_TRUE(limits.discharge_current_a);
}

/// S2: what the owner, the BMS and its alarms allow.
void expect_within(const Limits& limits, const Config& config, const Battery& battery) {
  const Reading& reading = battery.reading;
  if (battery.measurements_valid()) {
    EXPECT_LE(limits.charge_voltage_v.value_or(0), static_cast<double>(battery.cell_count) * config.absorption_cell_v);
  }
  EXPECT_LE(limits.charge_current_a.value_or(0), config.max_charge_current.value);
  EXPECT_LE(limits.discharge_current_a.value_or(0), config.max_discharge_current.value);
  if (reading.max_charge_current_a > 0) {
    EXPECT_LE(limits.charge_current_a.value_or(0), *reading.max_charge_current_a);
  }
  const bool alarm = std::ranges::any_of(alarm_effects, [&](const AlarmEffect& effect) {
    return effect.blocks_charge && reading.alarms[effect.alarm] == AlarmLevel::alarm;
  });
  if (!battery.measurements_valid() || reading.charge_fet == false || alarm) {
    EXPECT_EQ(limits.charge_current_a.value_or(0), 0);
  }
}

/// S3: without measurements nothing rises.
void expect_not_risen(const Limits& limits, const Limits& before) {
  if (!before.charge_voltage_v) return;
  EXPECT_LE(limits.charge_voltage_v.value_or(0), *before.charge_voltage_v);
  EXPECT_LE(limits.charge_current_a.value_or(0), *before.charge_current_a);
  EXPECT_LE(limits.discharge_current_a.value_or(0), *before.discharge_current_a);
}

// Whatever comes in, and in whatever order, S2, S3 and S5 hold.
TEST(LimitsProperty, HoldForAnySequenceOfReadings) {
  for (unsigned run = 0; run < 300; ++run) {
    AnyBattery any(run);
    const Config config{.max_charge_current = {static_cast<double>(any.pick(300))},
                        .max_discharge_current = {static_cast<double>(any.pick(300))}};
    LimitsControl control(config);
    TimePoint now = TimePoint{} + 1h;
    Limits before;
    for (int step = 0; step < 100; ++step) {
      now += std::chrono::milliseconds(any.pick(40000));
      const Battery battery = any.next(now);
      const Limits limits = control.update(battery, now);
      expect_fit_to_leave(limits);
      expect_within(limits, config, battery);
      if (!battery.measurements_valid()) expect_not_risen(limits, before);
      before = limits;
    }
  }
}

}  // namespace
}  // namespace bms::charge
