// What happens to a cell on its way from readings to what everybody hears of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "driver/pipeline.hpp"
#include "sample.hpp"

namespace bms::driver {
namespace {

using namespace std::chrono_literals;

class PipelineCells : public testing::Test {
 protected:
  /// Readings of this kind, one each second.
  void poll(const Reading& reading, int times) {
    for (int i = 0; i < times; ++i) {
      pipeline.hear({.unix_s = 1.8e9});
      ASSERT_TRUE(pipeline.take(reading, false, now));
      now += 1s;
    }
  }
  [[nodiscard]] const CellSummary& summary() const { return pipeline.battery().cells; }

  Pipeline pipeline{test::bounds, PipelineConfig{}};
  TimePoint now = TimePoint{} + 1h;
};

Reading with_an_empty_cell() {
  Reading reading = test::healthy_reading();
  const double missing_v = reading.cells_v[1] - 2.5;
  reading.cells_v[1] = 2.5;
  if (reading.voltage_v) *reading.voltage_v -= missing_v;
  return reading;
}

TEST_F(PipelineCells, AnEmptyCellIsAnAlertUntilSomebodyHasSeenIt) {
  poll(test::healthy_reading(), 30);
  EXPECT_EQ(summary().alerts, 0);
  poll(with_an_empty_cell(), 120);
  EXPECT_EQ(summary().alerts, 1);
  EXPECT_NE(summary().latest_alert.view().find("C2 too low, 2.500 V"), std::string_view::npos)
      << summary().latest_alert.view();
  pipeline.acknowledge_alerts();
  EXPECT_EQ(summary().alerts, 0);
  EXPECT_EQ(pipeline.cells().alerts.unacknowledged(), 0U) << "it is kept, too";
  poll(with_an_empty_cell(), 30);
  EXPECT_EQ(summary().alerts, 0) << "it is the same event";
}

TEST_F(PipelineCells, HalfHoursFollowEachOther) {
  poll(test::healthy_reading(), 2 * 3600);
  EXPECT_GE(std::ranges::count(summary().trend, ','), 1) << summary().trend;
  EXPECT_TRUE(summary().lowest_v && summary().mean_v && summary().widest_v);
}

TEST_F(PipelineCells, AnotherBatteryHasNoneOfIt) {
  poll(test::healthy_reading(), 2 * 3600);
  ASSERT_FALSE(summary().trend.empty());
  pipeline.adopt({}, PipelineConfig{}, std::nullopt, now);
  EXPECT_TRUE(summary().trend.empty());
}

TEST_F(PipelineCells, WhatWasRememberedIsSaidAtOnce) {
  poll(test::healthy_reading(), 2 * 3600);
  const std::string before = summary().trend;
  const battery::CellRecord record = pipeline.cells();
  pipeline.adopt({}, PipelineConfig{}, std::nullopt, now);
  pipeline.recall_cells(record, 1);
  poll(test::healthy_reading(), 2);
  ASSERT_FALSE(before.empty());
  EXPECT_GE(std::ranges::count(summary().trend, ','), std::ranges::count(before, ','));
}

}  // namespace
}  // namespace bms::driver
