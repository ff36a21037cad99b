// Files of dbus-serialbattery as ours: what that driver was shipped with is left out, older names are understood, and
// no key that an owner has changed gets lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <sstream>

#include "config/config.hpp"
#include "config/import/import.hpp"
#include "config/import/table.hpp"
#include "config/text.hpp"

namespace bms::config {
namespace {

using testing::HasSubstr;
using testing::Not;

Imported import(const std::string& text) {
  std::istringstream in(text);
  return import_serialbattery(in);
}

Config ours(const Imported& imported) {
  std::istringstream in(imported.text);
  return Config::read(in);
}

Settings settings_of(const Imported& imported) { return ours(imported).settings_for({}); }

std::string text_of(const Imported& imported, std::string_view option) {
  const auto named = battery_options().find(option);
  Settings settings = settings_of(imported);
  return named->option->text(settings, named->index);
}

// ---- What that driver was shipped with ----

std::map<std::string_view, std::string_view> shipped_in(int version) {
  std::map<std::string_view, std::string_view> file;
  for (const ShippedValue& row : shipped_values()) {
    if (row.since <= version && version <= row.until) file[row.key] = row.value;
  }
  return file;
}

std::string written(const std::map<std::string_view, std::string_view>& file) {
  std::string text = "[DEFAULT]\n";
  for (const auto& [key, value] : file) text += std::string(key) + " = " + std::string(value) + "\n";
  return text;
}

std::vector<int> versions() {
  std::set<int> all;
  for (const ShippedValue& row : shipped_values()) all.insert({row.since, std::min(row.until, 20260730)});
  return {all.begin(), all.end()};
}

TEST(Shipped, IsATableInTheOrderOfKeysAndOfVersions) {
  const auto rows = shipped_values();
  EXPECT_TRUE(std::ranges::is_sorted(rows, {}, [](const ShippedValue& row) { return std::pair(row.key, row.since); }));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_LE(rows[i].since, rows[i].until) << rows[i].key;
    const bool same_key = i > 0 && rows[i - 1].key == rows[i].key;
    EXPECT_TRUE(!same_key || rows[i - 1].until < rows[i].since) << rows[i].key;
  }
}

TEST(Shipped, KeysAllHaveAFate) {
  std::set<std::string_view> converted;
  for (const ImportRow& row : import_rows()) converted.insert(row.keys.begin(), row.keys.end());
  for (const ShippedValue& row : shipped_values()) {
    const bool named = std::ranges::any_of(keys_without_counterpart(), [&](const NoCounterpart& none) {
      const auto star = none.key.find('*');
      return star == std::string_view::npos ? row.key == none.key : row.key.starts_with(none.key.substr(0, star));
    });
    EXPECT_TRUE(named || converted.contains(newest_name(row.key))) << row.key;
  }
}

class ShippedFile : public testing::TestWithParam<int> {};

TEST_P(ShippedFile, BecomesNothing) {
  const Imported imported = import(written(shipped_in(GetParam())));
  EXPECT_EQ(imported.options, 0U) << imported.text;
  EXPECT_TRUE(imported.remarks.empty()) << imported.text;
}

TEST_P(ShippedFile, WithAFewChangesBecomesThese) {
  auto file = shipped_in(GetParam());
  file["MAX_BATTERY_CHARGE_CURRENT"] = "120";
  file["MIN_CELL_VOLTAGE"] = "3.0";
  file["SOC_LOW_ALARM"] = "5";
  const Imported imported = import(written(file));
  EXPECT_EQ(imported.options, 3U) << imported.text;
  EXPECT_TRUE(imported.remarks.empty()) << imported.text;
  EXPECT_EQ(text_of(imported, "max_charge_current"), "120");
  EXPECT_EQ(text_of(imported, "min_cell_voltage"), "3");
  EXPECT_EQ(text_of(imported, "low_soc_alarm"), "5");
}

TEST_P(ShippedFile, FromWhichLinesWereDeletedStillBecomesNothing) {
  auto file = shipped_in(GetParam());
  int number = 0;
  std::erase_if(file, [&](const auto& /*line*/) { return ++number % 7 == 0; });
  const Imported imported = import(written(file));
  EXPECT_EQ(imported.options, 0U) << imported.text;
  EXPECT_TRUE(imported.remarks.empty()) << imported.text;
}

INSTANTIATE_TEST_SUITE_P(Versions, ShippedFile, testing::ValuesIn(versions()),
                         [](const auto& version) { return std::to_string(version.param); });

TEST(Shipped, ValuesOfAnotherVersionAreTheOwners) {
  // A table of version 1 in a file that nothing dates is what its owner wants.
  const Imported old_table = import(
      "[DEFAULT]\nCELL_VOLTAGES_WHILE_CHARGING = 3.55, 3.50, 3.45, 3.30\n"
      "MAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.05, 0.5, 1\n");
  EXPECT_EQ(text_of(old_table, "charge_cell_curve"), "3.3:1, 3.45:0.5, 3.5:0.05, 3.55:0");
  // Whole files of versions of which one has the other's value.
  auto file = shipped_in(20250729);
  ASSERT_EQ(file["BATTERY_CAPACITY"], "50");
  file["BATTERY_CAPACITY"] = "99";
  file["BMS_TYPE"] = "Daly";
  EXPECT_TRUE(import(written(file)).needs_decision());
}

TEST(Shipped, ValuesThatAreDefaultsHereAreLeftOutWhateverTheVersion) {
  // Shipped from 1.2.20240408 on, and what happens here without being asked; before, it was True.
  EXPECT_EQ(import("[DEFAULT]\nCCCM_SOC_ENABLE = False\nDCCM_SOC_ENABLE = False\n").options, 0U);
  EXPECT_EQ(import("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 50\nFLOAT_CELL_VOLTAGE = 3.375\n").options, 0U);
  // Not so with cells of which another value is the default.
  const Imported li_ion = import("[DEFAULT]\nMAX_CELL_VOLTAGE = 4.1\nMIN_CELL_VOLTAGE = 3.2\n");
  EXPECT_EQ(text_of(li_ion, "min_cell_voltage"), "3.2");
}

// ---- Nothing gets lost, and nothing faulty is written ----

TEST(ImportOfEveryKey, WithAnotherValueSaysWhatBecomesOfIt) {
  std::set<std::string_view> keys;
  for (const ShippedValue& row : shipped_values()) keys.insert(row.key);
  for (const std::string_view key : keys) {
    for (const char* value :
         {"", "0", "1", "2", "7", "-3", "3.41", "False", "True", "a, b", "1, 2", "300, 400", "x \" # y"}) {
      const Imported imported = import("[DEFAULT]\n" + std::string(key) + " = " + value + "\n");
      EXPECT_TRUE(ours(imported).faults().empty()) << imported.text;
      const auto shipped = std::ranges::any_of(
          shipped_values(), [&](const ShippedValue& row) { return row.key == key && same_value(row.value, value); });
      if (shipped) continue;
      const bool neutral = text_of(imported, "temperature_3.role") == "cell" && key == "TEMPERATURE_SOURCE_BATTERY";
      const bool named =
          imported.text.contains("# " + std::string(key)) || imported.text.contains(std::string(key) + " = ");
      const bool as_before = std::string_view(value).empty() || key.ends_with("_ADJUST") || neutral;
      EXPECT_TRUE(named || as_before) << key << " = " << value << "\n" << imported.text;
    }
  }
}

class RandomFile {
 public:
  explicit RandomFile(unsigned seed) : random_(seed) {
    for (const ShippedValue& row : shipped_values()) {
      keys_.push_back(row.key);
      values_.push_back(row.value);
    }
  }

  std::string text() {
    std::string text = below(8) == 0 ? "" : "[DEFAULT]\n";
    const std::size_t lines = below(40);
    for (std::size_t i = 0; i < lines; ++i) {
      const std::size_t row = below(keys_.size());
      const std::string key(keys_[row]);
      const std::string value = random_value(row);
      text += key + " = " + value + "\n";
    }
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }

  std::string random_value(std::size_t row) {
    switch (below(6)) {
      case 0: return std::string(values_[row]);
      case 1: return std::string(values_[below(values_.size())]);
      case 2: return number_text(static_cast<double>(below(10'000)) / 1000);
      case 3: return number_text(static_cast<double>(below(10'000)) - 5000);
      case 4: {
        std::string list;
        const std::size_t size = 1 + below(8);
        for (std::size_t i = 0; i < size; ++i) {
          list += (i == 0 ? "" : ", ") + number_text(static_cast<double>(below(5000)) / 1000);
        }
        return list;
      }
      default: {
        constexpr const char* words[] = {"LltJbd", "Daly",     "Jkbms, ANT", "True",
                                         "False",  "\xff\x01", "0x01, 0x40", "\"",
                                         "a # b",  "nan",      "1e308",      "com.victronenergy.battery.x"};
        return words[below(std::size(words))];
      }
    }
  }

  std::mt19937 random_;
  std::vector<std::string_view> keys_, values_;
};

TEST(ImportOfRandomFiles, PassesTheCheck) {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    const std::string theirs = RandomFile(seed).text();
    const Imported imported = import(theirs);
    const Config config = ours(imported);
    ASSERT_TRUE(config.faults().empty()) << config.faults().front().text() << "\n" << theirs << "\n" << imported.text;
    EXPECT_EQ(config.option_count(), imported.options);
    std::set<std::string> said;
    for (const Remark& one : imported.remarks) EXPECT_TRUE(said.insert(one.text()).second) << one.text();
  }
}

// ---- Older names ----

struct Renamed {
  const char* older;
  const char* newest;
  const char* option;
};

class OlderNameOfAKey : public testing::TestWithParam<Renamed> {};

TEST_P(OlderNameOfAKey, MeansTheSame) {
  const auto& [older, newest, option] = GetParam();
  const Imported one = import("[DEFAULT]\n" + std::string(older) + "\n");
  const Imported other = import("[DEFAULT]\n" + std::string(newest) + "\n");
  EXPECT_EQ(text_of(one, option), text_of(other, option));
  EXPECT_NE(text_of(one, option), text_of(import(""), option)) << one.text;
  EXPECT_FALSE(one.needs_decision()) << one.text;
}

INSTANTIATE_TEST_SUITE_P(
    Keys, OlderNameOfAKey,
    testing::Values(
        Renamed{"SOC_RESET_VOLTAGE = 3.5", "SOC_RESET_CELL_VOLTAGE = 3.5", "balancing_cell_voltage"},
        Renamed{"BULK_CELL_VOLTAGE = 3.54\nBULK_AFTER_DAYS = 7",
                "SOC_RESET_CELL_VOLTAGE = 3.54\nSOC_RESET_AFTER_DAYS = 7", "balancing_cell_voltage"},
        Renamed{"BULK_AFTER_DAYS = 7\nBULK_CELL_VOLTAGE = 3.5",
                "SOC_RESET_AFTER_DAYS = 7\nSOC_RESET_CELL_VOLTAGE = 3.5", "full_charge_days"},
        Renamed{"LINEAR_LIMITATION_ENABLE = False", "CHARGE_MODE = 2", "profile"},
        Renamed{"MAX_VOLTAGE_TIME_SEC = 1800", "SWITCH_TO_FLOAT_WAIT_FOR_SEC = 1800", "absorption_time"},
        Renamed{"SOC_LEVEL_TO_RESET_VOLTAGE_LIMIT = 85", "SWITCH_TO_BULK_SOC_THRESHOLD = 85", "rebulk_discharged"},
        Renamed{
            "CELL_VOLTAGE_DIFF_KEEP_MAX_VOLTAGE_UNTIL = 0.02\nCELL_VOLTAGE_DIFF_KEEP_MAX_VOLTAGE_TIME_RESTART = 0.024",
            "SWITCH_TO_FLOAT_CELL_VOLTAGE_DIFF = 0.02\nSWITCH_TO_FLOAT_CELL_VOLTAGE_DEVIATION = 0.004",
            "absorption_spread"},
        Renamed{"CELL_VOLTAGE_DIFF_TO_RESET_VOLTAGE_LIMIT = 0.1", "SWITCH_TO_BULK_CELL_VOLTAGE_DIFF = 0.1",
                "rebulk_spread"},
        Renamed{"TEMP_2_NAME = Bow", "TEMPERATURE_2_NAME = Bow", "temperature_2.name"},
        Renamed{"MODBUS_ADDRESSES = 0x01, 0x02", "BATTERY_ADDRESSES = 0x01, 0x02", "address"},
        Renamed{"SOC_CALCULATION = True\nSOC_CALC_CURRENT_REPORTED_BY_BMS = -300, 300\n"
                "SOC_CALC_CURRENT_MEASURED_BY_USER = -300, 290",
                "SOC_CALCULATION = True\nCURRENT_REPORTED_BY_BMS = -300, 300\nCURRENT_MEASURED_BY_USER = -300, 290",
                "current_map"},
        Renamed{"TEMPERATURE_LIMITS_WHILE_CHARGING = 0, 20\nMAX_CHARGE_CURRENT_T_FRACTION = 0, 1",
                "TEMPERATURES_WHILE_CHARGING = 0, 20\nMAX_CHARGE_CURRENT_T_FRACTION = 0, 1",
                "charge_temperature_curve"},
        Renamed{"EXTERNAL_CURRENT_SENSOR_DBUS_DEVICE = com.victronenergy.battery.ttyS2\n"
                "EXTERNAL_CURRENT_SENSOR_DBUS_PATH = /Dc/0/Current",
                "EXTERNAL_SENSOR_DBUS_DEVICE = com.victronenergy.battery.ttyS2\n"
                "EXTERNAL_SENSOR_DBUS_PATH_CURRENT = /Dc/0/Current",
                "current_source"}),
    [](const auto& one) {
      const std::string_view text = one.param.older;
      return std::string(text.substr(0, text.find(' ')));
    });

TEST(OlderNames, OfEveryKeyAreUnderstood) {
  for (const OlderName& one : older_names()) {
    const Imported imported = import("[DEFAULT]\n" + std::string(one.older) + " = 0.5\n");
    EXPECT_THAT(imported.text, HasSubstr(std::string(one.older)));
    EXPECT_THAT(imported.text, Not(HasSubstr("is not a key"))) << imported.text;
  }
}

TEST(OlderNames, BesideTheNewerOneAreAQuestion) {
  for (const char* file : {"MAX_VOLTAGE_TIME_SEC = 1800\nSWITCH_TO_FLOAT_WAIT_FOR_SEC = 1200\n",
                           "SWITCH_TO_FLOAT_WAIT_FOR_SEC = 1200\nMAX_VOLTAGE_TIME_SEC = 1800\n"}) {
    const Imported imported = import("[DEFAULT]\n" + std::string(file));
    EXPECT_EQ(text_of(imported, "absorption_time"), "1200");
    ASSERT_EQ(imported.remarks.size(), 1U);
    EXPECT_EQ(imported.remarks[0].lines[0].wrote, "MAX_VOLTAGE_TIME_SEC");
    EXPECT_TRUE(imported.needs_decision());
  }
  EXPECT_TRUE(import("[DEFAULT]\nMAX_VOLTAGE_TIME_SEC = 1200\nSWITCH_TO_FLOAT_WAIT_FOR_SEC = 1200\n").remarks.empty());
}

TEST(OlderNames, OfAMapThatCorrectedTheStateOfChargeAloneAreAQuestion) {
  const Imported imported = import(
      "[DEFAULT]\nSOC_CALC_CURRENT_REPORTED_BY_BMS = -300, 300\nSOC_CALC_CURRENT_MEASURED_BY_USER = -300, 290\n");
  EXPECT_EQ(text_of(imported, "current_map"), "off");
  EXPECT_THAT(imported.text, HasSubstr("it would be current_map = -300:-300, 300:290"));
}

// ---- Lists ----

TEST(ImportedLists, AreNeverCompletedByTheirShippedHalf) {
  // Shares of version 1 without their temperatures.
  for (const char* lines : {"MAX_CHARGE_CURRENT_T_FRACTION = 0, 0.1, 0.2, 0.4, 0.8, 1, 1, 0.4, 0",
                            "MAX_CHARGE_CURRENT_T_FRACTION = 0, 0.1, 0.2, 0.4, 0.8, 1, 0.8, 0",
                            "CHARGE_MODE = 2\nMAX_CHARGE_CURRENT_T_FRACTION = 0, 0.1, 0.2, 0.4, 0.8, 1, 0.8, 0"}) {
    const Imported imported = import("[DEFAULT]\n" + std::string(lines) + "\n");
    EXPECT_EQ(text_of(imported, "charge_temperature_curve"), text_of(import(""), "charge_temperature_curve"));
    EXPECT_THAT(imported.text, HasSubstr("TEMPERATURES_WHILE_CHARGING, is not in the file"));
  }
}

TEST(ImportedLists, OfASwitchAloneAreThoseOfAVersionThatIsCertain) {
  EXPECT_THAT(import("[DEFAULT]\nCCCM_SOC_ENABLE = True\n").text, HasSubstr("depends on the version"));
  const Imported imported = import("[DEFAULT]\nCCCM_SOC_ENABLE = True\nCHARGE_MODE = 2\n");
  EXPECT_EQ(text_of(imported, "charge_soc_curve"), "85:1, 90:0.5, 95:0.2, 98:0.1");
}

TEST(ImportedLists, OfASwitchInAFileOfSeveralVersionsAreAQuestion) {
  const Imported imported =
      import("[DEFAULT]\nCHARGE_MODE = 2\nCC_SOC_LIMIT1 = 97\nCCCM_SOC_ENABLE = True\nDCCM_SOC_ENABLE = True\n");
  EXPECT_EQ(text_of(imported, "discharge_soc_curve"), "off");
  EXPECT_THAT(imported.text,
              HasSubstr("#   DCCM_SOC_ENABLE = True (line 5): is switched on, but by which lists depends"));
  EXPECT_EQ(text_of(imported, "charge_soc_curve"), "91:1, 91.1:0.5, 94.9:0.5, 95:0.3, 96.9:0.3, 97:0.1");
}

TEST(ImportedLists, ThatAreSwitchedOffMeanNothing) {
  const Imported imported = import(
      "[DEFAULT]\nCCCM_T_ENABLE = False\nTEMPERATURES_WHILE_CHARGING = 0, 20\nMAX_CHARGE_CURRENT_T_FRACTION = 0, 1\n");
  EXPECT_EQ(text_of(imported, "charge_temperature_curve"), "off");
  ASSERT_EQ(imported.remarks.size(), 1U) << imported.text;
  EXPECT_EQ(imported.remarks[0].group, Remark::Group::meaningless);
  EXPECT_EQ(imported.remarks[0].reason, "is switched off by CCCM_T_ENABLE");
  const Imported lists_alone =
      import("[DEFAULT]\nSOC_WHILE_CHARGING = 95, 80\nMAX_CHARGE_CURRENT_SOC_FRACTION = 0.1, 1\n");
  EXPECT_EQ(text_of(lists_alone, "charge_soc_curve"), "off") << "as long as nobody switches it on";
  EXPECT_THAT(lists_alone.text, HasSubstr("is switched off by CCCM_SOC_ENABLE"));
}

TEST(ImportedLists, OfCellsCannotBeOffButAreNamed) {
  const Imported imported = import(
      "[DEFAULT]\nCCCM_CV_ENABLE = FALSE\nCELL_VOLTAGES_WHILE_CHARGING = 3.4, 3.6\n"
      "MAX_CHARGE_CURRENT_CV_FRACTION = 1, 0\n");
  EXPECT_EQ(text_of(imported, "charge_cell_curve"), "auto");
  ASSERT_EQ(imported.remarks.size(), 1U) << imported.text;
  EXPECT_THAT(imported.remarks[0].text(), HasSubstr("would be charge_cell_curve = 3.4:1, 3.6:0"));
  EXPECT_TRUE(imported.needs_decision());
  EXPECT_TRUE(import("[DEFAULT]\nDCCM_CV_ENABLE = False\n").needs_decision());
}

/// What the limits of versions before 1.2 allow: at most this share at this SoC.
TEST(OldSocLimits, BecomeACurveThatAllowsNoMore) {
  const std::string limits =
      "CC_SOC_LIMIT1 = 98\nCC_SOC_LIMIT2 = 95\nCC_SOC_LIMIT3 = 90\nCC_CURRENT_LIMIT1_FRACTION = 0.1\n"
      "DC_SOC_LIMIT1 = 10\nDC_SOC_LIMIT2 = 20\nDC_SOC_LIMIT3 = 30\nDC_CURRENT_LIMIT3_FRACTION = 0.4\n";
  const auto theirs = [](double soc, bool charging) {
    if (charging) return soc <= 90 ? 1 : soc < 95 ? 0.5 : soc < 98 ? 0.3 : 0.1;
    return soc >= 30 ? 1 : soc >= 20 ? 0.4 : soc > 10 ? 0.3 : 0.1;
  };
  for (const char* mode : {"", "LINEAR_LIMITATION_ENABLE = True\n", "LINEAR_LIMITATION_ENABLE = False\n"}) {
    const Imported imported = import("[DEFAULT]\n" + limits + mode);
    EXPECT_FALSE(imported.needs_decision()) << imported.text;
    const Settings settings = settings_of(imported);
    const bool steps = std::string_view(mode).contains("False");
    for (double soc = 0; soc <= 100; soc += 0.25) {
      const double discharge = interpolate(settings.charge.discharge_soc_curve, soc);
      EXPECT_LE(discharge, theirs(soc, false)) << soc << mode;
      const double charge = lower_step(settings.charge.charge_soc_curve, soc);
      EXPECT_TRUE(!steps || charge <= theirs(soc, true)) << soc << mode;
    }
    EXPECT_EQ(interpolate(settings.charge.charge_soc_curve, 100), 0.1);
    EXPECT_EQ(interpolate(settings.charge.charge_soc_curve, 90), 1);
    EXPECT_LE(interpolate(settings.charge.discharge_soc_curve, 25), 0.4);
    EXPECT_EQ(interpolate(settings.charge.discharge_soc_curve, 35), 1);
  }
}

TEST(OldSocLimits, AsShippedOrSwitchedOffBecomeNoCurve) {
  EXPECT_EQ(import("[DEFAULT]\nDC_SOC_LIMIT1 = 10\nDC_SOC_LIMIT2 = 20\nDC_SOC_LIMIT3 = 30\n").options, 0U);
  const Imported off = import("[DEFAULT]\nDCCM_SOC_ENABLE = False\nDC_SOC_LIMIT1 = 15\n");
  EXPECT_EQ(text_of(off, "discharge_soc_curve"), "off");
}

// ---- Owners' files ----

TEST(OwnersFile, OfAJbdWithKeysOfDaly) {
  // mr-manuel/venus-os_dbus-serialbattery issue 372
  const Imported imported =
      import("[DEFAULT]\nBMS_TYPE = LltJbd\nINVERT_CURRENT_MEASUREMENT = -1\nBATTERY_CAPACITY = 135\n");
  const Settings settings = settings_of(imported);
  EXPECT_FALSE(settings.battery.calibration.invert_current);
  EXPECT_FALSE(settings.battery.calibration.capacity_ah);
  EXPECT_EQ(settings.bms, "jbd");
  EXPECT_EQ(imported.remarks.size(), 2U);
  EXPECT_TRUE(imported.needs_decision());
}

TEST(OwnersFile, OfAJkWithHighTables) {
  // Louisvdw/dbus-serialbattery issue 858
  const Imported imported = import(
      "[DEFAULT]\n\nBMS_TYPE = Jkbms\nBATTERY_CAPACITY = 230\n\nMAX_BATTERY_CHARGE_CURRENT = 115.0\n"
      "MAX_BATTERY_DISCHARGE_CURRENT = 115.0\nMAX_VOLTAGE_TIME_SEC = 7200\nLINEAR_LIMITATION_ENABLE = True\n"
      "CCCM_CV_ENABLE = True\nDCCM_CV_ENABLE = True\nCCCM_T_ENABLE = True\nDCCM_T_ENABLE = True\n"
      "CCCM_SOC_ENABLE = False\nDCCM_SOC_ENABLE = False\n\n"
      "CELL_VOLTAGES_WHILE_CHARGING   = 3.65, 3.60, 3.55, 3.40\n"
      "MAX_CHARGE_CURRENT_CV_FRACTION = 0.02, 0.50, 1.00, 1.00\n");
  ASSERT_EQ(imported.remarks.size(), 2U) << imported.text;
  EXPECT_EQ(imported.remarks[0].lines[0].wrote, "BMS_TYPE");
  EXPECT_EQ(text_of(imported, "absorption_time"), "7200");
  EXPECT_EQ(text_of(imported, "charge_cell_curve"), "3.4:1, 3.55:1, 3.6:0.5, 3.65:0");
  EXPECT_EQ(text_of(imported, "profile"), "smooth") << "linear mode is what that version has without being asked";
}

TEST(OwnersFile, OfAnUp16sWithoutASection) {
  // mr-manuel/venus-os_dbus-serialbattery issue 454
  const Imported imported = import(
      "BMS_TYPE = LltJbd_Up16s\nMAX_CELL_VOLTAGE   = 3.50\n\nMAX_BATTERY_CHARGE_CURRENT = 100.0\n"
      "MAX_BATTERY_DISCHARGE_CURRENT = 200.0\n\nCCCM_CV_ENABLE = False\n");
  EXPECT_EQ(text_of(imported, "bms"), "jbd");
  EXPECT_EQ(text_of(imported, "absorption_cell_voltage"), "3.5");
  EXPECT_EQ(text_of(imported, "max_discharge_current"), "200");
  EXPECT_EQ(text_of(imported, "full_charge_days"), "0") << "nothing above the owner's own highest voltage";
  ASSERT_EQ(imported.remarks.size(), 1U);
  EXPECT_THAT(imported.remarks[0].text(), HasSubstr("CCCM_CV_ENABLE = False (line 7): single cells are always"));
}

TEST(OwnersFile, OfTwoSensorsWithNames) {
  // mr-manuel/venus-os_dbus-serialbattery issue 294
  const Imported imported = import(
      "[DEFAULT]\nBMS_TYPE = LltJbd\nPUBLISH_CONFIG_VALUES = True\nPUBLISH_BATTERY_DATA_AS_JSON = True\n"
      "TEMPERATURE_SOURCE_BATTERY = 1, 2\nTEMPERATURE_1_NAME = Front\nTEMPERATURE_2_NAME = Mid\nTEMPERATURE_3_NAME = "
      "Temp 3\n");
  EXPECT_EQ(imported.options, 5U) << imported.text;
  EXPECT_EQ(text_of(imported, "temperature_2.name"), "Mid");
  EXPECT_EQ(text_of(imported, "temperature_3.role"), "other");
  EXPECT_FALSE(imported.needs_decision());
}

TEST(OwnersFile, OfOneSensorThatIsShown) {
  // Louisvdw/dbus-serialbattery issue 752: it chose a number on the screen, while all sensors limited the current.
  const Imported imported = import("[DEFAULT]\nTEMP_BATTERY = 1\nTEMP_1_NAME = BMS\n");
  for (const char* sensor : {"temperature_1.role", "temperature_2.role", "temperature_4.role"}) {
    EXPECT_NE(text_of(imported, sensor), "other");
  }
  EXPECT_TRUE(imported.needs_decision());
}

TEST(OwnersFile, OfTwoDalys) {
  // Louisvdw/dbus-serialbattery issue 1110
  const Imported imported = import(
      "[DEFAULT]\nBMS_TYPE = Daly\nCUSTOM_BATTERY_NAMES = /dev/ttyUSB0:SerialBAT2022 ,/dev/ttyUSB1:SerialBAT2023\n"
      "POLL_INTERVAL = 3\nAUTO_RESET_SOC = True\nBATTERY_CELL_DATA_FORMAT = 3\n");
  EXPECT_EQ(text_of(imported, "bms"), "daly");
  EXPECT_EQ(text_of(imported, "poll_interval"), "3");
  ASSERT_EQ(imported.remarks.size(), 2U) << imported.text;
  EXPECT_EQ(imported.remarks[0].lines[0].wrote, "CUSTOM_BATTERY_NAMES");
  EXPECT_TRUE(imported.needs_decision());
}

TEST(OwnersFile, WithTheHighestVoltagesThatCellsBear) {
  // mr-manuel/venus-os_dbus-serialbattery issue 342
  const Imported imported =
      import("[DEFAULT]\nMIN_CELL_VOLTAGE   = 2.640\nMAX_CELL_VOLTAGE   = 3.600\nFLOAT_CELL_VOLTAGE = 3.375\n");
  EXPECT_EQ(text_of(imported, "min_cell_voltage"), "2.9") << "where currents end at 2.8 V, as in its own newest table";
  EXPECT_EQ(text_of(imported, "absorption_cell_voltage"), "3.6");
  ASSERT_EQ(imported.remarks.size(), 2U) << imported.text;
  EXPECT_THAT(imported.remarks[0].text(), HasSubstr("as shipped, ends at 2.8 V"));
  EXPECT_THAT(imported.remarks[1].text(), HasSubstr("ends at 3.55 V; here it is"))
      << "a voltage that the tables of no version let cells reach";
}

}  // namespace
}  // namespace bms::config
