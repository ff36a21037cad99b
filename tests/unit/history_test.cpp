// What is counted over the life of a battery.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string_view>
#include <type_traits>
#include <variant>

#include "estimator_fixture.hpp"

namespace bms::battery {
namespace {

constexpr double hour_s = 3600;

class HistoryTest : public EstimatorTest {
 protected:
  HistoryTest() {
    reading().cycles.reset();
    config.soc.charge_efficiency = 1;
    configure();
    frame(0);
  }
  void discharge_ah(double amount_ah) { flow_ah(-amount_ah); }
  void flow_ah(double amount_ah) {
    reading().current_a = amount_ah > 0 ? 50 : -50;
    run(std::abs(amount_ah) / 50 * hour_s);
    reading().current_a = 0;
    frame();
  }
  [[nodiscard]] const History& history() const { return battery.history; }
};

TEST_F(HistoryTest, StartsAtNothing) {
  EXPECT_EQ(history().total_drawn_ah, 0);
  EXPECT_EQ(history().discharged_kwh, 0);
  EXPECT_EQ(history().charged_kwh, 0);
  EXPECT_EQ(history().charge_cycles, 0);
  EXPECT_FALSE(history().deepest_discharge_ah);
  EXPECT_FALSE(history().last_discharge_ah);
  EXPECT_FALSE(history().average_discharge_ah);
  EXPECT_FALSE(history().since_full_s);
}

TEST_F(HistoryTest, CountsChargeAndEnergy) {
  discharge_ah(28);
  flow_ah(14);
  EXPECT_NEAR(*history().total_drawn_ah, 28, 0.01);
  EXPECT_NEAR(*history().charge_cycles, 0.1, 0.001);
  EXPECT_NEAR(*history().discharged_kwh, 28 * 52.8 / 1000, 0.001);
  EXPECT_NEAR(*history().charged_kwh, 14 * 52.8 / 1000, 0.001);
}

TEST_F(HistoryTest, PrefersWhatTheBmsCounts) {
  reading().cycles = 123;
  reading().total_discharged_ah = 4567;
  discharge_ah(10);
  EXPECT_EQ(history().charge_cycles, 123);
  EXPECT_EQ(history().total_drawn_ah, 4567);
  config.history = false;
  configure();
  frame();
  EXPECT_EQ(history().charge_cycles, 123);
  EXPECT_FALSE(history().charged_kwh) << "not wanted";
}

TEST_F(HistoryTest, CountsDischargesFromFullToFull) {
  discharge_ah(40);
  EXPECT_FALSE(history().deepest_discharge_ah) << "nobody knows how far from full that was";
  charge_is_full();
  discharge_ah(30);
  flow_ah(10);
  discharge_ah(20);
  EXPECT_NEAR(*history().last_discharge_ah, 40, 0.05) << "the same discharge, although it was interrupted";
  EXPECT_NEAR(*history().deepest_discharge_ah, 40, 0.05);
  EXPECT_FALSE(history().average_discharge_ah);
  flow_ah(50);
  charge_is_full();
  discharge_ah(20);
  EXPECT_NEAR(*history().last_discharge_ah, 20, 0.05);
  EXPECT_NEAR(*history().deepest_discharge_ah, 40, 0.05);
  charge_is_full();
  discharge_ah(1);
  charge_is_full();
  EXPECT_NEAR(*history().average_discharge_ah, 30, 0.05) << "1 Ah of 280 is no discharge";
  EXPECT_EQ(history().automatic_syncs, 4);
}

TEST_F(HistoryTest, CountsTheTimeSinceFull) {
  charge_is_full();
  run(600, 5);
  EXPECT_NEAR(*history().since_full_s, 600, 1);
  Estimator next(config);
  next.restore(estimator.kept(), 3000);
  estimator = next;
  frame(0);
  EXPECT_NEAR(*history().since_full_s, 3600, 1);
}

TEST_F(HistoryTest, AFullDischargeNeedsTheCellsToSaySo) {
  reading().soc_pct = 0;
  run(5);
  EXPECT_EQ(history().full_discharges, 0);
  for (int i = 0; i < 10; ++i) {
    all_cells(i % 2 == 0 ? 2.85 : 3.0);
    frame();
  }
  EXPECT_EQ(history().full_discharges, 1) << "once, although it swings";
  reading().soc_pct = 14;
  frame();
  reading().soc_pct = 0;
  all_cells(2.85);
  frame();
  EXPECT_EQ(history().full_discharges, 1);
  reading().soc_pct = 16;
  frame();
  reading().soc_pct = 0;
  frame();
  EXPECT_EQ(history().full_discharges, 2);
}

TEST_F(HistoryTest, alarm_edges_counted) {
  const auto low_for = [&](double cell_v, double seconds) {
    all_cells(3.30);
    reading().cells_v[3] = cell_v;
    run(seconds);
  };
  low_for(2.94, 30);
  EXPECT_EQ(history().low_voltage_alarms, 1);
  low_for(2.80, 30);
  EXPECT_EQ(history().low_voltage_alarms, 1) << "became worse, is the same one";
  reading().alarms.raise(Alarm::low_voltage, AlarmLevel::alarm);
  run(10);
  EXPECT_EQ(history().low_voltage_alarms, 1) << "of cell and pack together";
  reading().alarms.set(Alarm::low_voltage, AlarmLevel::ok);
  low_for(3.30, 100);
  low_for(2.94, 30);
  EXPECT_EQ(history().low_voltage_alarms, 2);
  EXPECT_EQ(history().high_voltage_alarms, 0);
  low_for(3.30, 100);
  reading().alarms.raise(Alarm::high_voltage, AlarmLevel::alarm);
  run(5);
  EXPECT_EQ(history().high_voltage_alarms, 1);
}

TEST_F(HistoryTest, AnAlarmThatStandsOverARestartIsCountedOnce) {
  reading().cells_v[3] = 2.94;
  run(30);
  Estimator next(config);
  next.restore(estimator.kept(), 5);
  estimator = next;
  run(9);
  EXPECT_EQ(history().low_voltage_alarms, 1);
  run(30);
  EXPECT_EQ(history().low_voltage_alarms, 1);
}

TEST_F(HistoryTest, KeepsExtremes) {
  run(60);
  all_cells(3.10);
  reading().cells_v[2] = 3.05;
  reading().temperatures_c = {-5.0, 10.0};
  run(60);
  all_cells(3.45);
  reading().cells_v[2] = 3.50;
  reading().temperatures_c = {20.0, 35.0};
  run(60);
  EXPECT_NEAR(*history().min_cell_v, 3.05, 0.001);
  EXPECT_NEAR(*history().max_cell_v, 3.50, 0.001);
  EXPECT_NEAR(*history().min_voltage_v, 16 * 3.10, 0.01);
  EXPECT_NEAR(*history().max_voltage_v, 16 * 3.45, 0.01);
  EXPECT_NEAR(*history().min_temperature_c, -5, 0.01);
  EXPECT_NEAR(*history().max_temperature_c, 35, 0.01);
}

struct BadFrame {
  const char* name;
  void (*spoil)(Battery&);
};

class HistoryOfBadFrames : public HistoryTest, public testing::WithParamInterface<BadFrame> {};

TEST_P(HistoryOfBadFrames, history_ignores_bad_frame) {
  for (const double dt_s : {1.0, 2.0, 5.0}) {
    run(60, dt_s);
    const Reading good = reading();
    const History before = history();
    GetParam().spoil(battery);
    frame(dt_s);
    reading() = good;
    run(10, dt_s);
    EXPECT_NEAR(*history().min_cell_v, *before.min_cell_v, 1e-9);
    EXPECT_NEAR(*history().max_cell_v, *before.max_cell_v, 1e-9);
    EXPECT_NEAR(*history().min_voltage_v, *before.min_voltage_v, 1e-9);
    EXPECT_NEAR(*history().max_voltage_v, *before.max_voltage_v, 1e-9);
    EXPECT_NEAR(*history().min_temperature_c, *before.min_temperature_c, 1e-9);
    EXPECT_NEAR(*history().max_temperature_c, *before.max_temperature_c, 1e-9);
  }
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
INSTANTIATE_TEST_SUITE_P(Spoilt, HistoryOfBadFrames,
                         testing::Values(BadFrame{"cell_too_low", [](Battery& b) { b.reading.cells_v[5] = 0.1; }},
                                         BadFrame{"plausible_low_cell", [](Battery& b) { b.reading.cells_v[5] = 2.5; }},
                                         BadFrame{"plausible_high_cell",
                                                  [](Battery& b) { b.reading.cells_v[5] = 4.2; }},
                                         BadFrame{"cell_nan", [](Battery& b) { b.reading.cells_v[5] = nan; }},
                                         BadFrame{"pack", [](Battery& b) { b.reading.voltage_v = 70; }},
                                         BadFrame{"temperature", [](Battery& b) { b.reading.temperatures_c[0] = 95; }}),
                         [](const auto& frame) { return std::string(frame.param.name); });

struct Cleared {
  HistoryGroup group;
  std::set<std::string_view> names;
};

class HistoryClear : public HistoryTest, public testing::WithParamInterface<Cleared> {};

/// Sets every member of a struct through its table.
void fill(Kept& kept) {
  for (const auto& field : kept_fields()) {
    std::visit(
        [&kept](auto place) {
          if constexpr (std::is_same_v<decltype(place), bool Kept::*>) {
            kept.*place = true;
          } else {
            kept.*place = 7;
          }
        },
        field.place);
  }
}

TEST_P(HistoryClear, ForgetsItsGroupAndNothingElse) {
  Kept full;
  fill(full);
  estimator.restore(full, std::nullopt);
  estimator.clear_history(battery, GetParam().group);
  const Kept fresh;
  for (const auto& field : kept_fields()) {
    const bool cleared = GetParam().names.contains(field.name);
    std::visit(
        [&](auto place) {
          const auto& expected = cleared ? fresh : full;
          EXPECT_EQ(estimator.kept().*place, expected.*place) << field.name;
        },
        field.place);
  }
}

const std::set<std::string_view> capacity_names{"drawn_ah",        "deepest_discharge_ah",    "last_discharge_ah",
                                                "full_discharges", "completed_discharges_ah", "completed_discharges"};
const std::set<std::string_view> voltage_names{"min_voltage_v", "max_voltage_v", "min_cell_v", "max_cell_v"};
const std::set<std::string_view> time_names{"since_full_s", "automatic_syncs"};
const std::set<std::string_view> alarm_names{"low_voltage_alarms", "high_voltage_alarms"};
const std::set<std::string_view> temperature_names{"min_temperature_c", "max_temperature_c"};
const std::set<std::string_view> energy_names{"charged_kwh", "discharged_kwh"};
std::set<std::string_view> all_names() {
  std::set<std::string_view> all;
  for (const auto* names :
       {&capacity_names, &voltage_names, &time_names, &alarm_names, &temperature_names, &energy_names})
    all.insert(names->begin(), names->end());
  return all;
}

using enum HistoryGroup;
INSTANTIATE_TEST_SUITE_P(Groups, HistoryClear,
                         testing::Values(Cleared{all, all_names()}, Cleared{capacity, capacity_names},
                                         Cleared{voltage, voltage_names}, Cleared{HistoryGroup::time, time_names},
                                         Cleared{alarms, alarm_names}, Cleared{temperature, temperature_names},
                                         Cleared{energy, energy_names}));

TEST_F(HistoryTest, ClearedHistoryIsShownAtOnce) {
  discharge_ah(10);
  estimator.clear_history(battery, all);
  EXPECT_EQ(history().total_drawn_ah, 0);
  EXPECT_FALSE(history().min_cell_v);
}

}  // namespace
}  // namespace bms::battery
