#include "files/heartbeat.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace bms {
namespace {

using files::Heartbeat;
using files::HeartbeatWatch;

using namespace std::chrono_literals;

class HeartbeatTest : public testing::Test {
 protected:
  HeartbeatTest() { std::filesystem::remove_all(directory_); }
  ~HeartbeatTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::optional<Heartbeat::Moment> heard() const { return HeartbeatWatch(directory_, name_).last(); }

  void leave(const std::string& content) const {
    std::filesystem::create_directories(directory_ + "/heartbeat");
    std::ofstream(directory_ + "/heartbeat/" + name_) << content;
  }

  std::string name_ = "ttyUSB0";
  std::string directory_ = testing::TempDir() + "heartbeat-" + std::to_string(getpid());
  Heartbeat::Moment now_ = Heartbeat::Moment::clock::now();
};

TEST_F(HeartbeatTest, IsHeardByOthersToTheMillisecond) {
  Heartbeat heartbeat(directory_, name_);
  const HeartbeatWatch watch(directory_, name_);
  EXPECT_EQ(watch.last(), std::nullopt) << "it has not beaten yet";
  for (const auto ago : {90s, 3s, 0s}) {
    heartbeat.beat(now_ - ago);
    ASSERT_TRUE(watch.last());
    EXPECT_LE(*watch.last(), now_ - ago);
    EXPECT_GT(*watch.last(), now_ - ago - 1ms);
  }
}

TEST_F(HeartbeatTest, OfAnEarlierProcessIsForgottenByTheNext) {
  Heartbeat(directory_, name_).beat(now_);
  EXPECT_TRUE(heard()) << "it stays when the process ends, and grows old";
  const Heartbeat next(directory_, name_);
  EXPECT_EQ(heard(), std::nullopt);
}

TEST_F(HeartbeatTest, WhatIsNoBeatIsNone) {
  const std::string future = std::to_string((now_ + 1h).time_since_epoch() / 1ms);
  for (const std::string& content : {std::string{}, std::string{"words\n"}, std::string{"12"}, std::string{"-12\n"},
                                     std::string{"1 2\n"}, std::string{"99999999999999999\n"}, future + "\n"}) {
    leave(content);
    EXPECT_EQ(heard(), std::nullopt) << content;
  }
  leave("12\n");
  EXPECT_EQ(heard(), Heartbeat::Moment{12ms});
}

TEST_F(HeartbeatTest, WithoutADirectoryThereIsNone) {
  Heartbeat nowhere("", name_);
  nowhere.beat(now_);
  EXPECT_EQ(HeartbeatWatch("", name_).last(), std::nullopt);
  std::ofstream(directory_ + "-is-a-file") << "a file";
  Heartbeat impossible(directory_ + "-is-a-file", name_);
  impossible.beat(now_);
  std::filesystem::remove(directory_ + "-is-a-file");
}

}  // namespace
}  // namespace bms
