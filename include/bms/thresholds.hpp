// Where a BMS itself opens its FETs.
#pragma once

#include <optional>

namespace bms {

/// Cell voltages; empty: the BMS does not say.
struct Thresholds {
  std::optional<double> cell_over_voltage_v, cell_under_voltage_v;
};

}  // namespace bms
