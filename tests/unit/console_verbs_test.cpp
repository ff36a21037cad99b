// The verbs of the console: what they print for people and for programs, what they ask, and how they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/console/backup_files.hpp"
#include "cli/console/changed.hpp"
#include "cli/console/exits.hpp"
#include "cli/console/get.hpp"
#include "cli/console/list.hpp"
#include "cli/console/orders.hpp"
#include "cli/console/set.hpp"
#include "tests/unit/console_way.hpp"

namespace bms::cli {
namespace {

using console::RememberedBoard;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// A terminal with somebody who types `answers`, or with nobody.
struct Desk {
  explicit Desk(const std::string& typed = "") : answers(typed), terminal{out, told, answers, !typed.empty()} {}

  [[nodiscard]] Conversation with(RememberedBoard& board, bool json = false) {
    return {.way = board, .terminal = terminal, .json = json};
  }
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out.str()); }

  std::ostringstream out, told;
  std::istringstream answers;
  Terminal terminal;
};

class ConsoleVerbs : public testing::Test {
 protected:
  RememberedBoard board;
};

// ---- get ----

using Get = ConsoleVerbs;

TEST_F(Get, PrintsColumnsInTheOrderAsked) {
  Desk desk;
  EXPECT_EQ(get(desk.with(board), {.names = {"cell_overvoltage", "cell_overvoltage_release", "cell_count"}}),
            ExitCode::stopped);
  EXPECT_EQ(desk.out.str(),
            "NAME                      VALUE  UNIT  ACCESS  MEANING\n"
            "cell_overvoltage          3.650  V     rw      Charging stops above this cell voltage\n"
            "cell_overvoltage_release  3.450  V     rw      Charging resumes below this cell voltage\n"
            "cell_count                   16        r       Cells in series\n");
  ASSERT_THAT(board.wishes<console::Get>(), SizeIs(1)) << "one request for all names";
}

TEST_F(Get, PrintsNumbersAsNumbers) {
  Desk desk;
  EXPECT_EQ(get(desk.with(board, true), {.names = {"cell_overvoltage", "cell_count", "device_name"}}),
            ExitCode::stopped);
  EXPECT_EQ(desk.out.str(),
            R"({"battery":"jbd_demo0001","family":"jbd","dialect":"","model":"SP16S020","serial":"DEMO0001",)"
            R"("firmware":"8.0","place":"ttyUSB0","through":"driver","cells":16,"results":[)"
            R"({"name":"cell_overvoltage","unit":"V","value":3.65,"ok":true},)"
            R"({"name":"cell_count","unit":"","value":16,"ok":true},)"
            R"({"name":"device_name","unit":"","value":"SP16S020","ok":true}]})"
            "\n");
}

TEST_F(Get, RefusesUnknownNamesBeforeItAsks) {
  Desk desk;
  EXPECT_EQ(get(desk.with(board), {.names = {"cell_overvoltge", "Cell_Count", "xyz"}}), ExitCode::configuration);
  EXPECT_EQ(desk.told.str(),
            "this board has no parameter \"cell_overvoltge\"; did you mean \"cell_overvoltage\"?\n"
            "this board has no parameter \"Cell_Count\"; did you mean \"cell_count\"?\n"
            "this board has no parameter \"xyz\"\n");
  EXPECT_THAT(board.wishes<console::Get>(), IsEmpty());
}

TEST_F(Get, FailsForANameThatTheBoardLacksButNotForAGroup) {
  Desk named;
  EXPECT_EQ(get(named.with(board), {.names = {"cell_overvoltage", "barcode"}}), ExitCode::undecided);
  EXPECT_THAT(named.out.str(), HasSubstr("barcode              --"));
  EXPECT_EQ(named.told.str(), "barcode: the BMS refused it (0x80)\n");
  Desk group;
  EXPECT_EQ(get(group.with(board), {.groups = {ParameterGroup::identity}}), ExitCode::stopped);
  board.values.clear();
  Desk nothing;
  EXPECT_EQ(get(nothing.with(board), {.all = true}), ExitCode::undecided);
}

TEST_F(Get, AllIsEveryParameterOnce) {
  Desk desk;
  EXPECT_EQ(get(desk.with(board), {.names = {"cell_count"}, .groups = {ParameterGroup::hardware}, .all = true}),
            ExitCode::undecided);
  const auto asked = board.wishes<console::Get>();
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_THAT(asked.front().names, SizeIs(59));
  EXPECT_EQ(asked.front().names.front(), "cell_count");
}

TEST_F(Get, EndsAsTheWayDoes) {
  const std::pair<ErrorKind, ExitCode> cases[] = {{ErrorKind::link, ExitCode::lost},
                                                  {ErrorKind::silent, ExitCode::not_found},
                                                  {ErrorKind::unsupported, ExitCode::undecided},
                                                  {ErrorKind::rejected, ExitCode::configuration},
                                                  {ErrorKind::forbidden, ExitCode::not_permitted}};
  for (const auto& [kind, exit] : cases) {
    board.gone = Error{kind, "the reason", {}};
    Desk people;
    EXPECT_EQ(get(people.with(board), {.all = true}), exit) << name_of(kind);
    EXPECT_EQ(people.told.str(), "the reason\n");
    Desk programs;
    EXPECT_EQ(get(programs.with(board, true), {.all = true}), exit);
    EXPECT_EQ(programs.json()["error"]["kind"], name_of(kind));
  }
}

TEST_F(Get, ShowsNothingThatSteersTheTerminal) {
  board.values["device_name"] = std::string("\x1b[2J\nevil\x07");
  board.facts.model = "\x1b]0;x";
  Desk desk;
  EXPECT_EQ(get(desk.with(board), {.names = {"device_name"}}), ExitCode::stopped);
  EXPECT_EQ(desk.out.str().find_first_of("\x1b\x07"), std::string::npos);
  EXPECT_EQ(std::ranges::count(desk.out.str(), '\n'), 2);
}

// ---- set ----

using Set = ConsoleVerbs;

TEST_F(Set, ShowsAsksWritesAndReadsBack) {
  Desk desk("y\n");
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6"}}), ExitCode::stopped);
  EXPECT_EQ(desk.told.str(),
            "JBD SP16S020, serial DEMO0001, on ttyUSB0, through the running driver\n"
            "NAME                NOW    NEW  UNIT          RANGE  RISK\n"
            "cell_overvoltage  3.650  3.600  V     1.500 … 4.500  limits\n"
            "Saving settings also sets this board's counters of past protections to zero.\n"
            "Write it? [y/N] ");
  EXPECT_EQ(desk.out.str(), "cell_overvoltage  set 3.600  read back 3.600  ok\n");
  const auto sets = board.wishes<console::Set>();
  ASSERT_THAT(sets, SizeIs(2));
  EXPECT_TRUE(sets[0].dry_run);
  EXPECT_FALSE(sets[1].dry_run);
  EXPECT_EQ(sets[1].settings.front().if_was, 3.65) << "what was shown must still be there";
}

TEST_F(Set, WritesNothingWithoutAYes) {
  for (const char* typed : {"\n", "n\n", "yep\n", "x"}) {
    Desk desk(typed);
    EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6"}}), ExitCode::not_permitted) << typed;
    EXPECT_THAT(desk.told.str(), HasSubstr("not confirmed"));
  }
  Desk nobody;
  EXPECT_EQ(set(nobody.with(board), {.settings = {"cell_overvoltage=3.6"}}), ExitCode::not_permitted);
  EXPECT_THAT(nobody.told.str(), HasSubstr("nobody is here to confirm it; --yes does so"));
  Desk program("y\n");
  EXPECT_EQ(set(program.with(board, true), {.settings = {"cell_overvoltage=3.6"}}), ExitCode::not_permitted);
  EXPECT_EQ(program.json()["error"]["kind"], "forbidden");
  EXPECT_EQ(board.orders(), 0U);
}

TEST_F(Set, WhatIsDangerousIsConfirmedByItsName) {
  // Safety, and calibration.
  board.values["charge_undertemperature"] = 0.0;
  board.values["design_capacity"] = 280.0;
  const SetOptions both{.settings = {"charge_undertemperature=-5", "design_capacity=300"}};
  for (const char* typed : {"y\n", "charge_undertemperature\ny\n", "Charge_undertemperature\ndesign_capacity\n",
                            "design_capacity\ncharge_undertemperature\n", "charge_undertemperature\n"}) {
    Desk desk(typed);
    EXPECT_EQ(set(desk.with(board), both), ExitCode::not_permitted) << typed;
  }
  EXPECT_EQ(board.orders(), 0U);
  Desk desk("charge_undertemperature\ndesign_capacity\n");
  EXPECT_EQ(set(desk.with(board), both), ExitCode::stopped);
  EXPECT_THAT(desk.told.str(), HasSubstr("Risk: safety. Type charge_undertemperature to set it: "));
  EXPECT_EQ(board.values["design_capacity"], console::Value(300.0));
}

TEST_F(Set, YesCoversOnlyTheRisksThatItNames) {
  board.values["charge_undertemperature"] = 0.0;
  const std::pair<const char*, ExitCode> cases[] = {{"limits", ExitCode::not_permitted},
                                                    {"none", ExitCode::not_permitted},
                                                    {"calibration", ExitCode::not_permitted},
                                                    {"calibration,safety", ExitCode::stopped}};
  for (const auto& [yes, exit] : cases) {
    Desk desk;
    EXPECT_EQ(set(desk.with(board), {.settings = {"charge_undertemperature=-5", "cell_overvoltage=3.6"}, .yes = yes}),
              exit)
        << yes;
    EXPECT_EQ(board.orders(), exit == ExitCode::stopped ? 1U : 0U);
    if (exit != ExitCode::stopped) {
      EXPECT_THAT(desk.told.str(), HasSubstr("--yes=safety does so"));
    }
  }
  for (const char* wrong : {"never", "safty", "safety,", ","}) {
    Desk desk;
    EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6"}, .yes = wrong}), ExitCode::configuration);
  }
}

TEST_F(Set, ADryRunOnlyShows) {
  Desk desk;
  board.warnings = {"this is unusual for the chemistry"};
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6V"}, .dry_run = true}), ExitCode::stopped);
  EXPECT_EQ(desk.out.str(),
            "NAME                NOW    NEW  UNIT          RANGE  RISK\n"
            "cell_overvoltage  3.650  3.600  V     1.500 … 4.500  limits\n");
  EXPECT_THAT(desk.told.str(), HasSubstr("warning: this is unusual for the chemistry\n"));
  EXPECT_THAT(desk.told.str(), HasSubstr("nothing was written"));
  EXPECT_EQ(board.orders(), 0U);
}

TEST_F(Set, ShowsWhatIsWrittenOfWhatLiesBetweenTwoSteps) {
  Desk desk;
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.60001"}, .dry_run = true}), ExitCode::stopped);
  EXPECT_THAT(desk.out.str(), HasSubstr("3.650  3.600  V"));
}

TEST_F(Set, NobodyIsAskedForWhatIsNotPermitted) {
  board.facts.writes = Writes::limits;
  Desk desk("y\n");
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6"}}), ExitCode::not_permitted);
  EXPECT_THAT(desk.told.str(), HasSubstr("expected `writes = parameters` in the configuration, found `limits`"));
  EXPECT_THAT(desk.told.str(), testing::Not(HasSubstr("[y/N]")));
  EXPECT_EQ(board.orders(), 0U);
}

TEST_F(Set, SaysOnceWhyNothingIsSet) {
  Desk desk;
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=4.501"}, .dry_run = true}), ExitCode::configuration);
  const std::string told = desk.told.str();
  const std::size_t first = told.find("takes 1.5 to 4.5 V");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(told.find("takes 1.5 to 4.5 V", first + 1), std::string::npos);
}

TEST_F(Set, RefusesWithoutAByteWhatIsOutsideOfTheTable) {
  const std::pair<const char*, const char*> cases[] = {
      {"cell_overvoltage=4.501", "\ncell_overvoltage takes 1.5 to 4.5 V, not 4.501\n"},
      {"cell_overvoltage=nan", "takes a number"},
      {"cell_overvoltage=3,6", "takes a number, not \"3,6\""},
      {"cell_overvoltage=", "expected NAME=VALUE"},
      {"=3.6", "expected NAME=VALUE"},
      {"cell_overvoltage", "expected NAME=VALUE"},
      {"cell_count=15", "cell_count is read only"},
      {"device_name=x", "device_name is read only"},
      {"cell_overvoltag=3.6", "did you mean \"cell_overvoltage\"?"}};
  for (const auto& [setting, told] : cases) {
    Desk desk;
    EXPECT_EQ(set(desk.with(board), {.settings = {"cell_undervoltage=2.6", setting}, .yes = "limits"}),
              ExitCode::configuration)
        << setting;
    EXPECT_THAT(desk.told.str(), HasSubstr(told)) << setting;
  }
  EXPECT_EQ(board.orders(), 0U);
}

TEST_F(Set, IfWasIsForScriptsThatMeetAnotherBoard) {
  Desk desk;
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6"}, .if_was = "3.7", .yes = "limits"}),
            ExitCode::configuration);
  EXPECT_EQ(board.orders(), 0U);
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6"}, .if_was = "3.65 V", .yes = "limits"}),
            ExitCode::stopped);
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6", "cell_undervoltage=2.6"}, .if_was = "3.6"}),
            ExitCode::configuration);
}

TEST_F(Set, WhatIsThereAlreadyIsNotWritten) {
  Desk desk;
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.65", "cell_undervoltage=2.6"}, .yes = "limits"}),
            ExitCode::stopped);
  EXPECT_THAT(desk.told.str(), HasSubstr("already so: cell_overvoltage\n"));
  const auto sets = board.wishes<console::Set>();
  ASSERT_THAT(sets, SizeIs(2));
  ASSERT_THAT(sets[1].settings, SizeIs(1));
  EXPECT_EQ(sets[1].settings.front().name, "cell_undervoltage");
  Desk again;
  EXPECT_EQ(set(again.with(board), {.settings = {"cell_overvoltage=3.65"}}), ExitCode::stopped);
  EXPECT_THAT(again.told.str(), HasSubstr("nothing to write"));
  EXPECT_EQ(board.orders(), 1U);
}

TEST_F(Set, SaysWhatWasNotTakenOver) {
  board.slipping["cell_overvoltage"] = 3.65;
  board.undo_file = "/data/undo.json";
  Desk desk;
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6"}, .yes = "limits"}), ExitCode::undecided);
  EXPECT_EQ(desk.out.str(), "cell_overvoltage  set 3.600  read back 3.650  the board kept its value\n");
  EXPECT_THAT(desk.told.str(), HasSubstr("dbus-bms restore /data/undo.json --write"));
  Desk programs;
  EXPECT_EQ(set(programs.with(board, true), {.settings = {"cell_overvoltage=3.6"}, .yes = "limits"}),
            ExitCode::undecided);
  const auto result = programs.json()["results"][0];
  EXPECT_EQ(result.dump(),
            R"({"after":3.65,"before":3.65,"error":{"kind":"unverified","message":"the board kept its value"},)"
            R"("name":"cell_overvoltage","ok":false,"unit":"V","wanted":3.6})");
}

TEST_F(Set, EndsWithFiveWhereTheDriverPermitsNothing) {
  board.refuses = Error{ErrorKind::forbidden, "writes = parameters in config.ini would permit it", {}};
  Desk desk;
  EXPECT_EQ(set(desk.with(board), {.settings = {"cell_overvoltage=3.6"}, .yes = "limits"}), ExitCode::not_permitted);
  EXPECT_THAT(desk.told.str(), HasSubstr("writes = parameters"));
}

// ---- switch, soc ----

using Orders = ConsoleVerbs;

TEST_F(Orders, DischargingIsSwitchedOffOnlyWithAYes) {
  Desk nobody;
  EXPECT_EQ(switch_over(nobody.with(board), {.which = "discharge", .on = false}), ExitCode::not_permitted);
  EXPECT_THAT(nobody.told.str(), HasSubstr("This takes the whole system down"));
  Desk no("n\n");
  EXPECT_EQ(switch_over(no.with(board), {.which = "discharge", .on = false}), ExitCode::not_permitted);
  EXPECT_EQ(board.orders(), 0U);
  Desk yes("y\n");
  EXPECT_EQ(switch_over(yes.with(board), {.which = "discharge", .on = false}), ExitCode::stopped);
  EXPECT_EQ(yes.out.str(), "discharge off: ok\n");
  Desk script;
  EXPECT_EQ(switch_over(script.with(board), {.which = "discharge", .on = false, .yes = "limits"}), ExitCode::stopped);
  EXPECT_EQ(board.orders(), 2U);
}

TEST_F(Orders, TheRestIsSwitchedAtOnce) {
  for (const char* which : {"charge", "discharge", "balancer"}) {
    Desk desk;
    EXPECT_EQ(switch_over(desk.with(board), {.which = which, .on = true}), ExitCode::stopped);
    EXPECT_EQ(desk.out.str(), std::string(which) + " on: ok\n");
  }
  Desk desk;
  EXPECT_EQ(switch_over(desk.with(board), {.which = "charge", .on = false}), ExitCode::stopped);
  const auto orders = board.wishes<console::SwitchOver>();
  ASSERT_THAT(orders, SizeIs(4));
  EXPECT_EQ(orders[2].which, console::Switch::balancer);
  EXPECT_TRUE(orders[2].on);
  EXPECT_EQ(orders[3].which, console::Switch::charge);
  EXPECT_FALSE(orders[3].on);
}

TEST_F(Orders, ABoardThatDoesNotCountPointsToTheDriversOwn) {
  board.refuses = Error{ErrorKind::rejected, "a JBD board has no state of charge that can be set", {}};
  Desk desk;
  EXPECT_EQ(count_from(desk.with(board), 80), ExitCode::configuration);
  EXPECT_THAT(desk.told.str(), HasSubstr("state of charge 80 %: a JBD board has no"));
  EXPECT_THAT(desk.told.str(), HasSubstr("/Settings/Soc"));
  board.refuses.reset();
  Desk fine;
  EXPECT_EQ(count_from(fine.with(board), 80.5), ExitCode::stopped);
  EXPECT_EQ(fine.out.str(), "state of charge 80.5 %: ok\n");
  EXPECT_EQ(board.wishes<console::CountFrom>().back().soc_pct, 80.5);
}

// ---- list ----

using List = ConsoleVerbs;

TEST_F(List, AsksTheBoardOnlyWhoItIs) {
  Desk desk;
  EXPECT_EQ(list(desk.with(board), {.writable = true, .pattern = "cell_over*"}), ExitCode::stopped);
  EXPECT_THAT(desk.out.str(), StartsWith("NAME                      UNIT          RANGE   STEP  ACCESS  RISK"));
  EXPECT_THAT(desk.out.str(), HasSubstr("\ncell_overvoltage          V     1.500 … 4.500  0.001  rw      limits"));
  ASSERT_THAT(board.requests, SizeIs(1));
  EXPECT_TRUE(std::holds_alternative<console::Identify>(board.requests.front().wish));
}

TEST(ListOfTables, SaysOfWhichBoardsNobodyKnowsWhatTheyHoldWhenNew) {
  RememberedBoard board;
  Desk desk;
  EXPECT_EQ(list_changed(desk.with(board), {}), ExitCode::configuration);
  EXPECT_THAT(desk.told.str(), HasSubstr("dbus-bms diff"));
  EXPECT_THAT(board.wishes<console::Get>(), IsEmpty());
}

TEST(ListOfTables, ShowsWhatIsNotAsOnANewBoard) {
  RememberedBoard board;
  board.facts = {.place = "ttyUSB0", .family = "rec", .model = "REC BMS 1Q VICTRON"};
  board.values = {{"CMAX", 3.6}, {"CMIN", 2.8}, {"IOJA", 0.0078125}};
  Desk desk;
  EXPECT_EQ(list_changed(desk.with(board), {.pattern = "*"}), ExitCode::stopped);
  EXPECT_THAT(desk.out.str(), HasSubstr("CMAX  3.600     3.850"));
  EXPECT_THAT(desk.out.str(), Not(HasSubstr("CMIN")));
  EXPECT_THAT(desk.told.str(), HasSubstr("compared with a new 1Q"));
  Desk json;
  EXPECT_EQ(list_changed(json.with(board, /*json=*/true), {.pattern = "CMIN"}), ExitCode::stopped);
  EXPECT_TRUE(json.json()["parameters"].empty());
}

/// Somebody else is at work: nothing has been done, and it is asked again.
class BusyBoard final : public console::Way {
 public:
  explicit BusyBoard(int times) : times_(times) {}
  Result<console::Answer> ask(const console::Request& request,
                              const std::function<void(const console::Progress&)>& progress) override {
    ++asked;
    if (times_-- > 0) return console::Answer{.refused = Error{ErrorKind::busy, "another request; later", {}}};
    return board_.ask(request, progress);
  }
  int asked = 0;

 private:
  RememberedBoard board_;
  int times_;
};

TEST(Waiting, EndsWhenTheOtherOneIsDone) {
  BusyBoard board(2);
  Desk desk;
  const Conversation with{.way = board, .terminal = desk.terminal, .patience = std::chrono::seconds(60)};
  EXPECT_TRUE(meet(with));
  EXPECT_EQ(board.asked, 3);
}

TEST(Waiting, EndsWithPatience) {
  BusyBoard board(1000);
  Desk desk;
  EXPECT_EQ(get({.way = board, .terminal = desk.terminal}, {.names = {"cell_count"}}), ExitCode::undecided);
  EXPECT_EQ(board.asked, 1);
  EXPECT_THAT(desk.told.str(), HasSubstr("another request"));
}

TEST(ListOfTables, ShowsEveryInstructionOfAREC) {
  Desk desk;
  EXPECT_EQ(list_tables({.family = "rec"}, {}, /*json=*/false, desk.terminal), ExitCode::stopped);
  EXPECT_EQ(std::ranges::count(desk.out.str(), '\n'), 65) << "once, not for each speed and address";
  Desk json;
  EXPECT_EQ(list_tables({.family = "rec"}, {.pattern = "cma[x]"}, /*json=*/true, json.terminal), ExitCode::stopped);
  const auto shown = json.json()["tables"][0]["parameters"];
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(
      shown[0].dump(),
      R"_({"group":"cell_limits","max":4.3,"meaning":"Above this cell voltage charging is switched off (error 1)",)_"
      R"("min":2.0,"name":"CMAX","risk":"safety","step":0.001,"unit":"V","writable":true})");
}

TEST(ListOfTables, ShowsEachDialectThatHasParameters) {
  Desk all;
  EXPECT_EQ(list_tables({.family = "daly"}, {}, false, all.terminal), ExitCode::stopped);
  for (const char* title : {"Daly: a5, a5-bluetooth\n", "\nDaly: p81\n", "\nDaly: d2\n"})
    EXPECT_THAT(all.out.str(), HasSubstr(title));
  Desk one;
  EXPECT_EQ(list_tables({.family = "daly", .dialect = "d2"}, {}, false, one.terminal), ExitCode::stopped);
  EXPECT_EQ(std::ranges::count(one.out.str(), '\n'), 20);
  Desk wrong;
  EXPECT_EQ(list_tables({.family = "daly", .dialect = "a6"}, {}, false, wrong.terminal), ExitCode::configuration);
  Desk none;
  EXPECT_EQ(list_tables({.family = "chargery"}, {}, false, none.terminal), ExitCode::stopped);
  EXPECT_EQ(none.told.str(), "Chargery has no parameters\n");
}

TEST(ListOfTables, FiltersAreAllHeldTo) {
  const ParameterList all = find_family("rec")->parameters(find_family("rec")->variants.front());
  const auto names = [&](const Filter& filter) { return names_of(fitting(all, filter)); };
  EXPECT_THAT(names({.groups = {ParameterGroup::switches}}), IsEmpty());
  EXPECT_THAT(names({.risks = {Risk::communication}}), ElementsAre("CANF"));
  EXPECT_THAT(names({.pattern = "RE1?"}), ElementsAre("RE1L", "RE1H", "RE1T", "RE1V"));
  EXPECT_THAT(names({.writable = true, .pattern = "relay"}), ElementsAre("RE1H"));
  EXPECT_THAT(names({.groups = {ParameterGroup::outputs, ParameterGroup::clock}, .risks = {Risk::none}}),
              ElementsAre("RE1V", "OP2V", "TIME", "DATE"));
}

// ---- backup, restore, diff ----

class BackupVerbs : public ConsoleVerbs {
 protected:
  BackupVerbs() { std::filesystem::create_directory(directory_); }
  ~BackupVerbs() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }

  /// A backup of the board as it is now.
  std::string saved(const std::string& name = "backup.json") {
    Desk desk;
    EXPECT_EQ(back_up(desk.with(board), {.file = path(name), .taken = "2026-01-31T12:00:00Z"}), ExitCode::stopped);
    board.requests.clear();
    return path(name);
  }

 private:
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("console_verbs_" + std::to_string(getpid()));
};

TEST_F(BackupVerbs, ABackupIsOneRequestAndOneFile) {
  Desk desk;
  EXPECT_EQ(back_up(desk.with(board), {.file = "", .taken = "now"}), ExitCode::stopped);
  EXPECT_THAT(board.wishes<console::Get>(), SizeIs(1));
  EXPECT_EQ(desk.json()["parameters"]["cell_overvoltage"]["value"], 3.65);
  EXPECT_EQ(desk.told.str(),
            "JBD SP16S020, serial DEMO0001, on ttyUSB0, through the running driver: 6 values, 53 could not be read\n");
  const auto read = read_backup_file(saved());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->values.size(), 6U);
  EXPECT_EQ(read->taken, "2026-01-31T12:00:00Z");
}

TEST_F(BackupVerbs, NoFileIsWrittenWhereTheLineWasLost) {
  board.broken["cell_overvoltage"] = {ErrorKind::link, "the port is gone", {}};
  Desk desk;
  EXPECT_EQ(back_up(desk.with(board), {.file = path("none.json"), .taken = ""}), ExitCode::lost);
  EXPECT_FALSE(std::filesystem::exists(path("none.json")));
  board.broken.clear();
  EXPECT_EQ(back_up(desk.with(board), {.file = "/dev/null", .taken = ""}), ExitCode::configuration);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(BackupVerbs, OfTheOwnBoardBringsNothingToWrite) {
  const std::string file = saved();
  Desk dry;
  EXPECT_EQ(restore(dry.with(board), {.file = file}), ExitCode::stopped);
  Desk write;
  EXPECT_EQ(restore(write.with(board), {.file = file, .write = true}), ExitCode::stopped);
  EXPECT_THAT(write.told.str(), HasSubstr("nothing to write"));
  EXPECT_EQ(board.orders(), 0U);
  Desk same;
  EXPECT_EQ(diff({.first = file, .second = live}, same.terminal, nullptr), ExitCode::configuration);
  const Conversation with = same.with(board);
  EXPECT_EQ(diff({.first = file, .second = live}, same.terminal, &with), ExitCode::stopped);
}

TEST_F(BackupVerbs, ARestoreIsADryRunUnlessItIsToWrite) {
  const std::string file = saved();
  board.values["cell_overvoltage"] = 3.5;
  board.values["cycle_count"] = 100.0;
  Desk dry;
  EXPECT_EQ(restore(dry.with(board), {.file = file, .yes = "safety"}), ExitCode::undecided);
  EXPECT_EQ(dry.out.str(),
            "NAME                NOW    NEW  UNIT          RANGE  RISK\n"
            "cell_overvoltage  3.500  3.650  V     1.500 … 4.500  limits\n");
  EXPECT_THAT(dry.told.str(), HasSubstr("nothing was written; --write does so\n"));
  EXPECT_EQ(board.orders(), 0U);
  Desk nobody;
  EXPECT_EQ(restore(nobody.with(board), {.file = file, .write = true}), ExitCode::not_permitted);
  EXPECT_EQ(board.orders(), 0U);
  Desk write;
  EXPECT_EQ(restore(write.with(board), {.file = file, .write = true, .yes = "limits"}), ExitCode::stopped);
  EXPECT_EQ(board.values["cell_overvoltage"], console::Value(3.65));
  EXPECT_EQ(board.values["cycle_count"], console::Value(100.0));
}

TEST_F(BackupVerbs, AnotherKindOfBoardIsRefused) {
  const std::string file = saved();
  board.facts.firmware = "9";
  board.values["cell_overvoltage"] = 3.5;
  Desk desk;
  EXPECT_EQ(restore(desk.with(board), {.file = file, .write = true, .yes = "limits"}), ExitCode::configuration);
  EXPECT_THAT(desk.told.str(), HasSubstr("another firmware: \"8.0\" there, \"9\" here"));
  EXPECT_EQ(board.orders(), 0U);
  EXPECT_EQ(restore(desk.with(board), {.file = file, .write = true, .other_board = true, .yes = "limits"}),
            ExitCode::stopped);
  EXPECT_EQ(restore(desk.with(board), {.file = path("missing")}), ExitCode::configuration);
  std::ofstream(path("odd")) << "{}";
  EXPECT_EQ(restore(desk.with(board), {.file = path("odd")}), ExitCode::configuration);
}

TEST_F(BackupVerbs, DifferencesAreShownWithBothSides) {
  const std::string first = saved("first.json");
  board.values["cell_overvoltage"] = 3.5;
  const std::string second = saved("second.json");
  Desk people;
  EXPECT_EQ(diff({.first = first, .second = second}, people.terminal, nullptr), ExitCode::undecided);
  EXPECT_EQ(people.out.str(),
            "NAME              FIRST  SECOND  UNIT  MEANING\n"
            "cell_overvoltage  3.650   3.500  V     Charging stops above this cell voltage\n");
  Desk programs;
  EXPECT_EQ(diff({.first = first, .second = second, .json = true}, programs.terminal, nullptr), ExitCode::undecided);
  EXPECT_EQ(programs.json()["differences"].dump(),
            R"([{"first":3.65,"name":"cell_overvoltage","second":3.5,"unit":"V"}])");
  board.facts.family = "daly";
  board.facts.dialect = "a5";
  board.values["cell_high_l2"] = 3.65;
  Desk other;
  EXPECT_EQ(diff({.first = first, .second = saved("daly.json")}, other.terminal, nullptr), ExitCode::configuration);
}

// ---- exit codes ----

TEST(Exits, EveryKindOfErrorHasOne) {
  for (std::size_t i = 0; i < error_kind_count; ++i) {
    const auto kind = static_cast<ErrorKind>(i);
    EXPECT_NE(exit_when_undone(kind), ExitCode::stopped) << name_of(kind);
    EXPECT_NE(exit_when_unreached(kind), ExitCode::stopped) << name_of(kind);
  }
  EXPECT_EQ(exit_when_undone(ErrorKind::forbidden), ExitCode::not_permitted);
  EXPECT_EQ(exit_when_undone(ErrorKind::rejected), ExitCode::configuration);
  EXPECT_EQ(exit_when_undone(ErrorKind::unverified), ExitCode::undecided);
  EXPECT_EQ(exit_when_undone(ErrorKind::status), ExitCode::undecided);
  EXPECT_EQ(exit_when_undone(ErrorKind::link), ExitCode::lost);
  EXPECT_EQ(exit_when_unreached(ErrorKind::silent), ExitCode::not_found);
}

}  // namespace
}  // namespace bms::cli
