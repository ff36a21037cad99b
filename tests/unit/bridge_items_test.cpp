// What the bridge shows, and what it remembers.
#include "bridge/bridge_items.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "bridge/switched_off.hpp"
#include "cli/watch/bridge.hpp"

namespace bms::bridge {
namespace {

Shown two_chargers() {
  return {.verdict = {.allow = false, .reason = "ttyB allows no charging (CCL 0)"},
          .batteries = {{.name = "ttyB", .present = true, .ccl_a = 0}},
          .chargers = {{.name = "ttyO1", .way = Way::link, .told_a = 0, .result = "charge current 0 is in force"},
                       {.name = "can0", .way = Way::mode, .switched_off = true, .result = "mode 4 is in force"}}};
}

std::string text_at(BridgeItems& items, const std::string& path) {
  const auto id = items.tree().find(path);
  items::NumberText room;
  return id ? items.tree()[*id].text(room) : "no such path";
}

TEST(BridgeItems, ShowWhatIsWrongWhereVenusLooks) {
  BridgeItems items(Style::safe);
  Shown shown = two_chargers();
  items.update(shown);
  EXPECT_EQ(text_at(items, "/Alarm"), "0");
  EXPECT_EQ(text_at(items, "/State"), "8");
  EXPECT_EQ(text_at(items, "/CustomName"), "MPPT bridge");
  shown.chargers[1].problem = "cannot be stopped";
  items.update(shown);
  EXPECT_EQ(text_at(items, "/Alarm"), "2");
  EXPECT_EQ(text_at(items, "/State"), "9");
  EXPECT_EQ(text_at(items, "/CustomName"), "MPPT bridge: can0 cannot be stopped");
}

TEST(BridgeItems, KeepTheirNumbersWhenSomebodyLeaves) {
  BridgeItems items(Style::safe);
  Shown shown = two_chargers();
  items.update(shown);
  shown.chargers.erase(shown.chargers.begin());
  items.update(shown);
  EXPECT_EQ(text_at(items, "/Chargers/1/Way"), "gone");
  EXPECT_EQ(text_at(items, "/Chargers/1/ChargeCurrent"), "---");
  EXPECT_EQ(text_at(items, "/Chargers/2/Name"), "can0");
}

TEST(BridgeItems, DoNotGrowForEver) {
  BridgeItems items(Style::safe);
  for (int i = 0; i < 1000; ++i) {
    Shown shown{.verdict = {},
                .batteries = {{.name = "ttyB" + std::to_string(i), .present = true}},
                .chargers = {{.name = "stays"}}};
    shown.chargers.push_back({.name = "ttyO" + std::to_string(i)});
    items.update(shown);
    EXPECT_EQ(text_at(items, "/Chargers/1/Name"), "stays");
  }
  EXPECT_LT(items.tree().items().size(), 700U);
  std::size_t newest = 0;
  for (const items::Item& item : items.tree().items()) {
    items::NumberText room;
    const std::string shown = item.text(room);
    newest += shown == "ttyB999" || shown == "ttyO999" ? 1 : 0;
  }
  EXPECT_EQ(newest, 2U);
}

TEST(BridgeItems, ShowNoMoreThanTheyHaveRoomFor) {
  BridgeItems items(Style::safe);
  Shown shown;
  for (int i = 0; i < 200; ++i) shown.chargers.push_back({.name = "ttyO" + std::to_string(i)});
  items.update(shown);
  EXPECT_LT(items.tree().items().size(), 500U);
}

TEST(BridgeItems, SayNothingTwice) {
  BridgeItems items(Style::safe);
  items.update(two_chargers());
  items.tree().clear_changes();
  items.update(two_chargers());
  EXPECT_TRUE(items.tree().changed().empty());
}

TEST(BridgeScreen, ShowsReasonsAndResults) {
  cli::WatchModel model;
  model.set("/Bridge/Allow", std::int64_t{0});
  model.set("/Bridge/Mode", "safe");
  model.set("/Bridge/Reason", "ttyB allows no charging (CCL 0)");
  model.set("/Batteries/1/Name", "ttyB");
  model.set("/Batteries/1/Limit", 0.0);
  model.set("/Batteries/1/Presence", "heard");
  model.set("/Chargers/1/Name", "ttyO1\x1b[2J");
  model.set("/Chargers/1/Way", "link");
  model.set("/Chargers/1/ChargeCurrent", 0.0);
  model.set("/Chargers/1/Result", "charge current 0 is in force");
  model.set("/Chargers/1/Problem", "charges although it was told 0 A");
  std::string picture;
  for (const std::string& line : cli::bridge_screen(model, cli::Presence::here, {.columns = 80}))
    picture += line + "\n";
  EXPECT_EQ(picture.find('\x1b'), std::string::npos) << "nothing from the bus steers the terminal";
  for (const char* words : {"NOT ALLOWED", "ttyB allows no charging (CCL 0)", "CCL 0.0 A", "told 0.0 A",
                            "ALARM: charges although it was told 0 A"})
    EXPECT_NE(picture.find(words), std::string::npos) << words << " is not in\n" << picture;
}

class SwitchedOffFile : public testing::Test {
 protected:
  SwitchedOffFile() { std::filesystem::remove_all(directory); }
  ~SwitchedOffFile() override { std::filesystem::remove_all(directory); }
  SwitchedOffFile(const SwitchedOffFile&) = delete;
  SwitchedOffFile& operator=(const SwitchedOffFile&) = delete;

  const std::string directory = testing::TempDir() + "bridge-" + std::to_string(getpid());
};

TEST_F(SwitchedOffFile, OutlivesTheProcess) {
  {
    SwitchedOff first(directory);
    first.add("HQ1");
    first.add("HQ2");
    first.remove("HQ1");
  }
  const SwitchedOff second(directory);
  EXPECT_FALSE(second.contains("HQ1"));
  EXPECT_TRUE(second.contains("HQ2"));
}

TEST_F(SwitchedOffFile, WhatIsTakenBackIsStoredWithTheNextChange) {
  SwitchedOff first(directory);
  first.add("HQ1");
  for (int refused = 0; refused < 3; ++refused) {
    first.add("HQ2");
    first.take_back("HQ2");
    EXPECT_FALSE(first.contains("HQ2"));
    EXPECT_TRUE(SwitchedOff(directory).contains("HQ2")) << "no write for each refusal";
  }
  first.flush();
  EXPECT_FALSE(SwitchedOff(directory).contains("HQ2"));
  EXPECT_TRUE(SwitchedOff(directory).contains("HQ1"));
}

TEST_F(SwitchedOffFile, RemembersNoMoreThanThereCanBe) {
  SwitchedOff first(directory);
  for (std::size_t i = 0; i < SwitchedOff::most; ++i) {
    const std::string name = "HQ" + std::to_string(i);
    ASSERT_TRUE(first.has_room_for(name));
    first.add(name);
  }
  EXPECT_TRUE(first.has_room_for("HQ1"));
  EXPECT_FALSE(first.has_room_for("one more"));
}

TEST_F(SwitchedOffFile, ThatIsNoneIsMovedAside) {
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/bridge.json") << "{\"switched_off\": 3";
  SwitchedOff broken(directory);
  EXPECT_TRUE(broken.chargers().empty());
  EXPECT_TRUE(std::filesystem::exists(directory + "/bridge.json.corrupt"));
  broken.add("HQ1");
  EXPECT_TRUE(SwitchedOff(directory).contains("HQ1"));
}

}  // namespace
}  // namespace bms::bridge
