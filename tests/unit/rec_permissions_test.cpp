// What errors and thresholds of REC units raise and forbid.
#include <gtest/gtest.h>

#include <set>

#include "rec/rec_errors.hpp"
#include "rec_fixture.hpp"

namespace bms::rec {
namespace {

using RecPermissions = RecPoll;

TEST_F(RecPermissions, TellsWhatTheUnitWouldLimit) {
  const Reading reading = polls(polls_to_know_everything);
  EXPECT_DOUBLE_EQ(reading.max_charge_voltage_v.value(), 4 * 3.58);
  EXPECT_DOUBLE_EQ(reading.max_charge_current_a.value(), 140) << "two devices of 70 A, less than 0.6 C of 450 Ah";
  EXPECT_DOUBLE_EQ(reading.max_discharge_current_a.value(), 240);
  EXPECT_EQ(current_limit(2, 70, 0.2, 450), 90);
  EXPECT_EQ(current_limit({}, 70, 0.2, 450), 90);
  EXPECT_EQ(current_limit(2, 70, {}, 450), 140);
  EXPECT_EQ(current_limit({}, 70, 0.2, {}), std::nullopt);
}

TEST_F(RecPermissions, EveryErrorReachesItsAlarmsAndPermissionsAndNoOther) {
  for (unsigned number = 0; number <= 255; ++number) {
    unit.error = {1, 1, static_cast<std::uint8_t>(number), 7};
    const Reading reading = poll().value();
    const ErrorRule rule = rule_for(static_cast<std::uint8_t>(number), unit.current_a);
    EXPECT_EQ(reading.charge_fet, rule.allows_charge) << number;
    EXPECT_EQ(reading.discharge_fet, rule.allows_discharge) << number;
    EXPECT_EQ(reading.raw_protection, 0x01010007U | number << 8U);
    for (const AlarmEffect& effect : alarm_effects) {
      const bool raised = std::ranges::find(rule.alarms, std::optional(effect.alarm)) != rule.alarms.end();
      if (raised) {
        EXPECT_EQ(reading.alarms[effect.alarm], rule.level) << number << effect.name;
      } else {
        EXPECT_LE(reading.alarms[effect.alarm].value_or(AlarmLevel::ok), AlarmLevel::ok) << number << effect.name;
      }
    }
  }
  unit.error = {0, 1, 4, 2};
  const Reading healthy = poll().value();
  EXPECT_EQ(healthy.alarms[Alarm::high_temperature], AlarmLevel::ok) << "the flag decides";
  EXPECT_EQ(healthy.raw_protection, 0U);
}

TEST_F(RecPermissions, AnErrorOfTheCurrentGoesByItsDirection) {
  unit.error = {1, 1, 17, 0};
  EXPECT_EQ(poll()->alarms[Alarm::high_charge_current], AlarmLevel::alarm);
  unit.current_a = -80;
  EXPECT_EQ(poll()->alarms[Alarm::high_discharge_current], AlarmLevel::alarm);
}

TEST_F(RecPermissions, DeclaresExactlyTheAlarmsThatAUnitCanRaise) {
  const Alarms alarms = poll()->alarms;
  std::set<Alarm> known{Alarm::high_charge_current, Alarm::high_discharge_current};
  for (const ErrorRule& rule : error_rules)
    for (const auto& alarm : rule.alarms)
      if (alarm) known.insert(*alarm);
  for (const AlarmEffect& effect : alarm_effects)
    EXPECT_EQ(alarms[effect.alarm].has_value(), known.contains(effect.alarm)) << effect.name;
}

TEST_F(RecPermissions, ThresholdsForbidWithoutAnError) {
  polls(polls_to_know_everything);
  unit.cells = {{3.31, 3.32, 3.85, 3.7}};
  EXPECT_EQ(poll()->charge_fet, false) << "CMAX";
  EXPECT_EQ(poll()->alarms[Alarm::high_cell_voltage], AlarmLevel::alarm);
  unit.cells = {{3.5, 3.6, 3.61, 3.6}};
  EXPECT_EQ(poll()->charge_fet, false) << "MAXH below it";
  EXPECT_EQ(poll()->alarms[Alarm::high_cell_voltage], AlarmLevel::ok) << "but no longer an alarm";
  unit.cells = {{3.5, 3.59, 3.59, 3.59}};
  EXPECT_EQ(poll()->charge_fet, true);

  unit.cells = {{2.8, 2.95, 2.95, 2.95}};
  EXPECT_EQ(poll()->discharge_fet, false) << "CMIN";
  EXPECT_EQ(poll()->charge_fet, true);
  unit.cells = {{2.89, 2.95, 2.95, 2.95}};
  EXPECT_EQ(poll()->discharge_fet, false) << "MINH";
  EXPECT_EQ(poll()->alarms[Alarm::low_cell_voltage], AlarmLevel::warning) << "CLOW";
  unit.cells = {{2.91, 2.95, 2.95, 2.95}};
  EXPECT_EQ(poll()->discharge_fet, true);
  EXPECT_EQ(poll()->alarms[Alarm::low_cell_voltage], AlarmLevel::ok);

  unit.cells = {{3.0, 3.3, 3.3, 3.3}};
  EXPECT_EQ(poll()->alarms[Alarm::cell_imbalance], AlarmLevel::warning) << "RAZL";
}

TEST_F(RecPermissions, TemperaturesForbidCharging) {
  polls(polls_to_know_everything);
  unit.hottest_c = 56;
  EXPECT_EQ(poll()->charge_fet, false) << "TMAX, at once though sensors are told every ten polls";
  EXPECT_EQ(poll()->discharge_fet, true) << "the unit decides";
  unit.hottest_c = 54;
  EXPECT_EQ(poll()->charge_fet, false) << "2 K";
  unit.hottest_c = 52;
  EXPECT_EQ(poll()->charge_fet, true);
  unit.temperatures = {{-11, 21}};
  const Reading cold = polls(10);
  EXPECT_EQ(cold.charge_fet, false) << "TMIN";
  EXPECT_EQ(cold.alarms[Alarm::low_charge_temperature], AlarmLevel::alarm);
}

TEST_F(RecPermissions, SettingsThatCannotBeAreNotGoneBy) {
  unit.texts["CMAX"] = "3.0e-2";
  unit.texts["TMIN"] = "9.9e1";
  unit.texts["CAPA"] = "0";
  const Reading reading = polls(polls_to_know_everything);
  EXPECT_EQ(reading.charge_fet, true);
  EXPECT_EQ(reading.design_capacity_ah, std::nullopt);
}

}  // namespace
}  // namespace bms::rec
