// What people read about a charge: mode and reasons, in words and in numbers, that never contradict each other.
#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <utility>

#include "charge/staleness.hpp"
#include "charge/texts.hpp"
#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

TEST(ChargeTexts, AnAlarmThatStopsChargingIsTheMode) {
  Driven run;
  ASSERT_TRUE(run.steps_until(ChargeState::absorption, even_frame(3.445, 20), 2000));
  run.steps(even_frame(3.445, 20), 20);
  Sample sample = even_frame(3.445, 0);
  sample.bms_alarms.raise(Alarm::high_cell_voltage, AlarmLevel::alarm);
  const Limits& limits = run.step(sample);
  EXPECT_EQ(limits.charge_current_a, 0);
  EXPECT_EQ(limits.charge_mode, "Absorption, no charging: high cell voltage");
  EXPECT_EQ(limits.charge_reason, "high cell voltage");
  EXPECT_EQ(limits.charge_code, LimitReason::alarm);
  EXPECT_EQ(limits.summary, "Absorption; no charging: high cell voltage");
}

TEST(ChargeTexts, WhatTheOwnerSwitchedOffSaysByWhichSwitch) {
  Driven run;
  run.steps(even_frame(), 60);
  EXPECT_EQ(run.last.limits.summary, "Bulk");
  run.config.discharge_blocked = true;
  EXPECT_EQ(run.step(even_frame(), 0).summary, "Bulk; no discharging: \"Discharging allowed\" is off") << "at once";
  EXPECT_EQ(run.last.limits.discharge_reason, "blocked by the user");
  run.config.charge_blocked = true;
  EXPECT_EQ(run.step(even_frame(), 0).summary, "Blocked; no charging or discharging: both switches are off");
  EXPECT_EQ(run.last.limits.charge_mode, "Blocked by the user");
  run.config.discharge_blocked = false;
  EXPECT_EQ(run.step(even_frame(), 0).summary,
            "Blocked; no charging: \"Charging allowed\" is off; no discharging: rising slowly");
  run.config.charge_blocked = false;
  run.steps(even_frame(), 400);
  EXPECT_EQ(run.last.limits.summary, "Bulk");
}

TEST(ChargeTexts, ALimitOnItsWayUpFromNothingSaysSo) {
  Driven run;
  run.steps(even_frame(), 60);
  run.config.charge_blocked = true;
  run.step(even_frame());
  run.config.charge_blocked = false;
  const Limits& limits = run.step(even_frame());
  ASSERT_EQ(limits.charge_current_a, 0);
  EXPECT_EQ(limits.charge_code, LimitReason::rising);
  EXPECT_EQ(limits.charge_reason, "rising slowly");
  EXPECT_EQ(limits.charge_mode, "Bulk, no charging: rising slowly");
}

TEST(ChargeTexts, ALimitThatIsOnlyRoundedDownNamesItsSource) {
  Driven run;
  run.config.integer_amps = true;
  run.config.max_charge_current = {0.7};
  run.steps(even_frame(), 60);
  ASSERT_EQ(run.last.limits.charge_current_a, 0);
  EXPECT_EQ(run.last.limits.charge_code, LimitReason::configured);
}

TEST(ChargeTexts, WhatLimitsThoughItShouldNotIsSaid) {
  Driven run;
  Sample cold = even_frame();
  cold.temperatures_c = {2};
  run.steps(cold, 60);
  EXPECT_EQ(run.last.limits.summary, "Bulk; charging and discharging limited: temperature");
  Sample blind = even_frame();
  blind.temperatures_c.clear();
  Driven other;
  other.steps(blind, 60);
  EXPECT_EQ(other.last.limits.summary, "Bulk; charging and discharging limited: no temperature sensor");
  EXPECT_EQ(other.last.limits.charge_code, LimitReason::no_sensor);
}

TEST(ChargeTexts, ATextStaysLongEnoughToBeRead) {
  Driven run;
  run.steps(even_frame(), 60);
  int changes = 0;
  for (int second = 0; second < 100; ++second) {
    Sample sample = even_frame();
    sample.temperatures_c = {second % 2 == 0 ? 25.0 : 2.0};
    const ShortText before = run.last.limits.charge_reason;
    run.step(sample);
    if (!(run.last.limits.charge_reason == before)) ++changes;
  }
  EXPECT_GE(changes, 1);
  EXPECT_LE(changes, 20);
}

TEST(ChargeTexts, EverySourceHasItsNumber) {
  std::set<std::string_view> names;
  for (unsigned code = 0; code < limit_reason_count; ++code)
    EXPECT_TRUE(names.insert(name_of(static_cast<LimitReason>(code))).second) << code;
  EXPECT_EQ(name_of(LimitReason::cut_off), "lowest cell is empty");
}

TEST(ChargeTexts, TheLongestSummaryIsWhole) {
  // An alarm with the longest name on one side, the owner's switch on the other.
  for (const AlarmEffect& effect : alarm_effects) {
    if (!effect.blocks_charge && !effect.blocks_discharge) continue;
    for (const auto& [charge, discharge] : {std::pair(false, false), std::pair(true, false), std::pair(false, true)}) {
      Driven run;
      ASSERT_TRUE(run.steps_until(ChargeState::absorption, even_frame(3.445, 20), 2000));
      run.config.charge_blocked = charge;
      run.config.discharge_blocked = discharge;
      Sample sample = even_frame(3.445, 0);
      sample.bms_alarms.raise(effect.alarm, AlarmLevel::alarm);
      const std::string_view summary = run.step(sample).summary;
      const std::string_view words[] = {effect.name, "\"Charging allowed\" is off", "\"Discharging allowed\" is off"};
      EXPECT_TRUE(std::ranges::any_of(words, [&](auto word) { return summary.ends_with(word); })) << summary;
    }
  }
}

TEST(ChargeTexts, AnEmptyBatteryAsksForCharge) {
  Driven run;
  run.steps(even_frame(3.0, -20), 60);
  EXPECT_EQ(run.last.limits.charge_request, false);
  run.steps(even_frame(2.75, -20), 60);
  ASSERT_EQ(run.last.limits.discharge_current_a, 0);
  EXPECT_EQ(run.last.limits.charge_request, true);
  EXPECT_EQ(run.last.limits.discharge_code, LimitReason::cut_off);
  EXPECT_EQ(run.last.limits.summary, "Bulk; no discharging: lowest cell is empty");
  Driven other;
  Sample sample = even_frame();
  sample.bms_alarms.raise(Alarm::low_cell_voltage, AlarmLevel::alarm);
  EXPECT_EQ(other.step(sample).charge_request, true);
}

struct Silent {
  Contact contact;
  double kept_charge_c;
  const char* mode;
  const char* summary;
  LimitReason code;
};

TEST(ChargeTexts, SilenceHasWordsForEachStage) {
  const Silent stages[] = {
      {Contact::stale, 0, "Blocked, BMS does not answer", "BMS does not answer; no charging", LimitReason::silent},
      {Contact::kept, 0, "BMS lost, no charging", "BMS lost; no charging", LimitReason::lost},
      {Contact::kept, 0.05, "BMS lost, kept with small limits", "BMS lost, kept with small limits", LimitReason::lost},
      {Contact::releasing, 0, "Blocked, BMS lost", "BMS lost; no charging or discharging", LimitReason::lost},
      {Contact::lost, 0, "Blocked, BMS lost", "BMS lost; no charging or discharging", LimitReason::lost},
  };
  for (const Silent& stage : stages) {
    Driven run;
    run.steps(even_frame(3.30, 10), 60);
    run.config.kept_charge_c = stage.kept_charge_c;
    const Limits limits = without_contact(run.config, run.state, stage.contact, 20);
    EXPECT_EQ(limits.charge_mode, stage.mode);
    EXPECT_EQ(limits.summary, stage.summary);
    EXPECT_EQ(limits.charge_code, stage.code);
    EXPECT_EQ(limits.charge_reason, name_of(stage.code));
    EXPECT_EQ(limits.state == ChargeState::blocked, limits.charge_current_a.value_or(0) == 0) << stage.mode;
  }
  Driven run;
  run.steps(even_frame(), 60);
  (void)without_contact(run.config, run.state, Contact::stale, 20);
  returning(run.state);
  EXPECT_EQ(run.step(even_frame(), 2).summary, "BMS answers again, limits rise slowly");
  EXPECT_EQ(run.steps(even_frame(), 400).summary, "Bulk");
}

}  // namespace
}  // namespace bms::charge
