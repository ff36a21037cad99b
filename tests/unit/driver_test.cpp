// The driver room: sessions over recorded lines, the path of a reading, the watchdog, thinned logs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <sstream>

#include "bms/hex.hpp"

#include <nlohmann/json.hpp>
#include "config/config.hpp"
#include "driver/owner_config.hpp"
#include "driver/pipeline.hpp"
#include "driver/poll_cycle.hpp"
#include "driver/poll_table.hpp"
#include "driver/repeats.hpp"
#include "driver/replay.hpp"
#include "jbd/jbd_up_frame.hpp"
#include "line/identity.hpp"
#include "line/session.hpp"
#include "link/replay_link.hpp"
#include "registry.hpp"
#include "sample.hpp"

namespace bms::driver {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::HasSubstr;

// Frames of a real board (4 cells), from syssi/esphome-jbd-bms: docs/pdus/JBD-SP04S034-L4S-200A-B-U.txt.
const std::string ask_basic = "DDA50300FFFD77";
const std::string basic = "DD03001D0618000001F201F400002C7C00000000000080640304030B8B0B8A0B84FA8D77";
const std::string ask_cells = "DDA50400FFFC77";
const std::string cells = "DD0400080F450F3D0F370F3DFEC677";

/// Writes a capture the way people read one: time, question, answer after 50 ms.
class Recording {
 public:
  Recording& ask(double time_s, const std::string& request, const std::string& response = "") {
    link::Exchange exchange{.time_s = time_s, .request = *from_hex(request), .response = {}};
    if (!response.empty()) exchange.response.emplace_back(time_s + 0.05, *from_hex(response));
    exchanges_.push_back(std::move(exchange));
    return *this;
  }
  [[nodiscard]] std::vector<link::Exchange> exchanges() const { return exchanges_; }

 private:
  std::vector<link::Exchange> exchanges_;
};

/// One poll of a JBD board over a recording.
struct PollOutcome {
  Result<Reading> reading;
  line::LineStatistics statistics;
};

PollOutcome poll(const Recording& recording) {
  link::ReplayLink line(recording.exchanges(), [](TimePoint) {});
  line::Session session(line);
  const auto protocol = find_family("jbd")->make({});
  Query<Reading>& query = protocol->poll();
  asio::io_context loop{1};
  bool line_held = false;
  asio::co_spawn(
      loop, [&]() -> asio::awaitable<void> { line_held = (co_await session.run(query)).has_value(); }, asio::detached);
  loop.run();
  if (!line_held) return {failure(ErrorKind::link, "the capture has ended"), session.statistics()};
  return {query.result(), session.statistics()};
}

TEST(Session, ReadsABoardThatAnswers) {
  const auto [reading, statistics] = poll(Recording().ask(0, ask_basic, basic).ask(0.1, ask_cells, cells));
  ASSERT_TRUE(reading) << reading.error().message;
  EXPECT_EQ(reading->voltage_v, 15.6);
  EXPECT_EQ(reading->cells_v.size(), 4U);
  EXPECT_EQ(statistics.exchanges, 2U);
  EXPECT_EQ(statistics, (line::LineStatistics{.exchanges = 2}));
}

TEST(Session, AsksASleepingBoardAgain) {
  const auto [reading, statistics] =
      poll(Recording().ask(0, ask_basic).ask(0.7, ask_basic, basic).ask(0.8, ask_cells, cells));
  ASSERT_TRUE(reading);
  EXPECT_EQ(statistics.silent, 1U);
  EXPECT_EQ(statistics.damaged, 0U);
}

TEST(Session, TellsDamagedFromSilent) {
  std::string broken = basic;
  broken[10] = broken[10] == '0' ? '1' : '0';
  const auto [reading, statistics] =
      poll(Recording().ask(0, ask_basic, broken).ask(0.3, ask_basic, basic).ask(0.4, ask_cells, cells));
  ASSERT_TRUE(reading);
  EXPECT_EQ(statistics.damaged, 1U);
  EXPECT_EQ(statistics.silent, 0U);
}

TEST(Session, CountsALateAnswerAndGoesOnWaitingForTheRightOne) {
  const auto [reading, statistics] = poll(Recording().ask(0, ask_basic, basic).ask(0.1, ask_cells, basic + cells));
  ASSERT_TRUE(reading);
  EXPECT_EQ(statistics.late_frames, 1U);
  EXPECT_EQ(statistics.damaged, 0U);
}

TEST(Session, GivesUpOnABoardThatStaysSilent) {
  Recording recording;
  for (int i = 0; i < 10; ++i) recording.ask(i * 0.7, ask_basic);
  const auto [reading, statistics] = poll(recording);
  ASSERT_FALSE(reading);
  EXPECT_EQ(reading.error().kind, ErrorKind::silent);
  EXPECT_EQ(statistics.given_up, 1U);
  EXPECT_EQ(statistics.silent, 5U);
}

TEST(Session, AsksMoreOftenAndWaitsLessOnANoisyLine) {
  std::string broken = basic;
  broken[10] = broken[10] == '0' ? '1' : '0';
  Recording recording;
  recording.ask(0, ask_basic, basic).ask(0.1, ask_cells, cells);
  // A good poll has shown how long answers take; then the line goes bad.
  for (int i = 0; i < 8; ++i) recording.ask(1 + i * 0.15, ask_basic, broken);
  recording.ask(2.2, ask_basic, basic).ask(2.3, ask_cells, cells);

  link::ReplayLink line(recording.exchanges(), [](TimePoint) {});
  line::Session session(line);
  const auto protocol = find_family("jbd")->make({});
  asio::io_context loop{1};
  Result<Reading> second = failure(ErrorKind::silent, "not polled");
  asio::co_spawn(
      loop,
      [&]() -> asio::awaitable<void> {
        co_await session.run(protocol->poll());
        co_await line.sleep_until(TimePoint{} + 1s);
        Query<Reading>& query = protocol->poll();
        co_await session.run(query);
        second = query.result();
      },
      asio::detached);
  loop.run();
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(session.statistics().damaged, 8U);
}

const line::AnswerTimes::Key question = line::AnswerTimes::key_of(*from_hex(ask_basic));

TEST(AnswerTimes, ASingleAnswerSaysLittle) {
  line::AnswerTimes times;
  EXPECT_EQ(times.expected(question), 0s);
  times.took(question, 700ms);  // it has just woken up
  EXPECT_EQ(times.expected(question), 0s);
  EXPECT_EQ(times.usual(question), 700ms);
  times.took(question, 70ms);
  EXPECT_EQ(times.expected(question), 0s);
  times.took(question, 71ms);
  EXPECT_GE(times.expected(question), 71ms);
  EXPECT_LT(times.expected(question), 72ms);
  EXPECT_EQ(times.expected(line::AnswerTimes::key_of(*from_hex(ask_cells))), 0s);
}

/// Answers that are complete after `truth`; how often the look for them was too early.
int answer(line::AnswerTimes& times, int answers, auto truth) {
  int too_early = 0;
  for (int i = 0; i < answers; ++i) {
    const auto looked = times.expected(question);
    if (const Clock::duration took = truth(i); looked >= took) {
      times.came_in_time(question, looked);
    } else {
      ++too_early;
      times.took(question, took + 50us);
    }
  }
  return too_early;
}

TEST(AnswerTimes, SettleJustAboveTheTruth) {
  line::AnswerTimes times;
  EXPECT_LE(answer(times, 500, [](int) { return 68'300us; }), 15);
  EXPECT_GE(times.expected(question), 68'300us);
  EXPECT_LE(times.expected(question), 68'300us + 500us);
}

TEST(AnswerTimes, SettleAtTheLateEndOfWhatVaries) {
  line::AnswerTimes times;
  EXPECT_LE(answer(times, 500, [](int i) { return 30ms + 7ms * (i % 3); }), 15);
  EXPECT_GE(times.expected(question), 44ms);
  EXPECT_LE(times.expected(question), 46ms);
}

TEST(AnswerTimes, DoNotWaitForWhatIsLateNowAndThen) {
  line::AnswerTimes times;
  EXPECT_LE(answer(times, 500, [](int i) { return i % 20 == 19 ? 300ms : 30ms; }), 25 + 15);
  EXPECT_LE(times.expected(question), 31ms);
}

// What keeps an early look from happening must not make the next one earlier still.
TEST(AnswerTimes, AreNotTakenBelowTheMomentOfALaterLook) {
  line::AnswerTimes times;
  times.took(question, 20ms);
  for (int i = 0; i < 10'000; ++i)
    times.came_in_time(question, std::max<Clock::duration>(times.expected(question), 25ms));
  EXPECT_GE(times.expected(question), 20ms);
}

TEST(AnswerTimes, WhatIsAskedOnceDoesNotPushOutWhatIsAskedAlways) {
  line::AnswerTimes times;
  for (line::AnswerTimes::Key rare = 0; rare < 1000; ++rare) {
    for (line::AnswerTimes::Key always = 5000; always < 5010; ++always) times.took(always, 20ms);
    times.took(rare, 20ms);
  }
  for (line::AnswerTimes::Key always = 5000; always < 5010; ++always) EXPECT_GT(times.expected(always), 20ms);
}

class PipelineTest : public testing::Test {
 protected:
  Pipeline pipeline{test::bounds, PipelineConfig{}};
  TimePoint now = TimePoint{} + 1h;
};

TEST_F(PipelineTest, BelievesASingleReadingOnACleanLineOnly) {
  EXPECT_EQ(pipeline.take(test::healthy_reading(), false, now), Verdict::believed);
  Reading changed = test::healthy_reading();
  changed.current_a = 11;
  pipeline.begin_cycle();
  EXPECT_EQ(pipeline.take(changed, true, now), Verdict::undecided);
  EXPECT_EQ(pipeline.battery().reading.current_a, 10);
  EXPECT_EQ(pipeline.take(changed, true, now), Verdict::believed);
  EXPECT_EQ(pipeline.battery().reading.current_a, 11);
}

// S1: whatever implausible readings come between good ones, battery and limits stay those of the good ones.
TEST_F(PipelineTest, AnImplausibleReadingChangesNothing) {
  ASSERT_TRUE(pipeline.take(test::healthy_reading(), false, now));
  Reading absurd = test::healthy_reading();
  absurd.cells_v[0] = 5.5;
  EXPECT_FALSE(pipeline.take(absurd, false, now + 1s));
  EXPECT_EQ(pipeline.battery().reading, test::healthy_reading());
  EXPECT_EQ(pipeline.battery().read_at, now);
}

TEST_F(PipelineTest, FallsThroughTheStagesWithoutReadings) {
  ASSERT_TRUE(pipeline.take(test::healthy_reading(), false, now));
  std::vector<std::pair<double, double>> steps;  // what became of DCL, and when
  for (auto due = pipeline.next_change(now); due; due = pipeline.next_change(*due)) {
    pipeline.time_passes(*due);
    const double dcl_a = pipeline.limits().discharge_current_a.value_or(-1);
    if (steps.empty() || steps.back().second != dcl_a) {
      steps.emplace_back(std::chrono::duration<double>(*due - now).count(), dcl_a);
    }
    ASSERT_LT(*due, now + 2min);
  }
  EXPECT_THAT(steps, testing::ElementsAre(testing::Pair(10, 60), testing::Pair(30, 30), testing::Pair(60, 0),
                                          testing::Pair(64, -1)));
}

// A board may take long to say who it is.
TEST_F(PipelineTest, KnowingWhoItIsMakesAReadingNoYounger) {
  ASSERT_TRUE(pipeline.take(test::healthy_reading(), false, now));
  pipeline.adopt({}, PipelineConfig{}, std::nullopt, now + 8s);
  EXPECT_EQ(pipeline.battery().contact, Contact::fresh);
  EXPECT_EQ(pipeline.next_change(now + 8s), now + 10s);
  pipeline.adopt({}, PipelineConfig{}, std::nullopt, now + 12s);
  EXPECT_EQ(pipeline.battery().contact, Contact::stale);
  EXPECT_EQ(pipeline.limits().charge_current_a, 0);
}

// What the owner chooses while the battery is in use leads as if it stood in the file.
TEST(PipelineConfigOf, FitsWhatTheOwnerHasChosen) {
  std::istringstream in("[default]\nabsorption_cell_voltage = 3.60\n");
  const config::Settings settings = config::Config::read(in).settings_for({});
  EXPECT_EQ(pipeline_config_of(settings).battery.alarms.high_cell_v.warning, 3.68);
  const PipelineConfig chosen = pipeline_config_of(settings, {.absorption_cell_v = 3.45, .float_cell_v = 3.30});
  EXPECT_EQ(chosen.charge.absorption_cell_v, 3.45);
  EXPECT_EQ(chosen.battery.absorption_cell_v, 3.45);
  EXPECT_EQ(chosen.battery.alarms.high_cell_v.warning, 3.58);
  EXPECT_EQ(chosen.charge.warned_cell_v, 3.58);
  EXPECT_EQ(chosen.charge.rebulk_cell_v, 3.27) << "else float and bulk would follow each other for ever";
  EXPECT_EQ(pipeline_config_of(settings, {.absorption_cell_v = 3.65}).charge.absorption_cell_v, 3.60);
}

/// A dialogue of two questions, the second of which wants silence before it.
class QuietDialogue final : public Dialogue {
 public:
  std::optional<Request> request() override {
    if (answered_ == 2) return std::nullopt;
    return Request{.bytes = question_,
                   .attempts = 1,
                   .first_byte = 100ms,
                   .whole = 100ms,
                   .gap = 100ms,
                   .pause = 0ms,
                   .quiet = answered_ == 1 ? 50ms : 0ms};
  }
  Progress receive(Bytes /*chunk*/) override {
    ++answered_;
    return {.answered = true};
  }
  Error timed_out() override { return {ErrorKind::silent, "", std::nullopt}; }
  void give_up(const Error& /*why*/) override { answered_ = 2; }

 private:
  std::array<std::uint8_t, 1> question_{1};
  int answered_ = 0;
};

/// A line that answers at once, and says one more thing after that.
class ChattyLine final : public link::Link {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }
  asio::awaitable<void> sleep_until(TimePoint time) override {
    now_ = std::max(now_, time);
    co_return;
  }
  [[nodiscard]] Result<void> use_baud(unsigned /*baud*/) override { return {}; }
  boost::asio::awaitable<Result<void>> open() override { co_return Result<void>{}; }
  std::size_t discard_input() override { return now_ >= late_at_ ? std::exchange(late_, 0) : 0; }
  asio::awaitable<Result<void>> write(Bytes /*bytes*/) override {
    asked_at.push_back(now_);
    co_return Result<void>{};
  }
  [[nodiscard]] TimePoint earliest(std::size_t /*bytes*/) const override { return now_; }
  asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint /*deadline*/) override {
    buffer[0] = 1;
    late_at_ = now_ + 30ms;
    co_return std::size_t{1};
  }

  std::vector<TimePoint> asked_at;

 private:
  TimePoint now_{};
  TimePoint late_at_ = TimePoint::max();
  std::size_t late_ = 3;
};

TEST(Session, WaitsForSilenceWhereAQuestionWantsIt) {
  ChattyLine line;
  line::Session session(line);
  QuietDialogue dialogue;
  asio::io_context loop{1};
  asio::co_spawn(loop, [&]() -> asio::awaitable<void> { (void)co_await session.run(dialogue); }, asio::detached);
  loop.run();
  ASSERT_EQ(line.asked_at.size(), 2U);
  EXPECT_EQ(line.asked_at[1] - line.asked_at[0], 100ms) << "50 ms after the answer, and 50 ms after what came then";
  EXPECT_EQ(session.statistics().late_bytes, 3U);
}

TEST(Identity, ABoardThatTellsNoNumberIsNotAskedForLongOnANoisyLine) {
  const auto protocol =
      find_family("jbd")->make({.variant = {.dialect = "up", .baud = 9600, .address = 2}, .expected = true});
  const std::string who_are_you = to_hex(jbd::up::read_request(2, jbd::up::blocks::board));
  Recording silence;
  for (int asked = 0; asked < 60; ++asked) silence.ask(asked, who_are_you);
  link::ReplayLink line(silence.exchanges(), [](TimePoint) {});
  line::Session session(line);
  asio::io_context loop{1};
  int questions = 0;
  DeviceInfo who;
  who.serial = "not asked";
  asio::co_spawn(
      loop,
      [&]() -> asio::awaitable<void> {
        who = co_await line::ask_who_is_there(session, *protocol, true, [&] { ++questions; });
      },
      asio::detached);
  loop.run();
  EXPECT_EQ(questions, 2) << "the others on its line wait meanwhile";
  EXPECT_EQ(who.serial, "");
}

/// A board that answers, or is silent for a while, without a line.
class Board final : public Polled {
 public:
  Board(std::vector<std::string>& calls, std::string name, int silent_cycles)
      : calls_(calls), name_(std::move(name)), silent_cycles_(silent_cycles) {}

  asio::awaitable<Result<void>> cycle() override {
    calls_.push_back(name_);
    ++cycles_;
    failed_ = cycles_ <= silent_cycles_ ? failed_ + 1 : 0;
    if (calls_.size() > 100) co_return failure(ErrorKind::link, "enough");
    co_return Result<void>{};
  }
  [[nodiscard]] int failed_cycles() const override { return failed_; }
  [[nodiscard]] int cycles() const { return cycles_; }

 private:
  std::vector<std::string>& calls_;
  std::string name_;
  int silent_cycles_;
  int cycles_ = 0;
  int failed_ = 0;
};

void take_turns(std::span<Polled* const> boards) {
  link::ReplayLink line({{.time_s = 1e9, .request = {1}, .response = {}}}, [](TimePoint) {});
  asio::io_context loop{1};
  asio::co_spawn(
      loop, [&]() -> asio::awaitable<void> { (void)co_await poll_in_turn(line, boards, 1s); }, asio::detached);
  loop.run();
}

TEST(Turns, ASilentBoardHoldsUpNobody) {
  std::vector<std::string> calls;
  Board silent(calls, "silent", 1000);
  Board talking(calls, "talking", 0);
  Polled* const boards[] = {&silent, &talking};
  take_turns(boards);
  EXPECT_GT(talking.cycles(), 75);
  EXPECT_GT(silent.cycles(), 15) << "it is still asked now and then";
}

TEST(Turns, ABoardThatAnswersAgainIsBackInEveryRound) {
  std::vector<std::string> calls;
  Board late(calls, "late", 4);
  Board talking(calls, "talking", 0);
  Polled* const boards[] = {&talking, &late};
  take_turns(boards);
  EXPECT_GT(late.cycles(), 45);
}

TEST(Turns, TheOnlyBoardNeverRests) {
  std::vector<std::string> calls;
  Board silent(calls, "silent", 1000);
  Polled* const boards[] = {&silent};
  take_turns(boards);
  EXPECT_EQ(silent.cycles(), 101);
}

/// A capture of a board whose cable is pulled after one reading, and is back after 70 seconds.
std::string capture_of_an_outage() {
  std::string capture;
  const auto line = [&capture](double time_s, const std::string& request, const std::string& response) {
    capture += "{\"time_s\": " + std::to_string(time_s) + ", \"request\": \"" + request + "\", \"response\": [" +
               (response.empty() ? "" : "\"" + response + "\"") + "], \"response_time_s\": [" +
               (response.empty() ? "" : std::to_string(time_s + 0.05)) + "]}\n";
  };
  line(0, ask_basic, basic);
  line(0.1, ask_cells, cells);
  for (int second = 1; second < 70; ++second) line(second, ask_basic, "");
  line(70, ask_basic, basic);
  line(70.1, ask_cells, cells);
  return capture;
}

TEST(Replay, PublishesWhatTheDaemonWouldHave) {
  std::istringstream in(capture_of_an_outage());
  std::ostringstream out;
  std::ostringstream problems;
  EXPECT_EQ(replay(in, out, problems, {.bms = "jbd"}, {}), ExitCode::stopped);
  std::vector<nlohmann::json> cycles;
  std::istringstream lines(out.str());
  for (std::string text; std::getline(lines, text);) cycles.push_back(nlohmann::json::parse(text));
  const auto at = [&](double time_s, const char* path) {
    const auto cycle = std::ranges::find_if(cycles, [&](const auto& one) { return one["time_s"] >= time_s; });
    return cycle == cycles.end() ? nlohmann::json("never") : (*cycle)["items"][path];
  };
  EXPECT_EQ(at(0, "/Dc/0/Voltage"), 15.6);
  EXPECT_EQ(at(11, "/Info/MaxChargeCurrent"), 0.0);
  EXPECT_EQ(at(11, "/Dc/0/Voltage"), nullptr);
  EXPECT_EQ(at(66, "/Info/MaxChargeVoltage"), nullptr);
  EXPECT_EQ(cycles.back()["items"]["/Dc/0/Voltage"], 15.6);
  EXPECT_TRUE(std::ranges::all_of(cycles, [&](const auto& one) {
    return one["items"].size() == cycles.front()["items"].size();
  })) << "every value in every cycle";
  EXPECT_THAT(problems.str(), HasSubstr("no reading (silent)"));
}

TEST(Replay, PrintsATableForPeople) {
  std::istringstream in(capture_of_an_outage());
  std::ostringstream out;
  std::ostringstream problems;
  EXPECT_EQ(replay(in, out, problems, {.bms = "jbd", .table = true}, {}), ExitCode::stopped);
  std::vector<std::string> lines;
  std::istringstream text(out.str());
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  ASSERT_GT(lines.size(), 10U) << out.str();
  EXPECT_EQ(lines[0], "   time s         V         A   SoC %  state              CCL A    DCL A  reason");
  EXPECT_EQ(lines[1],
            "      0.1     15.60       0.0    99.0  Bulk                 0.0     60.0  CCL: highest cell 3.909 V, DCL: "
            "configured maximum");
  // Silent at first, lost in the end, and back.
  EXPECT_THAT(lines[2], HasSubstr("; no reading (silent): "));
  EXPECT_THAT(lines[10], testing::ContainsRegex("^ +[0-9.]+ +-- +-- +99.0  Blocked +0.0 +60.0  BMS does not answer; "));
  EXPECT_THAT(lines[lines.size() - 2], testing::ContainsRegex("^ +[0-9.]+ +-- +-- +--  Blocked +-- +--  BMS lost; "));
  EXPECT_THAT(lines.back(), testing::ContainsRegex("^     70[.][12]     15[.]60       0[.]0    99[.]0  "));
}

TEST(Replay, TellsAFileThatIsNoCapture) {
  std::istringstream in("hello\n");
  std::ostringstream out;
  std::ostringstream problems;
  EXPECT_EQ(replay(in, out, problems, {}, {}), ExitCode::configuration);
  EXPECT_THAT(problems.str(), HasSubstr("line 1: expected"));
}

TEST(Repeats, ThinsOutMoreAndMore) {
  Repeats repeats;
  TimePoint now = TimePoint{} + 1h;
  std::vector<std::uint64_t> lines;
  for (int i = 0; i < 3000; ++i) {
    if (const auto number = repeats.hit(ErrorKind::checksum, now += 1s)) lines.push_back(*number);
  }
  EXPECT_THAT(lines, testing::ElementsAre(1, 10, 100, 1000, 2000, 3000));
  EXPECT_EQ(repeats.hit(ErrorKind::silent, now), 1U);
  EXPECT_EQ(repeats.hit(ErrorKind::checksum, now + 11min), 1U);
}

}  // namespace
}  // namespace bms::driver
