// Between which voltages the owner wants the cells.
#pragma once

namespace bms {

/// Voltages of one cell. The defaults are those for LiFePO4.
struct CellWindow {
  double absorption_cell_v = 3.450;  ///< Vt: times the number of cells, the highest CVL outside balancing
  double float_cell_v = 3.375;       ///< Vf
  double min_cell_v = 2.900;         ///< V_low: where discharging should end
};

}  // namespace bms
