// The tables of the Daly protocols: sound in themselves, and within what may ever be asked.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "daly/daly.hpp"
#include "daly/daly_a5_settings.hpp"
#include "daly/daly_failures.hpp"
#include "daly/daly_modbus_conversation.hpp"
#include "daly/daly_registers.hpp"
#include "daly/daly_trust.hpp"

namespace bms::daly {
namespace {

constexpr bool is_snake_case(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

constexpr bool failure_bits_are_sound() {
  for (std::size_t i = 0; i < failure_bits.size(); ++i) {
    const auto& [bit, failure] = failure_bits[i];
    if (bit >= 56 || !is_snake_case(failure.name)) return false;
    if (failure.alarm.has_value() != (failure.level != AlarmLevel::ok)) return false;
    if (failure.name.ends_with("_l1") && failure.alarm && failure.level != AlarmLevel::warning) return false;
    if (failure.name.ends_with("_l2") && failure.alarm && failure.level != AlarmLevel::alarm) return false;
    for (std::size_t j = i + 1; j < failure_bits.size(); ++j)
      if (bit >= failure_bits[j].bit || failure.name == failure_bits[j].failure.name) return false;
  }
  return true;
}
static_assert(failure_bits_are_sound());
static_assert(std::ranges::find(failure_bits, charge_inhibit_bit, &FailureBit::bit)->failure.name ==
              "low_voltage_charge_inhibit");

constexpr bool p81_failures_are_sound() {
  for (std::size_t i = 0; i < p81_failures.size(); ++i) {
    const P81Failure& row = p81_failures[i];
    if (row.address < 0x6D || row.address > p81_failure_last || row.bit > 15 || !is_snake_case(row.failure.name))
      return false;
    if (row.levels && (row.bit > 13 || row.failure.level != AlarmLevel::ok)) return false;
    if (!row.levels && row.failure.alarm.has_value() != (row.failure.level != AlarmLevel::ok)) return false;
    for (std::size_t j = i + 1; j < p81_failures.size(); ++j) {
      const P81Failure& next = p81_failures[j];
      if (row.failure.name == next.failure.name) return false;
      if (row.address == next.address && row.bit + (row.levels ? 3 : 1) > next.bit) return false;
    }
  }
  return true;
}
static_assert(p81_failures_are_sound());

TEST(DalyTables, SettingsComeFromCommandsThatReadAndFitIntoTheirFrame) {
  for (const A5Setting& setting : a5_settings()) {
    EXPECT_GE(setting.command, 0x50) << setting.name;
    EXPECT_LE(setting.command, 0x61) << setting.name;
    EXPECT_TRUE(setting.size == 1 || setting.size == 2 || setting.size == 4) << setting.name;
    EXPECT_LE(setting.offset + setting.size, 8) << setting.name;
  }
  EXPECT_EQ(a5_settings().front().command, 0x50) << "which every poll of a new board reads for its first setting";
  EXPECT_EQ(a5_settings().front().name, "design_capacity");
}

TEST(DalyTables, SettingsAreNamedUnlikeWhatIsLive) {
  for (const RegisterSetting& setting : register_settings())
    EXPECT_EQ(std::ranges::find(live_values, setting.name, &RegisterValue::name), live_values.end()) << setting.name;
}

TEST(DalyTables, NothingReachesTheRegistersThatRestartOrReset) {
  for (const RegisterSetting& setting : register_settings())
    for (const Map map : {Map::d2, Map::p81})
      if (setting.value.address.exists_in(map)) {
        EXPECT_FALSE(setting.value.address.in(map) >= 0xF0 && setting.value.address.in(map) <= 0xFF) << setting.name;
      }
  for (const Block& block : {blocks::d2_live, blocks::d2_more, blocks::d2_settings, blocks::d2_versions,
                             blocks::p81_live, blocks::p81_status, blocks::p81_settings, blocks::p81_versions})
    EXPECT_TRUE(block.first + block.count <= 0xF0 || block.first > 0xFF);
}

TEST(DalyTables, BlocksOfOneMapDifferInSize) {
  const std::set<unsigned> d2{blocks::d2_live.count, blocks::d2_more.count, blocks::d2_settings.count,
                              blocks::d2_versions.count};
  const std::set<unsigned> p81{blocks::p81_live.count, blocks::p81_status.count, blocks::p81_settings.count,
                               blocks::p81_versions.count};
  EXPECT_EQ(d2.size(), 4U);
  EXPECT_EQ(p81.size(), 4U);
}

TEST(DalyTables, TheVariantsAreTriedFromOldToNew) {
  ASSERT_EQ(std::size(variants), 4U);
  EXPECT_EQ(variants[0].dialect, "a5");
  EXPECT_EQ(variants[0].address, 1U);
  EXPECT_EQ(variants[2].dialect, "p81");
  EXPECT_EQ(variants[3].dialect, "d2");
  for (const Variant& variant : variants) EXPECT_EQ(variant.baud, 9600U);
  for (const DocumentTable& table : document()) EXPECT_FALSE(table.rows.empty());
}

TEST(DalySettled, NeedsTwoToBeginAndThreeToChange) {
  Settled<int> settled;
  EXPECT_FALSE(settled.offer(1));
  EXPECT_FALSE(settled.offer(2));
  EXPECT_TRUE(settled.offer(2));
  EXPECT_EQ(settled.value(), 2);
  settled.offer(3);
  settled.offer(3);
  EXPECT_TRUE(settled.offer(2)) << "as before";
  settled.offer(3);
  settled.offer(3);
  EXPECT_EQ(settled.value(), 2);
  EXPECT_TRUE(settled.offer(3));
}

TEST(DalyOccasional, IsAskedMoreRarelyEachTimeInVain) {
  Occasional question;
  const auto turns_until_due = [&question] {
    int turns = 0;
    while (!question.take_turn()) ++turns;
    return turns;
  };
  int before = -1;
  for (int i = 0; i < 7; ++i) {
    EXPECT_TRUE(turns_until_due() > before);
    before = i == 6 ? 0 : (1 << i) - 2;
    question.unanswered();
  }
  question.answered();
  question.unanswered();
  EXPECT_EQ(turns_until_due(), 0);
}

}  // namespace
}  // namespace bms::daly
