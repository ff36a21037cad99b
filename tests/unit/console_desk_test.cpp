// A desk with a simulated JBD board behind it: what is refused before the first byte, what is written, and what is said
// of it.
#include "console/desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "../fuzz/scratch.hpp"
#include "console/backup.hpp"
#include "line/session.hpp"
#include "registry.hpp"
#include "virtual_line.hpp"

namespace bms::console {
namespace {

namespace asio = boost::asio;
using test::SimulatedBoard;
using test::VirtualLine;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Relation relations[] = {{"cell_overvoltage_release", "cell_overvoltage"}};

/// Carries commands out over a simulated line, and notes them.
class LineCommands final : public Commands {
 public:
  LineCommands(link::Link& line, Protocol& protocol) : session_(line), protocol_(protocol) {}

  Result<void> check(const Command& command) override {
    if (const auto query = protocol_.command(command); !query) return std::unexpected(query.error());
    return {};
  }
  asio::awaitable<Result<CommandResult>> carry_out(Command command, std::string what, std::string /*who*/,
                                                   bool /*begun*/) override {
    if (std::holds_alternative<WriteParameter>(command)) written.push_back(what);
    if (what == fails) {
      on_failure();
      co_return failure(ErrorKind::unverified, "reads back as something else");
    }
    auto query = protocol_.command(command);
    if (!query) co_return std::unexpected(query.error());
    const std::unique_ptr<Query<CommandResult>> asked = *std::move(query);
    if (auto ran = co_await session_.run(*asked); !ran) co_return std::unexpected(ran.error());
    co_return asked->result();
  }
  void end_batch() override { ++ended; }
  [[nodiscard]] bool may_hold_unsaved() const override { return unsaved; }
  bool note_unsaved(bool noted) override { return unsaved = noted, can_note; }
  void report(const std::string& line, bool /*changed*/) override { reports.push_back(line); }

  std::vector<std::string> written{}, reports{};
  std::string fails{};
  std::function<void()> on_failure = [] {};
  unsigned ended = 0;
  bool unsaved = false, can_note = true;

 private:
  line::Session session_;
  Protocol& protocol_;
};

class ConsoleDesk : public testing::Test {
 protected:
  Answer ask(Request request) {
    asio::io_context loop{1};
    std::optional<Answer> answer;
    asio::co_spawn(loop, desk_->answer(std::move(request), "a test", {}),
                   [&](const std::exception_ptr& problem, Answer brought) {
                     if (problem) std::rethrow_exception(problem);
                     answer = std::move(brought);
                   });
    loop.run();
    return std::move(*answer);
  }
  Answer set(std::vector<Setting> settings, bool dry_run = false) {
    return ask({.wish = Set{.settings = std::move(settings), .dry_run = dry_run}});
  }
  double now(const std::string& name) { return std::get<double>(*ask({.wish = Get{{name}}}).results.front().after); }

  void open(Writes writes = Writes::parameters, const std::string& undo_directory = {}) {
    const Family* family = find_family("jbd");
    DeskOptions options{.board = {.place = "ttyUSB0", .battery = "jbd_1", .family = "jbd", .writes = writes},
                        .parameters = family->parameters(family->variants.front()),
                        .relations = relations,
                        .undo_directory = undo_directory.empty() ? scratch_.directory() : undo_directory};
    desk_.emplace(std::move(options), commands_);
  }
  void SetUp() override { open(); }

  fuzz::Scratch scratch_{"console-desk"};
  SimulatedBoard device_{"jbd", {}, {.drift = false}};
  VirtualLine line_{device_, 9600, {}};
  std::unique_ptr<Protocol> protocol_ = find_family("jbd")->make({.variant = find_family("jbd")->variants.front()});
  std::shared_ptr<LineCommands> commands_ = std::make_shared<LineCommands>(line_, *protocol_);
  std::optional<Desk> desk_;
};

TEST_F(ConsoleDesk, WhatMayNotHaveBeenSavedIsSetOnceMore) {
  const double held = now("cell_overvoltage");
  commands_->unsaved = true;
  const Answer looked = set({{.name = "cell_overvoltage", .value = held}}, true);
  EXPECT_TRUE(looked.board.unsaved);
  EXPECT_FALSE(looked.warnings.empty());
  EXPECT_TRUE(set({{.name = "cell_overvoltage", .value = held}}).ok());
  EXPECT_EQ(commands_->written.size(), 1U);
  EXPECT_FALSE(commands_->unsaved);
  EXPECT_TRUE(set({{.name = "cell_overvoltage", .value = held}}).ok());
  EXPECT_EQ(commands_->written.size(), 1U) << "it is saved now";
}

TEST_F(ConsoleDesk, NotesThatNothingIsSavedUntilAllIs) {
  commands_->fails = "cell_undervoltage = 2.6";
  EXPECT_FALSE(set({{.name = "cell_overvoltage", .value = 3.6}, {.name = "cell_undervoltage", .value = 2.6}}).ok());
  EXPECT_TRUE(commands_->unsaved);
  commands_->fails.clear();
  EXPECT_TRUE(set({{.name = "cell_overvoltage", .value = 3.6}, {.name = "cell_undervoltage", .value = 2.6}}).ok());
  EXPECT_FALSE(commands_->unsaved);
}

TEST_F(ConsoleDesk, SaysWhenNothingCanBeNoted) {
  commands_->can_note = false;
  const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6}});
  EXPECT_TRUE(answer.ok());
  EXPECT_FALSE(answer.warnings.empty());
}

TEST_F(ConsoleDesk, WhatReadsBackAsSomethingElseIsShownAsItIs) {
  const double held = now("cell_overvoltage");
  commands_->fails = "cell_overvoltage = 3.6";
  const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6}});
  EXPECT_EQ(answer.results.front().after, Value{held});
}

TEST_F(ConsoleDesk, SaysWhatTheBoardCannotDoBeforeWhatIsNotPermitted) {
  open(Writes::no);
  const Answer unable = ask({.wish = CountFrom{70}});
  ASSERT_TRUE(unable.refused);
  EXPECT_NE(unable.refused->kind, ErrorKind::forbidden) << unable.refused->message;
  const Answer forbidden = ask({.wish = SwitchOver{.which = Switch::charge, .on = false}});
  ASSERT_TRUE(forbidden.refused);
  EXPECT_EQ(forbidden.refused->kind, ErrorKind::forbidden);
}

TEST_F(ConsoleDesk, SetsAndSaysWhatWasThereAndWhatIsThereNow) {
  const double before = now("cell_overvoltage");
  const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6}});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.results.front().before, Value{before});
  EXPECT_EQ(answer.results.front().after, Value{3.6});
  EXPECT_DOUBLE_EQ(now("cell_overvoltage"), 3.6);
  EXPECT_THAT(commands_->reports, ElementsAre(HasSubstr("to 3.6 by a test; read back 3.6")));
}

TEST_F(ConsoleDesk, KeepsWhatWasThereBeforeTheFirstByte) {
  const double before = now("cell_overvoltage");
  const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6}});
  std::ifstream file(answer.undo_file);
  const std::string text{std::istreambuf_iterator(file), {}};
  const auto undo = read_backup(text);
  ASSERT_TRUE(undo) << text;
  EXPECT_EQ(undo->values.at("cell_overvoltage"), Value{before});
}

TEST_F(ConsoleDesk, WritesNothingWhereThatCannotBeKept) {
  open(Writes::parameters, "/proc/nothing");
  const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6}});
  ASSERT_TRUE(answer.refused);
  EXPECT_THAT(answer.refused->message, HasSubstr("/proc/nothing"));
  EXPECT_THAT(commands_->written, IsEmpty());
}

TEST_F(ConsoleDesk, LooksAtAllBeforeTheFirstByte) {
  for (const Setting& wrong : {Setting{.name = "cell_undervoltage", .value = 99},
                               Setting{.name = "unknown", .value = 1}, Setting{.name = "cycle_count", .value = 1}}) {
    const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6}, wrong});
    ASSERT_TRUE(answer.refused) << wrong.name;
    EXPECT_EQ(answer.refused->kind, ErrorKind::rejected);
    EXPECT_THAT(answer.results, SizeIs(2));
  }
  EXPECT_THAT(commands_->written, IsEmpty());
}

TEST_F(ConsoleDesk, RefusesWhatHasChangedMeanwhile) {
  const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6, .if_was = 3.111}});
  ASSERT_TRUE(answer.refused);
  EXPECT_THAT(answer.refused->message, HasSubstr("and not 3.111"));
  EXPECT_THAT(commands_->written, IsEmpty());
  EXPECT_TRUE(set({{.name = "cell_overvoltage", .value = 3.6, .if_was = now("cell_overvoltage")}}).ok());
}

TEST_F(ConsoleDesk, RefusesWhatContradictsWhatTheBoardHolds) {
  const double release = now("cell_overvoltage_release");
  const Answer answer = set({{.name = "cell_overvoltage", .value = release - 0.1}});
  ASSERT_TRUE(answer.refused);
  EXPECT_THAT(answer.refused->message, HasSubstr("cell_overvoltage_release"));
  EXPECT_THAT(commands_->written, IsEmpty());
}

TEST_F(ConsoleDesk, ADryRunSaysTheSameAndWritesNothing) {
  const double before = now("cell_overvoltage");
  const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6}}, true);
  EXPECT_TRUE(answer.ok());
  EXPECT_EQ(answer.results.front().before, Value{before});
  EXPECT_THAT(commands_->written, IsEmpty());
  EXPECT_TRUE(answer.undo_file.empty());
  EXPECT_GT(commands_->ended, 0U);
}

TEST_F(ConsoleDesk, WhatIsThereAlreadyIsNotWritten) {
  const double before = now("cell_overvoltage");
  const Answer answer =
      set({{.name = "cell_overvoltage", .value = before}, {.name = "cell_undervoltage", .value = 2.6}});
  EXPECT_TRUE(answer.ok());
  EXPECT_THAT(commands_->written, ElementsAre("cell_undervoltage = 2.6"));
}

/// Boards that count in steps ten times as large exist; this one does not.
TEST_F(ConsoleDesk, WritesAChangeOfASingleStep) {
  const ParameterList all = find_family("jbd")->parameters(find_family("jbd")->variants.front());
  const auto one = std::ranges::find_if(all, [](const Parameter* parameter) {
    return parameter->coarser != 1 && parameter->access == Access::read_write && parameter->risk == Risk::limits;
  });
  ASSERT_NE(one, all.end());
  const std::string name((*one)->name);
  const double wanted = now(name) - (*one)->resolution;
  const Answer answer = set({{.name = name, .value = wanted}});
  ASSERT_TRUE(answer.ok()) << name << ": " << answer.results.front().error->message;
  EXPECT_THAT(commands_->written, SizeIs(1));
  EXPECT_NEAR(now(name), wanted, (*one)->resolution / 10);
}

TEST_F(ConsoleDesk, StopsAtTheFirstThatFailsAndNamesTheRest) {
  commands_->fails = "cell_undervoltage = 2.6";
  const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6},
                             {.name = "cell_undervoltage", .value = 2.6},
                             {.name = "cell_overvoltage_release", .value = 3.4}});
  ASSERT_THAT(answer.results, SizeIs(3));
  EXPECT_TRUE(answer.results[0].ok());
  EXPECT_EQ(answer.results[1].error->kind, ErrorKind::unverified);
  EXPECT_THAT(answer.results[2].error->message, HasSubstr("not tried"));
  EXPECT_FALSE(answer.undo_file.empty());
  EXPECT_GT(commands_->ended, 0U);
}

/// A board that has lost its power between two values may have lost the first one.
TEST_F(ConsoleDesk, LooksAgainAtWhatWasSetBeforeSomethingFailed) {
  commands_->fails = "cell_undervoltage = 2.6";
  commands_->on_failure = [this] { device_.board().compile(std::vector<std::string>{"restart"}).value()(); };
  const Answer answer = set({{.name = "cell_overvoltage", .value = 3.6}, {.name = "cell_undervoltage", .value = 2.6}});
  ASSERT_THAT(answer.results, SizeIs(2));
  ASSERT_FALSE(answer.results[0].ok());
  EXPECT_EQ(answer.results[0].error->kind, ErrorKind::unverified);
  EXPECT_EQ(answer.results[0].after, answer.results[0].before);
}

TEST_F(ConsoleDesk, KeepsWhatWasThereFirstWithinOneSecond) {
  const double before = now("cell_overvoltage");
  std::set<std::string> files;
  for (const double value : {3.6, 3.61, 3.62, 3.63})
    files.insert(set({{.name = "cell_overvoltage", .value = value}}).undo_file);
  EXPECT_THAT(files, SizeIs(4));
  std::ifstream file(*files.begin());
  EXPECT_EQ(read_backup(std::string{std::istreambuf_iterator(file), {}})->values.at("cell_overvoltage"), Value{before});
}

TEST_F(ConsoleDesk, PermitsWhatTheConfigurationPermits) {
  const Request setting{.wish = Set{.settings = {{.name = "cell_overvoltage", .value = 3.6}}}};
  const Request switching{.wish = SwitchOver{.which = Switch::charge, .on = false}};
  const Request reading{.wish = Get{{"cell_overvoltage"}}};
  for (const Writes writes : {Writes::no, Writes::limits, Writes::switches, Writes::parameters}) {
    open(writes);
    const Answer set = ask(setting);
    const Answer switched = ask(switching);
    EXPECT_EQ(set.refused.has_value(), writes < Writes::parameters);
    EXPECT_EQ(switched.refused.has_value(), writes < Writes::switches);
    if (set.refused) {
      EXPECT_EQ(set.refused->kind, ErrorKind::forbidden);
    }
    EXPECT_TRUE(ask(reading).ok());
  }
}

TEST_F(ConsoleDesk, ReadsInTheOrderOfTheQuestion) {
  const Answer answer = ask({.wish = Get{{"cell_undervoltage", "cell_overvoltage", "device_name"}}});
  ASSERT_THAT(answer.results, SizeIs(3));
  EXPECT_EQ(answer.results[0].name, "cell_undervoltage");
  EXPECT_TRUE(std::holds_alternative<double>(*answer.results[1].after));
  EXPECT_TRUE(std::holds_alternative<std::string>(*answer.results[2].after));
}

TEST_F(ConsoleDesk, KeepsTwentyOfItsUndoFiles) {
  for (int i = 0; i < 30; ++i) {
    std::ofstream(scratch_.directory() + "/undo-jbd_1-20200101T0000" + std::to_string(10 + i) + "Z.json") << "{}";
  }
  std::ofstream(scratch_.directory() + "/undo-jbd_2-20200101T000000Z.json") << "{}";
  ASSERT_TRUE(set({{.name = "cell_overvoltage", .value = 3.6}}).ok());
  std::size_t kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch_.directory()))
    kept += entry.path().filename().string().starts_with("undo-jbd_1-") ? 1 : 0;
  EXPECT_EQ(kept, 20U);
  EXPECT_TRUE(std::filesystem::exists(scratch_.directory() + "/undo-jbd_2-20200101T000000Z.json"));
}

}  // namespace
TEST_F(ConsoleDesk, ShowsTheBatteryWhereADriverRuns) {
  EXPECT_EQ(ask({.wish = Watch{}}).refused->kind, ErrorKind::unsupported);
  const Family* family = find_family("jbd");
  desk_.emplace(DeskOptions{.board = {.place = "ttyUSB0"},
                            .parameters = family->parameters(family->variants.front()),
                            .items = [] { return std::vector<ShownItem>{{.path = "/Soc", .value = 50.0}}; }},
                commands_);
  const Answer answer = ask({.wish = Watch{}});
  ASSERT_FALSE(answer.refused);
  ASSERT_EQ(answer.items.size(), 1);
  EXPECT_EQ(answer.items[0].path, "/Soc");
  EXPECT_TRUE(answer.results.empty()) << "nothing is asked of the board";
  EXPECT_EQ(ask({.wish = Watch{}}).refused->kind, ErrorKind::busy) << "not again at once, whoever asks";
}

}  // namespace bms::console
