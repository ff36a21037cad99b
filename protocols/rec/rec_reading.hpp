// Makes a Reading of what a poll and the errands before it have brought, and takes in what errands bring.
#pragma once

#include <boost/container/static_vector.hpp>
#include <optional>
#include <vector>

#include "bms/error.hpp"
#include "bms/extra.hpp"
#include "bms/reading.hpp"
#include "rec/rec_answer.hpp"
#include "rec/rec_board.hpp"
#include "rec/rec_decode.hpp"

namespace bms::rec {

/// What every poll brings anew.
struct Essentials {
  Overview overview{};
  boost::container::static_vector<double, max_cells> cells_v;
  Fault fault{};
};

/// Takes the cells out of an answer and remembers their layout. Errors: unsupported for more cells or units than can be
/// shown, implausible for voltages that a unit cannot measure.
[[nodiscard]] Result<void> take_cells(const Answer& answer, Board& board, Essentials& essentials);

/// Whether the cells add up to the pack's voltage. The two are measured at different moments, so only the third misfit
/// in a row is an error.
[[nodiscard]] Result<void> check_sum(const Essentials& essentials, Board& board);

/// Takes in the answer to an errand; false when it was dropped: it cannot be true, or is to be repeated first.
[[nodiscard]] bool take_errand(std::size_t errand, const Answer& answer, Board& board);

/// Whether one of an answer's values is the temperature that LCD1 has reported, so that it may be PTEM and not CELL,
/// which looks the same and was asked for before. A lost sensor proves nothing.
[[nodiscard]] bool tells_temperature(const Answer& answer, double highest_temperature_c);

/// The reading. Moves the guard of the board.
[[nodiscard]] Reading compose(const Essentials& essentials, Board& board);

/// Appends what errands have brought besides: where the extremes are, and the resistances of the cells.
void add_extras_of(const Board& board, std::vector<Extra>& to);

/// The lower of what `devices` take together and the multiple of the capacity, as far as either is known. That both
/// bound the current is documented, how they combine is not; the lower one is never too much.
[[nodiscard]] std::optional<double> current_limit(std::optional<double> devices, std::optional<double> device_a,
                                                  std::optional<double> multiple, std::optional<double> capacity_ah);

}  // namespace bms::rec
