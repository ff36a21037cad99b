// What owners see and touch on the stock pages of Venus OS without a page of our own.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "items/alarm_paths.hpp"
#include "items/user_settings.hpp"
#include "items_sample.hpp"

namespace bms::items {
namespace {

using namespace test;

struct Switch {
  const char* name;
  const char* path;
  const char* setting;
  std::optional<bool> UserSettings::* blocked;
  bool UserBounds::* bound;
};

class ScreenSwitch : public testing::TestWithParam<Switch> {
 protected:
  ScreenSwitch() { listen(shown); }

  void listen(Shown& to) {
    to.items.on_written({.user_settings = [this](const UserSettings& user) { heard.push_back(user); }});
  }
  [[nodiscard]] std::string at(const char* leaf) const { return std::string(GetParam().path) + leaf; }
  SetResult write(const std::string& path, const Incoming& value) {
    return shown.items.tree().write(*shown.items.tree().find(path), value);
  }
  void expect_allowed(bool allowed) {
    EXPECT_EQ(shown[at("/State")], Value{allowed ? 1 : 0});
    EXPECT_EQ(shown[at("/Status")], Value{allowed ? 9 : 0});
    EXPECT_EQ(shown[GetParam().setting], Value{allowed ? 0 : 1});
  }

  std::vector<UserSettings> heard;
  Shown shown;
};

TEST_P(ScreenSwitch, IsWhatTheQuickAccessPaneShows) {
  EXPECT_EQ(shown[at("/Name")], Value{GetParam().name});
  EXPECT_EQ(shown[at("/Settings/Type")], Value{1});
  EXPECT_EQ(shown[at("/Settings/ValidTypes")], Value{0b10});
  EXPECT_EQ(shown[at("/Settings/ShowUIControl")], Value{1});
  EXPECT_EQ(shown[at("/Settings/CustomName")], Value{""});
  EXPECT_EQ(shown[at("/Settings/Group")], Value{""});
  expect_allowed(true);
}

TEST_P(ScreenSwitch, IsTheOtherSideOfTheSetting) {
  EXPECT_EQ(write(at("/State"), std::int64_t{0}), SetResult::accepted);
  expect_allowed(false);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard.back().*GetParam().blocked, true);
  EXPECT_EQ(write(at("/State"), std::int64_t{1}), SetResult::accepted);
  expect_allowed(true);
  EXPECT_FALSE((heard.back().*GetParam().blocked).value_or(false));

  EXPECT_EQ(write(GetParam().setting, std::int64_t{1}), SetResult::accepted);
  expect_allowed(false);
  EXPECT_EQ(write(GetParam().setting, std::int64_t{0}), SetResult::accepted);
  expect_allowed(true);

  UserSettings stored;
  stored.*GetParam().blocked = true;
  shown.items.set_user_settings(stored);
  expect_allowed(false);
  shown.update(Contact::lost);
  expect_allowed(false);
  shown.items.set_user_settings({});
  expect_allowed(true);
}

TEST_P(ScreenSwitch, TakesNothingElse) {
  for (const Incoming& wrong : {Incoming{std::int64_t{2}}, Incoming{std::int64_t{-1}}, Incoming{}})
    EXPECT_EQ(write(at("/State"), wrong), SetResult::refused);
  for (const Incoming& wrong : {Incoming{"1"}, Incoming{0.5}, Incoming{nan}})
    EXPECT_EQ(write(at("/State"), wrong), SetResult::not_writable);
  for (const char* fixed : {"/Name", "/Status", "/Settings/Type", "/Settings/ShowUIControl"})
    EXPECT_EQ(write(at(fixed), std::int64_t{0}), SetResult::not_writable) << fixed;
  EXPECT_TRUE(heard.empty());
  expect_allowed(true);
}

TEST_P(ScreenSwitch, CannotUndoWhatTheConfigurationBlocks) {
  UserBounds blocked = bounds();
  blocked.*GetParam().bound = true;
  BatteryItems items{facts(), sample(), blocked};
  items.on_written({.user_settings = [this](const UserSettings& user) { heard.push_back(user); }});
  ItemTree& tree = items.tree();
  const auto state = *tree.find(at("/State"));
  const auto setting = *tree.find(GetParam().setting);
  EXPECT_EQ(tree[state].value, Value{0});
  EXPECT_EQ(tree[setting].value, Value{1});
  EXPECT_EQ(tree.write(state, std::int64_t{1}), SetResult::refused);
  EXPECT_EQ(tree.write(setting, std::int64_t{0}), SetResult::refused);
  EXPECT_EQ(tree[state].value, Value{0});
  EXPECT_TRUE(heard.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Both, ScreenSwitch,
    testing::Values(Switch{"Charging allowed", "/SwitchableOutput/1", "/Settings/ChargeBlocked",
                           &UserSettings::charge_blocked, &UserBounds::charge_blocked},
                    Switch{"Discharging allowed", "/SwitchableOutput/2", "/Settings/DischargeBlocked",
                           &UserSettings::discharge_blocked, &UserBounds::discharge_blocked}),
    [](const auto& one) { return one.param.path[sizeof("/SwitchableOutput/") - 1] == '1' ? "charge" : "discharge"; });

TEST(VenusScreen, SaysModeAndReasonsInTwoLinesAndAsNumbers) {
  Limits said = limits();
  said.summary = "Bulk; no discharging: \"Discharging allowed\" is off";
  said.charge_code = LimitReason::highest_cell;
  said.discharge_code = LimitReason::blocked_by_user;
  const Shown shown{sample(), said};
  EXPECT_EQ(shown["/ConnectionInformation"], Value{"Bulk; no discharging: \"Discharging allowed\" is off"});
  EXPECT_EQ(shown["/Info/ChargeLimitationCode"], Value{9});
  EXPECT_EQ(shown["/Info/DischargeLimitationCode"], Value{5});
  EXPECT_EQ(shown["/Info/ChargeRequest"], invalid);
  for (const bool asks : {false, true}) {
    said.charge_request = asks;
    EXPECT_EQ((Shown{sample(), said})["/Info/ChargeRequest"], Value{asks ? 1 : 0});
  }
}

TEST(VenusScreen, SaysWhatTheBalancerDoes) {
  Battery battery = sample();
  EXPECT_EQ(Shown{battery}["/Balancer/Status"], Value{2});
  battery.reading.balancing->reset();
  EXPECT_EQ(Shown{battery}["/Balancer/Status"], Value{1});
  battery.alarms.set(Alarm::cell_imbalance, AlarmLevel::warning);
  EXPECT_EQ(Shown{battery}["/Balancer/Status"], Value{3});
  battery.alarms.set(Alarm::cell_imbalance, AlarmLevel::ok);
  battery.reading.balancing.reset();
  EXPECT_EQ(Shown{battery}["/Balancer/Status"], Value{0});
  Shown shown;
  shown.update(Contact::stale);
  EXPECT_EQ(shown["/Balancer/Status"], invalid);
}

TEST(VenusScreen, ShowsTheLastErrorsWithTheirDates) {
  Battery battery = sample();
  EXPECT_EQ(Shown{battery}["/Diagnostics/LastErrors/1/Error"], invalid) << "no page without an error";
  battery.history.last_errors[0] = {.code = 32, .unix_s = 1'750'000'000};
  battery.history.last_errors[1] = {.code = 13, .unix_s = std::nullopt};
  battery.history.shut_downs = 7;
  Shown shown{battery};
  shown.update(Contact::lost);
  EXPECT_EQ(shown["/Diagnostics/LastErrors/1/Error"], Value{32});
  EXPECT_EQ(shown["/Diagnostics/LastErrors/1/Time"], Value{1'750'000'000});
  EXPECT_EQ(shown["/Diagnostics/LastErrors/2/Error"], Value{13});
  EXPECT_EQ(shown["/Diagnostics/LastErrors/2/Time"], invalid);
  EXPECT_EQ(shown["/Diagnostics/LastErrors/4/Error"], invalid);
  EXPECT_EQ(shown["/Diagnostics/ShutDownsDueError"], Value{7});
}

TEST(VenusScreen, HasAPageForEachUnitOfASystem) {
  EXPECT_TRUE(Shown{}.items.tree().below("/Diagnostics/Module0").empty()) << "one board has no modules";
  Battery battery = sample();
  battery.reading.modules = 3;
  const auto high = static_cast<std::size_t>(Alarm::high_cell_voltage);
  battery.alarms.set(Alarm::high_cell_voltage, AlarmLevel::alarm);
  battery.alarm_sources[high] = {.cause = AlarmCause::cell, .number = 20, .units = 0b101};
  battery.alarms.set(Alarm::contactor, AlarmLevel::alarm);
  Shown shown{battery};
  EXPECT_EQ(shown["/Diagnostics/Module0/Id"], Value{"Unit 1"});
  EXPECT_EQ(shown["/Diagnostics/Module2/Id"], Value{"Unit 3"});
  EXPECT_FALSE(shown.items.tree().find("/Diagnostics/Module3/Id"));
  EXPECT_EQ(shown["/Diagnostics/Module0/Alarms/HighCellVoltage"], Value{2});
  EXPECT_EQ(shown["/Diagnostics/Module1/Alarms/HighCellVoltage"], Value{0});
  EXPECT_EQ(shown["/Diagnostics/Module2/Alarms/HighCellVoltage"], Value{2});
  EXPECT_EQ(shown["/Diagnostics/Module1/Alarms/HighTemperature"], Value{0});
  EXPECT_EQ(shown["/Diagnostics/Module1/Alarms/Contactor"], invalid) << "nobody knows which unit it is";
  shown.update(Contact::lost);
  EXPECT_EQ(shown["/Diagnostics/Module0/Alarms/HighCellVoltage"], invalid);
}

TEST(VenusScreen, HasAPageForAsManyUnitsAsVenusLooksAt) {
  Battery battery = sample();
  battery.reading.modules = 16;
  const Shown shown{battery};
  EXPECT_EQ(shown["/Diagnostics/Module9/Id"], Value{"Unit 10"});
  EXPECT_FALSE(shown.items.tree().find("/Diagnostics/Module10/Id"));
}

TEST(VenusScreen, ShowsTheTextOfTheBoardOnOneRow) {
  ServiceFacts said = facts();
  for (const bool hardware : {false, true}) {
    said.who.model_is_hardware = hardware;
    const Shown shown{sample(), limits(), said};
    EXPECT_EQ(shown["/DeviceName"], hardware ? invalid : Value{"SP04S"});
    EXPECT_EQ(shown["/HardwareVersion"], hardware ? Value{"SP04S"} : invalid);
  }
}

struct SocChoice {
  int source;
  bool bms_takes_soc, settable;
};

TEST(VenusScreen, OffersToSetTheSocOnlyWhereThatWorks) {
  constexpr SocChoice choices[] = {
      {0, true, true}, {0, false, false}, {1, false, true}, {1, true, true}, {2, true, false}};
  for (const SocChoice& choice : choices) {
    SCOPED_TRACE(choice.source * 10 + (choice.bms_takes_soc ? 1 : 0));
    ServiceFacts said = facts();
    said.who.bms_takes_soc = choice.bms_takes_soc;
    Shown shown{sample(), limits(), said};
    UserSettings user;
    user.soc_source = choice.source;
    shown.items.set_user_settings(user);
    shown.update(Contact::fresh);
    EXPECT_EQ(shown["/Settings/Soc"], choice.settable ? Value{51.0} : invalid);
  }
}

TEST(VenusScreen, NothingThatIsSetIsMinusNothing) {
  Shown shown;
  std::vector<double> said;
  shown.items.on_written({.soc = [&said](double soc_pct) {
    said.push_back(soc_pct);
    return true;
  }});
  ItemTree& tree = shown.items.tree();
  EXPECT_EQ(tree.write(*tree.find("/Settings/Soc"), -0.0), SetResult::accepted);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_FALSE(std::signbit(said.front()));
}

}  // namespace
}  // namespace bms::items
