// Section [bridge] of config.ini.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "config/config.hpp"
#include "config/options.hpp"

namespace bms::config {
namespace {

Config read(const std::string& text) {
  std::istringstream in(text);
  return Config::read(in);
}

TEST(BridgeConfig, IsOffUnlessSomebodySaysSo) {
  EXPECT_FALSE(Config().section<bridge::Config>().enabled);
  EXPECT_FALSE(read("[default]\npoll_interval = 2\n").section<bridge::Config>().enabled);
  const auto config = read("[bridge]\nenabled = yes\nmode = classic\nbatteries = ttyUSB0, 3\ninterval = 4\n");
  EXPECT_TRUE(config.faults().empty());
  EXPECT_TRUE(config.section<bridge::Config>().enabled);
  EXPECT_EQ(config.section<bridge::Config>().style, bridge::Style::classic);
  EXPECT_EQ(config.section<bridge::Config>().batteries, "ttyUSB0, 3");
  EXPECT_EQ(config.section<bridge::Config>().interval_s, 4);
  EXPECT_EQ(config.option_count(), 4);
  EXPECT_EQ(config.section_count(), 1);
}

TEST(BridgeConfig, FaultsNameTheLineAndFallBackToTheSaferValue) {
  const auto config = read(
      "[bridge]\nenabled = perhaps\nstale_after = 600\nallow_after = 1\nuse_mod = yes\nstale_after = 6\n"
      "poll_interval = 2\n");
  ASSERT_EQ(config.faults().size(), 6);
  EXPECT_EQ(config.faults()[0].text(), "config.ini:2: enabled = perhaps: expected yes or no; enabled = no is used");
  EXPECT_EQ(config.faults()[1].line, 3);
  EXPECT_NE(config.faults()[3].message.find("did you mean \"use_mode\"?"), std::string::npos);
  EXPECT_NE(config.faults()[5].message.find("there is no option \"poll_interval\""), std::string::npos);
  EXPECT_FALSE(config.section<bridge::Config>().enabled);
  EXPECT_EQ(config.section<bridge::Config>().stale_after_s, 6) << "the lower one of both lines";
  EXPECT_EQ(config.section<bridge::Config>().allow_after_s, bridge::Config{}.allow_after_s);
}

TEST(BridgeConfig, ItsOptionsAreNoOptionsOfABattery) {
  const auto config = read("[default]\nenabled = yes\n");
  ASSERT_EQ(config.faults().size(), 1);
  EXPECT_FALSE(config.section<bridge::Config>().enabled);
}

TEST(BridgeConfig, IsExplained) {
  const auto explained = read("[bridge]\nuse_mode = yes\n").explain({""});
  const auto option = std::ranges::find(explained, "bridge.use_mode", &Explanation::name);
  ASSERT_NE(option, explained.end());
  EXPECT_EQ(option->value, "yes");
  EXPECT_EQ(option->from, "config.ini:2 [bridge]");
  EXPECT_EQ(std::ranges::find(explained, "bridge.interval", &Explanation::name)->from, "default");
}

TEST(BridgeConfig, EveryDefaultIsAllowedAndEveryOptionIsDescribed) {
  for (const OptionGroup& group : bridge_options().groups()) {
    for (const Option& option : group.options) {
      bridge::Config values;
      EXPECT_TRUE(option.set(values, 0, option.text(values))) << option.name;
      EXPECT_FALSE(option.description.empty()) << option.name;
    }
  }
}

}  // namespace
}  // namespace bms::config
