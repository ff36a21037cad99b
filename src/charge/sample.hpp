// What charge control looks at: the facts of one poll cycle, which belong together.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <optional>

#include "bms/reading.hpp"

namespace bms::charge {

/// One sample. Empty optionals: not known.
struct Sample {
  boost::container::static_vector<double, max_cells> cells_v{};
  std::optional<double> current_a{};    ///< calibrated, positive while charging
  std::optional<double> capacity_ah{};  ///< the measure of what is a multiple of it

  /// Cell sensors that may be relied on. A sensor that is faulty, or not for protection, is not among them.
  boost::container::static_vector<double, max_temperatures> temperatures_c{};
  bool sensors_expected = false;  ///< the board should have at least one such sensor
  std::optional<double> mos_temperature_c{};
  std::optional<double> soc_pct{};  ///< empty also while it is uncertain

  std::optional<bool> charge_fet{}, discharge_fet{};
  std::optional<bool> heating{};
  bool endures_less = false;  ///< the cells that the BMS is set to, than those of the limits

  // What the BMS allows and where it would open its FETs.
  std::optional<double> max_charge_voltage_v{}, max_charge_current_a{}, max_discharge_current_a{};
  std::optional<double> cell_over_voltage_v{}, cell_under_voltage_v{};

  Alarms bms_alarms{};  ///< as they came in this sample
  Alarms alarms{};      ///< debounced, with our own: what is published
};

}  // namespace bms::charge
