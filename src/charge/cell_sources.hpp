// What the highest and the lowest cell allow.
#pragma once

#include "charge/source.hpp"

namespace bms::charge {

/// Counts what has to last: an empty cell, a current that fills the pack. Once per sample, after the filters of the
/// cells.
void watch_cells(const Situation& now, State& state);

/// Whether a current has flowed into the pack, or out of it, for long enough to mean something.
[[nodiscard]] bool is_filled(const State& state);
[[nodiscard]] bool is_drained(const State& state);

// Cells that cannot be true.
[[nodiscard]] double sense_share(const Situation& now, const State& state);
[[nodiscard]] double sense_and_height_share(const Situation& now, const State& state);
[[nodiscard]] ShortText sense_reason(const Situation& now, const State& state);
[[nodiscard]] Recovery sense_recovery(const Situation& now, const State& state);

// The highest cell, by the charge curve.
[[nodiscard]] double highest_cell_share(const Situation& now, const State& state);
[[nodiscard]] ShortText highest_cell_reason(const Situation& now, const State& state);
[[nodiscard]] Recovery highest_cell_recovery(const Situation& now, const State& state);

// The lowest cell, by the discharge curve.
[[nodiscard]] double lowest_cell_share(const Situation& now, const State& state);
[[nodiscard]] ShortText lowest_cell_reason(const Situation& now, const State& state);
[[nodiscard]] Recovery lowest_cell_recovery(const Situation& now, const State& state);

// The lowest cell, by the cut-off.
[[nodiscard]] double cut_off_share(const Situation& now, const State& state);
[[nodiscard]] Recovery empty_recovery(const Situation& now, const State& state);

}  // namespace bms::charge
