#include "config/import/table.hpp"

#include <algorithm>

#include "config/import/values.hpp"

namespace bms::config {

namespace {

constexpr ImportRow rows[] = {
    {"log_level", {"LOGGING"}, log_level},
    {"poll_interval", {"POLL_INTERVAL"}, number_unless_empty},
    {"bms", {"BMS_TYPE"}, family},
    {"address", {"BATTERY_ADDRESSES"}, addresses},
    {"external_battery", {"EXTERNAL_SENSOR_DBUS_DEVICE"}, external_battery},
    {"chemistry", {"MAX_CELL_VOLTAGE"}, chemistry},
    {"profile", {"CHARGE_MODE", "LINEAR_LIMITATION_ENABLE", "USE_BMS_DVCC_VALUES"}, profile},
    {"max_charge_current", {"MAX_BATTERY_CHARGE_CURRENT"}, number},
    {"max_discharge_current", {"MAX_BATTERY_DISCHARGE_CURRENT"}, number},
    {"absorption_cell_voltage", {"MAX_CELL_VOLTAGE"}, absorption_cell_voltage},
    {"float_cell_voltage", {"FLOAT_CELL_VOLTAGE"}, float_cell_voltage},
    {"min_cell_voltage", {"MIN_CELL_VOLTAGE"}, min_cell_voltage},
    {"balancing_cell_voltage", {"SOC_RESET_CELL_VOLTAGE", "SOC_RESET_AFTER_DAYS"}, balancing_cell_voltage},
    {"full_charge_days",
     {"SOC_RESET_AFTER_DAYS", "MAX_CELL_VOLTAGE", "CELL_VOLTAGES_WHILE_CHARGING", "MAX_CHARGE_CURRENT_CV_FRACTION"},
     full_charge_days},
    {"cable_drop", {"VOLTAGE_DROP"}, cable_drop},
    {"float", {"CVCM_ENABLE"}, flag},
    {"absorption_time", {"SWITCH_TO_FLOAT_WAIT_FOR_SEC"}, number_or_zero},
    {"absorption_spread",
     {"SWITCH_TO_FLOAT_CELL_VOLTAGE_DIFF", "SWITCH_TO_FLOAT_CELL_VOLTAGE_DEVIATION",
      "CELL_VOLTAGE_DIFF_KEEP_MAX_VOLTAGE_TIME_RESTART"},
     absorption_spread},
    {"rebulk_discharged", {"SWITCH_TO_BULK_SOC_THRESHOLD"}, rebulk_discharged},
    {"rebulk_spread", {"SWITCH_TO_BULK_CELL_VOLTAGE_DIFF"}, rebulk_spread},
    {"charge_cell_curve",
     {"CELL_VOLTAGES_WHILE_CHARGING", "MAX_CHARGE_CURRENT_CV_FRACTION", "CCCM_CV_ENABLE"},
     charge_cell_curve},
    {"discharge_cell_curve",
     {"CELL_VOLTAGES_WHILE_DISCHARGING", "MAX_DISCHARGE_CURRENT_CV_FRACTION", "DCCM_CV_ENABLE"},
     discharge_cell_curve},
    {"charge_temperature_curve",
     {"TEMPERATURES_WHILE_CHARGING", "MAX_CHARGE_CURRENT_T_FRACTION", "CCCM_T_ENABLE"},
     curve},
    {"discharge_temperature_curve",
     {"TEMPERATURES_WHILE_DISCHARGING", "MAX_DISCHARGE_CURRENT_T_FRACTION", "DCCM_T_ENABLE"},
     curve},
    {"charge_mos_curve",
     {"MOSFET_TEMPERATURES_WHILE_CHARGING", "MAX_CHARGE_CURRENT_T_MOSFET_FRACTION", "CCCM_T_MOSFET_ENABLE"},
     curve},
    {"discharge_mos_curve",
     {"MOSFET_TEMPERATURES_WHILE_DISCHARGING", "MAX_DISCHARGE_CURRENT_T_MOSFET_FRACTION", "DCCM_T_MOSFET_ENABLE"},
     curve},
    {"charge_soc_curve",
     {"SOC_WHILE_CHARGING", "MAX_CHARGE_CURRENT_SOC_FRACTION", "CCCM_SOC_ENABLE", "CC_SOC_LIMIT1", "CC_SOC_LIMIT2",
      "CC_SOC_LIMIT3", "CC_CURRENT_LIMIT1_FRACTION", "CC_CURRENT_LIMIT2_FRACTION", "CC_CURRENT_LIMIT3_FRACTION"},
     charge_soc_curve},
    {"discharge_soc_curve",
     {"SOC_WHILE_DISCHARGING", "MAX_DISCHARGE_CURRENT_SOC_FRACTION", "DCCM_SOC_ENABLE", "DC_SOC_LIMIT1",
      "DC_SOC_LIMIT2", "DC_SOC_LIMIT3", "DC_CURRENT_LIMIT1_FRACTION", "DC_CURRENT_LIMIT2_FRACTION",
      "DC_CURRENT_LIMIT3_FRACTION"},
     discharge_soc_curve},
    {"capacity", {"BATTERY_CAPACITY"}, capacity},
    {"invert_current", {"INVERT_CURRENT_MEASUREMENT"}, inverted},
    {"current_map", {"CURRENT_REPORTED_BY_BMS", "CURRENT_MEASURED_BY_USER"}, current_map},
    {"temperature_1.role", {"TEMPERATURE_SOURCE_BATTERY"}, role},
    {"temperature_2.role", {"TEMPERATURE_SOURCE_BATTERY"}, role},
    {"temperature_3.role", {"TEMPERATURE_SOURCE_BATTERY"}, role},
    {"temperature_4.role", {"TEMPERATURE_SOURCE_BATTERY"}, role},
    {"temperature_1.name", {"TEMPERATURE_1_NAME"}, text},
    {"temperature_2.name", {"TEMPERATURE_2_NAME"}, text},
    {"temperature_3.name", {"TEMPERATURE_3_NAME"}, text},
    {"temperature_4.name", {"TEMPERATURE_4_NAME"}, text},
    {"temperature_1.offset", {"TEMPERATURE_1_ADJUST"}, sensor_offset},
    {"temperature_1.slope", {"TEMPERATURE_1_ADJUST"}, sensor_slope},
    {"temperature_2.offset", {"TEMPERATURE_2_ADJUST"}, sensor_offset},
    {"temperature_2.slope", {"TEMPERATURE_2_ADJUST"}, sensor_slope},
    {"temperature_3.offset", {"TEMPERATURE_3_ADJUST"}, sensor_offset},
    {"temperature_3.slope", {"TEMPERATURE_3_ADJUST"}, sensor_slope},
    {"temperature_4.offset", {"TEMPERATURE_4_ADJUST"}, sensor_offset},
    {"temperature_4.slope", {"TEMPERATURE_4_ADJUST"}, sensor_slope},
    {"mos_temperature.offset", {"TEMPERATURE_MOS_ADJUST"}, sensor_offset},
    {"mos_temperature.slope", {"TEMPERATURE_MOS_ADJUST"}, sensor_slope},
    {"midpoint", {"MIDPOINT_ENABLE"}, flag},
    {"soc_source", {"SOC_CALCULATION", "EXTERNAL_SENSOR_DBUS_PATH_SOC"}, soc_source},
    {"current_source", {"EXTERNAL_SENSOR_DBUS_PATH_CURRENT"}, current_source},
    {"min_soc", {"SOC_LOW_WARNING"}, number},
    {"time_to_soc", {"TIME_TO_SOC_POINTS"}, text},
    {"history", {"HISTORY_ENABLE"}, flag},
    {"low_soc_warning", {"SOC_LOW_WARNING"}, number_or_off},
    {"low_soc_alarm", {"SOC_LOW_ALARM"}, number_or_off},
    {"bms_cable_alarm", {"BMS_CABLE_ALARM"}, flag},
    {"keep_for", {"BLOCK_ON_DISCONNECT", "BLOCK_ON_DISCONNECT_TIMEOUT_MINUTES"}, keep_for},
    {"keep_min_cell_voltage", {"BLOCK_ON_DISCONNECT_VOLTAGE_MIN"}, number},
    {"keep_max_cell_voltage", {"BLOCK_ON_DISCONNECT_VOLTAGE_MAX"}, number},
};

// Read in its bms/*.py. SOC_LOW_* raise alarms for LltJbd alone there; here they do for every BMS, which is what
// whoever changes them wants.
constexpr KeyOfSomeTypes scoped[] = {
    {"BATTERY_CAPACITY", {"Daly", "Daly_Can", "Felicity"}},
    {"INVERT_CURRENT_MEASUREMENT", {"Daly", "Daly_Can"}},
    {"USE_BMS_DVCC_VALUES", {"Felicity", "Seplosv3", "HLPdataBMS4S", "LltJbd_Up16s", "LltJbd_Can", "RV_C_Can"}},
};

// JBD alone is a word of dbus-btbattery.
constexpr KnownType types[] = {
    {"LltJbd", "jbd"}, {"LltJbd_Up16s", "jbd"}, {"Daly", "daly"}, {"ANT", "ant"}, {"JBD", "jbd"},
};

using enum Remark::Group;

constexpr std::string_view at_once = "reductions always take effect at once";
constexpr std::string_view fixed_rates = "how fast limits recover is fixed: 1 % of the maximum per second after a hold";
constexpr std::string_view own_condition = "each limit that has reached zero has its own condition to reopen";
constexpr std::string_view one_law = "there is one law for single high cells, which needs no choice";
constexpr std::string_view full_by_itself = "when a battery counts as full is decided by voltage, time and current";
constexpr std::string_view no_bluetooth =
    "what Bluetooth needs is found out, and nothing is ever switched off or restarted for it";
constexpr std::string_view silent_boards =
    "a board that is silent is looked for again by itself, and the GX device is never restarted for it";
constexpr std::string_view other_bms = "of a BMS that this driver does not know";
constexpr std::string_view no_mqtt = "batteries that come over MQTT are not supported";
constexpr std::string_view amperes =
    "is in amperes, as in the first beta versions; write the curve as shares of the maximum";
constexpr std::string_view shown_sensor =
    "chose which sensor was shown, while limits depended on all of them; where the others do not measure cells, write "
    "temperature_1.role = other and so on";

constexpr NoCounterpart no_counterparts[] = {
    {"BLUETOOTH_BMS", "is reached by Bluetooth; give it a section by its address, as in [battery A4:C1:37:00:00:23]",
     decision},
    {"BLUETOOTH_*", no_bluetooth},
    {"CAN_PORT", "CAN is not supported: what is connected there is not read", decision},
    {"CAN_*", "CAN is not supported"},
    {"MQTT_TOPIC", no_mqtt, decision},
    {"MQTT_*", no_mqtt},
    {"CUSTOM_BATTERY_NAMES", "write name = ... into a section for each port, as in [battery ttyUSB0]", decision},
    {"EXCLUDED_DEVICES", "keep these ports from the program that starts this driver", decision},
    {"SERIAL_STARTER_ENABLED", "decided by how the driver is installed"},
    {"TEMP_BATTERY", shown_sensor, decision},
    {"CC_CURRENT_LIMIT1", amperes, decision},
    {"CC_CURRENT_LIMIT2", amperes, decision},
    {"CC_CURRENT_LIMIT3", amperes, decision},
    {"DC_CURRENT_LIMIT1", amperes, decision},
    {"DC_CURRENT_LIMIT2", amperes, decision},
    {"DC_CURRENT_LIMIT3", amperes, decision},
    {"MAX_CHARGE_CURRENT_CV", amperes, decision},
    {"MAX_CHARGE_CURRENT_T", amperes, decision},
    {"MAX_DISCHARGE_CURRENT_CV", amperes, decision},
    {"MAX_DISCHARGE_CURRENT_T", amperes, decision},
    {"UTILIZE_*", "write external_battery and soc_source = external", decision},
    {"CVL_RECALCULATION_*", at_once},
    {"LINEAR_RECALCULATION_*", at_once},
    {"PENALTY_*", one_law},
    {"CVL_RECOVERY_*", "the charge voltage rises by 10 mV per second at most, always"},
    {"CVL_CONTROLLER_*", one_law},
    {"CVL_ICONTROLLER_*", one_law},
    {"CVCM_DYN_RANGE", one_law},
    {"DVCM_*", one_law},
    {"CHARGE_CURRENT_RECOVERY_THRESHOLD_PERCENT", own_condition},
    {"DISCHARGE_CURRENT_RECOVERY_THRESHOLD_PERCENT", own_condition},
    {"CCL_RECOVERY_*", fixed_rates},
    {"DCL_RECOVERY_*", fixed_rates},
    {"SOC_RESET_CURRENT", full_by_itself},
    {"SOC_RESET_TIME", full_by_itself},
    {"SOC_CALC_*", "the driver's own counting needs no more than soc_source"},
    {"AVERAGE_CURRENT_TIME_CONSTANT", "the average current is that of five minutes"},
    {"TIME_TO_GO_ENABLE", "the time to go is always shown"},
    {"TIME_TO_SOC_VALUE_TYPE", "times are always seconds"},
    {"TIME_TO_SOC_RECALCULATE_EVERY", "times follow the readings"},
    {"TIME_TO_SOC_LOOP_CYCLES", "times follow the readings"},
    {"TIME_TO_SOC_INC_FROM", "only what lies ahead is shown"},
    {"PUBLISH_CONFIG_VALUES", "see \"dbus-bms config show\""},
    {"PUBLISH_BATTERY_DATA_AS_JSON", "all values are on D-Bus; [mqtt] sends them to a broker as JSON"},
    {"BATTERY_CELL_DATA_FORMAT", "cells are always shown as /Voltages/Cell1 and so on"},
    {"GUI_*", "this driver changes nothing in the screens of the GX device"},
    {"TELEMETRY", "nothing is ever sent anywhere"},
    {"BT_WATCHDOG_*", silent_boards},
    {"SOC_IMBALANCE_*", "each pack of a bank is limited for itself, however far apart they are"},
    {"USE_PORT_AS_UNIQUE_ID", "done without being asked, where a BMS has no serial number"},
    {"AUTO_RESET_SOC", "the state of charge is written into the BMS by hand only; see \"dbus-bms soc\""},
    {"BMS_CAPTURE_*", "see \"dbus-bms run --capture\""},
    {"DRIVER_MODE", "there is one way to run"},
    {"UP16S_REQUIRE_DIRECT_CONNECTION", "each address on a line is asked for itself"},
    {"GREENMETER_ADDRESS", other_bms},
    {"LIPRO_*", other_bms},
    {"UBMS_*", other_bms},
    {"HELTEC_*", other_bms},
    {"JK_BMS_*", other_bms},
    {"JKBMS_*", other_bms},
    {"SEPLOS_*", other_bms},
    {"FELICITY_*", other_bms},
};

constexpr std::string_view of_whole_batteries[] = {"BMS_TYPE", "BLUETOOTH_BMS", "CAN_PORT", "MQTT_TOPIC"};

}  // namespace

std::span<const ImportRow> import_rows() { return rows; }

std::span<const KeyOfSomeTypes> scoped_keys() { return scoped; }

std::span<const KnownType> known_types() { return types; }

std::span<const NoCounterpart> keys_without_counterpart() { return no_counterparts; }

bool concerns_a_whole_battery(std::string_view key) {
  return std::ranges::find(of_whole_batteries, key) != std::end(of_whole_batteries);
}

}  // namespace bms::config
