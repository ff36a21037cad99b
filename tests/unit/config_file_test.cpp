// config.ini: what is accepted, and what is said about the rest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "config/config.hpp"
#include "config/unused_sections.hpp"

namespace bms::config {
namespace {

using testing::HasSubstr;

Config read(const std::string& text) {
  std::istringstream in(text);
  return Config::read(in);
}

TEST(Config, KnowsWhatIsOnAPort) {
  const Config config = read("[battery ttyUSB0]\nbms = daly  # the red one\naddress = 1, 2,14-16\nbaud = 9600\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults().front().text();
  const Settings settings = config.settings_for({"ttyUSB0"});
  EXPECT_EQ(settings.bms, "daly");
  EXPECT_EQ(settings.addresses, (std::vector<unsigned>{1, 2, 14, 15, 16}));
  EXPECT_EQ(settings.baud, 9600);
  EXPECT_TRUE(config.settings_for({"ttyUSB1"}).addresses.empty());
}

TEST(Config, APortMayBeNamedByItsPath) {
  const Config config = read("[battery /dev/ttyUSB0]\nname = red\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults().front().text();
  EXPECT_EQ(config.settings_for({"ttyUSB0"}).name, "red");
  EXPECT_EQ(read("[battery /dev/ttyUSB0]\nname = a\n[battery ttyUSB0]\nname = b\n").faults().size(), 1U)
      << "it is the same port";
}

TEST(Config, ALimitIsNotLeftOutForItsCapitalsOrItsSign) {
  const Config config = read("[default]\nMAX_CHARGE_CURRENT = 5\nmax_discharge_current = +7\n");
  EXPECT_TRUE(config.faults().empty());
  EXPECT_EQ(config.settings_for({}).charge.max_charge_current.value, 5);
  EXPECT_EQ(config.settings_for({}).charge.max_discharge_current.value, 7);
}

TEST(Config, KnowsWhatPeopleCallAChemistry) {
  for (const auto& [called, meant] : {std::pair{"LiFePO4", Chemistry::lfp}, std::pair{"nmc", Chemistry::li_ion}}) {
    const Config config = read("[default]\nchemistry = " + std::string(called) + "\n");
    EXPECT_TRUE(config.faults().empty()) << called;
    EXPECT_EQ(config.settings_for({}).chemistry, meant);
  }
}

TEST(Config, RefusesAddressesThatAreNone) {
  for (const char* text : {"1,,2", "1.5", "one", "128", "1;2", "3-2", "-3", "1-", "1-2-3", "1-200"}) {
    EXPECT_EQ(read("[default]\naddress = " + std::string(text) + "\n").faults().size(), 1U) << text;
  }
}

TEST(Config, AnEmptyFileMeansTheDefaults) {
  const Config config = read("");
  EXPECT_TRUE(config.faults().empty());
  EXPECT_EQ(config.settings_for({"ttyUSB0", ""}).charge.max_charge_current, (charge::Amperes{50}));
}

TEST(Config, TheMoreSpecificSectionWins) {
  const Config config = read(
      "[battery JBD:42]\nmax_charge_current = 30   # this one is small\n"
      "[battery ttyUSB0]\nmax_charge_current = 20\nmax_discharge_current = 0.5C\n"
      "[default]\nmax_charge_current = 10\npoll_interval = 2\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults()[0].text();
  EXPECT_EQ(config.settings_for({"ttyUSB1", ""}).charge.max_charge_current, (charge::Amperes{10}));
  EXPECT_EQ(config.settings_for({"ttyUSB0", ""}).charge.max_charge_current, (charge::Amperes{20}));
  const Settings settings = config.settings_for({"ttyUSB0", "JBD:42"});
  EXPECT_EQ(settings.charge.max_charge_current, (charge::Amperes{30}));
  EXPECT_EQ(settings.charge.max_discharge_current, (charge::Amperes{.value = 0.5, .c_rate = true}));
  EXPECT_EQ(settings.poll_interval_s, 2);
  EXPECT_EQ(settings.charge.poll_interval_s, 2);
  EXPECT_EQ(settings.battery.poll_interval_s, 2);
}

TEST(Config, ANameThatIsGivenTwiceCountsOnce) {
  const Config config = read("[default]\nlow_soc_alarm = 15\n[battery ttyUSB0]\nlow_soc_warning = 12\n");
  const Settings once = config.settings_for({"ttyUSB0", ""});
  const Settings twice = config.settings_for({"ttyUSB0", "ttyUSB0", ""});
  EXPECT_EQ(once.battery.alarms.low_soc.warning, 20) << "12 contradicts the alarm";
  EXPECT_EQ(twice.battery.alarms.low_soc.warning, 20);
}

TEST(Config, TakesWordsInAnySpelling) {
  const Config config = read("[default]\nbms = JBD\nchemistry = li-ION\nprofile = Smooth\nlog_level = Error\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults()[0].text();
  EXPECT_EQ(config.settings_for({}).bms, "jbd");
  EXPECT_EQ(config.settings_for({}).log_level, "error");
}

TEST(Config, TakesTheFormsOfFilesThatPeopleWrite) {
  const Config config = read(
      "\xEF\xBB\xBF; saved by a Windows editor\r\n[default]\r\nname = \"Boat # 2 ; aft\"  # the big one\r\n"
      "  integer_amps = Yes\r\nchemistry=lfp;no blank before\r\n");
  ASSERT_EQ(config.faults().size(), 1U) << "the semicolon without a blank is part of the value";
  EXPECT_EQ(config.faults()[0].line, 5);
  EXPECT_EQ(config.settings_for({}).name, "Boat # 2 ; aft");
  EXPECT_TRUE(config.settings_for({}).charge.integer_amps);
}

TEST(Config, ALongListGoesOnInIndentedLines) {
  const Config config = read(
      "[default]\ncharge_temperature_curve = -10:0, 0:0,   # cold\n"
      "    5:0.5,\n\n    # warm\n    20:1\npoll_interval = 2\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults()[0].text();
  EXPECT_EQ(config.settings_for({}).charge.charge_temperature_curve, (Curve{{-10, 0}, {0, 0}, {5, 0.5}, {20, 1}}));
  EXPECT_EQ(config.settings_for({}).poll_interval_s, 2);
}

TEST(Config, SaysWhichSectionsThereAre) {
  const Config config = read("[battery ttyUSB0]\n[default]\n[battery  JBD:1 ]\nname=a\n[battery ttyUSB0]\nname=b\n");
  EXPECT_TRUE(config.faults().empty());
  ASSERT_EQ(config.sections().size(), 2U);
  EXPECT_EQ(config.sections()[0].name, "ttyUSB0");
  EXPECT_EQ(config.sections()[0].line, 1);
  EXPECT_EQ(config.sections()[1].name, "JBD:1");
  EXPECT_EQ(config.settings_for({"JBD:1"}).name, "a");
  EXPECT_EQ(config.option_count(), 2U);
}

struct BadFile {
  const char* name;
  const char* text;
  int line;
  const char* says;
  const char* falls_back_to;
};

class FaultyConfig : public testing::TestWithParam<BadFile> {};

TEST_P(FaultyConfig, SaysWhereAndWhatWasExpectedAndWhatIsDone) {
  const Config config = read(GetParam().text);
  for (const Fault& fault : config.faults()) SCOPED_TRACE(fault.text());
  ASSERT_EQ(config.faults().size(), 1U);
  EXPECT_EQ(config.faults()[0].file, "config.ini");
  EXPECT_EQ(config.faults()[0].line, GetParam().line);
  EXPECT_THAT(config.faults()[0].message, HasSubstr(GetParam().says));
  EXPECT_THAT(config.faults()[0].fallback, HasSubstr(GetParam().falls_back_to));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, FaultyConfig,
    testing::Values(
        BadFile{"typo", "[default]\n\nmax_charg_current = 5\n", 3, "did you mean \"max_charge_current\"?", "left out"},
        BadFile{"old_name", "[default]\nmax_cell_voltage = 3.4\n", 2, "it is called \"absorption_cell_voltage\" now",
                "left out"},
        BadFile{"section_typo", "[batery ttyUSB0]\nname = a\n", 1, "did you mean [battery ttyUSB0]?", "left out"},
        BadFile{"mqtt_password", "[mqtt]\npassword = x\n", 2, "\"password_file\" names a file whose first line is the",
                "left out"},
        BadFile{"open_quote", "[default]\nname = \"Boat\nchemistry = LFP\n", 2, "a quote is not closed", "left out"},
        BadFile{"only_a_quote", "[default]\nname = \"\n", 2, "a quote is not closed", "left out"},
        BadFile{"no_host", "[mqtt]\nhost = a:1\n", 2, "a name or an address alone", "nothing is sent to a broker"},
        BadFile{"alias_prefix", "[mqtt]\nalias_prefix = /a/#\n", 2, "none before the first or after the last",
                "alias_prefix stays empty"},
        BadFile{"base", "[mqtt]\nbase = a//b\n", 2, "words with / between them", "base = dbus-bms is used"},
        BadFile{"packs_of_a_bank", "[bank House]\nbatteries = a, b\nmembers = a, b\n", 2, "are its \"members\"",
                "left out"},
        BadFile{"other_section", "[bridge]\nmin_cell_voltage = 3\n", 2, "it belongs in [default] or [battery ...]",
                "left out"},
        BadFile{"bridge_option", "[default]\nuse_mode = yes\n", 2, "it belongs in [bridge]", "left out"},
        BadFile{"other_driver", "[default]\nMAX_BATTERY_CHARGE_CURRENT = 50\n", 2, "config import", "left out"},
        BadFile{"sensor_typo", "[default]\ntemperature_2.rôle = cell\n", 2, "did you mean \"temperature_1.role\"?",
                "left out"},
        BadFile{"sensor_0", "[default]\ntemperature_0.role = cell\n", 2, "no option", "left out"},
        BadFile{"sensor_17", "[default]\ntemperature_17.role = cell\n", 2, "no option", "left out"},
        BadFile{"section", "[pack 1]\npoll_interval = 2\n", 1, "expected [default], [battery", "section is left"},
        BadFile{"empty_section", "\n[pack]\n", 2, "no section [pack]", "section is left out"},
        BadFile{"nameless_battery", "[battery ]\nname = x\n", 1, "no section [battery]", "section is left out"},
        BadFile{"foreign", "[DEFAULT]\nMAX_CELL_VOLTAGE = 3.4\n", 1, "dbus-bms config import", "section is left out"},
        BadFile{"no_section", "poll_interval = 2\n", 1, "expected [default]", "line is left out"},
        BadFile{"unclosed", "[default\n", 1, "expected a \"]\"", "line is left out"},
        BadFile{"word", "[default]\npoll_interval = soon\n", 2, "expected a number from 0.2 to 60 (s)",
                "poll_interval = 1 s is used"},
        BadFile{"unit", "[default]\nmax_charge_current = 50V\n", 2, "followed by C", "max_charge_current = 50 A"},
        BadFile{"time_unit", "[default]\npoll_interval = 1 min\n", 2, "(s); the unit is s, not min", "1 s is used"},
        BadFile{"latin_1",
                "[default]\nname = Br\xfc"
                "cke\n",
                2, "name = Br?cke: expected a text in UTF-8", "name stays empty"},
        BadFile{"latin_1_section",
                "[battery Br\xfc"
                "cke]\nname = x\n",
                1, "no section [battery Br?cke]", "left out"},
        BadFile{"range", "[default]\nmax_charge_current = -1\n", 2, "from 0 to 3000", "50 A is used"},
        BadFile{"c_range", "[default]\nmax_charge_current = 11C\n", 2, "from 0 to 10 followed by C", "50 A is used"},
        BadFile{"nan", "[default]\nmax_charge_current = nan\n", 2, "expected a number", "50 A is used"},
        BadFile{"infinite", "[default]\npoll_interval = inf\n", 2, "expected a number", "1 s is used"},
        BadFile{"empty", "[default]\nmax_charge_current =\n", 2, "expected a number", "50 A is used"},
        BadFile{"not_whole", "[default]\ncells = 15.5\n", 2, "whole number from 1 to 64 or \"auto\"", "auto is used"},
        BadFile{"flag", "[default]\nintegr_amps = 2\ninteger_amps = 1\n", 2, "\"integer_amps\"", "left out"},
        BadFile{"flag_value", "[default]\ninteger_amps = maybe\n", 2, "expected yes or no",
                "integer_amps = no is used"},
        BadFile{"bms", "[default]\nbms = jdb\n", 2, "expected one of: jbd, daly", "the family is found out"},
        BadFile{"profile", "[default]\nprofile = rough\n", 2, "smooth, serialbattery-linear", "profile = smooth"},
        BadFile{"chemistry", "[default]\nchemistry = LiFePo\n", 2, "LFP, Li-ion, LTO", "nothing is charged"},
        BadFile{"role", "[default]\ntemperature_3.role = air\n", 2, "cell, other, unused", "temperature_3.role = cell"},
        BadFile{"points", "[default]\ntime_to_soc = 10, 20, 101\n", 2, "numbers from 0 to 100", "time_to_soc"},
        BadFile{"syntax", "[default]\nwhat is this\n", 2, "name = value", "line is left out"},
        BadFile{"twice", "[default]\npoll_interval = 2\npoll_interval = 3\n", 3, "stands twice",
                "poll_interval = 2 s is used"}),
    [](const auto& file) { return file.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Curves, FaultyConfig,
    testing::Values(
        BadFile{"not_rising", "[default]\ncharge_cell_curve = 3.40:1, 3.40:0\n", 2, "rising first numbers", "auto"},
        BadFile{"falling", "[default]\ncharge_soc_curve = 90:1, 80:0\n", 2, "rising first numbers", "off is used"},
        BadFile{"share", "[default]\ncharge_soc_curve = 80:1, 90:1.1\n", 2, "second numbers from 0 to 1", "off"},
        BadFile{"negative_share", "[default]\ncharge_soc_curve = 80:1, 90:-0.1\n", 2, "from 0 to 1", "off is used"},
        BadFile{"no_colon", "[default]\ncharge_soc_curve = 80, 1\n", 2, "as in 90:1, 98:0.1", "off is used"},
        BadFile{"no_end", "[default]\ncharge_cell_curve = 3.3:1, 3.5:0.01\n", 2, "the last of which is 0", "auto"},
        BadFile{"too_far", "[default]\ncharge_cell_curve = 3.3:1, 3.7:0\n", 2, "3.69 (V) with chemistry = LFP", "auto"},
        BadFile{"map", "[default]\ncurrent_map = -300:-300, 0:1, 300:1\n", 2, "never fall and rise", "off is used"},
        BadFile{"short_map", "[default]\ncurrent_map = 0:0\n", 2, "rise at both ends", "off is used"},
        BadFile{
            "too_many",
            "[default]\ncharge_soc_curve = 1:1,2:1,3:1,4:1,5:1,6:1,7:1,8:1,9:1,10:1,11:1,12:1,13:1,14:1,15:1,16:1,\n"
            "  17:1\n",
            2, "points", "off is used"}),
    [](const auto& file) { return file.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Contradictions, FaultyConfig,
    testing::Values(BadFile{"float", "[default]\nfloat_cell_voltage = 3.5\n", 2,
                            "float_cell_voltage = 3.5 V must not be above absorption_cell_voltage = 3.45 V",
                            "float_cell_voltage = 3.375 V is used"},
                    BadFile{"min", "[default]\nmin_cell_voltage = 3.3\nfloat_cell_voltage = 3.25\n", 3,
                            "min_cell_voltage = 3.3 V must be below float_cell_voltage = 3.25 V",
                            "min_cell_voltage = 2.9 V"},
                    BadFile{"balancing", "[default]\nabsorption_cell_voltage = 3.5\nbalancing_cell_voltage = 3.45\n", 3,
                            "absorption_cell_voltage = 3.5 V must not be above",
                            "balancing_cell_voltage = 3.55 V is used"},
                    BadFile{"cutoff", "[default]\nreopen_cell_voltage = 2.7\ncutoff_cell_voltage = 2.8\n", 3,
                            "cutoff_cell_voltage = 2.8 V must be below reopen_cell_voltage = 2.7 V",
                            "reopen_cell_voltage = 3.05 V is used"},
                    BadFile{"stages", "[default]\nstale_after = 30\nrelease_after = 20\n", 3,
                            "stale_after = 30 s must be below release_after = 20 s", "stale_after = 10 s is used"},
                    BadFile{"keep", "[default]\nkeep_min_cell_voltage = 3.35\nkeep_max_cell_voltage = 3.3\n", 3,
                            "keep_min_cell_voltage", "keep_min_cell_voltage = 3.225 V is used"},
                    BadFile{"alarm", "[default]\nlow_soc_warning = 10\nlow_soc_alarm = 15\n", 3,
                            "low_soc_alarm = 15 % must not be above", "low_soc_warning = 20 % is used"},
                    BadFile{"spread", "[default]\nabsorption_spread = 0.1\nrebulk_spread = 0.05\n", 3,
                            "absorption_spread", "rebulk_spread = 0.12 V is used"},
                    BadFile{"wrong_chemistry", "[default]\nabsorption_cell_voltage = 4.1\n", 2,
                            "from 3.3 to 3.65 (V) with chemistry = LFP", "absorption_cell_voltage = 3.45 V is used"},
                    BadFile{"no_capacity", "[default]\nbms = chargery\nmax_charge_current = 0.5C\n", 3, "set capacity",
                            "nothing is charged"},
                    BadFile{"no_shunt", "[default]\nsoc_source = external\n", 2, "of no use without external_battery",
                            "soc_source = bms is used"}),
    [](const auto& file) { return file.param.name; });

TEST(Config, ReportsEveryFaultInTheOrderOfLinesAndKeepsWhatIsGood) {
  const Config config =
      read("what\n[default]\nfoo = 1\npoll_interval = 2\nfloat_cell_voltage = 3.6\nbar = 2\n[x]\nnot a line\n");
  std::vector<int> lines;
  for (const Fault& fault : config.faults()) lines.push_back(fault.line);
  EXPECT_EQ(lines, (std::vector{1, 3, 5, 6, 7, 8}));
  EXPECT_EQ(config.settings_for({"", ""}).poll_interval_s, 2);
}

TEST(Config, AContradictionThatIsInheritedIsReportedOnce) {
  EXPECT_EQ(read("[default]\nfloat_cell_voltage = 3.5\n[battery a]\nname = a\n[battery b]\n").faults().size(), 1U);
  EXPECT_EQ(read("[default]\nfloat_cell_voltage = 3.4\n[battery a]\nabsorption_cell_voltage = 3.35\n").faults().size(),
            1U);
}

TEST(Config, TakesNumbersWithTheirUnits) {
  const Config config = read(
      "[default]\nmax_charge_current = 100 A\npoll_interval = 2s\nlow_soc_warning = 25 %\ncells = 16\nbaud = 9600 "
      "baud\n"
      "max_discharge_current = 0.5 C\nfull_charge_days = 14 days\ntail_current = 0.03 C\ncapacity = 280 Ah\n"
      "mos_temperature_warning = 75 °C\ncharge_temperature_curve = 0 °C:0, 10°C:1, 50:0\ntime_to_soc = 100 %, 50 %\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults()[0].text();
  const Settings settings = config.settings_for({});
  EXPECT_EQ(settings.charge.max_charge_current, charge::Amperes{100});
  EXPECT_EQ(settings.charge.max_discharge_current, (charge::Amperes{.value = 0.5, .c_rate = true}));
  EXPECT_EQ(settings.charge.full_charge_days, 14);
  EXPECT_EQ(settings.charge.charge_temperature_curve, (Curve{{0, 0}, {10, 1}, {50, 0}}));
  EXPECT_EQ(settings.battery.soc.time_to_soc_points, (std::vector<double>{100, 50}));
}

// With a search for each line this takes minutes.
TEST(Config, AFileWithVeryManySectionsIsReadInATimeThatGrowsWithThem) {
  constexpr int many = 100'000;
  std::string file = "[default]\nfloat_cell_voltage = 3.5\n";
  for (int i = 0; i < many; ++i) file += "[battery B" + std::to_string(i) + "]\nname = " + std::to_string(i) + "\n";
  const Config config = read(file);
  EXPECT_EQ(config.sections().size(), many);
  EXPECT_EQ(config.option_count(), many + 1);
  EXPECT_EQ(config.faults().size(), 1U) << "what all of them inherit is said once";
  EXPECT_EQ(config.settings_for({"B77777"}).name, "77777");
}

TEST(Config, SoIsOneWithVeryManyFaults) {
  constexpr int many = 20'000;
  std::string repeated = "[default]\n";
  std::string unknown = "[default]\n";
  std::string sections;
  for (int i = 0; i < many; ++i) {
    repeated += "float_cell_voltage = 3.5\n";
    unknown += "option" + std::to_string(i) + " = 1\n";
    sections += "[s" + std::to_string(i) + "]\n";
  }
  std::string both = repeated;
  for (int i = 0; i < many; ++i) both += "[battery B" + std::to_string(i) + "]\nmax_charge_current = x\n";
  EXPECT_EQ(read(repeated).faults().size(), many);
  EXPECT_EQ(read(unknown).faults().size(), many);
  EXPECT_EQ(read(sections).faults().size(), many);
  EXPECT_EQ(read(both).faults().size(), 2 * many);
}

TEST(UnusedSections, AreNamedWithWhatWasProbablyMeant) {
  const Config config = read(
      "[battery ttyUSB0]\n[battery JBD:AB12]\n[battery jbd:ab34567]\n[battery AB34567]\n[battery TTYUSB0]\n"
      "[battery ttyUSB1]\n[battery ttyUSB0_3]\n[battery JBD:XY99]\n[battery JBD:AB34576]\n");
  const std::vector<std::string_view> names{"ttyUSB0", "ttyUSB0_1", "JBD:AB12", "ttyUSB0_2", "JBD:AB34567", ""};
  std::vector<std::string> mistaken;
  std::vector<std::string> elsewhere;
  for (const UnusedSection& one : unused_sections(config, names, "ttyUSB0")) {
    (one.mistaken ? mistaken : elsewhere).push_back(std::to_string(one.line) + ": " + one.message);
  }
  EXPECT_THAT(
      mistaken,
      testing::ElementsAre("3: [battery jbd:ab34567] fits no battery on ttyUSB0; did you mean [battery JBD:AB34567]?",
                           "4: [battery AB34567] fits no battery on ttyUSB0; did you mean [battery JBD:AB34567]?",
                           "5: [battery TTYUSB0] fits no battery on ttyUSB0; did you mean [battery ttyUSB0]?",
                           "7: [battery ttyUSB0_3] fits no battery on ttyUSB0; there is none with this address",
                           "9: [battery JBD:AB34576] fits no battery on ttyUSB0; did you mean [battery JBD:AB34567]?"));
  EXPECT_THAT(elsewhere,
              testing::ElementsAre(
                  "6: [battery ttyUSB1] fits no battery on ttyUSB0, which is right if it is meant for another port",
                  "8: [battery JBD:XY99] fits no battery on ttyUSB0, which is right if it is meant for another port"));
}

TEST(Config, LongLinesAreFaultsButLongCommentsAreNot) {
  const std::string comment(1000, 'x');
  EXPECT_TRUE(read("# " + comment + "\n[default]\npoll_interval = 2  ; " + comment + "\n").faults().empty());
  const Config config = read("[default]\npoll_interval = 2\nname = " + comment + "\n");
  ASSERT_EQ(config.faults().size(), 1U);
  EXPECT_EQ(config.faults()[0].line, 3);
  EXPECT_THAT(config.faults()[0].message, HasSubstr("longer than"));
}

TEST(Config, AFileThatCannotBeReadIsAFaultAndMeansTheDefaults) {
  for (const std::string& path :
       {std::string("/nonexistent/config.ini"), std::filesystem::temp_directory_path().string()}) {
    const Config config = Config::read_file(path);
    ASSERT_EQ(config.faults().size(), 1U) << path;
    EXPECT_EQ(config.faults()[0].file, path);
    EXPECT_EQ(config.faults()[0].line, 0);
    EXPECT_EQ(config.settings_for({"ttyUSB0"}).charge.max_charge_current, (charge::Amperes{50}));
  }
}

}  // namespace
}  // namespace bms::config
