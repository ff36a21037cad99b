// Backups of every board that can be simulated: restored onto another of the same kind nothing differs any more, and
// restored onto the board itself nothing is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/differences.hpp"
#include "console/restore.hpp"
#include "console_boards.hpp"

namespace bms::console {
namespace {

using test::board_rows;
using test::BoardRow;
using test::ConsoleBench;
using test::range_of;
using test::step_of;
using testing::IsEmpty;

class BackupOf : public testing::TestWithParam<BoardRow> {
 protected:
  void SetUp() override {
    bench_.start();
    if (bench_.names().empty()) GTEST_SKIP() << "there is nothing to keep";
  }

  /// All that a board holds, once it has been written to a file and read again.
  static Backup backup_of(ConsoleBench& bench) {
    const Answer answer = bench.get(bench.names());
    auto read = read_backup(written(console::backup_of(answer, "2026-01-31T12:00:00Z"), bench.parameters()));
    EXPECT_TRUE(read);
    return *read;
  }

  /// What the owner of a board may have changed: everything that a backup brings back, by one step.
  std::size_t change_all() {
    std::size_t changed = 0;
    const Backup before = backup_of(bench_);
    for (const Parameter* one : bench_.parameters()) {
      const auto held = before.values.find(std::string(one->name));
      const auto range = range_of(*one, row_);
      if (!range || restore_of(*one) != Restore::yes || held == before.values.end()) continue;
      const double now = std::get<double>(held->second);
      const double step = step_of(*one, row_) * (now + step_of(*one, row_) > range->max ? -1 : 1);
      // Neighbours that must keep an order may forbid it.
      changed += bench_.set(std::string(one->name), now + step).ok() ? 1 : 0;
    }
    return changed;
  }

  static std::vector<std::string> differing(ConsoleBench& one, ConsoleBench& other) {
    std::vector<std::string> names;
    for (const Difference& found : differences(backup_of(one), backup_of(other), one.parameters(), true))
      names.push_back(found.name);
    return names;
  }

  static RestorePlan plan(const Backup& backup, ConsoleBench& onto) {
    auto plan = plan_restore(backup, onto.ask(Identify{}).board, onto.parameters(), {});
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().message);
    return plan.value_or(RestorePlan{});
  }

  BoardRow row_ = GetParam();
  ConsoleBench bench_{row_.kind};
};

TEST_P(BackupOf, ABoardMakesAnotherOfItsKindEqual) {
  const std::size_t changed = change_all();
  ConsoleBench other(row_.kind);
  other.start();
  const std::size_t differ = differing(bench_, other).size();
  EXPECT_EQ(differ, changed);
  const RestorePlan restored = plan(backup_of(bench_), other);
  if (restored.settings.empty()) {
    EXPECT_EQ(changed, 0U) << "only boards that cannot be set";
    return;
  }
  EXPECT_GT(changed, restored.settings.size() / 2);
  const Answer answer = other.ask(Set{.settings = restored.settings});
  EXPECT_TRUE(answer.ok()) << (answer.refused ? answer.refused->message : "");
  EXPECT_THAT(differing(bench_, other), IsEmpty());
}

TEST_P(BackupOf, ABoardRestoresItselfWithoutAWrite) {
  const RestorePlan restored = plan(backup_of(bench_), bench_);
  const auto before = bench_.held();
  const nlohmann::json saved = bench_.state().value("factory_count", nlohmann::json::object());
  if (!restored.settings.empty()) {
    EXPECT_TRUE(bench_.ask(Set{.settings = restored.settings}).ok());
  }
  EXPECT_EQ(bench_.held(), before);
  // Boards that are entered for reading count that; none saves.
  EXPECT_EQ(bench_.state().value("factory_count", nlohmann::json::object()).value("saved", 0), saved.value("saved", 0));
  const nlohmann::json writes = bench_.state()["writes"];
  for (const auto& write : writes) {
    const unsigned place = write.value("register", 0U);
    EXPECT_TRUE(GetParam().kind.family == "jbd" && place <= 1) << write;
  }
}

INSTANTIATE_TEST_SUITE_P(All, BackupOf, testing::ValuesIn(board_rows()),
                         [](const auto& instance) { return instance.param.kind.name; });

}  // namespace
}  // namespace bms::console
