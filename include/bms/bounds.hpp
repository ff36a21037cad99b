// What readings of a family can be.
#pragma once

namespace bms {

/// Between which values a reading is believed. Outside, cells and voltage cost the reading, and anything else itself.
struct Bounds {
  double cell_min_v, cell_max_v;  ///< a single cell
  double pack_min_v, pack_max_v;  ///< the pack's voltage, per cell
  double sum_tolerance_v;         ///< |pack - sum of cells| may be this much ...
  double sum_tolerance_ratio;     ///< ... or this share of the pack's voltage, whichever is more
  double current_max_a;           ///< either sign
  double remaining_max_ratio;     ///< remaining / max(design, full)
};

}  // namespace bms
