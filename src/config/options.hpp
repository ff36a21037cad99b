// Every option of config.ini, as one table: what it is called, what it may be, what it is when nobody says.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bms::config {

/// What can be configured for one battery. The values here are the defaults.
struct Settings {
  double poll_interval_s = 1;
  double max_charge_current_a = 50;
  double max_discharge_current_a = 60;
  double max_cell_voltage_v = 3.45;
  double float_cell_voltage_v = 3.375;
  double min_cell_voltage_v = 2.9;
  double stale_after_s = 10;
  double release_after_s = 60;
};

/// One option.
struct Option {
  std::string_view name;
  std::string_view unit;
  double min, max;
  double Settings::* member;
  std::string_view description;
};

/// The table, in the order of the documentation.
[[nodiscard]] std::span<const Option> options();

}  // namespace bms::config
