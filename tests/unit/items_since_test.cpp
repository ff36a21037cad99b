// Since when a battery is in its state, its limits have their reasons and its alarms are raised.
#include <gtest/gtest.h>

#include <optional>

#include "items_sample.hpp"

namespace bms::items {
namespace {

using namespace test;

Battery without_alarms() {
  Battery battery = sample();
  battery.alarms.set(Alarm::low_cell_voltage, AlarmLevel::ok);
  return battery;
}

Limits as_configured() {
  Limits said = limits();
  said.state = ChargeState::bulk;
  said.charge_code = said.discharge_code = LimitReason::configured;
  return said;
}

class SinceWhenShown : public testing::Test {
 protected:
  ServiceFacts facts_with_clock() {
    ServiceFacts all = facts();
    all.clock = [this] { return Moment{.running_s = running_s, .unix_s = unix_s}; };
    return all;
  }
  /// Seconds after the start, and what the clock on the wall says then.
  void update_at(double after_s, std::optional<double> time_s) {
    running_s = after_s;
    unix_s = time_s;
    shown.battery = battery;
    shown.update(battery.contact, said);
  }
  void update_at(double time_s) { update_at(time_s - start_s, time_s); }

  static constexpr double start_s = 1'764'430'000;
  Battery battery = without_alarms();
  Limits said = as_configured();
  double running_s = 0;
  std::optional<double> unix_s = start_s;
  Shown shown{battery, said, facts_with_clock()};
};

constexpr std::int32_t second(int after) { return 1'764'430'000 + after; }

TEST_F(SinceWhenShown, ChangesWithTheReasonAlone) {
  update_at(start_s + 10);
  EXPECT_EQ(shown["/Info/ChargeStateSince"], Value{second(0)});
  EXPECT_EQ(shown["/Info/ChargeLimitationSince"], Value{second(0)});
  EXPECT_EQ(shown["/Info/DischargeLimitationSince"], Value{second(0)});

  said.charge_code = LimitReason::highest_cell;
  said.charge_reason = "highest cell 3.462 V";
  update_at(start_s + 20);
  said.charge_reason = "highest cell 3.470 V";
  update_at(start_s + 30);
  EXPECT_EQ(shown["/Info/ChargeLimitationSince"], Value{second(20)});
  EXPECT_EQ(shown["/Info/DischargeLimitationSince"], Value{second(0)});
  EXPECT_EQ(shown["/Info/ChargeStateSince"], Value{second(0)});

  said.state = ChargeState::absorption;
  said.discharge_code = LimitReason::cut_off;
  update_at(start_s + 40);
  EXPECT_EQ(shown["/Info/ChargeStateSince"], Value{second(40)});
  EXPECT_EQ(shown["/Info/DischargeLimitationSince"], Value{second(40)});
  EXPECT_EQ(shown["/Info/ChargeLimitationSince"], Value{second(20)});
}

TEST_F(SinceWhenShown, IsSaidOfEachAlarm) {
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{""});
  battery.alarms.set(Alarm::low_soc, AlarmLevel::warning);
  update_at(start_s + 10);
  battery.alarms.set(Alarm::high_cell_voltage, AlarmLevel::warning);
  update_at(start_s + 20);
  EXPECT_EQ(shown["/Info/AlarmCodes"], Value{"HighCellVoltage:1:0:0;LowSoc:1:0:0"});
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{"1764430020;1764430010"});
  // Another level is the same alarm.
  battery.alarms.set(Alarm::low_soc, AlarmLevel::alarm);
  update_at(start_s + 30);
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{"1764430020;1764430010"});
  battery.alarms.set(Alarm::low_soc, AlarmLevel::ok);
  update_at(start_s + 40);
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{"1764430020"});
  battery.alarms.set(Alarm::low_soc, AlarmLevel::alarm);
  update_at(start_s + 50);
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{"1764430020;1764430050"});
}

TEST_F(SinceWhenShown, IsThatOfTheAlarmThatIsBelieved) {
  battery.alarms.set(Alarm::low_soc, AlarmLevel::warning);
  update_at(start_s + 10);
  battery.contact = Contact::lost;
  battery.alarms.set(Alarm::bms_cable, AlarmLevel::alarm);
  update_at(start_s + 20);
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{"1764430020"});
  battery.contact = Contact::fresh;
  update_at(start_s + 30);
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{"1764430030;1764430020"});
}

TEST_F(SinceWhenShown, IsUnknownUntilTheClockIsSet) {
  said.charge_code = LimitReason::highest_cell;
  battery.alarms.set(Alarm::low_soc, AlarmLevel::warning);
  update_at(10, std::nullopt);
  EXPECT_EQ(shown["/Info/ChargeLimitationSince"], invalid);
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{"0"});
  update_at(25, start_s + 25);
  EXPECT_EQ(shown["/Info/ChargeLimitationSince"], Value{second(10)});
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{"1764430010"});
}

TEST_F(SinceWhenShown, IsPutRightWithTheClock) {
  said.charge_code = LimitReason::highest_cell;
  update_at(10, start_s - 1e6);  // the day of the firmware
  EXPECT_EQ(shown["/Info/ChargeLimitationSince"], Value{second(-1'000'000)});
  update_at(20, start_s + 20.9);
  EXPECT_EQ(shown["/Info/ChargeLimitationSince"], Value{second(10)});
  // A clock that is nudged, as all are, makes no other time of it.
  update_at(30, start_s + 35);
  update_at(40, start_s + 12);
  EXPECT_EQ(shown["/Info/ChargeLimitationSince"], Value{second(10)});
}

TEST(SinceWhenNobodyHasAClock, NothingIsSaid) {
  const Shown shown;
  EXPECT_EQ(shown["/Info/ChargeStateSince"], invalid);
  EXPECT_EQ(shown["/Info/ChargeLimitationSince"], invalid);
  EXPECT_EQ(shown["/Info/AlarmsSince"], Value{"0"});
}

TEST(FailedPolls, AreShownInWholePercentOfABoardAlone) {
  Battery battery = sample();
  battery.failed_polls_share = 0.0333;
  EXPECT_EQ(Shown{battery}["/Info/Link/FailedPolls"], Value{3.0});
  battery.failed_polls_share = 0.003;
  EXPECT_EQ(Shown{battery}["/Info/Link/FailedPolls"], Value{0.0});
  const BankView packs;
  ServiceFacts bank = facts();
  bank.who.bank = &packs;
  EXPECT_FALSE((Shown{battery, limits(), bank}).items.tree().find("/Info/Link/FailedPolls"));
}

}  // namespace
}  // namespace bms::items
