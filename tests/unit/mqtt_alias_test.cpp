// The topics of other programs: what they would have published of the same frames.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "battery/derive.hpp"
#include "bms/hex.hpp"
#include "chargery/chargery.hpp"
#include "chargery_wire.hpp"
#include "items_sample.hpp"
#include "mqtt/alias_topics.hpp"
#include "rec_fixture.hpp"

namespace bms::mqtt {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;
using Published = std::map<std::string, std::string>;

Battery battery_of(const Reading& reading, const Protocol& protocol) {
  Battery battery;
  battery.contact = Contact::fresh;
  battery.reading = reading;
  battery.derived = battery::derive(reading);
  battery.cell_count = reading.cells_v.size();
  protocol.add_extras(battery.extras);
  return battery;
}

/// Takes everything.
struct Taker {
  Published published;

  [[nodiscard]] AliasTopics::Publish publish() {
    return [this](const std::string& topic, const std::string& payload) {
      published[topic] = payload;
      return true;
    };
  }
};

Published published_of(const Battery& battery, const Config& config) {
  AliasTopics topics(*alias_set(config.aliases), config, battery);
  const AliasTopics::Clock::time_point now{1h};
  topics.update(battery, now);
  Taker taker;
  topics.send(taker.publish(), now);
  return taker.published;
}

bool same_number(const std::string& a, const std::string& b) { return std::abs(std::stod(a) - std::stod(b)) < 1e-9; }

TEST(MqttAliases, AreWhatTheChargeryProgramPublishesOfTheSameFrames) {
  std::ifstream file(TEST_FRAMES_DIR "/../recorded/chargery_program.json");
  const Json recorded = Json::parse(file);
  ASSERT_GE(recorded["cases"].size(), 4);
  for (const Json& one : recorded["cases"]) {
    const std::string name = one["name"];
    chargery_test::ByteVector stream;
    for (const std::string frame : one["frames"]) stream = chargery_test::concat(stream, from_hex(frame).value());
    const auto protocol = chargery::make();
    const auto heard = chargery_test::listen(protocol->poll(), {stream, stream, stream});
    ASSERT_TRUE(heard.result) << name;
    Published published = published_of(battery_of(*heard.result, *protocol), Config{.aliases = Aliases::chargery});
    for (const auto& [topic, payload] : one["published"].items()) {
      const std::string theirs = payload;
      ASSERT_TRUE(published.contains(topic)) << name << ": " << topic;
      const std::string ours = published[topic];
      // The program adds binary fractions up and shows what is left over: 26.411999999999995.
      const bool sum = topic.ends_with("/batteryvolt") || topic.ends_with("/aggimped");
      EXPECT_TRUE(ours == theirs || (sum && same_number(ours, theirs)))
          << name << ": " << topic << " is " << ours << ", the program says " << theirs;
      published.erase(topic);
    }
    EXPECT_TRUE(published.empty()) << name << ": the program has no " << published.begin()->first;
  }
}

struct RecAliases : rec::RecPoll {
  [[nodiscard]] Published published(const Config& config = {.aliases = Aliases::rec}) {
    const Reading reading = polls(rec::polls_to_know_everything);
    return published_of(battery_of(reading, *protocol), config);
  }
};

TEST_F(RecAliases, AreThoseOfTheExporter) {
  unit.current_a = -12.25;
  const Published expected{
      {"battery/cell/1/volts", "3.31"},
      {"battery/cell/2/volts", "3.32"},
      {"battery/cell/3/volts", "3.33"},
      {"battery/cell/4/volts", "3.3"},
      {"battery/cell/1/ohms", "0.0011000000"},
      {"battery/cell/2/ohms", "0.0012000000"},
      {"battery/cell/3/ohms", "0.0013000000"},
      {"battery/cell/4/ohms", "0.0014000000"},
      {"battery/status/Minimum_Cell_Voltage", "3.3"},
      {"battery/status/Maximum_Cell_Voltage", "3.33"},
      {"battery/status/Pack_Current", "-12.25"},
      {"battery/status/Maximum_Temperature", "21"},
      {"battery/status/Pack_Voltage", "13.26"},
      {"battery/status/State_of_Charge", "0.6"},
      {"battery/status/State_of_Health", "0.99"},
      {"battery/status/BMS_Address_of_Minimum_Cell_Voltage", "1"},
      {"battery/status/Cell_Address_of_Minimum_Cell_Voltage", "4"},
      {"battery/status/BMS_Address_of_Maximum_Cell_Voltage", "1"},
      {"battery/status/Cell_Address_of_Maximum_Cell_Voltage", "3"},
      {"battery/status/BMS_Address_of_Maximum_Temp_Sensor", "1"},
      {"battery/status/Temp_Sensor_Address_of_Maximum_Value", "2"},
      {"battery/status/Amp_Hours_since_last_charge", "300"},
      {"battery/status/temperature/bms/1", "28.5"},
      {"battery/status/temperature/pack/1", "20"},
      {"battery/status/temperature/pack/2", "21"},
  };
  EXPECT_EQ(published(), expected);
}

TEST_F(RecAliases, BeginAsTheOwnerHadIt) {
  for (const auto& [topic, payload] : published({.aliases = Aliases::rec, .alias_prefix = "bus/house"}))
    EXPECT_TRUE(topic.starts_with("bus/house/battery/")) << topic;
}

// A unit that measures no resistances has no topics for them, and all others as before.
TEST_F(RecAliases, LeaveOutWhatTheUnitDoesNotSay) {
  unit.silent.insert("RINT");
  const Published without = published();
  EXPECT_FALSE(without.contains("battery/cell/1/ohms"));
  EXPECT_EQ(without.size(), 21);
}

TEST(MqttAliases, AreNobodysUnlessWanted) { EXPECT_EQ(alias_set(Aliases::no), nullptr); }

struct AliasRates : testing::Test {
  Battery battery = items::test::sample();
  AliasTopics::Clock::time_point now{1h};
  Config config{.interval_s = 5, .heartbeat_s = 25, .aliases = Aliases::chargery};
  AliasTopics topics{*alias_set(config.aliases), config, battery};

  Published after(AliasTopics::Clock::duration wait) {
    now += wait;
    topics.update(battery, now);
    Taker taker;
    topics.send(taker.publish(), now);
    return taker.published;
  }
};

TEST_F(AliasRates, AChangeWaitsForTheIntervalAndGoesAlone) {
  EXPECT_GT(after(0s).size(), 24);
  battery.reading.current_a = -21;
  EXPECT_TRUE(after(1s).empty());
  EXPECT_EQ(after(4s), (Published{{"chargerybms/current", "-21.0"}}));
  EXPECT_TRUE(after(5s).empty()) << "nothing is new";
}

TEST_F(AliasRates, EverythingComesAgainWithTheHeartbeat) {
  const Published first = after(0s);
  EXPECT_TRUE(after(24s).empty());
  EXPECT_EQ(after(1s), first);
}

TEST_F(AliasRates, WhatIsNotKnownIsNotSent) {
  battery.reading.soc_pct.reset();
  EXPECT_FALSE(after(0s).contains("chargerybms/soc"));
  battery.reading.soc_pct = 50.4;
  EXPECT_EQ(after(5s), (Published{{"chargerybms/soc", "50"}}));
}

TEST_F(AliasRates, WhatIsNotTakenIsSentLaterAsItIsByThen) {
  topics.update(battery, now);
  int taken = 0;
  topics.send([&taken](const std::string&, const std::string&) { return ++taken <= 3; }, now);
  battery.reading.current_a = 7;
  const Published rest = after(5s);
  EXPECT_EQ(rest.at("chargerybms/current"), "7.0");
  EXPECT_FALSE(rest.contains("chargerybms/amphour")) << "it was the first that was taken";
}

TEST_F(AliasRates, AnotherBrokerIsToldEverything) {
  const Published first = after(0s);
  topics.repeat();
  EXPECT_EQ(after(1s), first);
}

}  // namespace
}  // namespace bms::mqtt
