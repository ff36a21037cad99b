// Backups: what is written is read again, what is no backup is refused, and a restore touches nothing that it must not.
#include "console/backup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "console/differences.hpp"
#include "console/restore.hpp"
#include "registry.hpp"

namespace bms::console {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

ParameterList table(std::string_view family, std::string_view dialect = "") {
  const Family& found = *find_family(family);
  return found.parameters(*std::ranges::find(found.variants, dialect, &Variant::dialect));
}

BoardFacts demo() {
  return {.place = "ttyUSB0",
          .battery = "jbd_demo0001",
          .family = "jbd",
          .model = "SP16S020",
          .serial = "DEMO0001",
          .firmware = "8.0",
          .cells = 16};
}

Backup sample() {
  return {.program = "0.2.0",
          .taken = "2026-01-31T12:00:00Z",
          .board = demo(),
          .values = {{"cell_overvoltage", 3.65}, {"cell_count", 16.0}, {"device_name", std::string("SP16\"S\n020")}},
          .unreadable = {{"barcode", "status 0x80"}}};
}

TEST(Backups, HaveALineForEachValueAndSortedKeys) {
  EXPECT_EQ(written(sample(), table("jbd")), R"({
 "board": {
  "battery": "jbd_demo0001",
  "cells": 16,
  "dialect": "",
  "family": "jbd",
  "firmware": "8.0",
  "model": "SP16S020",
  "serial": "DEMO0001"
 },
 "format": 1,
 "parameters": {
  "cell_count": {"value":16},
  "cell_overvoltage": {"unit":"V","value":3.65},
  "device_name": {"value":"SP16\"S\n020"}
 },
 "program": "0.2.0",
 "taken": "2026-01-31T12:00:00Z",
 "unreadable": {
  "barcode": "status 0x80"
 }
}
)");
}

TEST(Backups, AreReadAsTheyWereWritten) {
  const auto read = read_backup(written(sample(), table("jbd")));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->program, "0.2.0");
  EXPECT_EQ(read->taken, "2026-01-31T12:00:00Z");
  EXPECT_EQ(read->board.serial, "DEMO0001");
  EXPECT_EQ(read->board.cells, 16U);
  EXPECT_EQ(read->values, sample().values);
  EXPECT_EQ(read->unreadable, sample().unreadable);
  EXPECT_EQ(written(*read, table("jbd")), written(sample(), table("jbd")));
}

TEST(Backups, OfEveryTableAreReadAgainWithBothEndsOfEachRange) {
  for (const Family& family : families()) {
    for (const Variant& variant : family.variants) {
      const ParameterList parameters = family.parameters(variant);
      Backup low{.board = {.family = std::string(family.name), .dialect = std::string(variant.dialect)}};
      Backup high = low;
      for (const Parameter* one : parameters) {
        low.values[std::string(one->name)] = one->range.value_or(Range{-1e-7, 0}).min;
        high.values[std::string(one->name)] = one->range.value_or(Range{0, 123456.789}).max;
      }
      for (const Backup& backup : {low, high}) {
        const auto read = read_backup(written(backup, parameters));
        ASSERT_TRUE(read) << family.name << ": " << read.error().message;
        EXPECT_THAT(differences(backup, *read, parameters), IsEmpty()) << family.name;
        EXPECT_EQ(read->values, backup.values) << family.name;
      }
    }
  }
}

TEST(Backups, HoldWhatCameAndWhyTheRestDidNot) {
  const Answer answer{.board = demo(),
                      .results = {{.name = "cell_overvoltage", .after = 3.65},
                                  {.name = "barcode", .error = Error{ErrorKind::status, "refused", 0x80}},
                                  {.name = "odd"}}};
  const Backup backup = backup_of(answer, "now");
  EXPECT_EQ(backup.taken, "now");
  EXPECT_EQ(backup.program, BMS_VERSION);
  EXPECT_THAT(backup.values, ElementsAre(std::pair<const std::string, Value>("cell_overvoltage", 3.65)));
  EXPECT_EQ(backup.unreadable.at("barcode"), "refused");
  EXPECT_EQ(backup.unreadable.at("odd"), "no value came");
}

TEST(Backups, WhatIsNoneIsRefusedWithWhatWasExpected) {
  const std::string board = R"("board":{"family":"jbd"})";
  const std::pair<std::string, const char*> cases[] = {
      {"", "expected JSON, found something else"},
      {"{", "expected JSON, found something else"},
      {"[]", "expected an object with format"},
      {"{}", "expected a member format"},
      {R"({"format":2})", "expected a backup of format 1, found format 2"},
      {R"({"format":"1"})", "expected a number as format"},
      {R"({"format":1})", "expected a member board"},
      {R"({"format":1,"board":[]})", "expected the family"},
      {R"({"format":1,"board":{"family":7}})", "expected a text as family"},
      {R"({"format":1,"board":{"family":"jbd","cells":-1}})", "expected a number of cells, found -1"},
      {R"({"format":1,"board":{"family":"jbd","cells":1e300}})", "expected a number of cells, found 1e+300"},
      {R"({"format":1,"board":{"family":"jbd","cells":3.5}})", "expected a number of cells, found 3.5"},
      {"{\"format\":1," + board + "}", "expected a member parameters"},
      {"{\"format\":1," + board + ",\"parameters\":[1]}", "expected an object as parameters"},
      {"{\"format\":1," + board + ",\"parameters\":{\"\":{\"value\":1}}}", "expected names in parameters"},
      {"{\"format\":1," + board + ",\"parameters\":{\"a\":1}}", "expected an object with value"},
      {"{\"format\":1," + board + ",\"parameters\":{\"a\":{}}}", "expected a member value"},
      {"{\"format\":1," + board + ",\"parameters\":{\"a\":{\"value\":null}}}", "expected a number as a"},
      {"{\"format\":1," + board + ",\"parameters\":{\"a\":{\"value\":1e999}}}", "no backup"},
      {"{\"format\":1," + board + ",\"parameters\":{},\"unreadable\":{\"a\":1}}", "expected a text as a"},
      {"{\"format\":1,\"taken\":\"" + std::string(121, 'x') + "\"," + board + "}", "taken is longer than any"},
      {std::string(largest_backup + 1, ' '), "larger than any backup"},
  };
  for (const auto& [text, told] : cases) {
    const auto read = read_backup(text);
    ASSERT_FALSE(read) << text.substr(0, 200);
    EXPECT_EQ(read.error().kind, ErrorKind::rejected);
    EXPECT_THAT(read.error().message, HasSubstr(told)) << text.substr(0, 200);
  }
}

TEST(Backups, ThatAreDamagedAnywhereDoNoHarm) {
  const std::string whole = written(sample(), table("jbd"));
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) EXPECT_FALSE(read_backup(whole.substr(0, size))) << size;
  std::mt19937 random(1);  // NOLINT: the same every time
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = whole;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto read = read_backup(damaged);
    if (!read) {
      ++refused;
    } else {
      EXPECT_FALSE(written(*read, table("jbd")).empty());
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(Backups, AsDeepAsTheyAreLargeAreRefused) {
  EXPECT_FALSE(read_backup(std::string(largest_backup, '[')));
  std::string deep = std::string(30000, '[') + std::string(30000, ']');
  EXPECT_FALSE(read_backup(deep));
}

// ---- diff ----

TEST(DifferencesOf, AreSettingsOnlyInTheOrderOfTheTable) {
  Backup first = sample();
  Backup second = sample();
  first.values = {{"cell_undervoltage", 2.5}, {"cell_overvoltage", 3.65}, {"cycle_count", 1.0}, {"new_one", 1.0}};
  second.values = {{"cell_undervoltage", 2.8}, {"cell_overvoltage", 3.6501}, {"cycle_count", 2.0}};
  const auto found = differences(first, second, table("jbd"));
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].name, "cell_undervoltage");
  EXPECT_EQ(found[0].first, Value(2.5));
  EXPECT_EQ(found[0].second, Value(2.8));
  EXPECT_EQ(found[1].name, "new_one");
  EXPECT_EQ(found[1].second, std::nullopt);
}

TEST(DifferencesOf, CalibrationCanBeLeftOut) {
  Backup first{.board = {.family = "rec"}, .values = {{"IOFF", 0.1}, {"CMAX", 3.6}}};
  Backup second{.board = {.family = "rec"}, .values = {{"IOFF", 0.2}, {"CMAX", 3.6}}};
  EXPECT_THAT(differences(first, second, table("rec")), SizeIs(1));
  EXPECT_THAT(differences(first, second, table("rec"), /*ignore_calibration=*/true), IsEmpty());
}

// ---- restore ----

std::vector<std::string> restored(const Backup& backup, const BoardFacts& onto, const RestoreOptions& options = {}) {
  const auto plan = plan_restore(backup, onto, table(onto.family, onto.dialect), options);
  EXPECT_TRUE(plan) << plan.error().message;
  std::vector<std::string> names;
  if (plan)
    for (const Setting& setting : plan->settings) names.push_back(setting.name);
  return names;
}

Error refusal(const Backup& backup, const BoardFacts& onto, const RestoreOptions& options = {}) {
  const auto plan = plan_restore(backup, onto, table(onto.family, onto.dialect), options);
  return plan ? Error{ErrorKind::garbage, "it was planned", {}} : plan.error();
}

TEST(RestorePlans, HaveNothingThatIsNeverRestored) {
  Backup all{.board = {.family = "rec", .model = "M", .serial = "1", .firmware = "2", .cells = 4}};
  for (const Parameter* one : table("rec")) {
    if (is_number(one->kind))
      all.values[std::string(one->name)] = one->range ? one->range->min : 0;
    else
      all.values[std::string(one->name)] = std::string("text");
  }
  const auto names = restored(all, all.board);
  EXPECT_GT(names.size(), 20U);
  for (const char* never : {"SERI", "*IDN", "SOCS", "CYCL", "VMAX", "VMIN", "ERLD", "CANF", "IOFF", "IOJA", "CAL1",
                            "EAVC", "TIME", "DATE", "ERRD", "LCD1"})
    EXPECT_EQ(std::ranges::count(names, never), 0) << never;
  for (const char* always : {"CMAX", "CHEM", "CAPA"}) EXPECT_EQ(std::ranges::count(names, always), 1) << always;
  EXPECT_THAT(restored(all, all.board, {.only = ParameterGroup::calibration}),
              ElementsAre("IOFF", "IOJA", "EAVC", "ODDC", "CAL1", "CAL2", "CAL3", "CAL4"));
  EXPECT_THAT(restored(all, all.board, {.only = ParameterGroup::communication}), IsEmpty());
  EXPECT_THAT(restored(all, all.board, {.only = ParameterGroup::counters}), IsEmpty());
}

TEST(RestorePlans, AreRefusedForBoardsThatTheBackupIsNotFor) {
  struct Row {
    const char* what;
    void (*change)(BoardFacts&);
    bool other_board_helps;
  };
  const Row rows[] = {
      {"family", [](BoardFacts& board) { board.family = "rec"; }, false},
      {"dialect", [](BoardFacts& board) { board.dialect = "up"; }, false},
      {"number of cells", [](BoardFacts& board) { board.cells = 15; }, false},
      {"number of cells", [](BoardFacts& board) { board.cells = 0; }, true},
      {"model", [](BoardFacts& board) { board.model = "other"; }, true},
      {"firmware", [](BoardFacts& board) { board.firmware = "9"; }, true},
  };
  for (const Row& row : rows) {
    BoardFacts other = demo();
    row.change(other);
    const Error error = refusal(sample(), other);
    EXPECT_EQ(error.kind, ErrorKind::rejected);
    EXPECT_THAT(error.message, HasSubstr(row.what));
    EXPECT_EQ(plan_restore(sample(), other, table("jbd"), {.other_board = true}).has_value(), row.other_board_helps)
        << row.what;
  }
}

TEST(RestorePlans, SayWhenItIsAnotherBoardOfTheSameKind) {
  BoardFacts other = demo();
  EXPECT_THAT(plan_restore(sample(), other, table("jbd"), {})->notes, IsEmpty());
  other.serial = "DEMO0002";
  EXPECT_THAT(plan_restore(sample(), other, table("jbd"), {})->notes, ElementsAre(HasSubstr("DEMO0002")));
}

TEST(RestorePlans, CalibrateNoOtherBoard) {
  Backup backup{.board = {.family = "rec", .model = "M", .serial = "1"}, .values = {{"IOFF", 0.1}}};
  const RestoreOptions options{.only = ParameterGroup::calibration, .other_board = true};
  EXPECT_THAT(restored(backup, backup.board, options), ElementsAre("IOFF"));
  BoardFacts other = backup.board;
  other.serial = "2";
  EXPECT_THAT(refusal(backup, other, options).message, HasSubstr("calibration"));
  backup.board.serial = other.serial = "";
  EXPECT_EQ(refusal(backup, other, options).kind, ErrorKind::rejected) << "no serial number is no proof";
}

TEST(RestorePlans, TakeNothingFromAFileWithAValueOutsideOfItsTable) {
  for (const Value& value : {Value(4.501), Value(1.0), Value(1e300), Value(std::string("3.6"))}) {
    Backup backup = sample();
    backup.values["cell_overvoltage"] = value;
    const Error error = refusal(backup, demo());
    EXPECT_EQ(error.kind, ErrorKind::rejected);
    EXPECT_THAT(error.message, HasSubstr("cell_overvoltage"));
  }
}

TEST(RestorePlans, LeaveAloneWhatIsNotKnown) {
  Backup backup = sample();
  backup.values["of_tomorrow"] = 1.0;
  const auto plan = plan_restore(backup, demo(), table("jbd"), {});
  ASSERT_TRUE(plan);
  ASSERT_THAT(plan->left_alone, SizeIs(1));
  EXPECT_EQ(plan->left_alone.front().name, "of_tomorrow");
}

}  // namespace
}  // namespace bms::console
