// What whole frames with a right checksum mean. Pure: bytes in, SI units out.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "bms/bytes.hpp"
#include "bms/error.hpp"
#include "chargery/chargery_tables.hpp"

namespace bms::chargery {

/// Command 57. What a layout lacks is empty.
struct System {
  Layout layout = Layout::system_v122;
  unsigned charge_end_mv = 0;  ///< of a cell: the user's setting at which the BMS stops charging
  std::optional<Mode> mode;
  double current_a = 0;  ///< positive while charging; without a mode only the amount
  std::array<std::optional<double>, sensors> temperatures_c;
  std::optional<unsigned> soc_pct;
  std::optional<unsigned> discharge_end_mv;
  std::array<std::optional<bool>, protections.size()> active;  ///< in the order of the table

  friend bool operator==(const System&, const System&) = default;
};

/// Command 56.
struct Cells {
  Layout layout = Layout::cells_v124;
  boost::container::static_vector<std::uint16_t, most_slots> slots_mv;  ///< of the board, wired or not
  std::optional<unsigned> soc_pct;
  std::optional<double> remaining_wh;
  std::optional<double> remaining_ah;

  friend bool operator==(const Cells&, const Cells&) = default;
};

/// Command 58, sent when the direction of the current changes. Means something under load only.
struct Impedances {
  Mode mode = Mode::discharge;
  double current_a = 0;                                                   ///< positive while charging
  boost::container::static_vector<std::uint16_t, most_slots> tenth_mohm;  ///< of every cell that the BMS sees

  friend bool operator==(const Impedances&, const Impedances&) = default;
};

using Message = std::variant<System, Cells, Impedances>;

/// Decodes a whole frame. Precondition: its length is one that `rule` allows. Errors: ErrorKind::garbage when it holds
/// what cannot be true.
[[nodiscard]] Result<Message> decode(const LayoutRule& rule, Bytes frame);

/// The highest slot that has a cell, counted from 1; all up to it count. 0: none has.
[[nodiscard]] std::size_t connected_slots(const Cells& cells);

}  // namespace bms::chargery
