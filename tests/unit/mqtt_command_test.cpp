// What comes from a broker, and what is read besides: commands, topics, passwords, the topics that it holds.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "../fuzz/scratch.hpp"
#include "mqtt/allowance.hpp"
#include "mqtt/command.hpp"
#include "mqtt/password.hpp"
#include "mqtt/published_document.hpp"
#include "mqtt/retained_topics.hpp"
#include "mqtt/topics.hpp"

namespace bms::mqtt {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view prefix = "dbus-bms/jbd_1/command/";

auto command(const std::string& name, const std::string& payload, Commands allowed = Commands::all,
             bool retained = false) {
  return command_of({.topic = std::string(prefix) + name, .payload = payload, .retained = retained}, prefix, allowed);
}

TEST(MqttCommand, IsANumberAndNothingElse) {
  EXPECT_EQ(number_of("12.5"), 12.5);
  EXPECT_EQ(number_of("-3"), -3);
  EXPECT_EQ(number_of("0"), 0);
  EXPECT_EQ(number_of("ON"), 1);
  EXPECT_EQ(number_of("OFF"), 0);
  for (const char* no : {"",    "nan",   "inf", "-inf", "infinity", "0x1F", "1e3",   "1E3",
                         "12 ", " 12",   "12A", "+5",   "1,5",      "on",   "off",   "--1",
                         "1-",  "1.2.3", ".",   "-",    "true",     "null", "\"1\"", "999999999999999999999"})
    EXPECT_FALSE(number_of(no)) << no;
  EXPECT_FALSE(number_of(std::string_view("1\0", 2)));
}

TEST(MqttCommand, IsFoundByItsTopic) {
  const auto found = command("max_charge_current", "20.5");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->row->path, "/Settings/MaxChargeCurrent");
  EXPECT_EQ((*found)->value, items::Incoming{20.5});
}

TEST(MqttCommand, IsRefusedWithItsReason) {
  const auto why = [](const auto& refused) { return refused ? std::string("it is not refused") : refused.error(); };
  EXPECT_EQ(why(command("max_charge_current", "1", Commands::all, true)), "it was retained, and is not obeyed");
  EXPECT_EQ(why(command("nothing", "1")), "there is no such command");
  EXPECT_EQ(why(command("", "1")), "there is no such command");
  EXPECT_EQ(why(command("max_charge_current/x", "1")), "there is no such command");
  EXPECT_EQ(why(command("soc", "50", Commands::limits)), "[mqtt] commands does not allow it: it needs commands = all");
  EXPECT_EQ(why(command("charge_fet", "ON", Commands::limits)),
            "[mqtt] commands does not allow it: it needs commands = all and writes = switches");
  EXPECT_EQ(why(command("soc", std::string(65, '1'))), "it is longer than any command");
  EXPECT_EQ(why(command("soc", "full")), "expected a number, ON or OFF, found \"full\"");
  EXPECT_EQ(why(command("soc", "2\n\x1b[A")), "expected a number, ON or OFF, found \"2??[A\"");
  EXPECT_EQ(why(command("soc", std::string(64, 'x'))),
            "expected a number, ON or OFF, found \"" + std::string(32, 'x') + "...\"");
  EXPECT_EQ(why(command("soc", "")), "expected a number, ON or OFF, found \"\"");
}

TEST(MqttCommand, IsNobodysWhereNoneAreAllowedOrTheTopicIsAnother) {
  const auto nobodys = [](const auto& found) { return found && !*found; };
  EXPECT_TRUE(nobodys(command("soc", "50", Commands::no)));
  EXPECT_TRUE(nobodys(command("result", "{}"))) << "our own answers";
  EXPECT_TRUE(nobodys(command_of({.topic = "dbus-bms/jbd_12/command/soc", .payload = "1"}, prefix, Commands::all)));
}

TEST(MqttCommand, EveryRowIsASettingOrTheHistory) {
  for (const CommandRow& row : command_rows()) {
    EXPECT_NE(row.least, Commands::no) << row.name;
    EXPECT_TRUE(row.path.starts_with("/Settings/") || row.path == "/History/Clear") << row.name;
  }
}

TEST(MqttCommand, SwitchesOnWhatItsItemSwitchesOff) {
  for (const auto& [payload, off] : {std::pair<std::string, double>{"ON", 0}, {"1", 0}, {"OFF", 1}, {"0", 1}}) {
    const auto found = command("charge_fet", payload);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->row->path, "/Settings/ForceChargingOff");
    EXPECT_EQ((*found)->value, items::Incoming{off}) << payload;
  }
  EXPECT_FALSE(command("discharge_fet", "OFF", Commands::limits));
}

/// An item with this range, or with none; `type`: what it holds.
items::Item item_for(std::optional<items::Range> range, items::Type type = items::Type::real) {
  items::Item item{.path = "/x", .kind = {.type = type}, .value = {}, .write = nullptr};
  item.write = std::make_unique<items::WriteAccess>();
  item.write->range = range;
  return item;
}

TEST(MqttCommand, SaysWhatTheBatteryTakesAndWhatCame) {
  using items::Range, items::SetResult;
  struct Case {
    const char* name;
    const char* payload;
    std::optional<Range> range;
    SetResult result;
    bool may_be_changed;
    const char* words;
  };
  const Case cases[] = {
      {"max_charge_current", "20", Range{0, 50, 50}, SetResult::accepted, true, "done"},
      {"max_charge_current", "500", Range{0, 50, 50}, SetResult::refused, true, "expected from 0 to 50 A, found 500"},
      {"float_cell_voltage", "4.1", Range{3.3, 3.375, 3.3}, SetResult::refused, true,
       "expected from 3.3 to 3.375 V, found 4.1"},
      {"soc_source", "-7", Range{0, 2, 0}, SetResult::refused, true, "expected from 0 to 2, found -7"},
      {"charge_blocked", "5", Range{0, 1, 0}, SetResult::refused, true, "expected ON or OFF, found 5"},
      {"charge_fet", "5", Range{0, 1, 0}, SetResult::refused, true, "expected ON or OFF, found 5"},
      {"charge_blocked", "OFF", Range{1, 1, 1}, SetResult::refused, true, "the configuration allows nothing but 1"},
      {"max_charge_current", "20", Range{0, 50, 50}, SetResult::refused, false,
       "writes = no does not permit it: it needs writes = limits"},
      {"soc", "50", Range{0, 100, 100}, SetResult::refused, true, "it is not permitted as this battery is configured"},
      {"soc", "50", std::nullopt, SetResult::refused, true, "it is not permitted as this battery is configured"},
      {"soc", "50", std::nullopt, SetResult::not_writable, true, "it cannot be set, found 50"},
  };
  for (const Case& each : cases) {
    const auto found = command(each.name, each.payload);
    ASSERT_TRUE(found && *found) << each.name;
    EXPECT_EQ(words_of(**found, item_for(each.range), each.may_be_changed, each.result), each.words) << each.name;
  }
  const auto half = command("soc_source", "1.5");
  ASSERT_TRUE(half && *half);
  EXPECT_EQ(words_of(**half, item_for({}, items::Type::integer), true, SetResult::not_writable),
            "expected a whole number, found 1.5");
  for (const CommandRow& row : command_rows()) {
    EXPECT_EQ(absence_of(row).find("writes = switches") != std::string::npos, row.path.contains("Force")) << row.name;
  }
}

TEST(MqttResult, SaysWhatBecameOfIt) {
  EXPECT_EQ(result_document("soc", true, "done"), R"({"name":"soc","ok":true,"outcome":"done"})");
  EXPECT_EQ(result_document("a\"b", false, "no"), R"({"name":"a\"b","ok":false,"error":"no"})");
}

TEST(MqttAllowance, AllowsSomeAtOnceAndThenOneInEachPause) {
  Allowance allowance(3, 1s);
  const auto begin = Allowance::Clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(allowance.take(begin));
  EXPECT_FALSE(allowance.take(begin));
  EXPECT_TRUE(allowance.take(begin + 1s));
  EXPECT_FALSE(allowance.take(begin + 1s));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(allowance.take(begin + 1h)) << i;
}

TEST(MqttTopics, HaveNothingInThemThatBrokersOrHomeAssistantRefuse) {
  EXPECT_EQ(topic_id("JBD_Demo 1/2#+"), "jbd_demo_1_2__");
  EXPECT_EQ(topics_of({}, "jbd_1").discovery, "homeassistant/device/jbd_1/config");
  EXPECT_EQ(topic_fault({}), "");
  for (const char* bad : {"", "a+b", "#", "/a", "a/", "a//b", "$SYS"}) {
    EXPECT_NE(topic_fault(Config{.base = bad}), "") << bad;
    EXPECT_NE(topic_fault(Config{.discovery_prefix = bad}), "") << bad;
  }
}

class MqttPassword : public testing::Test {
 protected:
  void write(mode_t mode) const {
    std::ofstream(file_) << "sesame\nopen";
    ASSERT_EQ(chmod(file_.c_str(), mode), 0);
  }

  fuzz::Scratch directory_{"mqtt-password"};
  std::string file_ = directory_.path("password");
};

TEST_F(MqttPassword, IsTheFirstLineOfAFileThatOthersCannotRead) {
  const Config config{.user = "me", .password_file = file_};
  write(0640);
  EXPECT_EQ(password_of(config), "sesame");
  for (const mode_t mode : {0644, 0660, 0602}) {
    write(mode);
    ASSERT_FALSE(password_of(config));
    EXPECT_EQ(password_of(config).error().find("sesame"), std::string::npos);
  }
  std::filesystem::remove(file_);
  EXPECT_FALSE(password_of(config));
  EXPECT_EQ(password_of({}), "") << "nobody asks for one";
}

TEST(MqttRetainedTopics, AreWrittenDownAgainWhereTheFileWasRemoved) {
  const fuzz::Scratch directory("retained-again");
  RetainedTopics topics(directory.directory(), "host-ttyUSB0");
  topics.assure();
  EXPECT_TRUE(files_of_retained_topics(directory.directory()).empty()) << "nothing is held";
  EXPECT_TRUE(topics.note("a/b"));
  std::filesystem::remove(files_of_retained_topics(directory.directory()).front());
  topics.assure();
  const auto files = files_of_retained_topics(directory.directory());
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(read_retained_topics(files[0]), std::set<std::string>{"a/b"});
}

TEST(MqttRetainedTopics, AreKeptForWhoeverWantsToBeRidOfThem) {
  const fuzz::Scratch directory("mqtt-topics");
  {
    RetainedTopics topics(directory.directory(), "host-ttyUSB0");
    EXPECT_TRUE(topics.note("a/b"));
    EXPECT_TRUE(topics.note("a/b"));
    EXPECT_TRUE(topics.note("a/c"));
  }
  RetainedTopics again(directory.directory(), "host-ttyUSB0");
  EXPECT_TRUE(again.note("a/d"));
  const auto files = files_of_retained_topics(directory.directory());
  ASSERT_EQ(files.size(), 1);
  EXPECT_EQ(read_retained_topics(files[0]), (std::set<std::string>{"a/b", "a/c", "a/d"}));
  std::ofstream(files[0]) << "good\nbad/#\n\n+\n";
  EXPECT_EQ(read_retained_topics(files[0]), std::set<std::string>{"good"});
  EXPECT_TRUE(files_of_retained_topics("/nonexistent").empty());
}

TEST(MqttRetainedTopics, KnowWhoIsWhere) {
  const fuzz::Scratch directory("mqtt-places");
  const std::string& here = directory.directory();
  {
    RetainedTopics topics(here, "host-ttyUSB0");
    EXPECT_EQ(topics.settle("ttyUSB0", "jbd_1"), "");
    EXPECT_EQ(topics.settle("ttyUSB0", "jbd_1"), "");
    EXPECT_TRUE(topics.note("a/jbd_1/info"));
  }
  RetainedTopics again(here, "host-ttyUSB0");
  EXPECT_EQ(again.topics(), std::set<std::string>{"a/jbd_1/info"});
  EXPECT_EQ(again.settle("ttyUSB0", "jbd_2"), "jbd_1");
  EXPECT_FALSE(is_somewhere(here, "jbd_1"));
  EXPECT_TRUE(is_somewhere(here, "jbd_2"));
  RetainedTopics other(here, "host-ttyUSB1");
  EXPECT_EQ(other.settle("ttyUSB1", "jbd_1"), "");
  EXPECT_TRUE(is_somewhere(here, "jbd_1")) << "it was plugged in elsewhere";
  again.forget("a/jbd_1/info");
  EXPECT_TRUE(RetainedTopics(here, "host-ttyUSB0").topics().empty());
}

TEST(MqttPublishedDocument, TakesBackByNameWhatANewerOneLacks) {
  const fuzz::Scratch directory("mqtt-document");
  const std::string file = document_file(directory.directory(), "jbd_1");
  const std::string two =
      R"({"dev":{"ids":["x"]},"cmps":{"cell_1":{"p":"sensor","name":"a"},"cell_2":{"p":"sensor"}}})";
  const std::string one = R"({"dev":{"ids":["x"]},"cmps":{"cell_1":{"p":"sensor","name":"a"}}})";
  PublishedDocument published(file);
  EXPECT_EQ(published.farewell(two), "") << "nothing was said yet";
  EXPECT_TRUE(published.keep(two));
  EXPECT_EQ(published.farewell(two), "");
  published = PublishedDocument(file);
  EXPECT_EQ(published.farewell(one), two) << "cell_2 with its platform alone";
  EXPECT_TRUE(published.keep(one));
  EXPECT_EQ(published.farewell(two), "");
  for (const char* damaged : {"", "{", "[]", R"({"cmps":[1]})", R"({"cmps":{"cell_2":7,"cell_3":{}}})"}) {
    std::ofstream(file) << damaged;
    EXPECT_EQ(published.farewell(one), "") << damaged;
  }
}

}  // namespace
}  // namespace bms::mqtt
