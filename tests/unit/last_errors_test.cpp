// The errors of the page "Diagnostics": each once, dated, and kept.
#include "battery/last_errors.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "estimator_fixture.hpp"

namespace bms::battery {
namespace {

using enum Alarm;

Alarms raised(std::initializer_list<Alarm> which, AlarmLevel level = AlarmLevel::alarm) {
  Alarms alarms;
  for (const Alarm alarm : which) alarms.raise(alarm, level);
  return alarms;
}

std::vector<int> codes(const Kept& kept) {
  std::vector<int> result;
  for (const auto& error : last_errors(kept))
    if (error) result.push_back(error->code);
  return result;
}

TEST(LastErrors, AreNotedOnceEachTheNewestFirst) {
  Kept kept;
  note_errors(kept, {}, 1000);
  EXPECT_EQ(codes(kept), std::vector<int>{});
  for (int i = 0; i < 5; ++i) note_errors(kept, raised({high_cell_voltage}), 2000 + i);
  EXPECT_EQ(last_errors(kept)[0], (DatedError{.code = 13, .unix_s = 2000}));
  note_errors(kept, {}, 3000);
  note_errors(kept, raised({bms_cable}), 4000);
  note_errors(kept, raised({bms_cable, contactor}), std::nullopt);
  EXPECT_EQ(codes(kept), (std::vector{20, 32, 13}));
  EXPECT_EQ(last_errors(kept)[0]->unix_s, std::nullopt) << "the clock was not set";
  EXPECT_EQ(last_errors(kept)[1]->unix_s, 4000);
  note_errors(kept, {}, 5000);
  note_errors(kept, raised({low_cell_voltage}), 6000);
  note_errors(kept, {}, 7000);
  note_errors(kept, raised({high_internal_temperature}), 8000);
  EXPECT_EQ(codes(kept), (std::vector{15, 14, 20, 32})) << "four of them";
}

TEST(LastErrors, WarningsAndWhatVenusHasNoNumberForAreNone) {
  Kept kept;
  for (const AlarmEffect& effect : alarm_effects) {
    note_errors(kept, raised({effect.alarm}, AlarmLevel::warning), 1);
    note_errors(kept, {}, 1);
    EXPECT_EQ(codes(kept), std::vector<int>{}) << effect.name;
  }
  note_errors(kept, raised({low_soc, cell_imbalance, state_of_health}), 1);
  EXPECT_EQ(codes(kept), std::vector<int>{});
  EXPECT_EQ(kept.shut_downs, 0);
}

TEST(LastErrors, OneThingUnderTwoNamesIsOneError) {
  Kept kept;
  note_errors(kept, raised({high_cell_voltage, high_voltage}), 1);
  EXPECT_EQ(codes(kept), (std::vector{13}));
  note_errors(kept, raised({high_voltage}), 2);
  note_errors(kept, raised({high_cell_voltage, high_voltage}), 3);
  EXPECT_EQ(codes(kept), (std::vector{13}));
}

TEST(LastErrors, CountWhatEndedChargingOrDischarging) {
  Kept kept;
  note_errors(kept, raised({temperature_sensor}), 1);
  EXPECT_EQ(kept.shut_downs, 0);
  note_errors(kept, raised({temperature_sensor, high_cell_voltage, low_voltage}), 1);
  EXPECT_EQ(kept.shut_downs, 1) << "at once";
  note_errors(kept, raised({bms_cable}), 1);
  EXPECT_EQ(kept.shut_downs, 2);
}

class LastErrorsOfABattery : public EstimatorTest {};

TEST_F(LastErrorsOfABattery, AreDatedByTheDriversClockAndOutliveARestart) {
  external.unix_s = 1'750'000'000;
  frame(0);
  reading().alarms.set(high_cell_voltage, AlarmLevel::alarm);
  run(3);
  ASSERT_TRUE(battery.history.last_errors[0]);
  EXPECT_EQ(*battery.history.last_errors[0], (DatedError{.code = 13, .unix_s = 1'750'000'000}));
  external.unix_s = 1'750'009'000;
  const Kept kept = estimator.kept();
  estimator = Estimator(config);
  estimator.restore(kept, 60);
  frame(0);
  run(100);
  EXPECT_FALSE(battery.history.last_errors[1]) << "it is still the same one";
  EXPECT_EQ(battery.history.shut_downs, 1);
}

TEST_F(LastErrorsOfABattery, AnOutageIsOne) {
  external.unix_s = 1'750'000'000;
  frame(0);
  run(5);
  for (const Contact contact : {Contact::stale, Contact::releasing, Contact::lost}) {
    battery.contact = contact;
    estimator.contact_changed(battery, external);
  }
  EXPECT_EQ(battery.history.last_errors[0]->code, 32);
  battery.contact = Contact::returning;
  run(3);
  battery.contact = Contact::fresh;
  run(100);
  EXPECT_FALSE(battery.history.last_errors[1]);
  estimator.clear_history(battery, HistoryGroup::all);
  EXPECT_TRUE(battery.history.last_errors[0]) << "what happened has happened";
}

TEST_F(LastErrorsOfABattery, AreShownWithoutAHistoryOfOurs) {
  config.history = false;
  configure();
  frame(0);
  reading().alarms.set(contactor, AlarmLevel::alarm);
  run(3);
  EXPECT_EQ(battery.history.last_errors[0]->code, 20);
}

}  // namespace
}  // namespace bms::battery
