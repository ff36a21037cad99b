// What charge control found in a reading, as far as estimation needs it.
#pragma once

namespace bms::battery {

struct ChargeFindings {
  bool became_full = false;         ///< SoC is 100 %
  bool held_full = false;           ///< with even cells
  bool ended_by_cap = false;        ///< absorption took too long
  bool cut_off = false;             ///< the lowest cell is empty
  double cut_off_raised_v = 0;      ///< so much sooner than configured, as the BMS would open its FET
  bool too_cold_to_charge = false;  ///< the temperature factor is 0
  bool too_hot_to_charge = false;
  bool balancing = false;                          ///< the target is the balancing voltage
  double balancing_cell_v = 0;                     ///< the present target per cell
  double base_charge_a = 0, base_discharge_a = 0;  ///< configured and BMS maximum
};

}  // namespace bms::battery
