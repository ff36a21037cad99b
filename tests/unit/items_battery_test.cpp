// What a battery shows in every stage of contact.
#include "items/battery_items.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "items/alarm_paths.hpp"
#include "items/battery_paths.hpp"
#include "items_sample.hpp"
#include "line/identity.hpp"
#include "venus/battery_settings.hpp"

namespace bms::items {
namespace {

using namespace test;

TEST(VenusItems, NameCellsByTheirUnit) {
  Battery battery = sample();
  battery.reading.modules = 2;
  battery.derived.min_cell = 13;
  battery.derived.max_cell = 12;
  const Shown shown{battery};
  EXPECT_EQ(shown["/System/MinVoltageCellId"], Value{"U2C1"});
  EXPECT_EQ(shown["/System/MaxVoltageCellId"], Value{"U1C12"});
  EXPECT_EQ(shown["/System/NrOfModulesOnline"], Value{2});
}

TEST(VenusItems, ShowABattery) {
  const Shown shown;
  EXPECT_EQ(shown["/Dc/0/Voltage"], Value{79.2});
  EXPECT_EQ(shown["/ProductId"], Value{0xBAB5});
  EXPECT_EQ(shown["/DeviceInstance"], Value{3});
  EXPECT_EQ(shown["/CustomName"], Value{""});
  EXPECT_EQ(shown["/Voltages/Cell24"], Value{3.3});
  EXPECT_EQ(shown["/Battery/1/Cell/24/Voltage"], Value{3.3});
  EXPECT_EQ(shown["/Balances/Cell1"], Value{0});
  EXPECT_EQ(shown["/Balances/Cell2"], Value{1});
  EXPECT_EQ(shown["/System/Temperature1"], Value{20.0});
  EXPECT_EQ(shown["/System/Temperature2"], invalid);
  EXPECT_EQ(shown["/System/MinVoltageCellId"], Value{"C24"});
  EXPECT_EQ(shown["/System/MaxVoltageCellId"], invalid);
  EXPECT_EQ(shown["/System/MinTemperatureCellId"], Value{"T1"});
  EXPECT_EQ(shown["/System/NrOfModulesBlockingDischarge"], Value{1});
  EXPECT_EQ(shown["/Soc"], Value{51.0});
  EXPECT_EQ(shown["/SocBms"], Value{50.0});
  EXPECT_EQ(shown["/CurrentAvg"], Value{-19.0});
  EXPECT_EQ(shown["/Capacity"], Value{96.9});
  EXPECT_EQ(shown["/InstalledCapacity"], Value{190.0});
  EXPECT_EQ(shown["/ConsumedAmphours"], Value{-93.1});
  EXPECT_EQ(shown["/TimeToGo"], Value{18000.0});
  EXPECT_EQ(shown["/TimeToSoC/20"], Value{7200.0});
  EXPECT_EQ(shown["/TimeToSoC/80"], invalid);
  EXPECT_EQ(shown["/Battery/1/Status"], Value{(1 << 15) | (1 << 2)});
  EXPECT_EQ(shown["/Alarms/LowCellVoltage"], Value{1});
  EXPECT_EQ(shown["/Info/ChargeLimitation"], Value{"cell voltage"});
  EXPECT_EQ(shown["/Info/ChargeMode"], Value{"Absorption"});
  EXPECT_EQ(shown["/Info/ChargeState"], Value{1});
  EXPECT_EQ(shown["/Info/Alarms"], Value{"Low cell voltage"});
  EXPECT_EQ(shown["/State"], Value{9});
}

TEST(VenusItems, NameTheProductByWhatTellsPacksApart) {
  EXPECT_EQ(Shown{}["/ProductName"], Value{"JBD BMS (ttyUSB0)"});
  Battery battery = sample();
  battery.device.serial = "DEMO-0123456789";
  EXPECT_EQ(Shown{battery}["/ProductName"], Value{"JBD BMS (23456789)"});
  battery.device = {};
  EXPECT_EQ(Shown{battery}["/ProductName"], Value{"BMS (ttyUSB0)"});
}

TEST(VenusItems, RoundTheVoltageLimitDownToMillivolts) {
  Limits fine = limits();
  fine.charge_voltage_v = 55.1999;
  EXPECT_EQ((Shown{sample(), fine})["/Info/MaxChargeVoltage"], Value{55.199});
}

TEST(VenusItems, ShowWhatTheBmsSaysOfItsHeater) {
  Battery battery = sample();
  EXPECT_FALSE(Shown{}.items.tree().find("/Heating")) << "a path that says nothing is not there";
  for (const bool heating : {false, true}) {
    battery.reading.heating = heating;
    EXPECT_EQ(Shown{battery}["/Heating"], Value{heating ? 1 : 0});
  }
}

TEST(VenusItems, TellWhatIsConsumedAsTheBmsDoesWithoutACapacityOfOurs) {
  Battery battery = sample();
  battery.estimate = {};
  battery.derived.consumed_ah = -12.0;
  EXPECT_EQ(Shown{battery}["/ConsumedAmphours"], Value{-12.0});
}

TEST(VenusItems, HaveOnePathForPointsOfSocThatAreTheSame) {
  Battery battery = sample();
  battery.estimate.time_to_soc = {{20.2, 60.0}, {19.8, 120.0}, {80, 180.0}, {1e300, 240.0}};
  const Shown shown{battery};
  EXPECT_EQ(shown["/TimeToSoC/20"], Value{60.0});
  EXPECT_EQ(shown["/TimeToSoC/80"], Value{180.0});
  EXPECT_EQ(shown["/TimeToSoC/100"], Value{240.0});
}

TEST(VenusItems, ShowTheMidpoint) {
  Battery battery = sample();
  battery.estimate.mid_voltage_v = 26.42;
  battery.estimate.mid_deviation_pct = -0.0379;
  const Shown shown{battery};
  EXPECT_EQ(shown["/Dc/0/MidVoltage"], Value{26.42});
  EXPECT_EQ(shown["/Dc/0/MidVoltageDeviation"], Value{-0.04});
}

TEST(VenusItems, SayWhichAlarmsStandAndWhy) {
  Battery battery = sample();
  const auto raise = [&battery](Alarm alarm, AlarmLevel level, const char* cause) {
    battery.alarms.set(alarm, level);
    battery.alarm_causes[static_cast<std::size_t>(alarm)] = cause;
  };
  raise(Alarm::low_cell_voltage, AlarmLevel::ok, "long ago");
  EXPECT_EQ(Shown{battery}["/Info/Alarms"], Value{""});
  EXPECT_EQ(Shown{battery}["/Info/AlarmCodes"], Value{""});
  raise(Alarm::high_cell_voltage, AlarmLevel::alarm, "cell 7, 3.65 V");
  battery.alarm_sources[static_cast<std::size_t>(Alarm::high_cell_voltage)] = {.cause = AlarmCause::cell, .number = 7};
  raise(Alarm::low_soc, AlarmLevel::warning, "");
  battery.alarm_sources[static_cast<std::size_t>(Alarm::low_soc)] = {.cause = AlarmCause::soc};
  raise(Alarm::bms_cable, AlarmLevel::warning, "no answer from the BMS");
  battery.alarm_sources[static_cast<std::size_t>(Alarm::bms_cable)] = {.cause = AlarmCause::silence};
  Shown shown{battery};
  EXPECT_EQ(shown["/Info/Alarms"],
            Value{"High cell voltage (cell 7, 3.65 V); Low SoC; BMS cable (no answer from the BMS)"});
  EXPECT_EQ(shown["/Info/AlarmCodes"], Value{"HighCellVoltage:2:2:7;LowSoc:1:5:0;BmsCable:1:15:0"});
  shown.update(Contact::lost);
  EXPECT_EQ(shown["/Info/Alarms"], Value{"BMS cable (no answer from the BMS)"});
  EXPECT_EQ(shown["/Info/AlarmCodes"], Value{"BmsCable:1:15:0"});
}

TEST(VenusItems, ReportAFaultyConfiguration) {
  const auto with = [](std::vector<std::string> faults) {
    ServiceFacts said = facts();
    said.who.configuration_faults = std::move(faults);
    return said;
  };
  const Shown clean;
  EXPECT_EQ(clean["/ErrorCode"], invalid) << "0 is a row on the screen that says there is no error";
  EXPECT_EQ(clean["/Info/ConfigurationFaults"], Value{0});
  EXPECT_EQ(clean["/Info/ConfigurationFault"], Value{""});
  const Shown two{sample(), limits(), with({"config.ini:12: a", "config.ini:13: b"})};
  EXPECT_EQ(two["/ErrorCode"], Value{119});
  EXPECT_EQ(two["/Info/ConfigurationFaults"], Value{2});
  EXPECT_EQ(two["/Info/ConfigurationFault"], Value{"config.ini:12: a; config.ini:13: b"});
  const Shown many{sample(), limits(), with({"a", "b", "c", "d", "e"})};
  EXPECT_EQ(many["/Info/ConfigurationFault"], Value{"a; b; c; and 2 more"});
}

TEST(VenusItems, WhatReadingsShowToBeWrongIsListedWithTheFaultsOfTheFile) {
  ServiceFacts said = facts();
  said.who.configuration_faults = {"config.ini:12: a"};
  Battery battery = sample();
  BatteryItems items(said, battery, {});
  const auto shown = [&](const char* path) { return items.tree()[*items.tree().find(path)].value; };
  items.update(battery, {});
  EXPECT_EQ(shown("/Info/ConfigurationFault"), Value{"config.ini:12: a"});
  battery.notices = {{"b", false}, {"c", true}};
  items.update(battery, {});
  EXPECT_EQ(shown("/Info/ConfigurationFaults"), Value{3});
  EXPECT_EQ(shown("/Info/ConfigurationFault"), Value{"config.ini:12: a; b; c"});
  battery.notices.clear();
  items.update(battery, {});
  EXPECT_EQ(shown("/Info/ConfigurationFault"), Value{"config.ini:12: a"});
}

TEST(VenusItems, OnlyWhatIsNotInForceIsAnError) {
  Battery battery = sample();
  BatteryItems items(facts(), battery, {});
  const auto error = [&] {
    items.update(battery, {});
    return items.tree()[*items.tree().find("/ErrorCode")].value;
  };
  const Value none = error();
  EXPECT_NE(none, Value{119});
  battery.notices = {{"b", false}};
  EXPECT_EQ(error(), none);
  battery.notices = {{"b", false}, {"c", true}};
  EXPECT_EQ(error(), Value{119});
}

TEST(VenusItems, TheRangesOfSettingsFollowTheCapacity) {
  const Battery battery = sample();
  BatteryItems items(facts(), battery, {.max_discharge_current_a = 60});
  const auto item = [&](const char* path) -> const Item& { return items.tree()[*items.tree().find(path)]; };
  items.set_user_settings({.max_charge_current_a = 30});
  EXPECT_EQ(item("/Settings/MaxChargeCurrent").value, Value{0.0}) << "a multiple of what is not known";
  items.set_bounds({.max_charge_current_a = 140, .max_discharge_current_a = 60});
  items.set_user_settings({.max_charge_current_a = 30});
  EXPECT_EQ(item("/Settings/MaxChargeCurrent").value, Value{30.0});
  EXPECT_EQ(item("/Settings/MaxChargeCurrent").bound(&Range::max), Value{140.0});
  EXPECT_EQ(item("/Settings/MaxDischargeCurrent").value, Value{60.0});
}

TEST(VenusItems, InputsWithoutSensorsAreNoSensors) {
  Battery battery = sample();
  battery.protection_expected = false;
  battery.reading.temperatures_c = {std::nullopt, std::nullopt, std::nullopt, std::nullopt};
  BatteryItems items(facts(), battery, {});
  const auto has = [&] {
    items.update(battery, {});
    return items.tree()[*items.tree().find("/Settings/HasTemperature")].value;
  };
  EXPECT_EQ(has(), Value{0});
  battery.reading.temperatures_c[1] = 20;
  EXPECT_EQ(has(), Value{1});
  battery.reading.temperatures_c[1].reset();
  battery.faulty_sensors = 1;
  EXPECT_EQ(has(), Value{1}) << "it has failed";
}

struct HistoryRow {
  const char* path;
  std::optional<double> History::* member;
  double said;
  Value shown;
};

const HistoryRow history_rows[] = {
    {"/History/DeepestDischarge", &History::deepest_discharge_ah, 80.04, -80.0},
    {"/History/LastDischarge", &History::last_discharge_ah, 0.0, 0.0},
    {"/History/AverageDischarge", &History::average_discharge_ah, 40.5, -40.5},
    {"/History/TotalAhDrawn", &History::total_drawn_ah, 12345.6, -12345.6},
    {"/History/ChargeCycles", &History::charge_cycles, 12.9, 12},
    {"/History/FullDischarges", &History::full_discharges, 3, 3},
    {"/History/MinimumVoltage", &History::min_voltage_v, 44.123, 44.12},
    {"/History/MaximumVoltage", &History::max_voltage_v, 55.2, 55.2},
    {"/History/MinimumCellVoltage", &History::min_cell_v, 2.8004, 2.8},
    {"/History/MaximumCellVoltage", &History::max_cell_v, 3.501, 3.501},
    {"/History/MinimumTemperature", &History::min_temperature_c, -5.0, -5.0},
    {"/History/MaximumTemperature", &History::max_temperature_c, 41.26, 41.3},
    {"/History/TimeSinceLastFullCharge", &History::since_full_s, 119.9, 60},
    {"/History/AutomaticSyncs", &History::automatic_syncs, 7, 7},
    {"/History/LowVoltageAlarms", &History::low_voltage_alarms, 1, 1},
    {"/History/HighVoltageAlarms", &History::high_voltage_alarms, 0, 0},
    {"/History/DischargedEnergy", &History::discharged_kwh, 1.234, 1.23},
    {"/History/ChargedEnergy", &History::charged_kwh, 2.0, 2.0},
};

TEST(VenusItems, ShowTheHistoryWithTheSignsThatVenusWants) {
  for (const HistoryRow& row : history_rows) {
    Battery battery = sample();
    EXPECT_EQ(Shown{battery}[row.path], invalid) << row.path;
    battery.history.*row.member = row.said;
    EXPECT_EQ(Shown{battery}[row.path], row.shown) << row.path;
    for (const double odd : {nan, infinity}) {
      battery.history.*row.member = odd;
      EXPECT_EQ(Shown{battery}[row.path], invalid) << row.path;
    }
  }
  EXPECT_EQ(Shown{}["/History/CanBeCleared"], Value{1});
}

TEST(VenusItems, HandOnWhichHistoryIsToBeForgotten) {
  Shown shown;
  ItemTree& tree = shown.items.tree();
  const auto clear = *tree.find("/History/Clear");
  EXPECT_EQ(tree.write(clear, std::int64_t{1}), SetResult::refused) << "nobody to do it";
  std::vector<int> cleared;
  shown.items.on_written({.clear_history = [&cleared](int group) { cleared.push_back(group); }});
  for (const int group : {1, 1, 7}) EXPECT_EQ(tree.write(clear, std::int64_t{group}), SetResult::accepted);
  for (const Incoming& wrong : {Incoming{std::int64_t{0}}, Incoming{std::int64_t{8}}, Incoming{-1.0}, Incoming{}})
    EXPECT_EQ(tree.write(clear, wrong), SetResult::refused);
  for (const Incoming& wrong : {Incoming{"1"}, Incoming{1.5}, Incoming{nan}, Incoming{1e300}})
    EXPECT_EQ(tree.write(clear, wrong), SetResult::not_writable);
  EXPECT_EQ(cleared, (std::vector<int>{1, 1, 7}));
  EXPECT_EQ(shown["/History/Clear"], Value{0});
}

TEST(VenusItems, HandOnThatAlertsHaveBeenSeen) {
  Shown shown;
  ItemTree& tree = shown.items.tree();
  const auto acknowledge = *tree.find("/CellMonitor/Alerts/Acknowledge");
  EXPECT_EQ(tree.write(acknowledge, std::int64_t{1}), SetResult::refused) << "nobody to do it";
  int seen = 0;
  shown.items.on_written({.acknowledge_alerts = [&seen] { ++seen; }});
  for (const int wish : {1, 0, 1}) EXPECT_EQ(tree.write(acknowledge, std::int64_t{wish}), SetResult::accepted);
  EXPECT_EQ(tree.write(acknowledge, std::int64_t{2}), SetResult::refused);
  EXPECT_EQ(tree.write(acknowledge, Incoming{"1"}), SetResult::not_writable);
  EXPECT_EQ(seen, 2) << "0 asks for nothing";
  EXPECT_EQ(shown["/CellMonitor/Alerts/Acknowledge"], Value{0});
}

TEST(VenusItems, ShowWhatTheDaysHaveShownOfTheCells) {
  Battery battery = sample();
  Shown none{battery};
  for (const char* path : {"/CellMonitor/WeakestCell", "/CellMonitor/Trend", "/CellMonitor/Alerts/Latest",
                           "/CellMonitor/Alerts/LatestCode", "/CellMonitor/Statistics/MaxSpread"})
    EXPECT_EQ(none[path], invalid) << path;
  EXPECT_EQ(none["/CellMonitor/Alerts/Count"], Value{0});
  battery.cells = {.lowest_v = 3.1,
                   .highest_v = 3.4,
                   .mean_v = 3.3,
                   .widest_v = 0.04,
                   .weakest = "C7 23 mV",
                   .strongest = "C2 -11 mV",
                   .alerts = 2,
                   .latest_alert = "warning: C4 too low, 2.871 V",
                   .latest_alert_code = "1:1:4:2871:1:0:1764430000",
                   .trend = "7:12,7:13"};
  battery.contact = Contact::lost;
  Shown shown{battery};
  EXPECT_EQ(shown["/CellMonitor/Statistics/MinVoltage"], Value{3.1});
  EXPECT_EQ(shown["/CellMonitor/Statistics/MaxVoltage"], Value{3.4});
  EXPECT_EQ(shown["/CellMonitor/Statistics/AvgVoltage"], Value{3.3});
  EXPECT_EQ(shown["/CellMonitor/Statistics/MaxSpread"], Value{0.04});
  EXPECT_EQ(shown["/CellMonitor/WeakestCell"], Value{"C7 23 mV"}) << "no measurement, so silence does not end it";
  EXPECT_EQ(shown["/CellMonitor/StrongestCell"], Value{"C2 -11 mV"});
  EXPECT_EQ(shown["/CellMonitor/Trend"], Value{"7:12,7:13"});
  EXPECT_EQ(shown["/CellMonitor/Alerts/Count"], Value{2});
  EXPECT_EQ(shown["/CellMonitor/Alerts/Latest"], Value{"warning: C4 too low, 2.871 V"});
  EXPECT_EQ(shown["/CellMonitor/Alerts/LatestCode"], Value{"1:1:4:2871:1:0:1764430000"});
}

TEST(VenusItems, HandOnWhatTheSocIsSaidToBe) {
  Shown shown;
  ItemTree& tree = shown.items.tree();
  const auto soc = *tree.find("/Settings/Soc");
  EXPECT_EQ(shown["/Settings/Soc"], Value{51.0});
  EXPECT_EQ(tree.write(soc, 51.0), SetResult::refused) << "nobody to do it";
  std::vector<double> said;
  shown.items.on_written({.soc = [&said](double soc_pct) {
    said.push_back(soc_pct);
    return true;
  }});
  for (const Incoming& good : {Incoming{51.0}, Incoming{std::int64_t{0}}, Incoming{100.0}})
    EXPECT_EQ(tree.write(soc, good), SetResult::accepted);
  for (const Incoming& wrong : {Incoming{100.1}, Incoming{-0.1}, Incoming{nan}, Incoming{1e300}, Incoming{}})
    EXPECT_EQ(tree.write(soc, wrong), SetResult::refused);
  EXPECT_EQ(tree.write(soc, "50"), SetResult::not_writable);
  EXPECT_EQ(said, (std::vector<double>{51, 0, 100}));
  shown.update(Contact::fresh);
  EXPECT_EQ(shown["/Settings/Soc"], Value{51.0}) << "it reads as what is true";
}

struct Stage {
  Contact contact;
  bool measured, soc, alarms;
  int state;
};

class VenusStages : public testing::TestWithParam<Stage> {};

TEST_P(VenusStages, ShowWhatIsStillTrue) {
  const Stage& stage = GetParam();
  Shown shown;
  shown.update(stage.contact);
  for (const char* path : {"/Dc/0/Voltage", "/Dc/0/Current", "/Dc/0/Power", "/Voltages/Cell1", "/System/Temperature1",
                           "/System/MinCellVoltage", "/Battery/1/Voltage", "/Capacity", "/TimeToGo", "/Balancing",
                           "/SocBms", "/CurrentAvg", "/TimeToSoC/20", "/ConsumedAmphours"})
    EXPECT_EQ(is_valid(shown[path]), stage.measured) << path;
  for (const char* path : {"/Soc", "/Settings/Soc"}) EXPECT_EQ(is_valid(shown[path]), stage.soc) << path;
  for (const AlarmEffect& effect : alarm_effects) {
    const bool from_bms = effect.alarm != Alarm::bms_cable;
    EXPECT_EQ(is_valid(shown[path_of(effect.alarm)]), !from_bms || stage.alarms);
  }
  EXPECT_EQ(shown["/State"], Value{stage.state});
  EXPECT_EQ(shown["/Connected"], Value{1});
  EXPECT_EQ(shown["/ErrorCode"], invalid);
  EXPECT_EQ(shown["/Info/MaxChargeVoltage"], Value{84.0});  // limits are charge control's alone
}

INSTANTIATE_TEST_SUITE_P(
    Contact, VenusStages,
    testing::Values(Stage{Contact::never, false, false, false, 0}, Stage{Contact::fresh, true, true, true, 9},
                    Stage{Contact::stale, false, true, true, 10}, Stage{Contact::kept, false, true, true, 10},
                    Stage{Contact::releasing, false, false, true, 10}, Stage{Contact::lost, false, false, false, 10},
                    Stage{Contact::returning, true, true, true, 14}));

// S5: whatever charge control and the model say, no leaf is NaN or infinite, CVL is never 0, and CCL and DCL are known
// while it is.
TEST(VenusItems, NeverLetAnUnsafeLimitOut) {
  constexpr std::array<std::optional<double>, 8> odd{std::nullopt, nan, infinity, -infinity, 0.0, 1e-9, -5.0, 1e300};
  for (const auto voltage : odd) {
    for (const auto current : odd) {
      for (const auto usual : {std::optional{52.0}, voltage}) {
        Limits strange;
        strange.charge_voltage_v = usual;
        strange.charge_current_a = current;
        strange.discharge_current_a = current;
        const Shown shown{sample(), strange};
        const Value cvl = shown["/Info/MaxChargeVoltage"];
        EXPECT_NE(cvl, Value{0.0});
        if (!is_valid(cvl)) continue;
        for (const char* path : {"/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"}) {
          ASSERT_TRUE(is_valid(shown[path]));
          EXPECT_GE(std::get<double>(shown[path]), 0.0);
        }
      }
    }
  }
}

TEST(VenusItems, NeverLetANanOut) {
  for (const double odd : {nan, infinity, -infinity}) {
    Battery battery = sample();
    Reading& reading = battery.reading;
    for (auto member : {&Reading::voltage_v, &Reading::current_a, &Reading::soc_pct, &Reading::soh_pct,
                        &Reading::remaining_ah, &Reading::full_ah, &Reading::design_capacity_ah, &Reading::cycles})
      reading.*member = odd;
    for (double& cell : reading.cells_v) cell = odd;
    for (auto& sensor : reading.temperatures_c) sensor = odd;
    for (auto member : {&Derived::power_w, &Derived::consumed_ah, &Derived::cell_sum_v, &Derived::cell_diff_v,
                        &Derived::min_cell_v, &Derived::max_cell_v, &Derived::mean_temperature_c})
      battery.derived.*member = odd;
    for (auto member : {&Estimate::soc_pct, &Estimate::capacity_ah, &Estimate::remaining_ah,
                        &Estimate::average_current_a, &Estimate::time_to_go_s, &Estimate::mid_voltage_v})
      battery.estimate.*member = odd;
    battery.estimate.time_to_soc = {{odd, odd}};
    const Shown shown{battery};
    for (const Item& item : shown.items.tree().items()) {
      const auto* number = std::get_if<double>(&item.value);
      EXPECT_TRUE(!number || std::isfinite(*number)) << item.path;
    }
  }
}

TEST(VenusItems, NothingChangesWhenNothingChanged) {
  Shown shown;
  shown.items.tree().clear_changes();
  shown.update(Contact::fresh);
  EXPECT_TRUE(shown.items.tree().changed().empty());
}

TEST(VenusItems, WithdrawTheVoltageLimitFirstAndGrantItLast) {
  Shown shown;
  ItemTree& tree = shown.items.tree();
  tree.clear_changes();
  shown.update(Contact::lost, Limits{});
  ASSERT_FALSE(tree.changed().empty());
  EXPECT_EQ(tree[tree.changed().front()].path, "/Info/MaxChargeVoltage");
  tree.clear_changes();
  shown.update(Contact::returning);
  EXPECT_EQ(tree[tree.changed().back()].path, "/Info/MaxChargeVoltage");
}

TEST(VenusItems, SurviveAReadingWithFewerCells) {
  Shown shown;
  shown.battery.reading.cells_v.resize(3);
  shown.battery.reading.temperatures_c.clear();
  shown.update(Contact::fresh);
  EXPECT_EQ(shown["/Voltages/Cell3"], Value{3.3});
  EXPECT_EQ(shown["/Voltages/Cell4"], invalid);
  EXPECT_EQ(shown["/System/Temperature1"], invalid);
}

TEST(VenusItems, HandACustomNameOnAndKeepIt) {
  Shown shown;
  std::string written;
  shown.items.on_written({.custom_name = [&written](const std::string& name) { written = name; }});
  ItemTree& tree = shown.items.tree();
  EXPECT_EQ(tree.write(*tree.find("/CustomName"), "Left"), SetResult::accepted);
  EXPECT_EQ(written, "Left");
  shown.update(Contact::fresh);
  EXPECT_EQ(shown["/CustomName"], Value{"Left"});
  shown.items.set_custom_name("Right");
  shown.update(Contact::fresh);
  EXPECT_EQ(shown["/CustomName"], Value{"Right"});
  EXPECT_EQ(tree.write(*tree.find("/CustomName"), std::string(129, 'x')), SetResult::refused);
  EXPECT_EQ(written, "Left");
}

TEST(VenusSettings, MakeAnIdOfAnyIdentity) {
  EXPECT_EQ(line::battery_id("JBD", "/dev/ttyUSB0"), "jbd_dev_ttyUSB0");
  EXPECT_EQ(line::battery_id("jbd", "4C-5F 01"), "jbd_4C_5F_01");
  EXPECT_EQ(line::battery_id("", "__7"), "battery_7");
  EXPECT_EQ(line::battery_id("_x", "\xC3\xBC"), "x");
  EXPECT_EQ(line::battery_id("", ""), "battery");
  EXPECT_EQ(line::battery_id("__", "__"), "battery");
  EXPECT_EQ(line::battery_id("a", std::string(1000, 'x')).size(), 100U);
}

TEST(VenusSettings, ReadAnInstanceOnlyWhereItIsABatterys) {
  EXPECT_EQ(venus::battery_instance("battery:0"), 0);
  EXPECT_EQ(venus::battery_instance("battery:262"), 262);
  for (const char* wrong : {"", "battery", "battery:", "battery:-1", "battery:1x", "battery: 1", "solarcharger:1",
                            "battery:99999999999", "Battery:1"})
    EXPECT_EQ(venus::battery_instance(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace bms::items
