// config.ini: what is accepted, and what is said about the rest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "config/config.hpp"

namespace bms::config {
namespace {

using testing::HasSubstr;

Config read(const std::string& text) {
  std::istringstream in(text);
  return Config::read(in);
}

TEST(Options, DefaultsLieWithinTheirRangesAndNamesAreUnique) {
  const Settings defaults;
  std::set<std::string_view> names;
  for (const Option& option : options()) {
    if (const auto* number = std::get_if<double Settings::*>(&option.place)) {
      EXPECT_GE(defaults.**number, option.min) << option.name;
      EXPECT_LE(defaults.**number, option.max) << option.name;
    }
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_FALSE(option.description.empty()) << option.name;
  }
}

TEST(Config, KnowsWhatIsOnAPort) {
  const Config config = read("[battery ttyUSB0]\nbms = daly  # the red one\naddress = 1, 2,14-16\nbaud = 9600\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults().front().message;
  const Settings settings = config.settings_for({"ttyUSB0"});
  EXPECT_EQ(settings.bms, "daly");
  EXPECT_EQ(settings.addresses, (std::vector<unsigned>{1, 2, 14, 15, 16}));
  EXPECT_EQ(settings.baud, 9600);
  EXPECT_TRUE(config.settings_for({"ttyUSB1"}).addresses.empty());
}

TEST(Config, RefusesAddressesThatAreNone) {
  for (const char* text : {"0", "1,,2", "1.5", "one", "128", "1;2", "3-2", "-3", "1-", "1-2-3", "1-200"}) {
    EXPECT_EQ(read("[default]\naddress = " + std::string(text) + "\n").faults().size(), 1U) << text;
  }
}

TEST(Config, AnEmptyFileMeansTheDefaults) {
  const Config config = read("");
  EXPECT_TRUE(config.faults().empty());
  EXPECT_EQ(config.settings_for({"ttyUSB0", ""}).max_charge_current_a, Settings{}.max_charge_current_a);
}

TEST(Config, TheMoreSpecificSectionWins) {
  const Config config = read(
      "[battery JBD:42]\nmax_charge_current = 30   # this one is small\n"
      "[battery ttyUSB0]\nmax_charge_current = 20\nmax_discharge_current = 25\n"
      "[default]\nmax_charge_current = 10\npoll_interval = 2\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults()[0].message;
  EXPECT_EQ(config.settings_for({"ttyUSB1", ""}).max_charge_current_a, 10);
  EXPECT_EQ(config.settings_for({"ttyUSB0", ""}).max_charge_current_a, 20);
  EXPECT_EQ(config.settings_for({"ttyUSB0", "JBD:42"}).max_charge_current_a, 30);
  EXPECT_EQ(config.settings_for({"ttyUSB0", "JBD:42"}).max_discharge_current_a, 25);
  EXPECT_EQ(config.settings_for({"ttyUSB0", "JBD:42"}).poll_interval_s, 2);
}

struct BadFile {
  const char* name;
  const char* text;
  int line;
  const char* says;
};

class FaultyConfig : public testing::TestWithParam<BadFile> {};

TEST_P(FaultyConfig, SaysWhereAndWhatWasExpected) {
  const Config config = read(GetParam().text);
  ASSERT_EQ(config.faults().size(), 1U);
  EXPECT_EQ(config.faults()[0].line, GetParam().line);
  EXPECT_THAT(config.faults()[0].message, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Files, FaultyConfig,
    testing::Values(
        BadFile{"typo", "[default]\n\nmax_charg_current = 5\n", 3, "did you mean \"max_charge_current\"?"},
        BadFile{"section", "[batery 1]\npoll_interval = 2\n", 2, "expected [default] or [battery"},
        BadFile{"no_section", "poll_interval = 2\n", 1, "expected [default]"},
        BadFile{"word", "[default]\npoll_interval = soon\n", 2, "expected a number from 0.2 to 60 (s)"},
        BadFile{"unit", "[default]\nmax_charge_current = 50A\n", 2, "expected a number"},
        BadFile{"range", "[default]\nmax_charge_current = -1\n", 2, "from 0 to 3000 (A)"},
        BadFile{"nan", "[default]\nmax_charge_current = nan\n", 2, "expected a number"},
        BadFile{"empty", "[default]\nmax_charge_current =\n", 2, "expected a number"},
        BadFile{"syntax", "[default]\nwhat is this\n", 2, "name = value"},
        BadFile{"contradiction", "[default]\nmin_cell_voltage = 3.4\n", 0, "min_cell_voltage < float_cell_voltage"},
        BadFile{"stages", "[default]\nstale_after = 30\nrelease_after = 20\n", 0, "stale_after < release_after"}),
    [](const auto& case_info) { return case_info.param.name; });

TEST(Config, ReportsEveryFaultAndKeepsWhatIsGood) {
  const Config config = read("[default]\nfoo = 1\npoll_interval = 2\nbar = 2\n");
  EXPECT_EQ(config.faults().size(), 2U);
  EXPECT_EQ(config.settings_for({"", ""}).poll_interval_s, 2);
}

TEST(Config, AMissingFileIsAFault) { EXPECT_EQ(Config::read_file("/nonexistent/config.ini").faults().size(), 1U); }

}  // namespace
}  // namespace bms::config
