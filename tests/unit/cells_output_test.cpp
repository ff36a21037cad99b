// What `dbus-bms cells` says and draws, and where it finds it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "../fuzz/scratch.hpp"
#include "cell_fixture.hpp"
#include "cli/cells/kept.hpp"
#include "cli/cells/picture.hpp"
#include "cli/cells/texts.hpp"
#include "driver/bank_memory.hpp"
#include "driver/cell_memory.hpp"
#include "files/atomic_file.hpp"
#include "files/small_file.hpp"
#include "sample.hpp"

namespace bms::cli {
namespace {

using battery::CellDocument;
using battery::MonitoredBattery;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Cell 3 holds less than the others.
CellDocument document_of_a_day() {
  MonitoredBattery battery;
  battery.frame(0);
  battery.run(1200, 10);
  battery.cells_mv({3450, 3454, 3520, 3445});
  battery.battery.reading.current_a = 20;
  battery.raise(Alarm::high_cell_voltage, AlarmLevel::warning);
  battery.run(1200, 10);
  battery.raise(Alarm::high_cell_voltage, AlarmLevel::ok);
  battery.cells_mv({3050, 3040, 2950, 3044});
  battery.battery.reading.current_a = -20;
  battery.run(1330, 10);
  return {.record = battery.record(), .saved_unix_s = battery.unix_s};
}

std::string table_of(const CellDocument& document, std::string_view name = "jbd_1") {
  std::ostringstream out;
  print_cells(document, name, out);
  return out.str();
}

TEST(CellsTable, BeginsWithTheWeakestCell) {
  EXPECT_EQ(
      table_of(document_of_a_day()),
      "jbd_1, 4 cells, 2027-01-15 09:02 UTC: 2.950 to 3.050 V, 100 mV apart\n"
      "Against the median of all cells, in mV; the weakest cell first:\n"
      "\n"
      "Cell  Now V  At rest  Full  Empty  Weakness  Lowest V  On          Highest V  On          Verdict\n"
      "   3  2.950        0   +68    -92       160     2.950  2027-01-15      3.520  2027-01-15  weak: holds less "
      "than the others\n"
      "   2  3.040        0    +2     -2         4     3.040  2027-01-15      3.454  2027-01-15  even\n"
      "   4  3.044        0    -7     +2        -9     3.044  2027-01-15      3.445  2027-01-15  even\n"
      "   1  3.050        0    -2     +8       -10     3.050  2027-01-15      3.450  2027-01-15  even\n"
      "\n"
      "What           Level    Worst            Began                 Ended\n"
      "cells apart    info     75 mV, cell 3    2027-01-15 08:25 UTC  lasts\n"
      "cell too high  warning  3.520 V, cell 3  2027-01-15 08:20 UTC  2027-01-15 08:40 UTC\n");
}

TEST(CellsTable, SaysWhatIsNotKnownYet) {
  const std::string table = table_of({.record = {.cells = 2}});
  EXPECT_THAT(table, HasSubstr("jbd_1, 2 cells, at an unknown time"));
  EXPECT_THAT(table, HasSubstr("not seen full and empty yet"));
  EXPECT_THAT(table, HasSubstr("Nothing has happened to the cells."));
}

TEST(CellsCsv, HasTheCellsInEachSecondRow) {
  std::ostringstream out;
  print_cells_csv(document_of_a_day().record, out);
  std::istringstream in(out.str());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 13U);
  EXPECT_EQ(lines[0],
            "time,seconds_ago,lowest_mv,lowest_cell,highest_mv,highest_cell,current_a,soc_pct,cell_1_mv,cell_2_mv,"
            "cell_3_mv,cell_4_mv");
  EXPECT_EQ(lines[1], "2027-01-15T08:05:00Z,3300,3300,1,3300,1,0.0,50.0,,,,");
  EXPECT_EQ(lines[2], "2027-01-15T08:10:00Z,3000,3300,1,3300,1,0.0,50.0,3300,3300,3300,3300");
  EXPECT_EQ(lines[12].substr(0, 21), "2027-01-15T09:00:00Z,");
}

TEST(CellsJson, IsOneObject) {
  std::ostringstream out;
  print_cells_json(document_of_a_day(), "jbd_1", out);
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["battery"], "jbd_1");
  EXPECT_EQ(json["cells"].size(), 4U);
  EXPECT_EQ(json["cells"][0]["cell"], 3);
  EXPECT_EQ(json["cells"][0]["weakness_mv"], 160);
  EXPECT_EQ(json["unacknowledged"], 1);
  EXPECT_EQ(json["alerts"][1]["peak_mv"], 3520);
}

int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(CellsPicture, HasALineAndABarForEachCell) {
  const std::string picture = cells_picture(document_of_a_day(), "jbd_1");
  EXPECT_THAT(picture, testing::StartsWith("<svg "));
  EXPECT_THAT(picture, testing::EndsWith("</svg>\n"));
  for (int cell = 1; cell <= 4; ++cell) EXPECT_EQ(count(picture, ">cell " + std::to_string(cell) + "<"), 1);
  EXPECT_EQ(count(picture, "stroke='#c62828'"), 1);  // the weakest
  EXPECT_LT(picture.find(">cell 3<"), picture.find(">cell 2<"));
  EXPECT_THAT(picture, HasSubstr("160 mV"));
}

TEST(CellsPicture, IsThereBeforeAnythingIsKnown) {
  const std::string picture = cells_picture({.record = {.cells = 16, .trend = battery::CellTrend(16)}}, "jbd_1");
  EXPECT_THAT(picture, HasSubstr("nothing has been recorded yet"));
  EXPECT_THAT(picture, HasSubstr("have not been compared yet"));
}

TEST(CellsPicture, IsNotSteeredByAName) {
  const std::string picture = cells_picture(document_of_a_day(), "<script>&\x1b'");
  EXPECT_THAT(picture, Not(HasSubstr("<script>")));
  EXPECT_THAT(picture, Not(HasSubstr("\x1b")));
  EXPECT_THAT(picture, HasSubstr("&lt;script&gt;&amp;"));
}

TEST(CellsPicture, SurvivesWhateverARecordHolds) {
  std::mt19937 random{11};
  for (int life = 0; life < 20; ++life) {
    battery::CellMonitor monitor;
    const std::size_t cells = 1 + random() % max_cells;
    for (int poll = 0; poll < 300; ++poll)
      monitor.follow({}, battery::random_battery(random, cells), 1.8e9 + 100.0 * poll, 100);
    const CellDocument document{.record = monitor.record()};
    EXPECT_THAT(cells_picture(document, "x"), Not(HasSubstr("nan")));
    EXPECT_FALSE(table_of(document).empty());
  }
}

// Where it is kept.

class CellMemoryTest : public testing::Test {
 protected:
  static driver::WallTime at(double unix_s) {
    return driver::WallTime(std::chrono::seconds(static_cast<std::int64_t>(unix_s)));
  }
  [[nodiscard]] std::string place(const std::string& name) const { return scratch_.path(name); }
  [[nodiscard]] std::string file(const std::string& name) const { return driver::cells_file(place(name), "JBD:1"); }
  [[nodiscard]] driver::CellMemory memory() const { return {file("lasting"), file("run")}; }
  void save(const battery::CellRecord& record, files::Lasting lasting, double unix_s) const {
    ASSERT_TRUE(memory().save(record, lasting, at(unix_s)));
  }

  const battery::CellRecord record_ = document_of_a_day().record;
  const battery::CellRecord newer_ = [] {
    MonitoredBattery battery;
    battery.run(100);
    return battery.record();
  }();
  static constexpr double now_s = 1.8e9;

 private:
  fuzz::Scratch scratch_{"cells"};
};

TEST_F(CellMemoryTest, NothingIsRecalledOfANewBattery) {
  auto nothing = memory();
  EXPECT_FALSE(nothing.recall(at(now_s)));
  EXPECT_EQ(nothing.problem(), "");
}

TEST_F(CellMemoryTest, WhatWasSavedLastIsRecalled) {
  save(record_, files::Lasting::yes, now_s);
  const auto lasting = memory().recall(at(now_s + 60));
  ASSERT_TRUE(lasting);
  EXPECT_TRUE(lasting->record == record_);
  EXPECT_EQ(lasting->down_s, 60);

  save(newer_, files::Lasting::no, now_s + 600);
  const auto in_memory = memory().recall(at(now_s + 660));
  ASSERT_TRUE(in_memory);
  EXPECT_TRUE(in_memory->record == newer_);
  EXPECT_EQ(in_memory->down_s, 60);

  save(record_, files::Lasting::yes, now_s + 700);
  EXPECT_TRUE(memory().recall(at(now_s + 700))->record == record_);
}

TEST_F(CellMemoryTest, WhoeverRemovesTheLastingFileBeginsAnew) {
  save(newer_, files::Lasting::no, now_s);
  EXPECT_FALSE(memory().recall(at(now_s)));
}

TEST_F(CellMemoryTest, AClockThatWentBackSaysNothing) {
  save(record_, files::Lasting::yes, now_s);
  const auto recalled = memory().recall(at(now_s - 60));
  ASSERT_TRUE(recalled);
  EXPECT_FALSE(recalled->down_s);
}

TEST_F(CellMemoryTest, WhatCannotBeReadIsMovedAside) {
  for (const auto& [content, suffix] : {std::pair{"{}", ".corrupt"}, std::pair{R"({"format": 2})", ".newer"}}) {
    ASSERT_TRUE(files::write_atomically(file("lasting"), content, files::Lasting::no));
    auto broken = memory();
    EXPECT_FALSE(broken.recall(at(now_s)));
    EXPECT_THAT(broken.problem(), HasSubstr(suffix));
    EXPECT_EQ(files::read_small_file(file("lasting") + suffix).content, content);
    EXPECT_FALSE(files::read_small_file(file("lasting")).content);
  }
}

TEST_F(CellMemoryTest, IsSavedEverySixHoursAndInMemoryEveryTenMinutes) {
  save(record_, files::Lasting::yes, now_s);
  auto kept = memory();
  ASSERT_TRUE(kept.recall(at(now_s)));
  int lasting = 0;
  int in_memory = 0;
  for (int minute = 0; minute <= 24 * 60; ++minute) {
    const auto due = kept.due(TimePoint(std::chrono::minutes(minute)));
    if (due == files::Lasting::yes) ++lasting;
    if (due == files::Lasting::no) ++in_memory;
  }
  EXPECT_EQ(lasting, 4);
  EXPECT_EQ(in_memory, 24 * 6 - 4);
}

TEST_F(CellMemoryTest, ANewBatteryIsSavedSoon) {
  auto kept = memory();
  ASSERT_FALSE(kept.recall(at(now_s)));
  EXPECT_FALSE(kept.due(TimePoint(std::chrono::minutes(0))));
  EXPECT_EQ(kept.due(TimePoint(std::chrono::minutes(10))), files::Lasting::yes);
  EXPECT_EQ(kept.due(TimePoint(std::chrono::minutes(20))), files::Lasting::no);
}

TEST_F(CellMemoryTest, WithoutADirectoryNothingIsKept) {
  driver::CellMemory none(driver::cells_file("", "JBD:1"), file("run"));
  EXPECT_TRUE(none.save(record_, files::Lasting::yes, at(now_s)));
  EXPECT_TRUE(none.save(record_, files::Lasting::no, at(now_s)));
  EXPECT_FALSE(files::read_small_file(file("run")).content);
}

TEST_F(CellMemoryTest, IsWhatTheCommandFinds) {
  EXPECT_THAT(find_kept_cells(place("lasting"), place("run"), "").error().message, HasSubstr("nothing is known"));
  save(record_, files::Lasting::yes, now_s);
  save(newer_, files::Lasting::no, now_s + 600);
  const auto found = find_kept_cells(place("lasting"), place("run"), "");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->battery, "JBD_1");
  EXPECT_TRUE(found->document.record == newer_);
  EXPECT_EQ(find_kept_cells(place("lasting"), place("run"), "daly").error().kind, ErrorKind::silent);

  const driver::CellMemory other(driver::cells_file(place("lasting"), "daly_2"), "");
  ASSERT_TRUE(other.save(record_, files::Lasting::yes, at(now_s)));
  const auto several = find_kept_cells(place("lasting"), place("run"), "");
  ASSERT_FALSE(several);
  EXPECT_EQ(several.error().kind, ErrorKind::rejected);
  EXPECT_THAT(several.error().message, HasSubstr("daly_2"));
}

TEST_F(CellMemoryTest, IsFoundByItsPlace) {
  const auto save_at = [this](const std::string& name, const std::string& where, double unix_s) {
    const driver::CellMemory kept(driver::cells_file(place("lasting"), name), "", where);
    ASSERT_TRUE(kept.save(record_, files::Lasting::yes, at(unix_s)));
  };
  save_at("jbd_77", "ttyUSB0", now_s);
  save_at("daly_2", "ttyUSB1_2", now_s);
  const auto found = [this](const std::string& name) {
    const auto kept = find_kept_cells(place("lasting"), place("run"), name);
    return kept ? kept->battery : std::string(name_of(kept.error().kind)) + ": " + kept.error().message;
  };
  for (const char* name : {"ttyUSB0", "/dev/ttyUSB0", "com.victronenergy.battery.ttyUSB0", "JBD:77", "77"})
    EXPECT_EQ(found(name), "jbd_77") << name;
  EXPECT_EQ(found("ttyUSB1_2"), "daly_2");
  EXPECT_THAT(found("ttyUSB7"), AllOf(HasSubstr("silent"), HasSubstr("ttyUSB0 (jbd_77)"), HasSubstr("ttyUSB7")));
  // Another board has come there since.
  save_at("ant_9", "ttyUSB0", now_s + 60);
  EXPECT_EQ(found("ttyUSB0"), "ant_9");
  EXPECT_EQ(found("jbd_77"), "jbd_77");
  // And a bank finds its pack by the place, as it does on D-Bus.
  ASSERT_TRUE(driver::BankMemory(driver::bank_file(place("lasting"), "House")).save({.members = {"ttyUSB1_2"}}));
  const auto bank = find_kept_bank(place("lasting"), place("run"), "House");
  ASSERT_TRUE(bank);
  ASSERT_EQ(bank->packs.size(), 1);
  EXPECT_EQ(bank->packs[0].battery, "daly_2");
}

TEST_F(CellMemoryTest, OfABankItFindsEveryPackThatHasAFile) {
  const auto bank = [this](const std::string& name) { return find_kept_bank(place("lasting"), place("run"), name); };
  EXPECT_FALSE(bank("House"));
  ASSERT_TRUE(driver::CellMemory(driver::cells_file(place("lasting"), "jbd_77"), "")
                  .save(record_, files::Lasting::yes, at(now_s)));
  save(record_, files::Lasting::yes, now_s);
  save(newer_, files::Lasting::no, now_s + 600);
  ASSERT_TRUE(files::write_atomically(driver::cells_file(place("lasting"), "jbd_broken"), "{}", files::Lasting::no));
  const driver::BankMemory note(driver::bank_file(place("lasting"), "House"));
  ASSERT_TRUE(note.save({.members = {"77", "JBD:1", "ttyUSB0", "", "JBD:BROKEN"}}));
  const auto found = bank("House");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->packs.size(), 2);
  EXPECT_EQ(found->packs[0].battery, "jbd_77");
  EXPECT_EQ(found->packs[1].battery, "JBD_1");
  EXPECT_TRUE(found->packs[1].document.record == newer_);
  EXPECT_THAT(found->unknown, ElementsAre("ttyUSB0", ""));
  EXPECT_THAT(found->problems, ElementsAre(HasSubstr("jbd_broken")));
  EXPECT_FALSE(bank("")) << "without a name it is the only battery";
  EXPECT_FALSE(bank("Hut"));
}

TEST_F(CellMemoryTest, ADamagedNoteOfABankIsNone) {
  for (const auto* content : {"", "[]", "{}", R"({"members": [1], "excluded": []})", R"({"members": ["a"]})"}) {
    ASSERT_TRUE(files::write_atomically(driver::bank_file(place("lasting"), "House"), content, files::Lasting::no));
    EXPECT_FALSE(find_kept_bank(place("lasting"), place("run"), "House")) << content;
  }
}

}  // namespace
}  // namespace bms::cli
