// The life of alarms across silence, return and restart, counted as an owner hears of them: in notifications.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "driver/pipeline.hpp"
#include "items/alarm_paths.hpp"
#include "items/battery_items.hpp"
#include "sample.hpp"

namespace bms {
namespace {

using namespace std::chrono_literals;
using items::Value;
using test::healthy_reading;

/// What venus-platform makes of the alarms of one service: a notification for each change to another level than 0, and
/// for each alarm that the service has when it appears (src/alarm_monitor.cpp, updateAlarm).
class Bell {
 public:
  void see(const items::ItemTree& tree) {
    for (const AlarmEffect& effect : alarm_effects)
      see(effect.alarm, tree[*tree.find(items::path_of(effect.alarm))].value);
  }

  /// The service has left the bus: what is shown of it is forgotten.
  void forget() { shown_.clear(); }

  /// The levels of which people were notified, in order.
  [[nodiscard]] std::vector<int> heard(Alarm alarm) const {
    const auto found = heard_.find(alarm);
    return found == heard_.end() ? std::vector<int>{} : found->second;
  }
  [[nodiscard]] std::size_t heard_of_others(Alarm alarm) const {
    std::size_t sum = 0;
    for (const auto& [one, levels] : heard_) sum += one == alarm ? 0 : levels.size();
    return sum;
  }

 private:
  void see(Alarm alarm, const Value& value) {
    if (shown_[alarm] == value) return;
    shown_[alarm] = value;
    if (const auto* level = std::get_if<std::int32_t>(&value); level != nullptr && *level != 0)
      heard_[alarm].push_back(*level);
  }

  std::map<Alarm, Value> shown_;
  std::map<Alarm, std::vector<int>> heard_;
};

/// A battery with its driver and its screen, polled once a second.
class Watched : public testing::Test {
 protected:
  Watched() { config.battery.poll_interval_s = 1; }

  void start() {
    pipeline = std::make_unique<driver::Pipeline>(test::bounds, config);
    ASSERT_TRUE(pipeline->take(board, false, now));
    pipeline->adopt({.family = "JBD", .model = {}, .serial = {}, .firmware = {}}, config, recalled, now);
    items = std::make_unique<items::BatteryItems>(
        items::ServiceFacts{.who = {.place = "t"}, .version = {}, .custom_name = {}}, pipeline->battery(),
        UserBounds{});
    show();
  }

  void show() {
    items->update(pipeline->battery(), pipeline->limits());
    bell.see(items->tree());
  }

  /// Stages happen at their own times, between polls as well.
  void pass(Clock::duration time) {
    const TimePoint then = now + time;
    for (auto due = pipeline->next_change(now); due && *due <= then; due = pipeline->next_change(now)) {
      now = std::max(*due, now);
      pipeline->time_passes(now);
      show();
    }
    now = then;
  }

  void answers(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      pass(1s);
      // What jumps is only believed when it has been repeated.
      if (!pipeline->take(board, false, now)) continue;
      show();
    }
  }

  void is_silent(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      pass(1s);
      pipeline->note_failure(now);
    }
  }

  void restarts() {
    recalled = driver::Recalled{.what = pipeline->remembered(), .down_s = 10};
    bell.forget();
    start();
  }

  [[nodiscard]] Value shown(std::string_view path) const { return items->tree()[*items->tree().find(path)].value; }
  [[nodiscard]] Value level(Alarm alarm) const { return shown(items::path_of(alarm)); }

  driver::PipelineConfig config;
  Reading board = healthy_reading();
  TimePoint now = TimePoint{} + 1h;
  std::optional<driver::Recalled> recalled;
  std::unique_ptr<driver::Pipeline> pipeline;
  std::unique_ptr<items::BatteryItems> items;
  Bell bell;
};

using Levels = std::vector<int>;

struct Outage {
  int contact_s, silent_s;
  Levels heard;
};

class OneOutage : public Watched, public testing::WithParamInterface<Outage> {};

TEST_P(OneOutage, IsOneAlarmThatRises) {
  start();
  answers(GetParam().contact_s);
  is_silent(GetParam().silent_s);
  answers(900);
  EXPECT_EQ(bell.heard(Alarm::bms_cable), GetParam().heard);
  EXPECT_EQ(bell.heard_of_others(Alarm::bms_cable), 0U);
  EXPECT_EQ(level(Alarm::bms_cable), Value{0});
}

INSTANTIATE_TEST_SUITE_P(
    Lengths, OneOutage,
    testing::Values(Outage{400, 5, {}}, Outage{400, 8, {}}, Outage{400, 12, {1}}, Outage{400, 30, {1}},
                    Outage{400, 58, {1}}, Outage{400, 70, {1, 2}}, Outage{400, 300, {1, 2}}, Outage{400, 7200, {1, 2}},
                    // So few polls that the failing ones are a large share of all.
                    Outage{22, 15, {1}}, Outage{5, 40, {1}}, Outage{35, 70, {1, 2}}, Outage{60, 200, {1, 2}}),
    [](const auto& outage) {
      return std::to_string(outage.param.contact_s) + "_then_" + std::to_string(outage.param.silent_s);
    });

TEST_F(Watched, TheCableAlarmEndsWhenContactIsBelievedAgain) {
  start();
  for (const int silent_s : {20, 70, 400}) {
    answers(400);
    is_silent(silent_s);
    int seconds = 0;
    while (pipeline->battery().contact != Contact::fresh && seconds < 60) {
      EXPECT_NE(level(Alarm::bms_cable), Value{0}) << "not believed yet";
      EXPECT_NE(shown("/State"), Value{9});
      answers(1);
      ++seconds;
    }
    EXPECT_LE(seconds, 6);
    EXPECT_EQ(level(Alarm::bms_cable), Value{0}) << silent_s;
    EXPECT_EQ(shown("/State"), Value{9});
  }
}

TEST_F(Watched, AnOutageWithAFewWordsInItIsStillOne) {
  start();
  answers(100);
  is_silent(70);
  for (int i = 0; i < 20; ++i) {
    answers(2);
    is_silent(i % 2 == 0 ? 20 : 80);
  }
  answers(600);
  EXPECT_EQ(bell.heard(Alarm::bms_cable), (Levels{1, 2}));
  is_silent(30);
  answers(60);
  EXPECT_EQ(bell.heard(Alarm::bms_cable), (Levels{1, 2, 1})) << "another one";
}

TEST_F(Watched, AKeptBatteryIsNoFurtherAlarm) {
  config.staleness.keep_for = 20min;
  for (double& cell_v : board.cells_v) cell_v = 3.30;
  board.voltage_v = 16 * 3.30;
  start();
  answers(100);
  is_silent(3000);
  answers(600);
  EXPECT_EQ(bell.heard(Alarm::bms_cable), (Levels{1, 2}));
}

TEST_F(Watched, ALineOnWhichPollsFailWarnsOnceAlsoAroundAnOutage) {
  start();
  const auto bad_line = [this](int seconds) {
    for (int i = 0; i < seconds / 3; ++i) {
      answers(2);
      is_silent(1);
    }
  };
  bad_line(300);
  EXPECT_EQ(bell.heard(Alarm::bms_cable), (Levels{1}));
  is_silent(30);
  bad_line(300);
  EXPECT_EQ(bell.heard(Alarm::bms_cable), (Levels{1})) << "the warning was there all the time";
  answers(600);
  EXPECT_EQ(level(Alarm::bms_cable), Value{0});
}

/// A cause of an alarm, and how the board takes it back.
struct Cause {
  const char* name;
  Alarm alarm;
  void (*raise)(Reading&);
  void (*withdraw)(Reading&);
};

void cell_at(Reading& board, double cell_v) {
  board.cells_v[3] = cell_v;
  board.voltage_v = 0;
  for (const double each_v : board.cells_v) *board.voltage_v += each_v;
}

const Cause causes[] = {
    {"bit_of_the_bms", Alarm::high_temperature,
     [](Reading& board) { board.alarms.set(Alarm::high_temperature, AlarmLevel::alarm); },
     [](Reading& board) { board.alarms.set(Alarm::high_temperature, AlarmLevel::ok); }},
    {"failure_of_the_bms", Alarm::internal_failure,
     [](Reading& board) { board.alarms.set(Alarm::internal_failure, AlarmLevel::alarm); },
     [](Reading& board) { board.alarms.set(Alarm::internal_failure, AlarmLevel::ok); }},
    {"cell", Alarm::low_cell_voltage, [](Reading& board) { cell_at(board, 2.80); },
     [](Reading& board) { cell_at(board, 3.30); }},
    {"cell_between_the_thresholds", Alarm::low_cell_voltage, [](Reading& board) { cell_at(board, 2.80); },
     [](Reading& board) { cell_at(board, 2.97); }},
    {"soc", Alarm::low_soc, [](Reading& board) { board.soc_pct = 5; }, [](Reading& board) { board.soc_pct = 60; }},
};

class RaisedAlarm : public Watched, public testing::WithParamInterface<Cause> {
 protected:
  void SetUp() override {
    board.alarms.declare(Alarm::high_temperature);
    start();
    answers(30);
    GetParam().raise(board);
    answers(200);
    ASSERT_EQ(level(alarm), Value{2});
    before = bell.heard(alarm);
  }

  [[nodiscard]] std::size_t heard_since() const { return bell.heard(alarm).size() - before.size(); }

  const Alarm alarm = GetParam().alarm;
  Levels before;
};

TEST_P(RaisedAlarm, IsNotHeardOfAgainAfterASilence) {
  is_silent(40);
  EXPECT_EQ(level(alarm), Value{2}) << "nobody has withdrawn it";
  answers(300);
  EXPECT_EQ(level(alarm), Value{2});
  EXPECT_EQ(heard_since(), 0U);
}

TEST_P(RaisedAlarm, ThatIsWithdrawnInASilenceEndsWithoutANotification) {
  is_silent(40);
  GetParam().withdraw(board);
  answers(400);
  if (std::string(GetParam().name) != "cell_between_the_thresholds") {
    EXPECT_EQ(level(alarm), Value{0});
  }
  EXPECT_TRUE(std::ranges::none_of(bell.heard(alarm), [](int level) { return level > 2; }));
  EXPECT_LE(heard_since(), std::string(GetParam().name) == "cell_between_the_thresholds" ? 1U : 0U);
}

TEST_P(RaisedAlarm, IsHeardOfAgainAfterALossWhereItIsStillTrue) {
  is_silent(200);
  EXPECT_EQ(level(alarm), Value{}) << "nobody knows";
  answers(1);
  EXPECT_EQ(level(alarm), Value{2}) << "in the first reading: it was proved before";
  answers(300);
  EXPECT_EQ(heard_since(), 1U);
}

TEST_P(RaisedAlarm, ThatIsWithdrawnInALossIsOver) {
  is_silent(200);
  GetParam().withdraw(board);
  answers(1);
  EXPECT_EQ(level(alarm), Value{0});
  answers(400);
  EXPECT_EQ(level(alarm), Value{0});
  EXPECT_EQ(heard_since(), 0U);
}

TEST_P(RaisedAlarm, IsThereFromTheFirstMomentAfterARestart) {
  restarts();
  EXPECT_EQ(level(alarm), Value{2});
  answers(300);
  EXPECT_EQ(heard_since(), 1U) << "venus-platform forgot it with the service";
}

TEST_P(RaisedAlarm, ThatIsWithdrawnBeforeARestartIsOver) {
  GetParam().withdraw(board);
  restarts();
  answers(400);
  EXPECT_EQ(level(alarm), Value{0});
  EXPECT_EQ(heard_since(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Causes, RaisedAlarm, testing::ValuesIn(causes),
                         [](const auto& cause) { return std::string(cause.param.name); });

TEST_F(Watched, AnAlarmThatBeginsInALossNeedsItsProof) {
  start();
  answers(100);
  is_silent(200);
  board.alarms.set(Alarm::high_temperature, AlarmLevel::alarm);
  answers(1);
  EXPECT_EQ(level(Alarm::high_temperature), Value{0}) << "one frame may be wrong";
  answers(1);
  EXPECT_EQ(level(Alarm::high_temperature), Value{2});
}

TEST_F(Watched, ARestartDuringAnOutageLeavesNoCableAlarmBehind) {
  start();
  answers(100);
  is_silent(200);
  restarts();
  answers(100);
  EXPECT_EQ(level(Alarm::bms_cable), Value{0});
  EXPECT_EQ(bell.heard(Alarm::bms_cable), (Levels{1, 2}));
}

}  // namespace
}  // namespace bms
