// Section [mqtt] of config.ini.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "config/config.hpp"

namespace bms::config {
namespace {

Config read(const std::string& text) {
  std::istringstream in(text);
  return Config::read(in);
}

TEST(MqttConfig, IsOffUnlessSomebodyNamesABroker) {
  const auto nothing = Config().section<mqtt::Config>();
  EXPECT_TRUE(nothing.host.empty());
  EXPECT_EQ(nothing.commands, mqtt::Commands::no);
  EXPECT_EQ(nothing.port_number(), 1883);
  const auto config =
      read("[mqtt]\nhost = broker.lan\ntls = yes\nuser = me\npassword_file = /data/p\ncommands = limits\n");
  EXPECT_TRUE(config.faults().empty());
  const auto broker = config.section<mqtt::Config>();
  EXPECT_EQ(broker.host, "broker.lan");
  EXPECT_EQ(broker.port_number(), 8883) << "the usual one with TLS";
  EXPECT_EQ(broker.commands, mqtt::Commands::limits);
}

TEST(MqttConfig, WhatIsNoSuchValueAllowsLess) {
  const auto config = read("[mqtt]\nport = 70000\ncommands = everything\nheartbeat = 1\npassword = sesame\n");
  ASSERT_EQ(config.faults().size(), 4);
  const auto broker = config.section<mqtt::Config>();
  EXPECT_EQ(broker.port_number(), 1883);
  EXPECT_EQ(broker.commands, mqtt::Commands::no);
  EXPECT_EQ(broker.heartbeat_s, 25);
  EXPECT_NE(config.faults()[3].message.find("\"password_file\" names a file"), std::string::npos);
  const auto twice = read("[mqtt]\ncommands = all\ncommands = no\n");
  EXPECT_EQ(twice.section<mqtt::Config>().commands, mqtt::Commands::no) << "the one that allows less";
}

TEST(BrokerOptions, ASlipEncryptsRatherThanNot) {
  for (const char* doubtful : {"tls = ja", "tls = no\ntls = yes", "tls = "}) {
    const auto config = read(std::string("[mqtt]\nhost = broker.lan\n") + doubtful + "\n");
    EXPECT_TRUE(config.section<mqtt::Config>().tls) << doubtful;
    EXPECT_FALSE(config.faults().empty()) << doubtful;
  }
  EXPECT_FALSE(read("[mqtt]\nhost = broker.lan\ntls = yes\ninsecure = ja\n").section<mqtt::Config>().insecure);
}

TEST(BrokerOptions, TheHostIsANameOrAnAddressAlone) {
  for (const char* good : {"broker.lan", "192.168.1.10", "::1", "fe80::1%eth0"})
    EXPECT_EQ(read(std::string("[mqtt]\nhost = ") + good + "\n").section<mqtt::Config>().host, good);
  for (const char* bad : {"broker.lan:1883", "mqtt://broker.lan", "me@broker.lan", "[::1]:1883"}) {
    const auto config = read(std::string("[mqtt]\nhost = ") + bad + "\n");
    EXPECT_EQ(config.section<mqtt::Config>().host, "") << bad;
    ASSERT_EQ(config.faults().size(), 1U) << bad;
    EXPECT_NE(config.faults().front().message.find("since the port is an option of its own"), std::string::npos) << bad;
  }
}

}  // namespace
}  // namespace bms::config
