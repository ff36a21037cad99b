// Contact with the BMS: the stage in which a battery is kept, and lines on which polls fail.
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "battery/estimator.hpp"
#include "battery/model.hpp"
#include "sample.hpp"

namespace bms::battery {
namespace {

using namespace std::chrono_literals;
using test::healthy_reading;

class KeptBattery : public testing::Test {
 protected:
  Model model{test::bounds, Staleness{.keep_for = 29min}};
  TimePoint start = TimePoint{} + 1h;

  std::vector<Contact> stages_after(const Reading& last) {
    EXPECT_TRUE(model.accept(last, start));
    std::vector<Contact> stages;
    for (auto due = model.next_change(); due; due = model.next_change()) {
      model.time_passes(*due - 1ms);
      const Contact before = model.battery().contact;
      model.time_passes(*due);
      EXPECT_NE(model.battery().contact, before) << "next_change() is when something changes";
      stages.push_back(model.battery().contact);
      ages.push_back(std::chrono::duration<double>(*due - start).count());
    }
    return stages;
  }

  std::vector<double> ages;
};

TEST_F(KeptBattery, StaysForAWhileWhenItWasInNoDanger) {
  using enum Contact;
  EXPECT_EQ(stages_after(healthy_reading()), (std::vector{stale, kept, releasing, lost}));
  EXPECT_EQ(ages, (std::vector<double>{10, 60, 1800, 1804}));
  EXPECT_FALSE(model.battery().measurements_valid());
}

struct Danger {
  const char* name;
  void (*apply)(Reading&);
};

class BatteryInDanger : public KeptBattery, public testing::WithParamInterface<Danger> {};

TEST_P(BatteryInDanger, IsNotKept) {
  using enum Contact;
  Reading last = healthy_reading();
  GetParam().apply(last);
  EXPECT_EQ(stages_after(last), (std::vector{stale, releasing, lost}));
}

INSTANTIATE_TEST_SUITE_P(
    Dangers, BatteryInDanger,
    testing::Values(Danger{"low_cell", [](Reading& r) { r.cells_v[3] = 3.224; }},
                    Danger{"high_cell", [](Reading& r) { r.cells_v[3] = 3.376; }},
                    Danger{"alarm", [](Reading& r) { r.alarms.raise(Alarm::low_temperature, AlarmLevel::warning); }}),
    [](const auto& danger) { return std::string(danger.param.name); });

TEST(FailedPolls, AreCountedOverFiveMinutes) {
  Model model{test::bounds, {}};
  TimePoint now = TimePoint{} + 1h;
  const auto minutes = [&](int count, int one_in) {
    for (int i = 0; i < count * 60; ++i) {
      now += 1s;
      if (one_in > 0 && i % one_in == 0) {
        model.note_failure(now);
      } else {
        EXPECT_TRUE(model.accept(healthy_reading(), now));
      }
    }
    return model.battery().failed_polls_share;
  };
  EXPECT_EQ(minutes(6, 0), 0);
  EXPECT_NEAR(minutes(6, 4), 0.25, 0.01);
  EXPECT_NEAR(minutes(6, 10), 0.10, 0.01);
  EXPECT_EQ(minutes(6, 0), 0);
}

TEST(FailedPolls, DoNotCountWhileThereIsNoContact) {
  Model model{test::bounds, {}};
  TimePoint now = TimePoint{} + 1h;
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(model.accept(healthy_reading(), now += 1s));
  for (int i = 0; i < 30; ++i) {
    model.time_passes(now += 1s);
    model.note_failure(now);
    EXPECT_EQ(model.battery().failed_polls_share, 0);
  }
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(model.accept(healthy_reading(), now += 1s));
    EXPECT_EQ(model.battery().failed_polls_share, 0) << "nor do those with which the silence began";
  }
}

TEST(FailedPolls, OfASilenceThatIsNoOutageCount) {
  Model model{test::bounds, {}};
  TimePoint now = TimePoint{} + 1h;
  for (int i = 0; i < 20; ++i) {
    for (int failed = 0; failed < 8; ++failed) {
      model.time_passes(now += 1s);
      model.note_failure(now);
    }
    ASSERT_TRUE(model.accept(healthy_reading(), now += 1s));
  }
  EXPECT_GT(model.battery().failed_polls_share, 0.8);
}

TEST(FailedPolls, AreNotJudgedByTheFirstFew) {
  Model model{test::bounds, {}};
  const TimePoint now = TimePoint{} + 1h;
  model.note_failure(now);
  ASSERT_TRUE(model.accept(healthy_reading(), now + 1s));
  EXPECT_EQ(model.battery().failed_polls_share, 0);
}

TEST(FailedPolls, ARefusedReadingIsOne) {
  Model model{test::bounds, {}};
  TimePoint now = TimePoint{} + 1h;
  Reading absurd = healthy_reading();
  absurd.cells_v[0] = 6;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(model.accept(healthy_reading(), now += 1s));
    EXPECT_FALSE(model.accept(absurd, now += 1s));
  }
  EXPECT_NEAR(model.battery().failed_polls_share, 0.5, 0.02);
}

class CableAlarm : public testing::Test {
 protected:
  Config config;
  Battery battery;

  std::optional<AlarmLevel> frames(Estimator& estimator, Contact contact, int seconds, double failing = 0) {
    battery.reading = healthy_reading();
    battery.contact = contact;
    battery.failed_polls_share = failing;
    for (int i = 0; i < seconds; ++i) estimator.before_charge(battery, {}, 1);
    return battery.alarms[Alarm::bms_cable];
  }
  std::optional<AlarmLevel> silent(Estimator& estimator, Contact contact) {
    battery.contact = contact;
    estimator.contact_changed(battery);
    return battery.alarms[Alarm::bms_cable];
  }
};

TEST_F(CableAlarm, FollowsTheStagesAtOnceAndEndsWithContact) {
  Estimator estimator(config);
  EXPECT_EQ(frames(estimator, Contact::fresh, 5), AlarmLevel::ok);
  EXPECT_EQ(silent(estimator, Contact::stale), AlarmLevel::warning);
  const auto& cause = battery.alarm_causes[static_cast<std::size_t>(Alarm::bms_cable)];
  EXPECT_EQ(cause, "no answer from the BMS");
  for (const Contact contact : {Contact::kept, Contact::releasing, Contact::lost})
    EXPECT_EQ(silent(estimator, contact), AlarmLevel::alarm);
  EXPECT_EQ(cause, "BMS lost");
  EXPECT_EQ(frames(estimator, Contact::returning, 10), AlarmLevel::alarm);
  EXPECT_EQ(frames(estimator, Contact::fresh, 1), AlarmLevel::ok);
  EXPECT_TRUE(cause.empty());
}

TEST_F(CableAlarm, WarnsOfALineOnWhichPollsFail) {
  Estimator estimator(config);
  EXPECT_EQ(frames(estimator, Contact::fresh, 5, 0.19), AlarmLevel::ok);
  EXPECT_EQ(frames(estimator, Contact::fresh, 5, 0.21), AlarmLevel::warning);
  EXPECT_EQ(frames(estimator, Contact::fresh, 100, 0.11), AlarmLevel::warning);
  EXPECT_EQ(frames(estimator, Contact::fresh, 11, 0.09), AlarmLevel::ok);
  EXPECT_EQ(frames(estimator, Contact::fresh, 100, 1.0), AlarmLevel::warning) << "an alarm means silence";
}

TEST_F(CableAlarm, StaysAWarningWhileTheOwnerWishesSilence) {
  Estimator estimator(config);
  frames(estimator, Contact::fresh, 5);
  estimator.wish_silence(true);
  for (const Contact contact : {Contact::stale, Contact::kept, Contact::releasing, Contact::lost})
    EXPECT_EQ(silent(estimator, contact), AlarmLevel::warning);
  EXPECT_EQ(battery.alarm_causes[static_cast<std::size_t>(Alarm::bms_cable)], "left to others, as wished");
  EXPECT_EQ(frames(estimator, Contact::returning, 5), AlarmLevel::warning);
  EXPECT_EQ(frames(estimator, Contact::fresh, 1), AlarmLevel::ok);
}

TEST_F(CableAlarm, RisesWhenTheBmsIsStillLostOnceSilenceIsNotWishedAnyMore) {
  Estimator estimator(config);
  estimator.wish_silence(true);
  EXPECT_EQ(silent(estimator, Contact::lost), AlarmLevel::warning);
  estimator.wish_silence(false);
  EXPECT_EQ(silent(estimator, Contact::lost), AlarmLevel::alarm);
  estimator.wish_silence(true);
  EXPECT_EQ(silent(estimator, Contact::lost), AlarmLevel::alarm)
      << "an alarm that was raised is not taken back by a wish";
}

TEST_F(CableAlarm, CanBeSwitchedOff) {
  config.alarms.bms_cable = false;
  Estimator estimator(config);
  frames(estimator, Contact::fresh, 5);
  EXPECT_FALSE(silent(estimator, Contact::lost));
}

}  // namespace
}  // namespace bms::battery
