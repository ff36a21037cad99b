// Files of dbus-serialbattery as ours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "config/config.hpp"
#include "config/import/import.hpp"
#include "config/text.hpp"

namespace bms::config {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

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
  EXPECT_EQ(settings.keep_for_s, 0) << "20 minutes are what that driver was shipped with";
  EXPECT_EQ(settings.keep_min_cell_v, 3.25);
  EXPECT_EQ(settings.external_battery, "com.victronenergy.battery.ttyS2");
  const charge::Config& charge = settings.charge;
  EXPECT_EQ(charge.profile, charge::Profile::serialbattery_step);
  EXPECT_EQ(charge.max_charge_current, charge::Amperes{80});
  EXPECT_EQ(charge.max_discharge_current, charge::Amperes{120});
  EXPECT_EQ(charge.absorption_cell_v, 3.45);
  EXPECT_EQ(charge.float_cell_v, 3.35);
  EXPECT_EQ(charge.balancing_cell_v, 3.55) << "3.6 counts only with SOC_RESET_AFTER_DAYS";
  EXPECT_EQ(charge.absorption_held_s, 1200);
  EXPECT_EQ(charge.absorption_spread_v, Settings{}.charge.absorption_spread_v);
  EXPECT_DOUBLE_EQ(charge.rebulk_discharged_share, 0.15);
  EXPECT_EQ(charge.rebulk_spread_v, 0.09);
  EXPECT_EQ(charge.cable_drop_v, 0.15);
  EXPECT_TRUE(charge.charge_cell_curve.empty()) << "shipped like this";
  EXPECT_TRUE(charge.discharge_cell_curve.empty());
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
  EXPECT_FALSE(battery.calibration.invert_current) << "counts for Daly";
  EXPECT_EQ(battery.calibration.current_map, (Curve{{-300, -295}, {-2, -2.5}, {300, 301}}));
  EXPECT_FALSE(battery.calibration.capacity_ah) << "counts for Daly";
  EXPECT_EQ(battery.calibration.sensors[0].name, "Bow # left");
  EXPECT_EQ(battery.calibration.sensors[1].role, battery::SensorRole::cell);
  EXPECT_EQ(battery.calibration.sensors[2].role, battery::SensorRole::other);
  EXPECT_EQ(battery.calibration.sensors[1].offset_k, -1.5);
  EXPECT_EQ(battery.calibration.sensors[1].slope, 1.02);
  EXPECT_EQ(battery.calibration.mos_sensor.offset_k, 2);
}

TEST(Import, SaysOfEachChangedKeyOnceWhatBecameOfIt) {
  const Imported imported = import(full_file);
  std::vector<std::string> decisions;
  std::vector<std::string> meaningless;
  for (const Remark& one : imported.remarks) {
    auto& keys = one.group == Remark::Group::decision ? decisions : meaningless;
    for (const ForeignLine& line : one.lines) keys.push_back(line.wrote);
    EXPECT_THAT(imported.text, HasSubstr("\n#   " + one.text() + "\n"));
    EXPECT_EQ(imported.text.find(one.text()), imported.text.rfind(one.text()));
  }
  EXPECT_THAT(decisions,
              UnorderedElementsAre("SOC_RESET_CELL_VOLTAGE", "BATTERY_CAPACITY", "INVERT_CURRENT_MEASUREMENT"));
  EXPECT_THAT(meaningless, UnorderedElementsAre("MQTT_PASSWORD"));
  EXPECT_THAT(imported.text, Not(HasSubstr("secret")));
  EXPECT_THAT(imported.text, HasSubstr("float_cell_voltage = 3.35  # FLOAT_CELL_VOLTAGE\n"));
  EXPECT_THAT(imported.text, Not(HasSubstr("MAX_CELL_VOLTAGE"))) << "shipped like this";
  EXPECT_LT(imported.text.find("# Needs a decision:"), imported.text.find("# Has no meaning here:"));
  EXPECT_LT(imported.text.find("# Has no meaning here:"), imported.text.find("# Taken over"));
}

struct One {
  const char* name;
  const char* text;
  const char* option;  ///< with its value; "?": something needs a decision; "-": it has no meaning here; "": nothing
  const char* says;    ///< in the remark
};

class ImportOf : public testing::TestWithParam<One> {};

TEST_P(ImportOf, AFewKeys) {
  const auto& [name, text, option, says] = GetParam();
  const Imported imported = import("[DEFAULT]\n" + std::string(text) + "\n");
  EXPECT_TRUE(ours(imported).faults().empty()) << imported.text;
  const bool decision = *option == '?';
  EXPECT_EQ(imported.needs_decision(), decision || std::string_view(says).starts_with("? ")) << imported.text;
  if (decision || *option == '-') {
    ASSERT_EQ(imported.remarks.size(), 1U) << imported.text;
    EXPECT_THAT(imported.remarks[0].text(), HasSubstr(says));
    EXPECT_EQ(imported.options, 0U) << imported.text;
    return;
  }
  if (*option == '\0') {
    EXPECT_EQ(imported.options, 0U) << imported.text;
    EXPECT_TRUE(imported.remarks.empty()) << imported.text;
    return;
  }
  EXPECT_THAT(imported.text, HasSubstr("\n" + std::string(option) + "  # "));
}

INSTANTIATE_TEST_SUITE_P(
    Cells, ImportOf,
    testing::Values(
        One{"li_ion", "MAX_CELL_VOLTAGE = 4.1", "chemistry = Li-ion", ""},
        One{"li_ion_voltage", "MAX_CELL_VOLTAGE = 4.15", "absorption_cell_voltage = 4.15", ""},
        One{"lto", "MAX_CELL_VOLTAGE = 2.7\nMIN_CELL_VOLTAGE = 1.9", "chemistry = LTO", ""},
        One{"small_letters", "max_cell_voltage = 3.5", "absorption_cell_voltage = 3.5", ""},
        One{"above_the_highest", "MAX_CELL_VOLTAGE = 3.7", "?", "with chemistry = LFP"},
        // Nothing above the owner's own highest voltage, unless they asked for it.
        One{"below_the_lowest", "MAX_CELL_VOLTAGE = 3.295", "absorption_cell_voltage = 3.3", "? "},
        One{"float_below_the_lowest", "FLOAT_CELL_VOLTAGE = 3.1", "float_cell_voltage = 3.2", "? "},
        One{"min_above_the_highest", "MIN_CELL_VOLTAGE = 3.4", "min_cell_voltage = 3.3", "? "},
        // The tables of all versions end discharging at 2.7 V or above.
        One{"min_below_the_table", "MIN_CELL_VOLTAGE = 2.5\nCHARGE_MODE = 1", "min_cell_voltage = 2.9", "? "},
        One{"min_below_the_own_table",
            "MIN_CELL_VOLTAGE = 2.6\nCELL_VOLTAGES_WHILE_DISCHARGING = 2.6, 2.7, 2.8\n"
            "MAX_DISCHARGE_CURRENT_CV_FRACTION = 0, 0.1, 1",
            "min_cell_voltage = 2.6", ""},
        One{"min_without_the_table", "MIN_CELL_VOLTAGE = 2.6\nDCCM_CV_ENABLE = False", "min_cell_voltage = 2.6", "? "},
        One{"drop_of_whenever", "VOLTAGE_DROP = 0.5", "cable_drop = 0.5", "? "},
        One{"drop_of_today", "VOLTAGE_DROP = 0.5\nCHARGE_MODE = 1", "cable_drop = 0.5", ""},
        One{"no_balancing", "MAX_CELL_VOLTAGE = 3.4", "full_charge_days = 0", ""},
        One{"balancing_below", "MAX_CELL_VOLTAGE = 3.55", "absorption_cell_voltage = 3.55", ""},
        One{"never_reached", "MAX_CELL_VOLTAGE = 3.6", "absorption_cell_voltage = 3.6", "? "},
        // A file of version 2, whose table ends at 3.5 V.
        One{"never_reached_in_2", "MAX_CELL_VOLTAGE = 3.55\nCHARGE_MODE = 1", "absorption_cell_voltage = 3.55", "? "},
        One{"without_the_table", "MAX_CELL_VOLTAGE = 3.6\nCCCM_CV_ENABLE = False", "absorption_cell_voltage = 3.6",
            "? "},
        One{"days", "SOC_RESET_AFTER_DAYS = 15", "full_charge_days = 15", "? "},
        One{"days_to_the_shipped_voltage", "SOC_RESET_AFTER_DAYS = 15\nSOC_RESET_VOLTAGE = 3.65",
            "full_charge_days = 15", "? "},
        One{"days_as_high_anyway",
            "SOC_RESET_AFTER_DAYS = 15\nMAX_CELL_VOLTAGE = 3.65\n"
            "CELL_VOLTAGES_WHILE_CHARGING = 3.65, 3.5, 3.4\n"
            "MAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.1, 1",
            "full_charge_days = 15", ""},
        One{"no_days", "SOC_RESET_AFTER_DAYS =", "", ""},
        One{"days_and_voltage", "SOC_RESET_AFTER_DAYS = 15\nSOC_RESET_CELL_VOLTAGE = 3.6",
            "balancing_cell_voltage = 3.6", "? "},
        One{"days_of_li_ion", "MAX_CELL_VOLTAGE = 4.10\nSOC_RESET_AFTER_DAYS = 30", "balancing_cell_voltage = 4.1", ""},
        One{"days_beyond_the_own_table",
            "SOC_RESET_AFTER_DAYS = 14\nSOC_RESET_VOLTAGE = 3.60\n"
            "CELL_VOLTAGES_WHILE_CHARGING = 3.50, 3.45, 3.40, 3.35\n"
            "MAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.1, 0.5, 1",
            "balancing_cell_voltage = 3.5", "? "},
        One{"shipped_voltage_beyond_the_own_table",
            "SOC_RESET_AFTER_DAYS = 14\n"
            "CELL_VOLTAGES_WHILE_CHARGING = 3.50, 3.45, 3.40, 3.35\n"
            "MAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.1, 0.5, 1",
            "balancing_cell_voltage = 3.5", "? "},
        One{"voltage_without_days", "SOC_RESET_CELL_VOLTAGE = 3.6", "?", "SOC_RESET_AFTER_DAYS"},
        One{"low_voltage_without_days", "SOC_RESET_CELL_VOLTAGE = 3.5", "balancing_cell_voltage = 3.5", ""},
        One{"wait_empty", "SWITCH_TO_FLOAT_WAIT_FOR_SEC =", "absorption_time = 0", ""},
        One{"wait_too_long", "SWITCH_TO_FLOAT_WAIT_FOR_SEC = 20000", "?", "absorption_cap"},
        One{"diff_10", "SWITCH_TO_FLOAT_CELL_VOLTAGE_DIFF = 10", "?", "is switched off"},
        One{"diff_empty", "SWITCH_TO_FLOAT_CELL_VOLTAGE_DIFF =", "?", "is switched off"},
        One{"diff", "SWITCH_TO_FLOAT_CELL_VOLTAGE_DIFF = 0.010\nSWITCH_TO_FLOAT_CELL_VOLTAGE_DEVIATION = 0.004",
            "absorption_spread = 0.014", ""},
        One{"bulk_10", "SWITCH_TO_BULK_CELL_VOLTAGE_DIFF = 10", "rebulk_spread = 1", ""},
        One{"bulk_empty", "SWITCH_TO_BULK_CELL_VOLTAGE_DIFF =", "rebulk_spread = 1", ""},
        One{"bulk_too_far", "SWITCH_TO_BULK_CELL_VOLTAGE_DIFF = 2", "?", "from 0.01 to 1"},
        One{"soc_empty", "SWITCH_TO_BULK_SOC_THRESHOLD =", "rebulk_discharged = 1", ""},
        One{"soc_0", "SWITCH_TO_BULK_SOC_THRESHOLD = 0", "rebulk_discharged = 1", ""},
        One{"soc_100", "SWITCH_TO_BULK_SOC_THRESHOLD = 100", "?", "from 0.01 to 1"}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Contact, ImportOf,
    testing::Values(
        One{"block", "BLOCK_ON_DISCONNECT = True", "keep_for = 0", ""},
        One{"no_block", "BLOCK_ON_DISCONNECT = False", "", ""},
        One{"shipped_times", "BLOCK_ON_DISCONNECT = False\nBLOCK_ON_DISCONNECT_TIMEOUT_MINUTES = 20", "", ""},
        One{"ten_minutes", "BLOCK_ON_DISCONNECT_TIMEOUT_MINUTES = 10", "keep_for = 540", ""},
        One{"long_keep", "BLOCK_ON_DISCONNECT_TIMEOUT_MINUTES = 300", "?", "from 0 to 1800"},
        One{"yes_is_not_true", "BLOCK_ON_DISCONNECT = yes", "?", "neither True nor False"},
        One{"bare_hex", "BATTERY_ADDRESSES = 10, 11", "address = 16, 17", ""},
        One{"one_bad_address", "BATTERY_ADDRESSES = 0x01, 0x1G, 0x03", "address = 1, 3", "? "},
        One{"address_0", "BATTERY_ADDRESSES = 0x00", "address = 0", ""},
        One{"address_128", "BATTERY_ADDRESSES = 0x80", "?", "0x80 cannot be the address"},
        One{"hosts_of_daly", "BMS_TYPE = Daly\nBATTERY_ADDRESSES = 0x40, 0x41", "address = 1, 2", ""},
        One{"hosts_of_whom", "BATTERY_ADDRESSES = 0x40, 0x41", "?", "address = 1 is what it calls 0x40"},
        One{"bluetooth", "BLUETOOTH_BMS = LltJbd_Ble C8:47:8C:00:00:00", "?",
            "Bluetooth; give each board a section by its address: [battery C8:47:8C:00:00:00]"},
        One{"bluetooth_of_others", "BLUETOOTH_BMS = Jkbms_Ble C8:47:8C:00:00:00", "?",
            "(line 2): Jkbms_Ble is a BMS that this driver does not know"},
        One{"bluetooth_of_both", "BLUETOOTH_BMS = lltjbd_ble C8:47:8C:00:00:00, Jkbms_Ble C8:47:8C:00:00:11", "?",
            "[battery C8:47:8C:00:00:00]; Jkbms_Ble is a BMS that"},
        One{"bluetooth_of_nobody", "BLUETOOTH_BMS = ,", "?", "is not a type of BMS and an address"},
        One{"type_by_bluetooth", "BMS_TYPE = LltJbd_Ble", "?", "is reached by Bluetooth"},
        One{"other_type_by_bluetooth", "BMS_TYPE = LiTime_Ble", "?", "is a BMS that this driver does not know"},
        One{"bluetooth_how", "BLUETOOTH_USE_USB = True", "-", "is found out"},
        One{"no_bluetooth", "BLUETOOTH_USE_USB = False", "", ""},
        One{"service", "EXTERNAL_SENSOR_DBUS_DEVICE = \"com.victronenergy.battery.ttyS2\"",
            "external_battery = com.victronenergy.battery.ttyS2", ""},
        One{"vebus", "EXTERNAL_SENSOR_DBUS_DEVICE = com.victronenergy.vebus.ttyS3", "?", "battery service"}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Boards, ImportOf,
    testing::Values(
        One{"capacity", "BMS_TYPE = Daly\nBATTERY_CAPACITY = 100", "capacity = 100", ""},
        One{"shipped_capacity", "BATTERY_CAPACITY = 99", "?", "counts for Daly, Daly_Can and Felicity only"},
        One{"shipped_capacity_of_daly", "BMS_TYPE = Daly\nBATTERY_CAPACITY = 50", "bms = daly", "? "},
        One{"no_capacity", "BMS_TYPE = Daly\nBATTERY_CAPACITY =", "bms = daly", ""},
        One{"capacity_of_whom", "BATTERY_CAPACITY = 135", "?",
            "does not say which BMS this is; here it would be capacity = 135"},
        One{"capacity_of_jbd", "BMS_TYPE = LltJbd\nBATTERY_CAPACITY = 135", "bms = jbd", "? "},
        One{"capacity_of_several", "BMS_TYPE = Daly, Daly_Can\nBATTERY_CAPACITY = 135", "capacity = 135", "? "},
        One{"inverted", "BMS_TYPE = daly\nINVERT_CURRENT_MEASUREMENT = -1", "invert_current = yes", ""},
        One{"inverted_of_whom", "INVERT_CURRENT_MEASUREMENT = -1", "?", "it would be invert_current = yes"},
        One{"normal_current", "INVERT_CURRENT_MEASUREMENT = 1", "", ""},
        One{"bad_sign", "BMS_TYPE = Daly\nINVERT_CURRENT_MEASUREMENT = -2", "bms = daly", "? "},
        One{"limits_of_whom", "USE_BMS_DVCC_VALUES = True", "?", "it would be profile = bms"},
        One{"limits_of_up16s", "BMS_TYPE = LltJbd_Up16s\nUSE_BMS_DVCC_VALUES = True", "profile = bms", ""},
        One{"several_types", "BMS_TYPE = LltJbd, Daly", "-", "which one it is will be found out"},
        One{"two_of_a_kind", "BMS_TYPE = LltJbd, LltJbd_Up16s", "bms = jbd", ""},
        One{"foreign_type", "BMS_TYPE = Jkbms", "?", "Jkbms is a BMS that this driver does not know"},
        One{"some_foreign_types", "BMS_TYPE = LltJbd, Jkbms", "?", "Jkbms is a BMS"},
        One{"by_can", "BMS_TYPE = Daly_Can", "?", "is reached by CAN"}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Others, ImportOf,
    testing::Values(
        One{"no_warning", "SOC_LOW_WARNING = 0", "low_soc_warning = off", ""},
        One{"no_alarm", "SOC_LOW_ALARM = 0", "low_soc_alarm = off", ""},
        One{"all_sensors", "TEMPERATURE_SOURCE_BATTERY = 0", "", ""},
        One{"two_sensors", "TEMPERATURE_SOURCE_BATTERY = 1, 2", "temperature_3.role = other", ""},
        One{"no_sensor", "TEMPERATURE_SOURCE_BATTERY = 5", "?", "not a list of sensors"},
        One{"slope_left_out", "TEMPERATURE_3_ADJUST = 4", "temperature_3.offset = 4", ""},
        One{"bad_slope", "TEMPERATURE_3_ADJUST = 4, x", "temperature_3.offset = 4", "? "},
        One{"same_map", "CURRENT_REPORTED_BY_BMS = -100, 300\nCURRENT_MEASURED_BY_USER = -100, 300", "", ""},
        // The form that its own comments recommend for small currents.
        One{"flat_map", "CURRENT_REPORTED_BY_BMS = -300, -0.5, 0.5, 300\nCURRENT_MEASURED_BY_USER = -300, 0, 0, 300",
            "current_map = -300:-300, -0.5:0, 0.5:0, 300:300", ""},
        One{"falling_map", "CURRENT_REPORTED_BY_BMS = -300, 0, 300\nCURRENT_MEASURED_BY_USER = -300, 10, 0", "?",
            "never fall"},
        One{"half_a_map", "CURRENT_MEASURED_BY_USER = -300, 290", "?", "CURRENT_REPORTED_BY_BMS, is not in the file"},
        One{"too_much", "MAX_BATTERY_CHARGE_CURRENT = 5000", "?", "from 0 to 3000"},
        One{"not_a_number", "MAX_BATTERY_CHARGE_CURRENT = lots", "?", "is not a number"},
        One{"with_a_comment", "MAX_BATTERY_CHARGE_CURRENT = 80 ; new cells", "?",
            "is not a number; that driver takes what stands behind ; or # for part of the value"},
        One{"soc_of_the_system", "UTILIZE_SYSTEM_SOC = True", "?", "soc_source = external"},
        One{"no_soc_of_the_system", "UTILIZE_SYSTEM_SOC = False", "-", "is off"},
        One{"twice", "MAX_BATTERY_CHARGE_CURRENT = 80\nmax_battery_charge_current = 90", "?",
            "again with another value"},
        One{"twice_the_same", "MAX_BATTERY_CHARGE_CURRENT = 80\nMAX_BATTERY_CHARGE_CURRENT = 80.0",
            "max_charge_current = 80", ""},
        One{"linear", "CHARGE_MODE = 1", "", ""}, One{"steps", "CHARGE_MODE = 2", "profile = serialbattery-step", ""},
        One{"telemetry", "TELEMETRY = False", "-", "nothing is ever sent"},
        One{"unknown", "SOMETHING_NEW = 1", "?", "is not a key of that driver"},
        One{"misspelt", "MAX_CEL_VOLTAGE = 3.5", "?", "did you mean MAX_CELL_VOLTAGE?"},
        One{"latin_1",
            "TEMPERATURE_1_NAME = vorn rechts au\xdf"
            "en",
            "?", "is not text in UTF-8"},
        One{"quotes_and_comment", "TEMPERATURE_1_NAME = 19\" # 2", "?", "quotes"},
        One{"no_line", "SOMETHING", "?", "line 2: expected"},
        One{"other_section", "[OTHER]\nMAX_CELL_VOLTAGE = 3.5", "?", "reads [DEFAULT] alone"}),
    [](const auto& one) { return one.param.name; });

TEST(Import, OfListsTakesEitherDirectionAndOnlyWhatFits) {
  const auto curve_of = [](const std::string& places, const std::string& shares) {
    const Imported imported = import("[DEFAULT]\nCELL_VOLTAGES_WHILE_CHARGING = " + places +
                                     "\nMAX_CHARGE_CURRENT_CV_FRACTION = " + shares + "\n");
    EXPECT_TRUE(ours(imported).faults().empty());
    Settings settings = ours(imported).settings_for({});
    EXPECT_EQ(imported.needs_decision(), imported.options == 0);
    return option_named("charge_cell_curve").text(settings);
  };
  EXPECT_EQ(curve_of("3.3, 3.4, 3.5", "1, 0.5, 0"), "3.3:1, 3.4:0.5, 3.5:0");
  EXPECT_EQ(curve_of("3.5, 3.4, 3.3", "0, 0.5, 1"), "3.3:1, 3.4:0.5, 3.5:0");
  EXPECT_EQ(curve_of("3.3, 3.5", "1, 0.1"), "3.3:1, 3.5:0.1, 3.55:0") << "a cell must be protected in the end";
  EXPECT_EQ(curve_of("3.3, 3.62", "1, 0.1"), "3.3:1, 3.62:0.1, 3.65:0") << "and not beyond what cells bear";
  EXPECT_EQ(curve_of("3.3, 3.65", "1, 0.1"), "3.3:1, 3.65:0");
  EXPECT_EQ(curve_of("3.65", "0.1"), "auto");
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

TEST(Import, OfALongTextStaysOneLine) {
  const std::string name =
      "left of the bow, where poll_interval = 2 is written, behind the second locker, below the floor, aft";
  const Imported imported = import("[DEFAULT]\nTEMPERATURE_1_NAME = " + name + "\n");
  EXPECT_TRUE(ours(imported).faults().empty()) << imported.text;
  EXPECT_EQ(ours(imported).settings_for({}).battery.calibration.sensors[0].name, name);
  EXPECT_EQ(ours(imported).settings_for({}).poll_interval_s, 1);
}

TEST(Import, OfATableOfTheOwnersOwnIsNotLiftedByABalancingCharge) {
  const std::string table =
      "[DEFAULT]\nCELL_VOLTAGES_WHILE_CHARGING = 3.48, 3.45, 3.40\nMAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.1, 1\n";
  const auto days = [&](const std::string& more) {
    const Imported imported = import(table + more);
    EXPECT_TRUE(ours(imported).faults().empty()) << imported.text;
    return ours(imported).settings_for({}).charge.full_charge_days;
  };
  EXPECT_EQ(days(""), 0);
  EXPECT_EQ(days("SOC_RESET_AFTER_DAYS = 20\n"), 20);
  EXPECT_EQ(days("CCCM_CV_ENABLE = False\n"), Settings{}.charge.full_charge_days) << "the table does not count";
  EXPECT_EQ(days("MAX_CELL_VOLTAGE = 3.6\n"), 0);
}

TEST(Import, OfAHighestVoltageAboveTheOwnersTableEndsWithTheTable) {
  const Imported imported = import(
      "[DEFAULT]\nMAX_CELL_VOLTAGE = 3.60\nCELL_VOLTAGES_WHILE_CHARGING = 3.50, 3.45, 3.40\n"
      "MAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.1, 1\n");
  EXPECT_TRUE(ours(imported).faults().empty());
  EXPECT_EQ(ours(imported).settings_for({}).charge.absorption_cell_v, 3.5);
  ASSERT_EQ(imported.remarks.size(), 1U) << imported.text;
  EXPECT_THAT(imported.remarks[0].text(), HasSubstr("MAX_CELL_VOLTAGE = 3.60 (line 2): is above 3.5 V"));
}

TEST(Import, LeavesOutWhatContradictsItself) {
  const Imported imported = import("[DEFAULT]\nMAX_CELL_VOLTAGE = 3.4\nFLOAT_CELL_VOLTAGE = 3.45\n");
  EXPECT_TRUE(ours(imported).faults().empty());
  ASSERT_EQ(imported.remarks.size(), 1U);
  EXPECT_EQ(imported.remarks[0].lines[0].wrote, "FLOAT_CELL_VOLTAGE");
  EXPECT_THAT(imported.remarks[0].reason, HasSubstr("must not be above"));
}

TEST(Import, OfAShuntForTheStateOfCharge) {
  const auto file = [](const std::string& path) {
    return import(
        "[DEFAULT]\nSOC_CALCULATION = False\nEXTERNAL_SENSOR_DBUS_DEVICE = com.victronenergy.battery.ttyS5\n"
        "EXTERNAL_SENSOR_DBUS_PATH_SOC = " +
        path + "\n");
  };
  EXPECT_TRUE(ours(file("/Soc")).faults().empty());
  EXPECT_EQ(ours(file("/Soc")).settings_for({}).battery.soc.source, battery::SocSource::external);
  EXPECT_TRUE(file("/Dc/Battery/Soc").needs_decision());
  EXPECT_EQ(ours(file("/Dc/Battery/Soc")).settings_for({}).battery.soc.source, battery::SocSource::bms);
}

TEST(Import, TwoSourcesOfTheStateOfChargeAreAQuestion) {
  const Imported imported = import(
      "[DEFAULT]\nSOC_CALCULATION = True\nEXTERNAL_SENSOR_DBUS_DEVICE = com.victronenergy.battery.ttyS5\n"
      "EXTERNAL_SENSOR_DBUS_PATH_SOC = /Soc\n");
  EXPECT_TRUE(imported.needs_decision());
  EXPECT_EQ(ours(imported).settings_for({}).battery.soc.source, battery::SocSource::bms);
}

TEST(Import, WhatConcernsAWholeBatteryComesFirst) {
  const Imported imported = import("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = x\nTELEMETRY = False\nBMS_TYPE = Jkbms\n");
  ASSERT_EQ(imported.remarks.size(), 3U);
  EXPECT_EQ(imported.remarks[0].lines[0].wrote, "BMS_TYPE");
  EXPECT_EQ(imported.remarks[1].lines[0].wrote, "MAX_BATTERY_CHARGE_CURRENT");
}

TEST(Import, TableNamesEachOptionThatExistsAndEachKeyOnce) {
  std::set<std::string> fates;
  for (const KeyAndFate& line : import_table()) {
    EXPECT_TRUE(line.option.empty() || battery_options().find(line.option)) << line.option;
    EXPECT_NE(line.option.empty(), line.reason.empty()) << line.keys;
    EXPECT_TRUE(fates.insert(line.option.empty() ? line.keys : line.option).second) << line.keys << line.option;
  }
}

}  // namespace
}  // namespace bms::config
