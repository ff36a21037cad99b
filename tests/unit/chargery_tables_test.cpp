// The tables of the Chargery protocol are sound.
#include "chargery/chargery_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "chargery/chargery.hpp"
#include "chargery/chargery_frame.hpp"

namespace bms::chargery {
namespace {

constexpr bool layouts_stand_at_their_places() {
  for (std::size_t i = 0; i < layout_rules.size(); ++i)
    if (static_cast<std::size_t>(layout_rules[i].layout) != i) return false;
  return true;
}
static_assert(layouts_stand_at_their_places());

/// No command and length can mean two layouts.
constexpr bool layouts_are_distinct() {
  for (std::size_t i = 0; i < layout_rules.size(); ++i)
    for (std::size_t j = i + 1; j < layout_rules.size(); ++j)
      for (std::size_t length = 0; length < 256; ++length)
        if (layout_rules[i].command == layout_rules[j].command && layout_rules[i].allows(length) &&
            layout_rules[j].allows(length))
          return false;
  return true;
}
static_assert(layouts_are_distinct());

static_assert(std::ranges::all_of(layout_rules, [](const LayoutRule& rule) {
  return rule.shortest >= shortest_frame && rule.longest <= longest_frame && rule.step > 0 && !rule.name.empty() &&
         !rule.firmware.empty() && !rule.content.empty() && rule.cells(rule.longest) <= most_slots;
}));
static_assert(std::ranges::any_of(layout_rules, [](const LayoutRule& rule) { return rule.longest == longest_frame; }));
static_assert(std::ranges::any_of(layout_rules,
                                  [](const LayoutRule& rule) { return rule.shortest == shortest_frame; }));

static_assert(protections[0].alarm != protections[1].alarm && protections[0].name != protections[1].name);
static_assert(std::ranges::all_of(models, [](const Model& model) { return model.slots <= most_slots; }));
static_assert(model_name(16) == "BMS16T" && model_name(7).empty());

// What opens a slot's voltage must be far above the noise, and an unplugged sensor inside the range that is kept.
static_assert(connected_mv > 10 * 27 && connected_mv < 464);
static_assert(unplugged_sensor_dc > limits::temperature_min_dc);

TEST(ChargeryTables, TheFamilyListensAtItsSpeed) {
  ASSERT_EQ(std::size(variants), 1U);
  EXPECT_EQ(family.variants[0].baud, 115200U);
  EXPECT_EQ(family.last_address, 0U);
}

TEST(ChargeryTables, EveryTableOfThePageHasRows) {
  for (const DocumentTable& table : document()) {
    EXPECT_FALSE(table.rows.empty()) << table.name;
    for (const auto& row : table.rows)
      for (const std::string& field : row) EXPECT_FALSE(field.empty()) << table.name;
  }
}

}  // namespace
}  // namespace bms::chargery
