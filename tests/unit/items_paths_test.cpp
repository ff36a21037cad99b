// The path tables.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "items/alarm_paths.hpp"
#include "items/battery_paths.hpp"
#include "items_sample.hpp"

namespace bms::items {
namespace {

using namespace test;

TEST(VenusPaths, NoPathIsTwiceAndNoLeafIsANode) {
  const Shown shown;
  std::set<std::string> paths;
  for (const Item& item : shown.items.tree().items()) {
    EXPECT_TRUE(paths.insert(item.path).second) << item.path;
    EXPECT_TRUE(shown.items.tree().below(item.path).empty()) << item.path;
  }
}

TEST(VenusPaths, ConsistOfWhatDbusAllows) {
  const Shown shown;
  for (const Item& item : shown.items.tree().items()) {
    EXPECT_EQ(item.path.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/"),
              std::string::npos)
        << item.path;
    EXPECT_EQ(item.path.find("//"), std::string::npos) << item.path;
  }
}

TEST(VenusPaths, FormatsFitTheTypes) {
  const auto check = [](const auto& row) {
    const Kind& kind = row.kind;
    EXPECT_TRUE(kind.type == Type::integer || !kind.format.hex) << row.path;
    EXPECT_TRUE(kind.type == Type::real || kind.format.decimals == 0) << row.path;
    EXPECT_TRUE(kind.type != Type::text || std::string_view{kind.format.unit}.empty()) << row.path;
    EXPECT_GT(kind.resolution.counts_per_unit, 0) << row.path;
  };
  for (const auto table : battery_paths()) std::ranges::for_each(table, check);
  for (const auto table : numbered_paths()) std::ranges::for_each(table, check);
  std::ranges::for_each(user_setting_rows(), check);
}

TEST(VenusPaths, EveryAlarmHasItsPath) {
  for (const AlarmEffect& effect : alarm_effects) {
    Battery battery = sample();
    battery.alarms.raise(effect.alarm, AlarmLevel::alarm);
    const Shown shown{battery};
    EXPECT_EQ(shown[path_of(effect.alarm)], Value{2}) << path_of(effect.alarm);
    battery.alarms.set(effect.alarm, std::nullopt);
    EXPECT_EQ(Shown{battery}[path_of(effect.alarm)], invalid) << path_of(effect.alarm);
  }
}

TEST(VenusPaths, EveryAlarmHasThePathOfItsName) {
  for (const AlarmEffect& effect : alarm_effects) {
    EXPECT_EQ(path_of(effect.alarm), "/Alarms/" + std::string(effect.venus_name));
  }
}

TEST(VenusPaths, TheVoltageLimitStandsFirst) {
  EXPECT_EQ(battery_paths().front().front().path, "/Info/MaxChargeVoltage");
}

TEST(VenusPaths, AreWrittenDownForPeople) {
  const std::string path = TEST_FRAMES_DIR "/../../docs/dbus-paths.md";
  if (std::getenv("UPDATE_DOCS") != nullptr) std::ofstream(path) << paths_as_markdown();
  std::ifstream file{path};
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, paths_as_markdown()) << "tools/docs writes it";
}

}  // namespace
}  // namespace bms::items
