// Command lines of dbus-btbattery as sections of ours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/import/btbattery.hpp"
#include "config/import/btbattery_line.hpp"
#include "config/text.hpp"

namespace bms::config {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Words = std::vector<std::string>;

constexpr const char* a = "A4:C1:37:00:00:0A";
constexpr const char* b = "A4:C1:37:00:00:0B";

/// The files that are there.
const std::map<std::string, files::SmallFile>& owners_files() {
  const auto text = [](std::string content) { return files::SmallFile{.content = std::move(content), .problem = {}}; };
  static const std::map<std::string, files::SmallFile> all{
      {"/a.ini", text("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 100.0\nMAX_BATTERY_DISCHARGE_CURRENT = 120\n"
                      "MAX_CELL_VOLTAGE = 3.55\n")},
      {"/b.ini",
       text("\xEF\xBB\xBF[DEFAULT]\r\nmax_battery_charge_current: 40\r\nmax_battery_discharge_current = 60.5\r\n")},
      {"/my files/x.ini", text("MAX_BATTERY_CHARGE_CURRENT = 7\nMAX_BATTERY_DISCHARGE_CURRENT = 8\n")},
      {"/a:b:c:d:e:f:g", text("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 9\nMAX_BATTERY_DISCHARGE_CURRENT = 0\n")},
      {"/half.ini", text("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 30\n")},
      {"/bad.ini", text("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = many\nMAX_BATTERY_DISCHARGE_CURRENT = -5\n")},
      {"/twice.ini", text("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 30\nMAX_BATTERY_CHARGE_CURRENT = 90\n"
                          "MAX_BATTERY_DISCHARGE_CURRENT = 50\n")},
      {"/other.ini", text("[battery]\nMAX_BATTERY_CHARGE_CURRENT = 30\nMAX_BATTERY_DISCHARGE_CURRENT = 90\n")},
      {"/nan.ini", text("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = nan\nMAX_BATTERY_DISCHARGE_CURRENT = 1e9\n")},
      {"/bytes", text("\xFF\xFE\x01MAX = \x80\n[DEFAULT\n")},
      {"/much.ini", text("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 3000\nMAX_BATTERY_DISCHARGE_CURRENT = 3000\n")},
      {"/empty", text("")},
      {"/fifo", {.content = std::nullopt, .problem = "is a FIFO"}},
  };
  return all;
}

files::SmallFile read(const std::string& path) {
  const auto found = owners_files().find(path);
  return found == owners_files().end() ? files::SmallFile{} : found->second;
}

/// "$A" and "$B" are addresses.
std::string with_addresses(std::string text) {
  for (const auto& [name, address] : {std::pair{"$A", a}, std::pair{"$B", b}}) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.replace(at, 2, address);
  }
  return text;
}

auto import(Words words, const std::string& bank = usual_btbattery_bank) {
  for (std::string& word : words) word = with_addresses(word);
  return import_btbattery(words, bank, read);
}

Config ours(const Imported& imported) {
  std::istringstream in(imported.text);
  return Config::read(in);
}

// ---- What is understood ----

struct Understood {
  const char* name;
  Words words;
  const char* sections;  ///< without what stands before them and without comments
  const char* doubts;    ///< what is said of them, one in a line; each line begins one
};

class BtbatteryLine : public testing::TestWithParam<Understood> {};

/// The lines without comments.
std::string bare(const std::string& text) {
  std::string all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    line = line.substr(0, line.find("  #"));
    if (!line.empty()) all += line + "\n";
  }
  return all;
}

TEST_P(BtbatteryLine, BecomesSections) {
  const Understood& row = GetParam();
  const auto imported = import(row.words);
  ASSERT_TRUE(imported) << joined(imported.error());
  EXPECT_EQ(bare(imported->text), with_addresses(row.sections));
  const Config config = ours(*imported);
  EXPECT_TRUE(config.faults().empty()) << config.faults().front().text() << "\n" << imported->text;
  EXPECT_EQ(imported->options, config.option_count());
  const auto doubts = *row.doubts == '\0' ? std::vector<std::string_view>{} : split(row.doubts, '\n');
  ASSERT_EQ(imported->remarks.size(), doubts.size()) << imported->text;
  EXPECT_EQ(imported->needs_decision(), !doubts.empty());
  for (std::size_t i = 0; i < doubts.size(); ++i) {
    const std::string said = imported->remarks[i].text();
    EXPECT_THAT(said, HasSubstr(with_addresses(std::string(doubts[i]))));
    EXPECT_THAT(imported->text, HasSubstr("\n#   " + said + "\n"));
  }
}

constexpr const char* one = "[battery $A]\nbms = jbd\n";
constexpr const char* series =
    "[battery $A]\nbms = jbd\n[battery $B]\nbms = jbd\n[bank btbattery]\nmode = series\nmembers = $A, $B\n";
constexpr const char* parallel =
    "[battery $A]\nbms = jbd\n[battery $B]\nbms = jbd\n[bank btbattery]\nmode = parallel\nmembers = $A, $B\n";

INSTANTIATE_TEST_SUITE_P(
    Words, BtbatteryLine,
    testing::Values(Understood{"one_alone", {"$A"}, one, ""},
                    Understood{"one_alone_in_parallel", {"-p", "$A"}, one, ""},
                    Understood{"series_unless_told", {"$A", "$B"}, series, ""},
                    Understood{"brief_series", {"-s", "$A", "$B"}, series, ""},
                    Understood{"long_series", {"--series", "$A", "$B"}, series, ""},
                    Understood{"brief_parallel", {"-p", "$A", "$B"}, parallel, ""},
                    Understood{"long_parallel", {"--parallel", "$A", "$B"}, parallel, ""},
                    Understood{"capital_option", {"-P", "$A", "$B"}, parallel, ""},
                    Understood{"option_last", {"$A", "$B", "-p"}, parallel, ""},
                    Understood{"both_options", {"-s", "-p", "$A", "$B"}, parallel, "-s and -p are both there"},
                    Understood{"same_option_twice", {"-p", "--parallel", "$A", "$B"}, parallel, ""},
                    Understood{"small_letters", {"a4:c1:37:00:00:0a", "a4:C1:37:00:00:0b"}, series, ""},
                    Understood{"dashes", {"A4-C1-37-00-00-0A", "a4c13700000b"}, series, ""},
                    Understood{
                        "twice", {"$A", "$B", "a4:c1:37:00:00:0a"}, series, "$A stands there twice; it counts once"},
                    Understood{"thrice", {"$A", "$A", "$A"}, one, "$A stands there twice; it counts once"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    OneText, BtbatteryLine,
    testing::Values(Understood{"text", {"-p $A $B"}, parallel, ""},
                    Understood{"option_before_the_text", {"-p", "$A  $B "}, parallel, ""},
                    Understood{"line_of_the_service",
                               {"exec /opt/victronenergy/dbus-btbattery/dbus-btbattery.py -p \\\n    $A \\\n    $B\n"},
                               parallel,
                               ""},
                    Understood{"line_of_a_shell", {"python3", "./dbus-btbattery.py", "-p", "$A", "$B"}, parallel, ""},
                    Understood{"quotes", {"-p '$A' \"$B\""}, parallel, ""},
                    Understood{"quoted_path",
                               {"$A:\"/my files/x.ini\""},
                               "[battery $A]\nbms = jbd\nmax_charge_current = 7\nmax_discharge_current = 8\n",
                               ""},
                    Understood{"escaped_path",
                               {"$A:/my\\ files/x.ini"},
                               "[battery $A]\nbms = jbd\nmax_charge_current = 7\nmax_discharge_current = 8\n",
                               ""},
                    Understood{"blank_in_a_word",
                               {"-s", "$A", "$B:/my files/x.ini"},
                               "[battery $A]\nbms = jbd\n"
                               "[battery $B]\nbms = jbd\nmax_charge_current = 7\nmax_discharge_current = 8\n"
                               "[bank btbattery]\nmode = series\nmembers = $A, $B\n",
                               ""}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Files, BtbatteryLine,
    testing::Values(
        Understood{"limits",
                   {"$A:/a.ini"},
                   "[battery $A]\nbms = jbd\nmax_charge_current = 100\nmax_discharge_current = 120\n",
                   ""},
        Understood{"sum_in_parallel",
                   {"-p", "$A:/a.ini", "$B:/b.ini"},
                   "[battery $A]\nbms = jbd\nmax_charge_current = 100\nmax_discharge_current = 120\n"
                   "[battery $B]\nbms = jbd\nmax_charge_current = 40\nmax_discharge_current = 60.5\n"
                   "[bank btbattery]\nmode = parallel\nmembers = $A, $B\n"
                   "max_charge_current = 140\nmax_discharge_current = 180.5\n",
                   ""},
        Understood{"lowest_in_series",
                   {"$A:/a.ini", "$B:/b.ini"},
                   "[battery $A]\nbms = jbd\nmax_charge_current = 100\nmax_discharge_current = 120\n"
                   "[battery $B]\nbms = jbd\nmax_charge_current = 40\nmax_discharge_current = 60.5\n"
                   "[bank btbattery]\nmode = series\nmembers = $A, $B\n"
                   "max_charge_current = 40\nmax_discharge_current = 60.5\n",
                   ""},
        Understood{"path_with_colons",
                   {"$A:/a:b:c:d:e:f:g"},
                   "[battery $A]\nbms = jbd\nmax_charge_current = 9\nmax_discharge_current = 0\n",
                   ""},
        Understood{"not_there",
                   {"$A:/none.ini"},
                   one,
                   "[battery $A]: its file \"/none.ini\" is not there; max_charge_current and max_discharge_current of "
                   "[default] count instead, 50 A and 60 A unless it says otherwise"},
        Understood{"no_file_at_all", {"$A:/fifo"}, one, "\"/fifo\" is a FIFO; max_charge_current and"},
        Understood{"one_limit",
                   {"$A:/half.ini"},
                   "[battery $A]\nbms = jbd\nmax_charge_current = 30\n",
                   "MAX_BATTERY_DISCHARGE_CURRENT is missing; max_discharge_current of [default] counts instead, 60 A "
                   "unless"},
        Understood{"no_numbers",
                   {"$A:/bad.ini"},
                   one,
                   "MAX_BATTERY_CHARGE_CURRENT = many (line 2): is not a number; max_charge_current of [default]\n"
                   "MAX_BATTERY_DISCHARGE_CURRENT = -5 (line 3): expected a number from 0 to 3000"},
        Understood{
            "beyond_all_bounds", {"$A:/nan.ini"}, one, "CURRENT = nan\nCURRENT = 1e9 (line 3): expected a number"},
        Understood{"limit_twice",
                   {"$A:/twice.ini"},
                   "[battery $A]\nbms = jbd\nmax_discharge_current = 50\n",
                   "stands in the file again with another value; max_charge_current of [default]"},
        Understood{"other_section",
                   {"$A:/other.ini"},
                   one,
                   "MAX_BATTERY_CHARGE_CURRENT is missing (line 1: section [battery]\n"
                   "MAX_BATTERY_DISCHARGE_CURRENT is missing (line 1: section [battery]"},
        Understood{
            "bytes", {"$A:/bytes"}, one, "CHARGE_CURRENT is missing (line \nDISCHARGE_CURRENT is missing (line "},
        Understood{"empty", {"$A:/empty"}, one, "CHARGE_CURRENT is missing; max\nDISCHARGE_CURRENT is missing; max"},
        Understood{"first_file_of_two",
                   {"$A:/a.ini", "$A"},
                   "[battery $A]\nbms = jbd\nmax_charge_current = 100\nmax_discharge_current = 120\n",
                   "$A stands there twice; it counts once"},
        Understood{"last_file_of_two",
                   {"$A:/a.ini", "$A:/half.ini"},
                   "[battery $A]\nbms = jbd\nmax_charge_current = 30\n",
                   "with the file that is named last, as in dbus-btbattery: \"/half.ini\"\nis missing"},
        Understood{"one_of_two_has_a_file",
                   {"-p", "$A:/a.ini", "$B"},
                   "[battery $A]\nbms = jbd\nmax_charge_current = 100\nmax_discharge_current = 120\n"
                   "[battery $B]\nbms = jbd\n[bank btbattery]\nmode = parallel\nmembers = $A, $B\n",
                   ""}),
    [](const auto& row) { return row.param.name; });

// ---- What is refused ----

struct Refused {
  const char* name;
  Words words;
  const char* faults;  ///< parts of them, one in a line
};

class BtbatteryRefusal : public testing::TestWithParam<Refused> {};

TEST_P(BtbatteryRefusal, SaysWhatWasExpectedAndWhatCame) {
  const auto imported = import(GetParam().words);
  ASSERT_FALSE(imported) << imported->text;
  const auto faults = split(GetParam().faults, '\n');
  ASSERT_EQ(imported.error().size(), faults.size()) << joined(imported.error());
  for (std::size_t i = 0; i < faults.size(); ++i) {
    EXPECT_THAT(imported.error()[i], HasSubstr(with_addresses(std::string(faults[i]))));
    EXPECT_LT(imported.error()[i].size(), 400U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Words, BtbatteryRefusal,
    testing::Values(
        Refused{"nothing", {}, "expected MAC or MAC:/path/to/config.ini, where MAC is six pairs of hexadecimal digits"},
        Refused{"no_battery", {"-p"}, "found no battery"}, Refused{"empty_word", {"", "$A"}, "found \"\""},
        Refused{"program_alone", {"./dbus-btbattery.py"}, "found no battery"},
        Refused{"no_address", {"$A", "A4:C1:37:00:00"}, "A4:C1:37:00:00:23, found \"A4:C1:37:00:00\""},
        Refused{"no_hexadecimal", {"BB:CC:DD:EE:FF:GG"}, "found \"BB:CC:DD:EE:FF:GG\""},
        Refused{"no_hexadecimal_with_file", {"BB:CC:DD:EE:FF:GG:/x.ini"}, "found \"BB:CC:DD:EE:FF:GG:/x.ini\""},
        Refused{"file_alone", {"/data/x.ini"}, "found \"/data/x.ini\""},
        Refused{"file_behind_dashes", {"A4-C1-37-00-00-0A:/x.ini"}, "found \"A4-C1-37-00-00-0A:/x.ini\""},
        Refused{
            "no_path", {"$A:"}, "expected a path behind the sixth colon of \"$A:\", found nothing; leave the colon"},
        Refused{"colon_for_a_blank", {"$A:$B"}, "expected a blank between two batteries, found \"$A:$B\""},
        Refused{"colon_for_a_blank_and_a_file", {"$A:$B:/a.ini"}, "expected a blank between two batteries"},
        Refused{"option",
                {"-x", "$A"},
                "expected -s (--series), -p (--parallel) or the address of a battery, found the "
                "option \"-x\", which dbus-btbattery does not have; leave it out"},
        Refused{"option_with_value", {"--name=House", "$A"}, "found the option \"--name=House\""},
        Refused{"dash", {"-", "$A"}, "found the option \"-\""},
        Refused{"two_slips", {"-q", "$A", "nonsense"}, "found the option \"-q\"\nfound \"nonsense\""},
        Refused{"open_quote", {"$A '$B"}, "expected a quote for each quote"},
        Refused{"redirection", {"$A $B 2>&1"}, "found \"2>&1\""},
        Refused{"address_before_the_program", {"x:y", "dbus-btbattery.py", "$A"}, "found \"x:y\""},
        Refused{"control_characters", {"A4\n[default]", "$A"}, "found \"A4?[default]\""},
        Refused{"endless", {std::string(100'000, 'A'), "$A"}, "AAAA...\""},
        Refused{"endless_option", {"-" + std::string(100'000, '\x80'), "$A"}, "found the option \"-?????"},
        Refused{
            "many_slips", Words(1000, "x"),
            "found \"x\"\nfound \"x\"\nfound \"x\"\nfound \"x\"\nfound \"x\"\nfound \"x\"\nfound \"x\"\nfound \"x\"\n"
            "and 992 more like these"}),
    [](const auto& row) { return row.param.name; });

// ---- Many batteries ----

Words batteries(std::size_t count, const std::string& behind = "") {
  Words words;
  words.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::string number = std::to_string(10 + i);
    words.push_back("A4:C1:37:00:00:" + number.append(behind));
  }
  return words;
}

TEST(BtbatteryMany, AsManyAsABankCanHave) {
  for (const std::size_t count : {2U, 4U, 5U, 16U}) {
    SCOPED_TRACE(count);
    const auto imported = import(batteries(count));
    ASSERT_TRUE(imported) << joined(imported.error());
    const Config config = ours(*imported);
    EXPECT_TRUE(config.faults().empty()) << config.faults().front().text() << "\n" << imported->text;
    ASSERT_EQ(config.banks().size(), 1U);
    EXPECT_EQ(config.banks().front().members, batteries(count));
    EXPECT_EQ(config.bluetooth_boards().size(), count);
    EXPECT_EQ(imported->needs_decision(), count > 4);
  }
}

TEST(BtbatteryMany, MoreThanThatDriverReadsIsTold) {
  const auto imported = import(batteries(6));
  ASSERT_TRUE(imported);
  ASSERT_EQ(imported->remarks.size(), 1U);
  EXPECT_THAT(imported->remarks.front().text(),
              HasSubstr("reads the first 4 of 6 batteries only, here they all count"));
}

TEST(BtbatteryMany, MoreThanABankHasIsRefused) {
  for (const std::size_t count : {17U, 80U}) {
    const auto imported = import(batteries(count));
    ASSERT_FALSE(imported);
    ASSERT_EQ(imported.error().size(), 1U);
    EXPECT_EQ(imported.error().front(),
              "expected at most 16 batteries, which a bank can have, found " + std::to_string(count));
  }
}

TEST(BtbatteryMany, ALimitThatABankCannotHaveIsLeftOut) {
  Words words = batteries(4, ":/much.ini");
  words.emplace_back("-p");
  const auto imported = import(words);
  ASSERT_TRUE(imported);
  const Config config = ours(*imported);
  EXPECT_TRUE(config.faults().empty()) << config.faults().front().text();
  ASSERT_EQ(config.banks().size(), 1U);
  EXPECT_FALSE(config.banks().front().options.max_charge_a) << "4 times 3000 A";
  EXPECT_EQ(config.settings_for({config.banks().front().members[3]}).charge.max_charge_current, charge::Amperes{3000});
}

// ---- The bank, and what is written ----

TEST(BtbatteryBank, HasTheNameThatTheOwnerGives) {
  const auto imported = import({"-p", "$A", "$B"}, "Garage 2");
  ASSERT_TRUE(imported);
  const Config config = ours(*imported);
  ASSERT_EQ(config.banks().size(), 1U);
  EXPECT_EQ(config.banks().front().name, "Garage 2");
}

TEST(BtbatteryBank, ANameThatWouldBeReadOtherwiseIsRefused) {
  const std::vector<std::string> names{"",          "a]b",
                                       " x",        "x ",
                                       "a # b",     "x\n[default]\ncells = 4",
                                       "\xFF",      "A4:C1:37:00:00",
                                       "/dev/ttyX", std::string(300, 'x')};
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    const auto imported = import({"$A", "$B"}, name);
    ASSERT_FALSE(imported) << imported->text;
    EXPECT_THAT(imported.error().front(), StartsWith("expected a name for the bank, as in House, found \""));
  }
}

TEST(BtbatteryText, NothingOfAPathIsTakenForAnOption) {
  const std::string path = "/x\n[default]\nmax_charge_current = 3000\n#";
  const auto imported = import_btbattery(Words{a, std::string(b) + ":" + path}, "House", read);
  ASSERT_TRUE(imported);
  const Config config = ours(*imported);
  EXPECT_TRUE(config.faults().empty()) << config.faults().front().text();
  EXPECT_EQ(config.settings_for({}).charge.max_charge_current, charge::Amperes{50});
  EXPECT_THAT(imported->text, HasSubstr("/x?[default]?max_charge_current = 3000?#"));
}

TEST(BtbatteryText, SaysWhereEachLineComesFrom) {
  const auto imported = import({"-p", "$A:/a.ini", "$B:/b.ini"});
  ASSERT_TRUE(imported);
  EXPECT_THAT(imported->text, StartsWith("# Made from the command line of dbus-btbattery. "));
  EXPECT_THAT(imported->text, HasSubstr("max_charge_current = 100  # MAX_BATTERY_CHARGE_CURRENT of \"/a.ini\"\n"));
  EXPECT_THAT(imported->text, HasSubstr("max_charge_current = 140  # that of its packs together\n"));
  EXPECT_THAT(imported->text, Not(HasSubstr("3.55"))) << "that driver takes no more from such a file";
  EXPECT_THAT(imported->text, Not(HasSubstr("decision")));
}

TEST(BtbatteryText, StandsBelowWhatTheCommonFileHasBecome) {
  std::istringstream common(
      "[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 80\nBT_WATCHDOG_TIMEOUT = 90\nBMS_TYPE = JBD\n"
      "SOC_IMBALANCE_THRESHOLD = 55\n");
  const Imported first = import_serialbattery(common);
  EXPECT_FALSE(first.needs_decision()) << first.text;
  const auto second = import({"-p", "$A:/half.ini", "$B"});
  ASSERT_TRUE(second);
  std::istringstream both(first.text + second->text);
  const Config config = Config::read(both);
  EXPECT_TRUE(config.faults().empty()) << config.faults().front().text();
  EXPECT_EQ(config.settings_for({a}).charge.max_charge_current, charge::Amperes{30});
  EXPECT_EQ(config.settings_for({b}).charge.max_charge_current, charge::Amperes{80});
  EXPECT_EQ(config.banks().size(), 1U);
}

// ---- Anything ----

TEST(BtbatteryAnything, IsRefusedOrBecomesSectionsWithoutFaults) {
  const Words pieces{"$A",       "$B",   "$A:/a.ini", "$B:/bad.ini", "$A:/fifo", "A4:C1:37:00:00:0C",
                     "A4:C1:37", ":",    "/b.ini",    "-p",          "-s",       "--series",
                     "-",        " ",    "'",         "\"",          "\\",       "\n",
                     "\xC3\xA9", "\xFF", "#",         "[default]",   " = ",      "dbus-btbattery.py",
                     "members"};
  std::mt19937 random(26);
  const auto one_of = [&](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  std::size_t refused = 0;
  std::size_t printed = 0;
  for (int round = 0; round < 3000; ++round) {
    Words words(1 + one_of(4));
    for (std::string& word : words) {
      for (std::size_t i = 1 + one_of(3) * one_of(2); i > 0; --i) word += pieces[one_of(pieces.size())];
    }
    const auto imported = import(words);
    if (!imported) {
      ++refused;
      EXPECT_FALSE(imported.error().empty());
      continue;
    }
    ++printed;
    const Config config = ours(*imported);
    ASSERT_TRUE(config.faults().empty()) << config.faults().front().text() << "\n" << imported->text;
    EXPECT_EQ(config.banks().size(), config.bluetooth_boards().size() > 1 ? 1U : 0U) << imported->text;
  }
  EXPECT_GT(refused, 100U);
  EXPECT_GT(printed, 100U);
}

}  // namespace
}  // namespace bms::config
