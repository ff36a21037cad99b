// Takes per-unit arrays (CELL, RINT, PTEM) apart.
#pragma once

#include <cstddef>
#include <optional>

#include "rec/rec_answer.hpp"

namespace bms::rec {

/// How many values there are for a unit, counted from 0. Precondition: unit < answer.units.
[[nodiscard]] std::size_t values_of_unit(const Answer& answer, std::size_t unit);

/// How many values there are altogether.
[[nodiscard]] std::size_t count_values(const Answer& answer);

/// One value of a unit. Precondition: index < values_of_unit(answer, unit).
[[nodiscard]] double value_at(const Answer& answer, std::size_t unit, std::size_t index);

/// Calls `with(value)` for all values, unit 1 first.
template <class F>
void for_each_value(const Answer& answer, F with) {
  for (std::size_t unit = 0; unit < answer.units; ++unit)
    for (std::size_t i = 0; i < values_of_unit(answer, unit); ++i) with(value_at(answer, unit, i));
}

/// How many of a unit's temperature values are sensors. The ABMS always reports four, and what it reports in places
/// without a sensor looks like a cell voltage (ofernander/signalk-rec-bms, commit 476c7fd). It cannot be told from a
/// temperature near freezing, so the number of sensors decides: `configured`, else one for four values from a unit with
/// four cells, else all.
[[nodiscard]] std::size_t sensors_of_unit(std::size_t values, std::size_t configured, std::optional<std::size_t> cells);

}  // namespace bms::rec
