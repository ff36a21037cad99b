// What the owner says of the battery, and of how it is to be watched.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/cell_window.hpp"
#include "bms/chemistry.hpp"
#include "bms/curve.hpp"
#include "bms/reading.hpp"

namespace bms::battery {

/// What a temperature sensor measures.
enum class SensorRole : std::uint8_t {
  cell,    ///< protects: charging and discharging depend on it
  other,   ///< shown, but not for protection: air, a heater, a bus bar
  unused,  ///< not fitted, or broken for good
};

/// One sensor. The correction is applied once to what the BMS says: slope x raw + offset.
struct SensorConfig {
  SensorRole role = SensorRole::cell;
  std::string name{};  ///< for people; empty: "T1"
  double offset_k = 0;
  double slope = 1;

  friend bool operator==(const SensorConfig&, const SensorConfig&) = default;
};

/// How readings are corrected before anything uses them.
struct Calibration {
  bool invert_current = false;
  Curve current_map{};          ///< BMS's current -> true current, continued outside its points; empty: as it is
  double current_offset_a = 0;  ///< added after the map
  std::optional<double> capacity_ah{};  ///< instead of what the BMS says
  std::array<SensorConfig, max_temperatures> sensors{};
  SensorConfig mos_sensor{};
};

enum class SocSource : std::uint8_t { bms, own, external };
enum class CurrentSource : std::uint8_t { bms, external };

struct SocConfig {
  SocSource source = SocSource::bms;
  CurrentSource current_source = CurrentSource::bms;
  double deadband_a = 0.05;          ///< below it a current counts as 0 ...
  double self_consumption_a = 0;     ///< ... but for this, which is always drawn
  double charge_efficiency = 0.995;  ///< coulombs that stay of those charged
  bool cap_until_full = true;        ///< shows 99 % at most until the full charge is qualified
  double floor_soc_pct = 20;         ///< where discharging should end, for the time to go; systemcalc's overrides it
  std::vector<double> time_to_soc_points{};
};

/// When an alarm of our own is raised. Empty: never.
struct Threshold {
  std::optional<double> warning{}, alarm{};
};

/// Thresholds of derived alarms; delays and clearing levels are those of the alarm table.
struct AlarmConfig {
  Threshold low_soc{20, 10};
  Threshold low_cell_v{2.95, 2.85};
  Threshold high_cell_v{3.58, 3.62};
  Threshold most_high_cell_v{3.70, 3.75};  ///< what a balancing charge may raise them to, by the chemistry
  Threshold mos_temperature_c{80, 90};
  Threshold imbalance_rest_v{.050, .100};
  Threshold imbalance_top_v{.150, .250};
  Threshold soh{70, 60};
  Threshold stuck_fet_a{0.5, 5};     ///< current in the direction of a FET that is said to be off
  double high_current_ratio = 1.1;   ///< of the base limit; 0: never
  double failed_polls_share = 0.20;  ///< over five minutes; 0: never
  bool charge_temperature = true;    ///< a charger delivers although it is too cold or too hot
  bool implausible_cell = true;      ///< a cell reads what no cell can have: a broken sense wire
  bool temperature_sensor = true;
  bool bms_cable = true;
};

/// Everything that src/battery is configured with. The window is that of charge control: it decides what "empty" and
/// "at the top" mean.
struct Config : CellWindow {
  double poll_interval_s = 1;
  Calibration calibration;
  SocConfig soc;
  AlarmConfig alarms;
  double usual_absorption_cell_v = 3.450;  ///< of the chemistry, whatever is configured
  Chemistry chemistry = Chemistry::lfp;    ///< that limits are made for
  bool chemistry_configured = false;       ///< by the owner
  /// Options in use that mean nothing without the capacity: "max_charge_current".
  boost::container::static_vector<std::string_view, 8> needs_capacity{};
  bool history = true;           ///< computed; what the BMS counts itself is shown in any case
  bool midpoint = false;         ///< show the voltage of the lower half of the cells
  bool midpoint_of_odd = false;  ///< also when the middle is inside a cell
};

}  // namespace bms::battery
