// The tables of the ANT protocols: sound in themselves, and every row reaches the alarm that it names.
#include "ant/ant_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ant/ant.hpp"
#include "ant/ant_reading.hpp"
#include "ant/ant_settings.hpp"
#include "ant_wire.hpp"

namespace bms::ant {
namespace {

using ant_test::Pack;

template <class Table>
constexpr bool codes_ascend(const Table& table) {
  for (std::size_t i = 1; i < table.size(); ++i)
    if (table[i - 1].code >= table[i].code) return false;
  return true;
}
static_assert(codes_ascend(charge_codes) && codes_ascend(discharge_codes) && codes_ascend(balancer_codes));

template <class Table>
constexpr bool levels_match_alarms(const Table& table) {
  return std::ranges::all_of(table, [](const MaskBit& bit) {
    return !bit.name.empty() && bit.alarm.has_value() == (bit.level != AlarmLevel::ok);
  });
}
static_assert(levels_match_alarms(protection_bits) && levels_match_alarms(warning_bits));

Alarms alarms_from_new(const Pack& pack) { return alarms_of(decode_new_status(pack.new_payload()).value()); }
Alarms alarms_from_old(const Pack& pack) { return alarms_of(decode_old_status(pack.old_status()).value()); }

/// All alarms at ok, this one at that level.
Alarms only(Alarms healthy, const std::optional<Alarm>& alarm, AlarmLevel level) {
  if (alarm) healthy.raise(*alarm, level);
  return healthy;
}

TEST(AntTables, EveryProtectionBitReachesItsAlarmAndNoOther) {
  const Alarms healthy = alarms_from_new({});
  for (unsigned bit = 0; bit < 64; ++bit) {
    Pack pack;
    pack.protection = 1ULL << bit;
    const MaskBit row = bit < protection_bits.size() ? protection_bits[bit] : MaskBit{};
    EXPECT_EQ(alarms_from_new(pack), only(healthy, row.alarm, row.level)) << bit;
  }
}

TEST(AntTables, EveryWarningBitReachesItsAlarmAndNoOther) {
  const Alarms healthy = alarms_from_new({});
  for (unsigned bit = 0; bit < 64; ++bit) {
    Pack pack;
    pack.warnings = 1ULL << bit;
    const MaskBit row = bit < warning_bits.size() ? warning_bits[bit] : MaskBit{};
    EXPECT_EQ(alarms_from_new(pack), only(healthy, row.alarm, row.level)) << bit;
  }
}

TEST(AntTables, EveryCodeReachesItsAlarmInBothProtocols) {
  for (unsigned code = 0; code < 256; ++code) {
    Pack charge;
    charge.charge_code = code;
    Pack discharge;
    discharge.discharge_code = code;
    Pack balancer;
    balancer.balancer_code = code;
    const auto expected = [code](const Alarms& healthy, const auto& table) {
      const FetCode* row = find_code(table, static_cast<std::uint8_t>(code));
      return row == nullptr ? only(healthy, Alarm::internal_failure, AlarmLevel::warning)
                            : only(healthy, row->alarm, AlarmLevel::alarm);
    };
    const bool hot = code == 3 || code == 10;
    for (const auto alarms_from : {alarms_from_new, alarms_from_old}) {
      const Alarms healthy = alarms_from({});
      EXPECT_EQ(alarms_from(charge), expected(healthy, charge_codes)) << code;
      EXPECT_EQ(alarms_from(discharge), expected(healthy, discharge_codes)) << code;
      EXPECT_EQ(
          alarms_from(balancer),
          only(healthy, hot ? std::optional(Alarm::high_internal_temperature) : std::nullopt, AlarmLevel::warning))
          << code;
    }
  }
}

TEST(AntTables, SomeRowsAsTheyStandInTheSources) {
  const auto charge = [](std::uint8_t code) { return find_code(charge_codes, code)->alarm; };
  const auto discharge = [](std::uint8_t code) { return find_code(discharge_codes, code)->alarm; };
  EXPECT_EQ(charge(2), Alarm::high_cell_voltage);
  EXPECT_EQ(charge(3), Alarm::high_charge_current);
  EXPECT_EQ(charge(4), std::nullopt);
  EXPECT_EQ(charge(5), Alarm::high_voltage);
  EXPECT_EQ(charge(17), Alarm::low_charge_temperature);
  EXPECT_EQ(charge(fet_manually_off), std::nullopt);
  EXPECT_EQ(discharge(2), Alarm::low_cell_voltage);
  EXPECT_EQ(discharge(12), Alarm::high_discharge_current);
  EXPECT_EQ(discharge(17), Alarm::low_temperature);
  EXPECT_EQ(protection_bits[41].alarm, Alarm::fuse_blown);
  EXPECT_EQ(protection_bits[16].alarm, Alarm::high_discharge_current);
  EXPECT_EQ(protection_bits[0].level, AlarmLevel::warning);
  EXPECT_EQ(warning_bits[13].level, AlarmLevel::alarm);
  EXPECT_EQ(warning_bits[12].alarm, Alarm::low_soc);
  EXPECT_EQ(warning_bits[33].level, AlarmLevel::alarm);
}

TEST(AntTables, DeclaresExactlyTheAlarmsThatTheBoardCanRaise) {
  const Alarms newer = alarms_from_new({});
  const Alarms older = alarms_from_old({});
  for (const AlarmEffect& effect : alarm_effects) {
    const Alarm alarm = effect.alarm;
    const bool never = alarm == Alarm::temperature_sensor || alarm == Alarm::contactor ||
                       alarm == Alarm::state_of_health || alarm == Alarm::bms_cable;
    EXPECT_EQ(newer[alarm].has_value(), !never) << effect.name;
    const bool new_only = alarm == Alarm::low_soc || alarm == Alarm::fuse_blown;
    EXPECT_EQ(older[alarm].has_value(), !never && !new_only) << effect.name;
  }
}

TEST(AntTables, EveryWordOfEverySettingComesBackOrIsRefused) {
  for (const auto& settings : {new_settings(), old_settings()}) {
    for (const Setting& setting : settings) {
      for (unsigned raw = 0; raw < 0xFFFF; ++raw) {
        const double value = setting.scale.value(raw);
        const bool allowed = setting.access == Access::read_write && setting.range->contains(value);
        if (!allowed && raw % 256 != 0) continue;  // a refusal costs a sentence
        const auto back = raw_of(setting, value);
        ASSERT_EQ(back.has_value(), allowed) << setting.name << raw;
        if (allowed) {
          ASSERT_EQ(*back, raw) << setting.name;
        }
      }
      EXPECT_FALSE(raw_of(setting, NAN));
      EXPECT_FALSE(raw_of(setting, INFINITY));
    }
  }
}

TEST(AntTables, AddressesAscend) {
  for (const auto& settings : {new_settings(), old_settings()})
    for (std::size_t i = 1; i < settings.size(); ++i) EXPECT_LT(settings[i - 1].address, settings[i].address);
  for (const Setting& setting : new_settings()) EXPECT_EQ(setting.address % 2, 0) << setting.name;
}

TEST(AntTables, NothingThatDescribesTheHardwareCanBeWritten) {
  const auto access_of = [](const auto& settings, std::string_view name) {
    return std::ranges::find(settings, name, &Parameter::name)->access;
  };
  for (const char* name : {"cell_count", "cell_type", "short_circuit", "shutdown_voltage", "charge_current_request"})
    EXPECT_EQ(access_of(new_settings(), name), Access::read) << name;
  for (const char* name : {"cell_count", "discharge_overcurrent", "short_circuit", "fet_overtemperature"})
    EXPECT_EQ(access_of(old_settings(), name), Access::read) << name;
}

TEST(AntTables, WhatIsExplainedIsASettingInVolts) {
  for (const std::uint16_t address : explained_settings) {
    const auto row = std::ranges::find(new_settings(), address, &Setting::address);
    ASSERT_NE(row, new_settings().end());
    EXPECT_EQ(row->unit, "V");
  }
}

TEST(AntFamily, TriesTheNewProtocolFirst) {
  ASSERT_EQ(std::size(variants), 2U);
  EXPECT_EQ(variants[0].dialect, "new");
  EXPECT_EQ(variants[1].dialect, "old");
  for (const Variant& variant : variants) EXPECT_EQ(variant.baud, 19200U);
}

}  // namespace
}  // namespace bms::ant
