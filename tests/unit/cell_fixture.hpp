// A battery whose cells are watched, frame by frame.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <random>
#include <utility>

#include "battery/cell_monitor.hpp"

namespace bms::battery {

/// Four cells of 100 Ah at rest, in a known hour.
class MonitoredBattery {
 public:
  static constexpr double started_unix_s = 1.8e9;

  MonitoredBattery() {
    battery.reading.current_a = 0;
    battery.estimate.capacity_ah = 100;
    battery.estimate.soc_pct = 50;
    cells_mv({3300, 3300, 3300, 3300});
  }

  void cells_mv(std::initializer_list<double> millivolts) {
    battery.reading.cells_v.clear();
    for (const double cell_mv : millivolts) battery.reading.cells_v.push_back(cell_mv / 1000);
  }

  void frame(double dt_s = 1) {
    if (unix_s) *unix_s += dt_s;
    monitor.follow(config, battery, unix_s, dt_s);
  }

  void run(double seconds, double dt_s = 1) {
    for (double passed_s = 0; passed_s < seconds - dt_s / 2; passed_s += dt_s) frame(dt_s);
  }

  /// Long enough that what was is over, whatever it was.
  void run_elsewhere(double seconds = 3700) {
    const auto before = battery.reading;
    cells_mv({3300, 3300, 3300, 3300});
    battery.reading.current_a = -30;
    run(seconds, 10);
    battery.reading = before;
  }

  [[nodiscard]] const CellRecord& record() const { return monitor.record(); }
  [[nodiscard]] const CellAlerts::List& alerts() const { return record().alerts.list(); }
  void raise(Alarm alarm, AlarmLevel level) { battery.alarms.set(alarm, level); }

  Config config;
  Battery battery;
  CellMonitor monitor;
  std::optional<double> unix_s = started_unix_s;
};

/// Anything that could come, and much that could not.
inline Battery random_battery(std::mt19937& random, std::size_t cells) {
  const auto between = [&](double low, double high) { return std::uniform_real_distribution(low, high)(random); };
  const auto one_in = [&](int n) { return std::uniform_int_distribution(1, n)(random) == 1; };
  Battery battery;
  const double level_v = one_in(3) ? between(2.5, 3.1) : one_in(2) ? between(3.4, 3.6) : between(3.2, 3.35);
  for (std::size_t i = 0; i < cells; ++i)
    battery.reading.cells_v.push_back(one_in(200) ? between(-1, 70) : level_v + between(-0.05, 0.05));
  if (!one_in(10)) battery.reading.current_a = one_in(3) ? between(-200, 200) : one_in(50) ? 1e300 : 0;
  if (!one_in(10)) battery.estimate.soc_pct = between(-5, 105);
  if (!one_in(10)) battery.estimate.capacity_ah = between(1, 500);
  for (const Alarm alarm : {Alarm::cell_imbalance, Alarm::low_cell_voltage, Alarm::high_cell_voltage})
    if (one_in(4)) battery.alarms.set(alarm, static_cast<AlarmLevel>(std::uniform_int_distribution(0, 2)(random)));
  return battery;
}

}  // namespace bms::battery
