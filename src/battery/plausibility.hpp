// Whether a reading can be true. A checksum says that bytes arrived as they were sent, most of the time; this says
// that they describe a battery.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bms/bounds.hpp"
#include "bms/error.hpp"
#include "bms/reading.hpp"

namespace bms::battery {

/// Where nobody knows the board: beyond these is no cell of any chemistry. Boards have narrower bounds of their own.
inline constexpr Bounds any_battery{.cell_min_v = 0,
                                    .cell_max_v = 6,
                                    .pack_min_v = 0.5,
                                    .pack_max_v = 5,
                                    .sum_tolerance_v = 2,
                                    .sum_tolerance_ratio = 0.1,
                                    .current_max_a = 10'000,
                                    .remaining_max_ratio = 2};

/// Checks what nothing can be done without: cells are there, each within the bounds of the family, and they agree with
/// the pack's voltage. A single cell at 0 V is believed (broken sense wire) and the sum is then not compared.
/// Errors: ErrorKind::implausible, naming the value and its bounds.
[[nodiscard]] Result<void> check_plausible(const Reading& reading, const Bounds& bounds);

/// Everything else that a reading says in numbers, besides temperatures: each can be wrong by itself.
enum class Quantity : std::uint8_t {
  current,
  soc,
  soh,
  nominal_capacity,
  full_capacity,
  remaining,  ///< against the capacities
  cycles,
  consumed,
  total_charged,
  total_discharged,
};
inline constexpr std::size_t quantity_count = 10;

/// Some of them; bit n is the n-th.
using Quantities = std::bitset<quantity_count>;
[[nodiscard]] constexpr std::size_t index_of(Quantity quantity) { return static_cast<std::size_t>(quantity); }

/// Which of them cannot be true. `capacity_ah`: of the battery as far as it is known; a current may be five times that,
/// and 300 A at any rate: no BMS of ours is built into batteries that bear more.
[[nodiscard]] Quantities odd_values(const Reading& reading, const Bounds& bounds, std::optional<double> capacity_ah);

/// Empties them.
void leave_out(Reading& reading, Quantities odd);

/// "current -3276.8 A": what a reading says, for people.
[[nodiscard]] std::string in_words(const Reading& reading, Quantity quantity);

/// Checks that `next` comes from the pack that `previous` came from: the number of cells is a property of the pack.
/// Errors: ErrorKind::implausible.
[[nodiscard]] Result<void> check_same_pack(const Reading& previous, const Reading& next);

}  // namespace bms::battery
