// A battery that an estimator looks at, frame by frame.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string_view>

#include "battery/derive.hpp"
#include "battery/estimator.hpp"
#include "sample.hpp"

namespace bms::battery {

/// 16 cells of 280 Ah at rest, half full by its BMS.
class EstimatedBattery {
 public:
  EstimatedBattery() {
    battery.reading = test::healthy_reading();
    battery.reading.current_a = 0;
    battery.contact = Contact::fresh;
    battery.cell_count = battery.reading.cells_v.size();
    battery.protection_expected = true;
    battery.protecting_temperatures_c = {21.5, 22.5};
    all_cells(3.30);
  }

  Reading& reading() { return battery.reading; }

  void all_cells(double cell_v) {
    for (double& each_v : battery.reading.cells_v) each_v = cell_v;
    battery.reading.voltage_v = cell_v * static_cast<double>(battery.reading.cells_v.size());
  }

  /// One frame as the driver takes it.
  void frame(double dt_s = 1) {
    battery.derived = derive(battery.reading);
    estimator.before_charge(battery, external, dt_s);
    estimator.after_charge(battery, findings, dt_s);
  }

  void run(double seconds, double dt_s = 1) {
    for (double passed_s = 0; passed_s < seconds - dt_s / 2; passed_s += dt_s) frame(dt_s);
  }

  void charge_is_full() {
    findings.became_full = findings.held_full = true;
    frame();
    findings.became_full = findings.held_full = false;
  }

  [[nodiscard]] double soc() const { return battery.estimate.soc_pct.value_or(-1); }
  [[nodiscard]] std::optional<AlarmLevel> level(Alarm alarm) const { return battery.alarms[alarm]; }
  [[nodiscard]] std::string_view cause(Alarm alarm) const {
    return battery.alarm_causes[static_cast<std::size_t>(alarm)];
  }
  [[nodiscard]] const AlarmSource& source(Alarm alarm) const {
    return battery.alarm_sources[static_cast<std::size_t>(alarm)];
  }
  void configure() { estimator.configure(config); }

  Config config;
  Estimator estimator{config};
  Battery battery;
  External external;
  ChargeFindings findings;
};

class EstimatorTest : public testing::Test, public EstimatedBattery {};

}  // namespace bms::battery
