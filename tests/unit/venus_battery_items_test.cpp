// The path tables, and what a battery shows in every stage of contact.
#include "venus/battery_items.hpp"

#include <gtest/gtest.h>

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

#include "venus/battery_paths.hpp"
#include "venus/device_id.hpp"
#include "venus/settings_client.hpp"

namespace bms::venus {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Battery sample() {
  Battery battery;
  battery.device = {.family = "JBD", .model = "SP04S", .serial = "", .firmware = "8.0"};
  battery.contact = Contact::fresh;
  battery.cell_count = 24;
  Reading& reading = battery.reading;
  reading.voltage_v = 79.2;
  reading.current_a = -20.0;
  reading.soc_pct = 50.0;
  reading.remaining_ah = 100.0;
  reading.design_capacity_ah = 200.0;
  reading.cycles = 12.0;
  reading.cells_v.assign(24, 3.3);
  reading.balancing.emplace(0b10U);
  reading.temperatures_c = {20.0, std::nullopt};
  for (const AlarmEffect& effect : alarm_effects) reading.alarms.declare(effect.alarm);
  reading.alarms.raise(Alarm::low_cell_voltage, AlarmLevel::warning);
  battery.derived.power_w = -1584.0;
  battery.derived.min_cell_v = 3.3;
  battery.derived.min_cell = 24;
  battery.derived.min_sensor = 1;
  return battery;
}

Limits limits() {
  return {.charge_voltage_v = 84.0,
          .charge_current_a = 50.0,
          .discharge_current_a = 100.0,
          .low_voltage_v = 67.2,
          .allow_charge = true,
          .allow_discharge = false,
          .charge_reason = "cell voltage",
          .discharge_reason = ""};
}

ServiceFacts facts() {
  return {.tty_name = "ttyUSB0", .connection = "/dev/ttyUSB0", .version = "1", .device_instance = 3, .custom_name = ""};
}

struct Shown {
  explicit Shown(Battery shown = sample(), const Limits& shown_limits = limits())
      : battery{std::move(shown)}, items{facts(), battery} {
    items.update(battery, shown_limits);
  }

  Value operator[](std::string_view path) const {
    const auto id = items.tree().find(path);
    if (!id) throw std::out_of_range{std::string{path}};
    return items.tree()[*id].value;
  }
  void update(Contact contact, const Limits& shown_limits = limits()) {
    battery.contact = contact;
    items.update(battery, shown_limits);
  }

  Battery battery;
  BatteryItems items;
};

const Value invalid{};

TEST(VenusPaths, NoPathIsTwiceAndNoLeafIsANode) {
  const Shown shown;
  std::set<std::string> paths;
  for (const Item& item : shown.items.tree().items()) {
    EXPECT_TRUE(paths.insert(item.path).second) << item.path;
    EXPECT_TRUE(shown.items.tree().below(item.path).empty()) << item.path;
  }
}

TEST(VenusPaths, ConsistOfWhatDbusAllows) {
  const Shown shown;
  for (const Item& item : shown.items.tree().items()) {
    EXPECT_EQ(item.path.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/"),
              std::string::npos)
        << item.path;
    EXPECT_EQ(item.path.find("//"), std::string::npos) << item.path;
  }
}

TEST(VenusPaths, FormatsFitTheTypes) {
  const auto check = [](const auto& row) {
    const Kind& kind = row.kind;
    EXPECT_TRUE(kind.type == Type::integer || !kind.format.hex) << row.path;
    EXPECT_TRUE(kind.type == Type::real || kind.format.decimals == 0) << row.path;
    EXPECT_TRUE(kind.type != Type::text || std::string_view{kind.format.unit}.empty()) << row.path;
    EXPECT_GT(kind.resolution.counts_per_unit, 0) << row.path;
  };
  for (const Path& row : battery_paths()) check(row);
  for (const NumberedPath& row : numbered_paths()) check(row);
}

TEST(VenusPaths, EveryAlarmHasItsPath) {
  for (const AlarmEffect& effect : alarm_effects) {
    Battery battery = sample();
    if (effect.alarm == Alarm::bms_cable)
      battery.contact = Contact::lost;
    else
      battery.reading.alarms.raise(effect.alarm, AlarmLevel::alarm);
    const Shown shown{battery};
    EXPECT_EQ(shown[path_of(effect.alarm)], Value{2}) << path_of(effect.alarm);
  }
}

TEST(VenusPaths, EveryAlarmHasThePathOfItsName) {
  for (const AlarmEffect& effect : alarm_effects) {
    EXPECT_EQ(path_of(effect.alarm), "/Alarms/" + std::string(effect.venus_name));
  }
}

TEST(VenusPaths, TheVoltageLimitStandsFirst) { EXPECT_EQ(battery_paths().front().path, "/Info/MaxChargeVoltage"); }

TEST(VenusPaths, AreWrittenDownForPeople) {
  const std::string path = TEST_FRAMES_DIR "/../../docs/dbus-paths.md";
  if (std::getenv("UPDATE_DOCS") != nullptr) std::ofstream(path) << paths_as_markdown();
  std::ifstream file{path};
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, paths_as_markdown()) << "UPDATE_DOCS=1 unit_tests --gtest_filter=VenusPaths* writes it";
}

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
  EXPECT_EQ(shown["/TimeToGo"], Value{18000.0});
  EXPECT_EQ(shown["/History/ChargeCycles"], Value{12});
  EXPECT_EQ(shown["/Battery/1/Status"], Value{(1 << 15) | (1 << 2)});
  EXPECT_EQ(shown["/Alarms/LowCellVoltage"], Value{1});
  EXPECT_EQ(shown["/Info/ChargeLimitation"], Value{"cell voltage"});
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

TEST(VenusItems, ForetellNoTimeUnlessDischarging) {
  for (const double current : {0.0, 5.0, -0.001}) {
    Battery battery = sample();
    battery.reading.current_a = current;
    EXPECT_EQ(Shown{battery}["/TimeToGo"], invalid) << current;
  }
}

struct Stage {
  Contact contact;
  bool measured, soc, alarms;
  int cable, state;
};

class VenusStages : public testing::TestWithParam<Stage> {};

TEST_P(VenusStages, ShowWhatIsStillTrue) {
  const Stage& stage = GetParam();
  Shown shown;
  shown.update(stage.contact);
  for (const char* path : {"/Dc/0/Voltage", "/Dc/0/Current", "/Dc/0/Power", "/Voltages/Cell1", "/System/Temperature1",
                           "/System/MinCellVoltage", "/Battery/1/Voltage", "/Capacity", "/TimeToGo", "/Balancing"})
    EXPECT_EQ(is_valid(shown[path]), stage.measured) << path;
  EXPECT_EQ(is_valid(shown["/Soc"]), stage.soc);
  for (const AlarmEffect& effect : alarm_effects) {
    const bool from_bms = effect.alarm != Alarm::bms_cable;
    EXPECT_EQ(is_valid(shown[path_of(effect.alarm)]), !from_bms || stage.alarms);
  }
  EXPECT_EQ(shown["/Alarms/BmsCable"], Value{stage.cable});
  EXPECT_EQ(shown["/State"], Value{stage.state});
  EXPECT_EQ(shown["/Connected"], Value{1});
  EXPECT_EQ(shown["/ErrorCode"], Value{0});
  EXPECT_EQ(shown["/Info/MaxChargeVoltage"], Value{84.0});  // limits are charge control's alone
}

INSTANTIATE_TEST_SUITE_P(Contact, VenusStages,
                         testing::Values(Stage{Contact::never, false, false, false, 0, 0},
                                         Stage{Contact::fresh, true, true, true, 0, 9},
                                         Stage{Contact::stale, false, true, true, 1, 9},
                                         Stage{Contact::releasing, false, false, true, 2, 10},
                                         Stage{Contact::lost, false, false, false, 2, 10},
                                         Stage{Contact::returning, true, true, true, 0, 9}));

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
  shown.items.on_custom_name_written([&written](const std::string& name) { written = name; });
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
  EXPECT_EQ(settings_id("JBD", "/dev/ttyUSB0"), "jbd_dev_ttyUSB0");
  EXPECT_EQ(settings_id("jbd", "4C-5F 01"), "jbd_4C_5F_01");
  EXPECT_EQ(settings_id("", "__7"), "battery_7");
  EXPECT_EQ(settings_id("_x", "\xC3\xBC"), "x");
  EXPECT_EQ(settings_id("", ""), "battery");
  EXPECT_EQ(settings_id("__", "__"), "battery");
  EXPECT_EQ(settings_id("a", std::string(1000, 'x')).size(), 100U);
}

TEST(VenusSettings, ReadAnInstanceOnlyWhereItIsABatterys) {
  EXPECT_EQ(battery_instance("battery:0"), 0);
  EXPECT_EQ(battery_instance("battery:262"), 262);
  for (const char* wrong : {"", "battery", "battery:", "battery:-1", "battery:1x", "battery: 1", "solarcharger:1",
                            "battery:99999999999", "Battery:1"})
    EXPECT_EQ(battery_instance(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace bms::venus
