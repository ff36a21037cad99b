// Whole configurations that owners of dbus-serialbattery have published, with other names and addresses in them, and
// everything that becomes of them: no option more, no question less.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "config/config.hpp"
#include "config/import/import.hpp"
#include "config/import/shipped.hpp"

namespace bms::config {
namespace {

constexpr int not_whole = 0;

struct OwnersFile {
  const char* name;
  int version;          ///< a copy of the whole file that this version was shipped with; not_whole: these lines alone
  const char* lines;    ///< what the owner has changed in it
  const char* options;  ///< our lines, without what they were made from
  std::vector<const char*> questions;    ///< the keys that need a decision, in their order
  std::vector<const char*> meaningless;  ///< the keys that have no meaning here
};

/// "KEY = value" by key, later lines over earlier ones.
std::map<std::string, std::string> lines_by_key(const std::string& text) {
  std::map<std::string, std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines[line.substr(0, line.find(' '))] = line;
  return lines;
}

std::string file_of(const OwnersFile& owner) {
  if (owner.version == not_whole) return owner.lines;
  std::string text;
  for (const ShippedValue& row : shipped_values()) {
    if (row.since <= owner.version && owner.version <= row.until)
      text += std::string(row.key) + " = " + std::string(row.value) + "\n";
  }
  const std::size_t shipped = lines_by_key(text).size();
  text += owner.lines;
  std::string file = "[DEFAULT]\n";
  const auto lines = lines_by_key(text);
  EXPECT_GT(shipped, 40U) << owner.name;
  for (const auto& [key, line] : lines) file += line + "\n";
  return file;
}

/// The lines of our options, without the comments behind them.
std::string options_in(const std::string& text) {
  std::string options;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#') || line.starts_with('[') || line.empty()) continue;
    options += line.substr(0, line.find("  #")) + "\n";
  }
  return options;
}

std::vector<std::string> keys_of(const Imported& imported, Remark::Group group) {
  std::vector<std::string> keys;
  for (const Remark& one : imported.remarks) {
    if (one.group == group) keys.push_back(one.lines.empty() ? "" : one.lines.front().wrote);
  }
  return keys;
}

class Owners : public testing::TestWithParam<OwnersFile> {};

TEST_P(Owners, GetEveryOptionAndEveryWord) {
  const OwnersFile& owner = GetParam();
  std::istringstream theirs(file_of(owner));
  const Imported imported = import_serialbattery(theirs);
  std::istringstream ours(imported.text);
  const Config config = Config::read(ours);
  EXPECT_TRUE(config.faults().empty()) << config.faults().front().text();
  EXPECT_EQ(options_in(imported.text), owner.options) << imported.text;
  EXPECT_THAT(keys_of(imported, Remark::Group::decision), testing::ElementsAreArray(owner.questions)) << imported.text;
  EXPECT_THAT(keys_of(imported, Remark::Group::meaningless), testing::ElementsAreArray(owner.meaningless))
      << imported.text;
}

INSTANTIATE_TEST_SUITE_P(
    Whole, Owners,
    testing::Values(OwnersFile{"of_a_jbd_with_heater_and_vent",
                               20240101,
                               R"(BMS_TYPE = LltJbd
MAX_BATTERY_CHARGE_CURRENT = 100.0
MAX_BATTERY_DISCHARGE_CURRENT = 240.0
MIN_CELL_VOLTAGE = 3.000
MAX_CELL_VOLTAGE = 3.550
TIME_TO_SOC_POINTS = 100, 95, 90, 85, 75, 50, 25, 20, 10, 0
TIME_TO_SOC_VALUE_TYPE = 2
TIME_TO_SOC_RECALCULATE_EVERY = 10
TEMP_1_NAME = Near the stove
TEMP_2_NAME = Near the door
SOC_LOW_WARNING = 30
SOC_LOW_ALARM = 25
)",
                               R"(bms = jbd
max_charge_current = 100
max_discharge_current = 240
absorption_cell_voltage = 3.55
min_cell_voltage = 3
temperature_1.name = Near the stove
temperature_2.name = Near the door
min_soc = 30
time_to_soc = 100, 95, 90, 85, 75, 50, 25, 20, 10, 0
low_soc_warning = 30
low_soc_alarm = 25
)",
                               {},
                               {"TIME_TO_SOC_RECALCULATE_EVERY", "TIME_TO_SOC_VALUE_TYPE"}},
                    OwnersFile{"with_tables_that_never_end",
                               20250207,
                               R"(MAX_BATTERY_CHARGE_CURRENT = 40.0
MAX_CELL_VOLTAGE = 3.550
SOC_RESET_VOLTAGE = 3.620
MAX_CHARGE_CURRENT_CV_FRACTION = 0.001, 0.015, 0.250, 0.250, 1.000
MAX_DISCHARGE_CURRENT_CV_FRACTION = 0.001, 0.005, 0.050, 0.250, 1.000
MAX_CHARGE_CURRENT_T_FRACTION = 0.00, 0.25, 0.80, 1.00, 1.00, 0.50, 0.25, 0.00
MAX_CHARGE_CURRENT_SOC_FRACTION = 0.10, 0.50, 0.80, 1.00
MAX_DISCHARGE_CURRENT_SOC_FRACTION = 0.10, 0.50, 0.80, 1.00
TEMPERATURE_SOURCE_BATTERY = 1, 2, 3, 4
TELEMETRY = False
VOLTAGE_DROP = 0.008
BATTERY_CAPACITY = 305
SOC_LOW_WARNING = 10
SOC_LOW_ALARM = 5
)",
                               R"(max_charge_current = 40
absorption_cell_voltage = 3.55
cable_drop = 0.008
charge_cell_curve = 3.375:1, 3.4:0.25, 3.425:0.25, 3.45:0.015, 3.5:0.001, 3.55:0
discharge_cell_curve = 2.8:0.001, 2.9:0.005, 3:0.05, 3.1:0.25, 3.19:1
charge_temperature_curve = 0:0, 2:0.25, 5:0.8, 10:1, 40:1, 45:0.5, 50:0.25, 55:0
min_soc = 10
low_soc_warning = 10
low_soc_alarm = 5
)",
                               {"BATTERY_CAPACITY", "SOC_RESET_VOLTAGE"},
                               {"MAX_CHARGE_CURRENT_SOC_FRACTION", "MAX_DISCHARGE_CURRENT_SOC_FRACTION", "TELEMETRY"}},
                    OwnersFile{"with_the_same_tables_alone",
                               20250207,
                               R"(MAX_CHARGE_CURRENT_CV_FRACTION = 0.001, 0.005, 0.050, 0.250, 1.000
MAX_DISCHARGE_CURRENT_CV_FRACTION = 0.001, 0.005, 0.050, 0.250, 1.000
TEMPERATURE_SOURCE_BATTERY = 1, 2, 3, 4
TELEMETRY = False
VOLTAGE_DROP = 0.008
BATTERY_CAPACITY = 305
SOC_LOW_WARNING = 10
SOC_LOW_ALARM = 5
)",
                               R"(full_charge_days = 0
cable_drop = 0.008
charge_cell_curve = 3.375:1, 3.4:0.25, 3.425:0.05, 3.45:0.005, 3.5:0.001, 3.55:0
discharge_cell_curve = 2.8:0.001, 2.9:0.005, 3:0.05, 3.1:0.25, 3.19:1
min_soc = 10
low_soc_warning = 10
low_soc_alarm = 5
)",
                               {"BATTERY_CAPACITY"},
                               {"TELEMETRY"}},
                    OwnersFile{"of_two_jk_on_one_line",
                               not_whole,
                               R"([DEFAULT]
BATTERY_ADDRESSES = 0x01, 0x02
BMS_TYPE = Jkbms_pb
MAX_BATTERY_CHARGE_CURRENT    = 60.0
MAX_BATTERY_DISCHARGE_CURRENT = 70.0
MAX_CELL_VOLTAGE   = 3.550
MIN_CELL_VOLTAGE   = 2.800
FLOAT_CELL_VOLTAGE = 3.375
CVCM_ENABLE = True
CELL_VOLTAGES_WHILE_CHARGING      = 3.65, 3.60, 3.55, 3.30
MAX_CHARGE_CURRENT_CV_FRACTION    =    0, 0.2,  1,    1
CELL_VOLTAGES_WHILE_DISCHARGING   = 2.80, 2.90, 3.00, 3.10
MAX_DISCHARGE_CURRENT_CV_FRACTION =    0,  0.3,    1,    1
SOC_RESET_CELL_VOLTAGE = 3.60
SOC_RESET_AFTER_DAYS = 14
SWITCH_TO_FLOAT_WAIT_FOR_SEC = 1800
SWITCH_TO_BULK_SOC_THRESHOLD = 95
DCCM_T_ENABLE = True
TEMPERATURES_WHILE_CHARGING      =    0,    2,    5,   10,   15,   20,   35,   40,   55
MAX_CHARGE_CURRENT_T_FRACTION    = 0.00, 0.10, 0.20, 0.80, 1.00, 1.00, 1.00, 0.40, 0.00
TEMPERATURES_WHILE_DISCHARGING   =  -20,    0,    5,   10,   15,   45,   55
MAX_DISCHARGE_CURRENT_T_FRACTION = 0.00, 0.20, 0.30, 0.40, 1.00, 1.00, 0.00
GUI_PARAMETERS_SHOW_ADDITIONAL_INFO = True
TELEMETRY = False
)",
                               R"(address = 1, 2
max_charge_current = 60
max_discharge_current = 70
absorption_cell_voltage = 3.55
min_cell_voltage = 2.8
balancing_cell_voltage = 3.6
full_charge_days = 14
absorption_time = 1800
rebulk_discharged = 0.05
charge_cell_curve = 3.3:1, 3.55:1, 3.6:0.2, 3.65:0
discharge_cell_curve = 2.8:0, 2.9:0.3, 3:1, 3.1:1
charge_temperature_curve = 0:0, 2:0.1, 5:0.2, 10:0.8, 15:1, 20:1, 35:1, 40:0.4, 55:0
discharge_temperature_curve = -20:0, 0:0.2, 5:0.3, 10:0.4, 15:1, 45:1, 55:0
)",
                               {"BMS_TYPE"},
                               {"GUI_PARAMETERS_SHOW_ADDITIONAL_INFO", "TELEMETRY"}},
                    OwnersFile{"that_charges_as_high_as_cells_bear",
                               not_whole,
                               R"([DEFAULT]
BATTERY_ADDRESSES = 0x01, 0x02
BMS_TYPE = Jkbms_pb
MAX_BATTERY_CHARGE_CURRENT    = 60.0
MAX_BATTERY_DISCHARGE_CURRENT = 70.0
MAX_CELL_VOLTAGE   = 3.650
MIN_CELL_VOLTAGE   = 2.800
FLOAT_CELL_VOLTAGE = 3.375
CELL_VOLTAGES_WHILE_CHARGING      = 3.65, 3.60, 3.45, 3.30
MAX_CHARGE_CURRENT_CV_FRACTION    =    0, 0.2,  1,    1
SOC_RESET_CELL_VOLTAGE = 3.65
SOC_RESET_AFTER_DAYS = 15
SWITCH_TO_FLOAT_WAIT_FOR_SEC = 300
)",
                               R"(address = 1, 2
max_charge_current = 60
max_discharge_current = 70
absorption_cell_voltage = 3.65
min_cell_voltage = 2.9
full_charge_days = 15
absorption_time = 300
charge_cell_curve = 3.3:1, 3.45:1, 3.6:0.2, 3.65:0
)",
                               {"BMS_TYPE", "MIN_CELL_VOLTAGE"},
                               {}},
                    OwnersFile{"of_an_eg4_with_its_own_counting",
                               20240227,
                               R"(MAX_BATTERY_CHARGE_CURRENT = 100.0
MAX_BATTERY_DISCHARGE_CURRENT = 200.0
MAX_CELL_VOLTAGE = 3.5
SOC_CALCULATION = True
TIME_TO_SOC_VALUE_TYPE = 2
BMS_TYPE = egll
AUTO_RESET_SOC = False
VOLTAGE_DROP = 0.04
)",
                               R"(max_charge_current = 100
max_discharge_current = 200
absorption_cell_voltage = 3.5
full_charge_days = 0
cable_drop = 0.04
soc_source = own
)",
                               {"BMS_TYPE"},
                               {"AUTO_RESET_SOC", "TIME_TO_SOC_VALUE_TYPE"}},
                    OwnersFile{"with_float_above_the_highest",
                               20240409,
                               R"(MAX_BATTERY_CHARGE_CURRENT = 100.0
MAX_BATTERY_DISCHARGE_CURRENT = 100.0
MIN_CELL_VOLTAGE = 3.000
MAX_CELL_VOLTAGE = 3.500
FLOAT_CELL_VOLTAGE = 3.650
MAX_CHARGE_CURRENT_SOC_FRACTION = 0.20, 0.50, 1.00, 1.00
MAX_DISCHARGE_CURRENT_SOC_FRACTION = 0.20, 0.20, 0.50, 1.00
BATTERY_CAPACITY = 280mAh
)",
                               R"(max_charge_current = 100
max_discharge_current = 100
absorption_cell_voltage = 3.5
min_cell_voltage = 3
full_charge_days = 0
)",
                               {"BATTERY_CAPACITY", "FLOAT_CELL_VOLTAGE"},
                               {"MAX_CHARGE_CURRENT_SOC_FRACTION", "MAX_DISCHARGE_CURRENT_SOC_FRACTION"}},
                    OwnersFile{"of_three_seplos_of_the_first_beta",
                               20230114,
                               R"(MAX_BATTERY_CHARGE_CURRENT = 450.0
MAX_BATTERY_DISCHARGE_CURRENT = 450.0
TEMPERATURE_LIMITS_WHILE_CHARGING = 0, 2, 5, 10, 15, 35, 40, 45, 55
MAX_CHARGE_CURRENT_T_FRACTION = 0, 0.1, 0.2, 0.4, 0.9, 1, 0.9, 0.4, 0
MAX_DISCHARGE_CURRENT_T_FRACTION = 0, .2, .3, .4, 1, 1, 0
SEPLOS_PUBLISH_MQTT = True
SEPLOS_BATTERY_PACKS = 3
)",
                               R"(max_charge_current = 450
max_discharge_current = 450
charge_temperature_curve = 0:0, 2:0.1, 5:0.2, 10:0.4, 15:0.9, 35:1, 40:0.9, 45:0.4, 55:0
)",
                               {},
                               {"SEPLOS_BATTERY_PACKS", "SEPLOS_PUBLISH_MQTT"}},
                    OwnersFile{"of_modules_of_an_electric_car",
                               not_whole,
                               R"([DEFAULT]
SWITCH_TO_BULK_SOC_THRESHOLD = 40
MAX_BATTERY_CHARGE_CURRENT = 60.0
MAX_BATTERY_DISCHARGE_CURRENT = 60.0
MAX_CELL_VOLTAGE = 4.10
MIN_CELL_VOLTAGE = 3.25
FLOAT_CELL_VOLTAGE = 3.85
CCCM_CV_ENABLE = True
DCCM_CV_ENABLE = True
CELL_VOLTAGES_WHILE_CHARGING = 4.10, 4.05, 4.00, 3.90
MAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.05, 0.5, 1
CELL_VOLTAGES_WHILE_DISCHARGING = 3.25, 3.30, 3.35, 3.45
MAX_DISCHARGE_CURRENT_CV_FRACTION = 0, 0.1, 0.5, 1
BATTERY_CELL_DATA_FORMAT = 1
GUI_PARAMETERS_SHOW_ADDITIONAL_INFO = True
SOC_CALCULATION = False
)",
                               R"(chemistry = Li-ion
max_charge_current = 60
absorption_cell_voltage = 4.1
float_cell_voltage = 3.85
min_cell_voltage = 3.25
full_charge_days = 0
rebulk_discharged = 0.6
charge_cell_curve = 3.9:1, 4:0.5, 4.05:0.05, 4.1:0
discharge_cell_curve = 3.25:0, 3.3:0.1, 3.35:0.5, 3.45:1
)",
                               {},
                               {"GUI_PARAMETERS_SHOW_ADDITIONAL_INFO"}},
                    OwnersFile{"of_a_bms_of_its_own",
                               not_whole,
                               R"([DEFAULT]
BMS_TYPE = HuaweiEsm
MAX_BATTERY_CHARGE_CURRENT = 12
MAX_BATTERY_DISCHARGE_CURRENT = 60
CVCM_ENABLE = False
DEVICE_INSTANCE_ID_BATTERY = 3
)",
                               R"(max_charge_current = 12
float = no
)",
                               {"BMS_TYPE", "DEVICE_INSTANCE_ID_BATTERY"},
                               {}},
                    OwnersFile{"with_a_comment_behind_a_value",
                               not_whole,
                               R"([DEFAULT]
BMS_TYPE = LltJbd      ; the family of JBD
MAX_BATTERY_CHARGE_CURRENT = 50.0
MAX_BATTERY_DISCHARGE_CURRENT = 80.0
)",
                               R"(max_discharge_current = 80
)",
                               {"BMS_TYPE"},
                               {}},
                    OwnersFile{"with_a_low_table",
                               not_whole,
                               R"(CELL_VOLTAGES_WHILE_CHARGING   = 3.48, 3.45, 3.42, 3.40
MAX_CHARGE_CURRENT_CV_FRACTION =    0, 0.1,  0.4,    1
)",
                               R"(full_charge_days = 0
charge_cell_curve = 3.4:1, 3.42:0.4, 3.45:0.1, 3.48:0
)",
                               {},
                               {}},
                    OwnersFile{"with_indented_lines",
                               not_whole,
                               R"([DEFAULT]
; what was changed
 MAX_BATTERY_CHARGE_CURRENT = 35.0
 MAX_BATTERY_DISCHARGE_CURRENT = 50.0
BMS_TYPE = Jkbms
MIN_CELL_VOLTAGE   = 2.95
MAX_CELL_VOLTAGE   = 3.45
FLOAT_CELL_VOLTAGE = 3.400
)",
                               R"(max_charge_current = 35
max_discharge_current = 50
float_cell_voltage = 3.4
min_cell_voltage = 2.95
)",
                               {"BMS_TYPE"},
                               {}},
                    OwnersFile{"with_wide_spreads",
                               not_whole,
                               R"([DEFAULT]
GUI_PARAMETERS_SHOW_ADDITIONAL_INFO = True
CVCM_ENABLE = True
CELL_VOLTAGE_DIFF_TO_RESET_VOLTAGE_LIMIT        = 0.010
CELL_VOLTAGE_DIFF_KEEP_MAX_VOLTAGE_UNTIL        = 0.285
CELL_VOLTAGE_DIFF_KEEP_MAX_VOLTAGE_TIME_RESTART = 0.290
)",
                               R"(absorption_spread = 0.29
)",
                               {"CELL_VOLTAGE_DIFF_TO_RESET_VOLTAGE_LIMIT"},
                               {"GUI_PARAMETERS_SHOW_ADDITIONAL_INFO"}},
                    OwnersFile{"of_four_cells",
                               not_whole,
                               R"([DEFAULT]
MAX_BATTERY_CHARGE_CURRENT    = 20.0
MAX_BATTERY_DISCHARGE_CURRENT = 40.0
MAX_CELL_VOLTAGE   = 3.55
FLOAT_CELL_VOLTAGE = 3.45
)",
                               R"(max_charge_current = 20
max_discharge_current = 40
absorption_cell_voltage = 3.55
float_cell_voltage = 3.45
)",
                               {},
                               {}},
                    OwnersFile{"without_a_section",
                               not_whole,
                               R"(MAX_BATTERY_CHARGE_CURRENT = 150.0
MAX_BATTERY_DISCHARGE_CURRENT = 150.0
MIN_CELL_VOLTAGE = 3.00
MAX_CELL_VOLTAGE = 3.55
FLOAT_CELL_VOLTAGE = 3.45
)",
                               R"(max_charge_current = 150
max_discharge_current = 150
absorption_cell_voltage = 3.55
float_cell_voltage = 3.45
min_cell_voltage = 3
)",
                               {},
                               {}},
                    OwnersFile{"by_bluetooth_with_a_high_table",
                               20240227,
                               R"(LOGGING = DEBUG
MAX_BATTERY_CHARGE_CURRENT = 150.0
MAX_BATTERY_DISCHARGE_CURRENT = 150.0
MIN_CELL_VOLTAGE = 3.000
MAX_CELL_VOLTAGE = 3.600
FLOAT_CELL_VOLTAGE = 3.400
BLUETOOTH_BMS = LltJbd_Ble C8:47:8C:00:00:11
BLUETOOTH_USE_USB = True
DCCM_CV_ENABLE = False
CELL_VOLTAGES_WHILE_CHARGING = 3.61, 3.55, 3.50, 3.45
CCCM_SOC_ENABLE = False
DCCM_SOC_ENABLE = False
SOC_LOW_WARNING = 25
SOC_LOW_ALARM = 20
)",
                               R"(log_level = debug
max_charge_current = 150
max_discharge_current = 150
absorption_cell_voltage = 3.6
float_cell_voltage = 3.4
min_cell_voltage = 3
charge_cell_curve = 3.45:1, 3.5:0.5, 3.55:0.05, 3.61:0
min_soc = 25
low_soc_warning = 25
low_soc_alarm = 20
)",
                               {"BLUETOOTH_BMS", "DCCM_CV_ENABLE"},
                               {"BLUETOOTH_USE_USB"}},
                    OwnersFile{"with_voltage_and_capitals",
                               20240705,
                               R"(CCCM_CV_ENABLE = FALSE
DCCM_CV_ENABLE = FALSE
CELL_VOLTAGES_WHILE_CHARGING = 3.60, 3.50, 3.45, 3.30
)",
                               R"()",
                               {"CELL_VOLTAGES_WHILE_CHARGING", "DCCM_CV_ENABLE"},
                               {}},
                    OwnersFile{"with_a_table_below_its_highest",
                               not_whole,
                               R"([DEFAULT]
MAX_CELL_VOLTAGE = 3.60
CELL_VOLTAGES_WHILE_CHARGING   = 3.50, 3.45, 3.40
MAX_CHARGE_CURRENT_CV_FRACTION =    0, 0.1,    1
)",
                               R"(absorption_cell_voltage = 3.5
full_charge_days = 0
charge_cell_curve = 3.4:1, 3.45:0.1, 3.5:0
)",
                               {"MAX_CELL_VOLTAGE"},
                               {}},
                    OwnersFile{"of_a_jk_never_in_float",
                               not_whole,
                               R"([DEFAULT]
MAX_BATTERY_CHARGE_CURRENT    = 70.0
MAX_BATTERY_DISCHARGE_CURRENT = 125.0
MIN_CELL_VOLTAGE = 3.15
CVCM_ENABLE = False
CELL_VOLTAGE_DIFF_TO_RESET_VOLTAGE_LIMIT = 0.160
MAX_VOLTAGE_TIME_SEC = 600
SOC_LEVEL_TO_RESET_VOLTAGE_LIMIT = 90
CCCM_SOC_ENABLE = False
DCCM_SOC_ENABLE = True
)",
                               R"(max_charge_current = 70
max_discharge_current = 125
min_cell_voltage = 3.15
float = no
absorption_time = 600
rebulk_discharged = 0.1
rebulk_spread = 0.16
)",
                               {"DCCM_SOC_ENABLE"},
                               {}}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace bms::config
