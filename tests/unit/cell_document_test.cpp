// What is kept of the cells: read back it is the same, and what nobody has written is refused as a whole.
#include "battery/cell_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <random>
#include <string>

#include "cell_fixture.hpp"

namespace bms::battery {
namespace {

using nlohmann::json;

/// Some weeks of a restless battery.
CellRecord lived_record(unsigned seed, std::size_t cells) {
  std::mt19937 random{seed};
  CellMonitor monitor;
  const Config config;
  double unix_s = 1.8e9;
  for (int poll = 0; poll < 600; ++poll) {
    const double dt_s = random() % 20 == 0 ? 40'000 : 97.3;
    unix_s += dt_s;
    monitor.follow(config, random_battery(random, cells), unix_s, dt_s);
  }
  return monitor.record();
}

TEST(CellDocument, ReadBackIsTheSame) {
  for (const std::size_t cells : {std::size_t{1}, std::size_t{4}, std::size_t{16}, max_cells}) {
    const CellRecord record = lived_record(static_cast<unsigned>(cells), cells);
    ASSERT_FALSE(record.alerts.list().empty());
    const auto read = read_cell_document(written(record, 1.9e9));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(read->record == record);
    EXPECT_EQ(read->saved_unix_s, 1.9e9);
    EXPECT_EQ(written(read->record, 1.9e9), written(record, 1.9e9));
  }
}

TEST(CellDocument, SaysWhenNobodyKnewTheTime) {
  const auto read = read_cell_document(written(lived_record(1, 4), std::nullopt));
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->saved_unix_s);
}

TEST(CellDocument, IsBounded) {
  CellMonitor monitor;
  std::mt19937 random{3};
  for (int poll = 0; poll < 12'000; ++poll)
    monitor.follow(Config{}, random_battery(random, max_cells), 1.8e9 + poll * 60.0, 60);
  ASSERT_EQ(monitor.record().trend.cells_mv.size(), CellTrend::cell_rows);
  EXPECT_LT(written(monitor.record(), 1.8e9).size(), longest_cell_document);
}

TEST(CellDocument, RingsOf16CellsTake9Kilobytes) {
  EXPECT_EQ(CellTrend::cell_rows * 16 * sizeof(std::uint16_t), 9216U);
}

struct Damage {
  const char* name;
  const char* place;
  json value;
  const char* message;
};
void PrintTo(const Damage& each, std::ostream* out) { *out << each.name; }

class DamagedCellDocument : public testing::TestWithParam<Damage> {};

TEST_P(DamagedCellDocument, IsRefusedAsAWhole) {
  const Damage& each = GetParam();
  json document = json::parse(written(lived_record(2, 4), 1.9e9));
  document[json::json_pointer(each.place)] = each.value;
  const auto read = read_cell_document(document.dump());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, testing::HasSubstr(each.message));
}

INSTANTIATE_TEST_SUITE_P(
    Damages, DamagedCellDocument,
    testing::Values(
        Damage{"later", "/format", 2, "later version"}, Damage{"no_format", "/format", "1", "format"},
        Damage{"format_0", "/format", 0, "format"}, Damage{"no_cells", "/cells", 0, "cells"},
        Damage{"too_many_cells", "/cells", 65, "cells"}, Damage{"half_a_cell", "/cells", 4.5, "whole number"},
        Damage{"other_cells", "/cells", 5, "present_mv"}, Damage{"negative_cell", "/present_mv/1", -1, "present_mv"},
        Damage{"high_cell", "/present_mv/1", 5001, "present_mv"},
        Damage{"saved_when", "/saved_unix_s", "now", "saved_unix_s"},
        Damage{"no_class", "/classes/rest", nullptr, "present"},
        Damage{"many_occurrences", "/classes/rest/occurrences", 1e7, "occurrences"},
        Damage{"short_means", "/classes/charge_top/mean_mv", json::array({1, 2}), "mean_mv"},
        Damage{"wild_mean", "/classes/charge_top/mean_mv/0", 1e30, "mean_mv"},
        Damage{"null_mean", "/classes/discharge_end/present/mean_mv/0", nullptr, "mean_mv"},
        Damage{"long_stay", "/classes/rest/present/in_class_s", 1e9, "in_class_s"},
        Damage{"extremes_crossed", "/extremes/0/lowest_mv", 4999, "above its highest"},
        Damage{"extremes_text", "/extremes/0/highest_mv", "high", "highest_mv"},
        Damage{"trend_digits", "/trend/cells_mv", "0cE400000cg40000", "no number"},
        Damage{"trend_sign", "/trend/cells_mv", "-ce400000ce40000", "no number"},
        Damage{"trend_odd", "/trend/cells_mv", "0ce4", "as long"},
        Damage{"trend_long", "/trend/cells_mv", std::string(16 * 289, '0'), "as long"},
        Damage{"trend_high", "/trend/cells_mv", "ffff000000000000", "no cell"},
        Damage{"trend_number", "/trend/cells_mv", 5, "not a text"},
        Damage{"pack_odd", "/trend/pack", "0ce4", "as long"},
        Damage{"pack_long", "/trend/pack", std::string(18 * 1441, '0'), "as long"},
        Damage{"pack_crossed", "/trend/pack", "0ce40ce301018000ff", "no pack"},
        Damage{"pack_cell", "/trend/pack", "0ce40ce505018000ff", "no pack"},
        Damage{"pack_soc", "/trend/pack", "0ce40ce501018000c9", "no pack"},
        Damage{"alert_kind", "/alerts/0/kind", "fire", "kind"}, Damage{"alert_level", "/alerts/0/level", 3, "level"},
        Damage{"alert_cell", "/alerts/0/cell", 5, "cell"}, Damage{"alert_lasts", "/alerts/0/lasts", 1, "lasts"},
        Damage{"alerts_gone", "/alerts", json::object(), "alerts"},
        Damage{"too_many_alerts", "/alerts", json(std::vector<int>(51)), "alerts"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(CellDocument, APointOfThePackIsSound) {
  json document = json::parse(written(lived_record(2, 4), 1.9e9));
  document["trend"]["pack"] = "0ce40ce501048000ff";
  const auto read = read_cell_document(document.dump());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->record.trend.pack[0].front(), (PackPoint{3300, 3301, 1, 4}));
}

TEST(CellDocument, EveryMemberIsNeeded) {
  const json whole = json::parse(written(lived_record(2, 4), 1.9e9));
  const json flat = whole.flatten();
  for (const auto& [place, value] : flat.items()) {
    json document = whole;
    const json::json_pointer pointer(place);
    json& parent = document[pointer.parent_pointer()];
    if (parent.is_array()) {
      parent.erase(parent.size() - 1);
      if (pointer.parent_pointer().to_string() == "/alerts") continue;
    } else {
      parent.erase(pointer.back());
    }
    EXPECT_FALSE(read_cell_document(document.dump())) << place;
  }
}

TEST(CellDocument, CutAnywhereItIsRefused) {
  const std::string text = written(lived_record(2, 2), 1.9e9);
  for (std::size_t length = 0; length + 3 < text.size(); length += 61)
    EXPECT_FALSE(read_cell_document(text.substr(0, length))) << length;
}

TEST(CellDocument, WhatIsReadCanBeGoneOnFrom) {
  std::mt19937 random{5};
  const std::string text = written(lived_record(5, 8), 1.9e9);
  int read_anyhow = 0;
  for (int i = 0; i < 300; ++i) {
    std::string damaged = text;
    for (int hits = 0; hits < 3; ++hits) damaged[random() % damaged.size()] = "0123456789abcdef"[random() % 16];
    auto read = read_cell_document(damaged);
    if (!read) continue;
    ++read_anyhow;
    CellMonitor monitor;
    monitor.restore(std::move(read->record), 100);
    for (int poll = 0; poll < 10; ++poll) monitor.follow(Config{}, random_battery(random, 8), 1.9e9 + poll, 100);
    EXPECT_TRUE(read_cell_document(written(monitor.record(), std::nullopt)));
  }
  EXPECT_GT(read_anyhow, 0);
}

}  // namespace
}  // namespace bms::battery
