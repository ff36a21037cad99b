// Files of dbus-serialbattery as ours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "cli/config_command.hpp"
#include "config/config.hpp"
#include "config/import.hpp"
#include "config/text.hpp"

namespace bms::config {
namespace {

using testing::HasSubstr;

/// What an owner's complete file says, in one of its older and one of its newer forms.
constexpr const char* full_file = R"([DEFAULT]
LOGGING = WARNING
MAX_BATTERY_CHARGE_CURRENT = 80.0
MAX_BATTERY_DISCHARGE_CURRENT = 120
MIN_CELL_VOLTAGE = 2.900
MAX_CELL_VOLTAGE = 3.450
FLOAT_CELL_VOLTAGE = 3.350
SOC_RESET_CELL_VOLTAGE = 3.600
SOC_RESET_AFTER_DAYS =
SOC_CALCULATION = True
CURRENT_REPORTED_BY_BMS = -300, -2, 300
CURRENT_MEASURED_BY_USER = -295, -2.5, 301
BLUETOOTH_BMS =
BLUETOOTH_USE_POLLING = True
BLUETOOTH_FORCE_RESET_BLE_STACK = False
CAN_PORT =
SERIAL_STARTER_ENABLED = True
BATTERY_ADDRESSES = 0x01, 0x02, 0x1F
BLOCK_ON_DISCONNECT = False
BLOCK_ON_DISCONNECT_TIMEOUT_MINUTES = 20
BLOCK_ON_DISCONNECT_VOLTAGE_MIN = 3.25
BLOCK_ON_DISCONNECT_VOLTAGE_MAX = 3.35
BMS_CABLE_ALARM = True
EXTERNAL_SENSOR_DBUS_DEVICE = com.victronenergy.battery.ttyS2
EXTERNAL_SENSOR_DBUS_PATH_CURRENT = /Dc/0/Current
EXTERNAL_SENSOR_DBUS_PATH_SOC =
CHARGE_MODE = 2
CVL_RECALCULATION_EVERY = 60
CVL_RECALCULATION_ON_MAX_PERCENTAGE_CHANGE = 33
CVL_RECOVERY_HOLD_SEC = 60
CVL_RECOVERY_RATE_V_PER_SEC = 0.001
CVCM_ENABLE = True
SWITCH_TO_FLOAT_WAIT_FOR_SEC = 1200
SWITCH_TO_FLOAT_CELL_VOLTAGE_DIFF = 0.010
SWITCH_TO_FLOAT_CELL_VOLTAGE_DEVIATION = 0.003
SWITCH_TO_BULK_SOC_THRESHOLD = 85
SWITCH_TO_BULK_CELL_VOLTAGE_DIFF = 0.090
CVL_CONTROLLER_MODE = 1
CVL_ICONTROLLER_FACTOR = 0.2
CCCM_CV_ENABLE = True
DCCM_CV_ENABLE = True
CELL_VOLTAGES_WHILE_CHARGING = 3.500, 3.450, 3.425, 3.400, 3.375
MAX_CHARGE_CURRENT_CV_FRACTION = 0.000, 0.005, 0.050, 0.250, 1.000
CELL_VOLTAGES_WHILE_DISCHARGING = 2.800, 2.900, 3.000, 3.100, 3.190
MAX_DISCHARGE_CURRENT_CV_FRACTION = 0.000, 0.005, 0.050, 0.250, 1.000
CCCM_T_ENABLE = True
DCCM_T_ENABLE = False
TEMPERATURES_WHILE_CHARGING = 0, 2, 5, 10, 40, 45, 50, 55
MAX_CHARGE_CURRENT_T_FRACTION = 0.00, 0.20, 0.50, 1.00, 1.00, 0.50, 0.25, 0.00
TEMPERATURES_WHILE_DISCHARGING = -10, 0, 5, 10, 40, 45, 50, 55
MAX_DISCHARGE_CURRENT_T_FRACTION = 0.00, 0.25, 0.50, 1.00, 1.00, 0.50, 0.25, 0.00
CCCM_T_MOSFET_ENABLE = True
DCCM_T_MOSFET_ENABLE = True
MOSFET_TEMPERATURES_WHILE_CHARGING = 60, 80, 90
MAX_CHARGE_CURRENT_T_MOSFET_FRACTION = 1.00, 0.25, 0.00
MOSFET_TEMPERATURES_WHILE_DISCHARGING = 70, 80, 90
MAX_DISCHARGE_CURRENT_T_MOSFET_FRACTION = 1.00, 0.25, 0.00
CCCM_SOC_ENABLE = True
DCCM_SOC_ENABLE = False
SOC_WHILE_CHARGING = 98, 95, 90, 85
MAX_CHARGE_CURRENT_SOC_FRACTION = 0.10, 0.20, 0.50, 1.00
SOC_WHILE_DISCHARGING = 5, 10, 15, 20
MAX_DISCHARGE_CURRENT_SOC_FRACTION = 0.10, 0.20, 0.50, 1.00
CHARGE_CURRENT_RECOVERY_THRESHOLD_PERCENT = 0.015
DISCHARGE_CURRENT_RECOVERY_THRESHOLD_PERCENT = 0.015
CCL_RECOVERY_HOLD_SEC = 30
CCL_RECOVERY_RATE_A_PER_SEC = 5
DCL_RECOVERY_HOLD_SEC = 30
DCL_RECOVERY_RATE_A_PER_SEC = 5
TIME_TO_GO_ENABLE = True
TIME_TO_SOC_POINTS = 100, 50, 20
TIME_TO_SOC_VALUE_TYPE = 1
TIME_TO_SOC_RECALCULATE_EVERY = 60
TIME_TO_SOC_INC_FROM = False
HISTORY_ENABLE = True
BMS_TYPE = LltJbd
EXCLUDED_DEVICES =
POLL_INTERVAL = 1.5
PUBLISH_CONFIG_VALUES = False
PUBLISH_BATTERY_DATA_AS_JSON = False
BATTERY_CELL_DATA_FORMAT = 1
MIDPOINT_ENABLE = True
TEMPERATURE_SOURCE_BATTERY = 1, 2
TEMPERATURE_1_NAME = Bow # left
TEMPERATURE_2_NAME = Temp 2
TEMPERATURE_3_NAME = Temp 3
TEMPERATURE_4_NAME = Temp 4
TEMPERATURE_1_ADJUST = 0,1
TEMPERATURE_2_ADJUST = -1.5,1.02
TEMPERATURE_3_ADJUST = 0,1
TEMPERATURE_4_ADJUST = 0,1
TEMPERATURE_MOS_ADJUST = 2,1
GUI_PARAMETERS_SHOW_ADDITIONAL_INFO = False
GUI_INSTALL_CUSTOMIZATIONS = True
TELEMETRY = True
VOLTAGE_DROP = 0.15
USE_PORT_AS_UNIQUE_ID = False
BATTERY_CAPACITY = 280
AUTO_RESET_SOC = True
USE_BMS_DVCC_VALUES = False
SOC_LOW_WARNING = 25
SOC_LOW_ALARM = 12
UP16S_REQUIRE_DIRECT_CONNECTION = False
INVERT_CURRENT_MEASUREMENT = -1
GREENMETER_ADDRESS = 1
LIPRO_START_ADDRESS = 2
LIPRO_END_ADDRESS = 4
LIPRO_CELL_COUNT = 15
UBMS_CAN_MODULE_SERIES = 4
UBMS_CAN_MODULE_PARALLEL = 2
MQTT_TOPIC =
MQTT_BROKER_ADDRESS = 127.0.0.1
MQTT_PASSWORD = secret
BMS_CAPTURE_RAW_DATA = False
BMS_CAPTURE_RAW_DATA_MAX_SIZE_MB = 5
)";

Imported import(const std::string& text) {
  std::istringstream in(text);
  return import_serialbattery(in);
}

Config ours(const Imported& imported) {
  std::istringstream in(imported.text);
  return Config::read(in);
}

TEST(Import, OfACompleteFilePassesTheCheck) {
  const Imported imported = import(full_file);
  const Config config = ours(imported);
  EXPECT_TRUE(config.faults().empty()) << config.faults().front().text() << "\n" << imported.text;
  const Settings settings = config.settings_for({});
  EXPECT_EQ(settings.chemistry, Chemistry::lfp);
  EXPECT_EQ(settings.log_level, "warning");
  EXPECT_EQ(settings.bms, "jbd");
  EXPECT_EQ(settings.addresses, (std::vector<unsigned>{1, 2, 31}));
  EXPECT_EQ(settings.poll_interval_s, 1.5);
  EXPECT_EQ(settings.keep_for_s, 1200);
  EXPECT_EQ(settings.keep_min_cell_v, 3.25);
  EXPECT_EQ(settings.external_battery, "com.victronenergy.battery.ttyS2");
  const charge::Config& charge = settings.charge;
  EXPECT_EQ(charge.profile, charge::Profile::serialbattery_step);
  EXPECT_EQ(charge.max_charge_current, charge::Amperes{80});
  EXPECT_EQ(charge.max_discharge_current, charge::Amperes{120});
  EXPECT_EQ(charge.absorption_cell_v, 3.45);
  EXPECT_EQ(charge.float_cell_v, 3.35);
  EXPECT_EQ(charge.balancing_cell_v, 3.6);
  EXPECT_EQ(charge.full_charge_days, 0);
  EXPECT_EQ(charge.absorption_held_s, 1200);
  EXPECT_DOUBLE_EQ(charge.absorption_spread_v, 0.013);
  EXPECT_DOUBLE_EQ(charge.rebulk_discharged_share, 0.15);
  EXPECT_EQ(charge.rebulk_spread_v, 0.09);
  EXPECT_EQ(charge.cable_drop_v, 0.15);
  EXPECT_EQ(charge.charge_cell_curve, (Curve{{3.375, 1}, {3.4, .25}, {3.425, .05}, {3.45, .005}, {3.5, 0}}));
  EXPECT_EQ(charge.discharge_cell_curve.front(), (Point{2.8, 0}));
  EXPECT_EQ(charge.charge_temperature_curve[1], (Point{2, 0.2}));
  EXPECT_TRUE(charge.discharge_temperature_curve.empty());
  EXPECT_EQ(charge.charge_mos_curve.front(), (Point{60, 1}));
  EXPECT_EQ(charge.charge_soc_curve, (Curve{{85, 1}, {90, .5}, {95, .2}, {98, .1}}));
  EXPECT_TRUE(charge.discharge_soc_curve.empty());
  const battery::Config& battery = settings.battery;
  EXPECT_EQ(battery.soc.source, battery::SocSource::own);
  EXPECT_EQ(battery.soc.current_source, battery::CurrentSource::external);
  EXPECT_EQ(battery.soc.time_to_soc_points, (std::vector<double>{100, 50, 20}));
  EXPECT_EQ(battery.soc.floor_soc_pct, 25);
  EXPECT_EQ(battery.alarms.low_soc.alarm, 12);
  EXPECT_TRUE(battery.midpoint);
  EXPECT_TRUE(battery.calibration.invert_current);
  EXPECT_EQ(battery.calibration.current_map, (Curve{{-300, -295}, {-2, -2.5}, {300, 301}}));
  EXPECT_EQ(battery.calibration.capacity_ah, 280);
  EXPECT_EQ(battery.calibration.sensors[0].name, "Bow # left");
  EXPECT_EQ(battery.calibration.sensors[1].role, battery::SensorRole::cell);
  EXPECT_EQ(battery.calibration.sensors[2].role, battery::SensorRole::other);
  EXPECT_EQ(battery.calibration.sensors[1].offset_k, -1.5);
  EXPECT_EQ(battery.calibration.sensors[1].slope, 1.02);
  EXPECT_EQ(battery.calibration.mos_sensor.offset_k, 2);
}

TEST(Import, NamesEveryKeyThatWasThere) {
  const Imported imported = import(full_file);
  std::istringstream in(full_file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('[')) continue;
    EXPECT_THAT(imported.text, HasSubstr(line.substr(0, line.find(' '))));
  }
  for (const NotImported& one : imported.left_out) {
    EXPECT_NE(one.reason, "is not known") << one.text();
    EXPECT_GT(one.line, 1) << one.text();
    EXPECT_THAT(imported.text, HasSubstr("# " + one.text()));
  }
  EXPECT_THAT(imported.text, HasSubstr("absorption_cell_voltage = 3.45  # MAX_CELL_VOLTAGE\n"));
}

struct One {
  const char* name;
  const char* text;
  const char* option;  ///< empty: nothing comes of it
  const char* says;    ///< the value, or why there is none
};

class ImportOf : public testing::TestWithParam<One> {};

TEST_P(ImportOf, ASingleKey) {
  const auto& [name, text, option, says] = GetParam();
  const Imported imported = import("[DEFAULT]\n" + std::string(text) + "\n");
  EXPECT_TRUE(ours(imported).faults().empty()) << imported.text;
  if (*option == '\0') {
    ASSERT_EQ(imported.left_out.size(), 1U) << imported.text;
    EXPECT_THAT(imported.left_out[0].text(), HasSubstr(says));
    EXPECT_EQ(ours(imported).option_count(), 0U);
    return;
  }
  EXPECT_TRUE(imported.left_out.empty()) << imported.text;
  const auto named = find_option(option);
  ASSERT_TRUE(named);
  Settings settings = ours(imported).settings_for({});
  EXPECT_EQ(named->option->text(settings, named->index), says);
  EXPECT_THAT(imported.text, HasSubstr(std::string(option) + " = "));
}

INSTANTIATE_TEST_SUITE_P(
    Keys, ImportOf,
    testing::Values(One{"li_ion", "MAX_CELL_VOLTAGE = 4.1", "chemistry", "Li-ion"},
                    One{"li_ion_voltage", "MAX_CELL_VOLTAGE = 4.15", "absorption_cell_voltage", "4.15"},
                    One{"lto", "MAX_CELL_VOLTAGE = 2.7", "chemistry", "LTO"},
                    One{"small_letters", "max_cell_voltage = 3.5", "absorption_cell_voltage", "3.5"},
                    One{"bms_limits", "USE_BMS_DVCC_VALUES = True", "profile", "bms"},
                    One{"days", "SOC_RESET_AFTER_DAYS = 15", "full_charge_days", "15"},
                    One{"wait_empty", "SWITCH_TO_FLOAT_WAIT_FOR_SEC =", "absorption_time", "0"},
                    One{"diff_10", "SWITCH_TO_FLOAT_CELL_VOLTAGE_DIFF = 10", "", "is switched off"},
                    One{"diff_empty", "SWITCH_TO_FLOAT_CELL_VOLTAGE_DIFF =", "", "is switched off"},
                    One{"bulk_10", "SWITCH_TO_BULK_CELL_VOLTAGE_DIFF = 10", "rebulk_spread", "1"},
                    One{"bulk_empty", "SWITCH_TO_BULK_CELL_VOLTAGE_DIFF =", "rebulk_spread", "1"},
                    One{"soc_empty", "SWITCH_TO_BULK_SOC_THRESHOLD =", "rebulk_discharged", "1"},
                    One{"soc_0", "SWITCH_TO_BULK_SOC_THRESHOLD = 0", "rebulk_discharged", "1"},
                    One{"block", "BLOCK_ON_DISCONNECT = True", "keep_for", "0"},
                    One{"no_block", "BLOCK_ON_DISCONNECT = False", "keep_for", "1800"},
                    One{"long_keep", "BLOCK_ON_DISCONNECT_TIMEOUT_MINUTES = 300", "keep_for", "1800"},
                    One{"shipped_capacity", "BATTERY_CAPACITY = 99", "", "was shipped with"},
                    One{"no_capacity", "BATTERY_CAPACITY =", "", "is empty"},
                    One{"capacity", "BATTERY_CAPACITY = 100", "capacity", "100"},
                    One{"normal_current", "INVERT_CURRENT_MEASUREMENT = 1", "invert_current", "no"},
                    One{"bad_sign", "INVERT_CURRENT_MEASUREMENT = -2", "", "neither 1 nor -1"},
                    One{"bare_hex", "BATTERY_ADDRESSES = 10, 11", "address", "16, 17"},
                    One{"no_hex", "BATTERY_ADDRESSES = 0x1G", "", "hexadecimal"},
                    One{"address_0", "BATTERY_ADDRESSES = 0x00", "", "from 1 to 127"},
                    One{"soc_switch_only", "CCCM_SOC_ENABLE = True", "charge_soc_curve",
                        "85:1, 90:0.5, 95:0.2, 98:0.1"},
                    One{"soc_switch_off", "CCCM_SOC_ENABLE = False", "charge_soc_curve", "off"},
                    One{"cell_switch_off", "CCCM_CV_ENABLE = False", "", "always looked after"},
                    One{"all_sensors", "TEMPERATURE_SOURCE_BATTERY = 0", "temperature_4.role", "cell"},
                    One{"one_sensor", "TEMPERATURE_SOURCE_BATTERY = 2", "temperature_1.role", "other"},
                    One{"slope_left_out", "TEMPERATURE_3_ADJUST = 4", "temperature_3.slope", "1"},
                    One{"several_types", "BMS_TYPE = LltJbd, Daly", "", "names several"},
                    One{"foreign_type", "BMS_TYPE = Jkbms", "", "does not know"},
                    One{"same_map", "CURRENT_REPORTED_BY_BMS = -300, 300", "current_map", "off"},
                    One{"too_much", "MAX_BATTERY_CHARGE_CURRENT = 5000", "", "from 0 to 3000"},
                    One{"not_a_number", "MAX_BATTERY_CHARGE_CURRENT = lots", "", "is no number"},
                    One{"prefix", "BLUETOOTH_USE_USB = False", "", "Bluetooth is not supported"},
                    One{"telemetry", "TELEMETRY = True", "", "nothing is ever sent"},
                    One{"unknown", "SOMETHING_NEW = 1", "", "is not known"},
                    One{"no_line", "SOMETHING", "", "line 2: expected"}),
    [](const auto& one) { return one.param.name; });

TEST(Import, OfListsTakesEitherDirectionAndOnlyWhatFits) {
  const auto curve_of = [](const std::string& places, const std::string& shares) {
    const Imported imported = import("[DEFAULT]\nCELL_VOLTAGES_WHILE_CHARGING = " + places +
                                     "\nMAX_CHARGE_CURRENT_CV_FRACTION = " + shares + "\n");
    EXPECT_TRUE(ours(imported).faults().empty());
    Settings settings = ours(imported).settings_for({});
    return option_named("charge_cell_curve").text(settings);
  };
  EXPECT_EQ(curve_of("3.3, 3.4, 3.5", "1, 0.5, 0"), "3.3:1, 3.4:0.5, 3.5:0");
  EXPECT_EQ(curve_of("3.5, 3.4, 3.3", "0, 0.5, 1"), "3.3:1, 3.4:0.5, 3.5:0");
  EXPECT_EQ(curve_of("3.3, 3.5", "1, 0.1"), "3.3:1, 3.5:0.1, 3.55:0") << "a cell must be protected in the end";
  EXPECT_EQ(curve_of("3.3, 3.5", "1, 0.5, 0"), "auto");
  EXPECT_EQ(curve_of("3.3, 3.3", "1, 0"), "auto");
  EXPECT_EQ(curve_of("3.9, 4.1", "1, 0"), "auto") << "of other cells than these";
  EXPECT_EQ(curve_of("", ""), "auto");
}

TEST(Import, OfALongListIsBrokenIntoLines) {
  const Imported imported = import(
      "[DEFAULT]\nTEMPERATURES_WHILE_CHARGING = -5.125, 0.125, 2.125, 5.125, 8.125, 10.125, 12.125, 15.125,\n"
      "  20.125, 25.125, 30.125, 35.125, 40.125, 45.125, 50.125, 55.125\n"
      "MAX_CHARGE_CURRENT_T_FRACTION = 0, 0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375, 0.4375,\n"
      "  0.5, 0.5625, 0.625, 0.6875, 0.75, 0.8125, 0.875, 0.9375\n");
  EXPECT_TRUE(ours(imported).faults().empty()) << imported.text;
  EXPECT_EQ(ours(imported).settings_for({}).charge.charge_temperature_curve.size(), 16U);
}

TEST(Import, LeavesOutWhatContradictsItself) {
  const Imported imported = import("[DEFAULT]\nMAX_CELL_VOLTAGE = 3.4\nFLOAT_CELL_VOLTAGE = 3.45\n");
  EXPECT_TRUE(ours(imported).faults().empty());
  ASSERT_EQ(imported.left_out.size(), 1U);
  EXPECT_EQ(imported.left_out[0].key, "FLOAT_CELL_VOLTAGE");
  EXPECT_THAT(imported.left_out[0].reason, HasSubstr("must not be above"));
}

TEST(Import, OfALargerOffsetMapThatIsNoneSaysSo) {
  const Imported imported =
      import("[DEFAULT]\nCURRENT_REPORTED_BY_BMS = -300, -0.5, 0.5, 300\nCURRENT_MEASURED_BY_USER = -300, 0, 0, 300\n");
  EXPECT_TRUE(ours(imported).faults().empty());
  ASSERT_EQ(imported.left_out.size(), 2U);
  EXPECT_THAT(imported.left_out[0].reason, HasSubstr("rising second numbers"));
}

TEST(Import, OfAShuntForTheStateOfCharge) {
  const Imported imported = import(
      "[DEFAULT]\nSOC_CALCULATION = False\nEXTERNAL_SENSOR_DBUS_DEVICE = com.victronenergy.battery.ttyS5\n"
      "EXTERNAL_SENSOR_DBUS_PATH_SOC = /Soc\n");
  EXPECT_TRUE(ours(imported).faults().empty());
  EXPECT_EQ(ours(imported).settings_for({}).battery.soc.source, battery::SocSource::external);
}

TEST(Import, TableNamesEachOptionThatExistsAndEachKeyOnce) {
  std::set<std::string> fates;
  for (const KeyAndFate& line : import_table()) {
    EXPECT_TRUE(line.option.empty() || find_option(line.option)) << line.option;
    EXPECT_NE(line.option.empty(), line.reason.empty()) << line.keys;
    EXPECT_TRUE(fates.insert(line.option.empty() ? line.keys : line.option).second) << line.keys << line.option;
  }
}

// ---- The commands ----

class ConfigCommand : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() /
            ("config_command_" + std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "_" +
             testing::UnitTest::GetInstance()->current_test_info()->name() + ".ini");
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string file(const std::string& text) {
    std::ofstream(path_) << text;
    return path_;
  }

  std::filesystem::path path_;
  std::ostringstream out_, problems_;
};

TEST_F(ConfigCommand, CheckSaysHowMuchItFound) {
  EXPECT_EQ(cli::check_config(file("[default]\nname = a\n[battery x]\ncells = 8\nbaud = 9600\n"), out_),
            driver::ExitCode::stopped);
  EXPECT_EQ(out_.str(), "no faults, 3 options in 2 sections\n");
}

TEST_F(ConfigCommand, CheckNamesFileAndLine) {
  EXPECT_EQ(cli::check_config(file("[default]\nnme = a\n"), out_), driver::ExitCode::configuration);
  EXPECT_EQ(out_.str(),
            path_.string() + ":2: there is no option \"nme\"; did you mean \"name\"?; the line is left out\n");
  EXPECT_EQ(cli::check_config("/nonexistent", out_), driver::ExitCode::configuration);
}

TEST_F(ConfigCommand, ShowPrintsValuesAndTheirOrigin) {
  const std::string config = file("[battery x]\nmax_charge_current = 30\n");
  EXPECT_EQ(cli::show_config({.file = config, .batteries = {"x"}}, out_, problems_), driver::ExitCode::stopped);
  EXPECT_THAT(out_.str(), testing::ContainsRegex("max_charge_current +30 A +config_command_.*:2 \\[battery x\\]\n"));
  EXPECT_THAT(out_.str(), testing::ContainsRegex("absorption_cell_voltage +3.45 V +default\n"));
  EXPECT_TRUE(problems_.str().empty());
}

TEST_F(ConfigCommand, ShowPrintsJson) {
  const std::string config = file("[default]\nfoo = 1\npoll_interval = 2\n");
  EXPECT_EQ(cli::show_config({.file = config, .json = true}, out_, problems_), driver::ExitCode::stopped);
  const auto json = nlohmann::json::parse(out_.str());
  EXPECT_EQ(json["faults"][0]["line"], 2);
  const auto found =
      std::ranges::find_if(json["options"], [](const auto& o) { return o["option"] == "poll_interval"; });
  ASSERT_NE(found, json["options"].end());
  EXPECT_EQ((*found)["value"], "2");
  EXPECT_EQ((*found)["unit"], "s");
  EXPECT_EQ(cli::show_config({.file = "/nonexistent"}, out_, problems_), driver::ExitCode::configuration);
}

TEST_F(ConfigCommand, ShowWithoutAFileShowsTheDefaults) {
  EXPECT_EQ(cli::show_config({}, out_, problems_), driver::ExitCode::stopped);
  EXPECT_THAT(out_.str(), HasSubstr("stale_after"));
}

TEST_F(ConfigCommand, ImportPrintsAFileAndWhatIsMissing) {
  const std::string theirs = file("[DEFAULT]\nMAX_CELL_VOLTAGE = 3.45\nTELEMETRY = True\n");
  EXPECT_EQ(cli::import_config(theirs, out_, problems_), driver::ExitCode::stopped);
  EXPECT_THAT(out_.str(), HasSubstr("absorption_cell_voltage = 3.45"));
  EXPECT_EQ(problems_.str(), theirs + ":3: TELEMETRY = True: nothing is ever sent anywhere\n");
  EXPECT_EQ(cli::import_config("/nonexistent", out_, problems_), driver::ExitCode::configuration);
}

}  // namespace
}  // namespace bms::config
