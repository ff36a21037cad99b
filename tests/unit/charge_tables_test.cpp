// What the tables of each profile allow: by cell, temperature, FETs and SoC.
#include <gtest/gtest.h>

#include "charge/profiles.hpp"
#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

TEST(ChargeTables, SmoothCurveByHighestCell) {
  constexpr Point expected[] = {{3.38, 1},     {3.415, .75},  {3.44, .325},   {3.46, .08333333}, {3.47, .04},
                                {3.485, .016}, {3.495, .009}, {3.505, .0035}, {3.52, .0005},     {3.53, 0}};
  for (const auto& [cell_v, factor] : expected) {
    EXPECT_NEAR(charge_limit(big_config(), sample_with_cell(cell_v)), 140 * factor, 1e-5) << cell_v;
  }
}

TEST(ChargeTables, SmoothCurveByLowestCell) {
  constexpr Point expected[] = {{2.70, .02}, {2.80, .02}, {2.825, .035}, {2.90, .10},
                                {2.95, .30}, {3.00, .60}, {3.05, 1},     {3.30, 1}};
  for (const auto& [cell_v, factor] : expected) {
    EXPECT_NEAR(discharge_limit(big_config(), sample_with_cell(cell_v)), 140 * factor, 1e-9) << cell_v;
  }
}

TEST(ChargeTables, LinearTablesByCell) {
  constexpr Point charge[] = {{3.375, 50},   {3.390, 27.5}, {3.400, 12.5}, {3.410, 8.5},
                              {3.440, 1.15}, {3.450, .25},  {3.475, .125}, {3.500, 0}};
  for (const auto& [cell_v, current_a] : charge) {
    EXPECT_NEAR(charge_limit(usual(Profile::serialbattery_linear), sample_with_cell(cell_v)), current_a, 1e-9)
        << cell_v;
  }
  constexpr Point discharge[] = {{3.190, 60},   {3.150, 40}, {3.100, 15},  {3.050, 9},
                                 {2.950, 1.65}, {2.900, .3}, {2.850, .15}, {2.800, 0}};
  for (const auto& [cell_v, current_a] : discharge) {
    EXPECT_NEAR(discharge_limit(usual(Profile::serialbattery_linear), sample_with_cell(cell_v)), current_a, 1e-9)
        << cell_v;
  }
}

TEST(ChargeTables, TemperatureTables) {
  constexpr Point charge[] = {{-1, 0},  {1, 6.25}, {3.5, 18.75}, {7.5, 37.5}, {25, 50},
                              {42, 40}, {47, 20},  {52, 7.5},    {55, 0}};
  constexpr Point discharge[] = {{-12, 0}, {-5, 7.5}, {0, 15}, {2.5, 22.5}, {7.5, 45}, {25, 60}, {52, 9}};
  for (const Profile profile : {Profile::smooth, Profile::serialbattery_linear}) {
    Sample sample = even_frame();
    for (const auto& [temperature_c, current_a] : charge) {
      sample.temperatures_c = {25, temperature_c};
      EXPECT_NEAR(charge_limit(usual(profile), sample), current_a, 1e-9) << temperature_c;
    }
    for (const auto& [temperature_c, current_a] : discharge) {
      sample.temperatures_c = {temperature_c, 25};
      EXPECT_NEAR(discharge_limit(usual(profile), sample), current_a, 1e-9) << temperature_c;
    }
  }
}

TEST(ChargeTables, MosTable) {
  constexpr Point expected[] = {{60, 50}, {75, 31.25}, {85, 6.25}, {90, 0}, {120, 0}};
  for (const auto& [temperature_c, current_a] : expected) {
    Sample sample = even_frame();
    sample.mos_temperature_c = temperature_c;
    EXPECT_NEAR(charge_limit(Config{}, sample), current_a, 1e-9) << temperature_c;
    EXPECT_NEAR(discharge_limit(Config{}, sample), current_a * 60 / 50, 1e-9) << temperature_c;
  }
}

TEST(ChargeTables, SocTables) {
  Config config = usual(Profile::serialbattery_linear);
  const auto by_soc = serialbattery_charge_by_soc();
  const auto by_low_soc = serialbattery_discharge_by_soc();
  config.charge_soc_curve.assign(by_soc.begin(), by_soc.end());
  config.discharge_soc_curve.assign(by_low_soc.begin(), by_low_soc.end());
  Sample sample = even_frame();
  for (const auto& [soc_pct, current_a] : {Point{80, 50}, {87.5, 37.5}, {92, 19}, {96.5, 7.5}, {99, 5}}) {
    sample.soc_pct = soc_pct;
    EXPECT_NEAR(charge_limit(config, sample), current_a, 1e-9) << soc_pct;
  }
  for (const auto& [soc_pct, current_a] : {Point{3, 6}, {8, 9.6}, {12, 19.2}, {18, 48}, {50, 60}}) {
    sample.soc_pct = soc_pct;
    EXPECT_NEAR(discharge_limit(config, sample), current_a, 1e-9) << soc_pct;
  }
  sample.soc_pct.reset();
  EXPECT_EQ(charge_limit(config, sample), 50) << "an uncertain SoC limits nothing";
}

TEST(ChargeTables, FirstReleaseSteps) {
  const Config config = usual(Profile::first_release);
  Sample sample = even_frame();
  for (const auto& [soc_pct, current_a] :
       {Point{100, 1}, {98, 1}, {97.5, 1}, {97, 4}, {96, 4}, {95, 25}, {93, 25}, {91, 50}, {90, 50}}) {
    sample.soc_pct = soc_pct;
    EXPECT_NEAR(charge_limit(config, sample), current_a, 1e-9) << soc_pct;
  }
  for (const auto& [soc_pct, current_a] :
       {Point{10, 5}, {20, 5}, {20.5, 15}, {30, 15}, {30.5, 30}, {35, 30}, {35.5, 60}}) {
    sample.soc_pct = soc_pct;
    EXPECT_NEAR(discharge_limit(config, sample), current_a, 1e-9) << soc_pct;
  }
}

TEST(ChargeTables, FirstReleaseStepsNeverExceedTheMaximum) {
  Config config = usual(Profile::first_release);
  config.max_charge_current = {3};
  config.max_discharge_current = {4};
  Sample sample = even_frame();
  sample.soc_pct = 96;
  EXPECT_EQ(charge_limit(config, sample), 3);
  sample.soc_pct = 10;
  EXPECT_EQ(discharge_limit(config, sample), 4);
}

// A BMS that counts whole percents goes to and fro between two of them.
TEST(ChargeTables, FirstReleaseStepsHaveHysteresis) {
  Driven run{.config = usual(Profile::first_release)};
  Sample sample = even_frame();
  sample.soc_pct = 92;
  run.step(sample);
  EXPECT_EQ(run.charge_a(), 25);
  sample.soc_pct = 91;
  run.steps(sample, 120);
  EXPECT_EQ(run.charge_a(), 25);
  sample.soc_pct = 90;
  run.steps(sample, 120);
  EXPECT_EQ(run.charge_a(), 50);
}

// Steps must take the safe one of two neighbours.
TEST(ChargeTables, StepsTakeTheLowerNeighbour) {
  const Config config = usual(Profile::serialbattery_step);
  struct Expected {
    double temperature_c, charge_a, discharge_a;
  };
  for (const auto& [temperature_c, charge_a, discharge_a] :
       {Expected{42, 25, 30}, {47, 12.5, 15}, {-5, 0, 0}, {1, 0, 15}, {25, 50, 60}}) {
    Sample sample = even_frame();
    sample.temperatures_c = {temperature_c};
    EXPECT_EQ(charge_limit(config, sample), charge_a) << temperature_c;
    EXPECT_EQ(discharge_limit(config, sample), discharge_a) << temperature_c;
  }
  Sample sample = even_frame();
  sample.mos_temperature_c = 75;
  EXPECT_EQ(charge_limit(config, sample), 12.5);
  EXPECT_EQ(charge_limit(config, sample_with_cell(3.39)), 12.5);
  EXPECT_EQ(discharge_limit(config, sample_with_cell(3.15)), 15);
}

}  // namespace
}  // namespace bms::charge
