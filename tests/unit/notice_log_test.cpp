// What the log says of a capacity that changes, and of what the owner should put right.
#include "driver/notice_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>

namespace bms::driver {
namespace {

using testing::HasSubstr;

class NoticeLogTest : public testing::Test {
 protected:
  NoticeLogTest() {
    auto logger = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(said_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~NoticeLogTest() override { spdlog::set_default_logger(before_); }
  NoticeLogTest(const NoticeLogTest&) = delete;
  NoticeLogTest& operator=(const NoticeLogTest&) = delete;

  /// What is new in the log.
  std::string follow() {
    said_.str("");
    log.follow(battery, "tty: ");
    return said_.str();
  }

  Battery battery;
  NoticeLog log;

 private:
  std::ostringstream said_;
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

TEST_F(NoticeLogTest, ACapacityThatChangesIsSaidWhenItIsDoubtedAndWhenItIsBelieved) {
  EXPECT_EQ(follow(), "");
  battery.estimate.capacity_ah = 100;
  EXPECT_EQ(follow(), "info tty: the capacity is 100.0 Ah\n");
  battery.estimate.doubted_capacity_ah = 655.35;
  EXPECT_THAT(follow(), HasSubstr("warning tty: the BMS says a capacity of 655.4 Ah instead of 100.0 Ah"));
  EXPECT_EQ(follow(), "") << "once";
  battery.estimate.doubted_capacity_ah.reset();
  EXPECT_EQ(follow(), "");
  battery.estimate.doubted_capacity_ah = 655.35;
  EXPECT_EQ(follow(), "") << "the same again";
  battery.estimate = {};
  battery.estimate.capacity_ah = 655.35;
  EXPECT_THAT(follow(), HasSubstr("warning tty: the capacity is 655.4 Ah now, was 100.0 Ah"));
  battery.estimate.capacity_ah = 655.0;
  EXPECT_EQ(follow(), "") << "what a BMS learns";
  battery.estimate.capacity_ah.reset();
  EXPECT_THAT(follow(), HasSubstr("no longer known"));
}

TEST_F(NoticeLogTest, NoticesAreSaidWhenTheyComeAndWhenTheyGo) {
  battery.notices = {{"a", false}, {"b", true}};
  EXPECT_EQ(follow(), "warning tty: a\nwarning tty: b\n");
  EXPECT_EQ(follow(), "");
  battery.notices = {{"b", true}, {"c", false}};
  EXPECT_EQ(follow(), "warning tty: c\ninfo tty: no longer: a\n");
  battery.notices.clear();
  EXPECT_EQ(follow(), "info tty: no longer: b\ninfo tty: no longer: c\n");
}

}  // namespace
}  // namespace bms::driver
