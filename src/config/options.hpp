// Every option of config.ini, as one table: what it is called, what it may be, what it is when nobody says.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bms::config {

/// What can be configured for one battery. The values here are the defaults.
struct Settings {
  std::string bms;                  ///< empty: found out
  std::vector<unsigned> addresses;  ///< empty: found out
  double baud = 0;                  ///< 0: what the family uses
  double cells = 0;                 ///< 0: as the BMS says
  double temperature_sensors = 0;   ///< 0: as the BMS says

  double poll_interval_s = 1;
  double max_charge_current_a = 50;
  double max_discharge_current_a = 60;
  double max_cell_voltage_v = 3.45;
  double float_cell_voltage_v = 3.375;
  double min_cell_voltage_v = 2.9;
  double stale_after_s = 10;
  double release_after_s = 60;
};

/// Where an option is kept; its type decides what may stand in the file: a number, a word, or numbers with commas.
using Place = std::variant<double Settings::*, std::string Settings::*, std::vector<unsigned> Settings::*>;

/// One option.
struct Option {
  std::string_view name;
  std::string_view unit;
  double min, max;  ///< of numbers
  Place place;
  std::string_view description;
};

/// The table, in the order of the documentation.
[[nodiscard]] std::span<const Option> options();

}  // namespace bms::config
