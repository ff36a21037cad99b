// What lasts between two conversations with one ANT board.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ant/ant_new_frame.hpp"
#include "ant/ant_old_frame.hpp"
#include "ant/ant_reading.hpp"
#include "ant/ant_status.hpp"

namespace bms::ant {

/// A board of the new protocol.
struct NewBoard {
  std::size_t status_size = shortest_status;  ///< of the last reply
  std::uint8_t permission_level = 0;          ///< that the board grants us
};

/// Compares what an old frame says twice. Its sum cannot show two errors that cancel, so the extremes and the mean of
/// the cells, and the emptiness of the slots after them, have to fit the list of cells as they do in all captures.
/// Boards whose frames never fit lose the check after two frames.
class CrossCheck {
 public:
  /// Whether the frame may be believed.
  [[nodiscard]] bool passes(const Status& status);

 private:
  static constexpr int most_trust = 16;
  static constexpr int cost = 4;
  int trust_ = 2 * cost;
};

/// Whether the extremes and the mean of the cells, and the slots after them, fit the list of cells.
[[nodiscard]] bool consistent(const Status& status);

/// A board of the old protocol.
struct OldBoard {
  explicit OldBoard(std::size_t probes_fitted) : probes(probes_fitted) {}

  /// Index of the status request that it answers, of `old_status_requests`. Empty: not known.
  std::optional<std::size_t> status_request;
  int failed_polls = 0;
  bool line_echoes = false;  ///< requests come back
  CrossCheck cross_check;
  ProbeFilter probes;
  std::optional<double> configured_ah;  ///< by registers, where the status does not say
  unsigned polls_to_capacity = 0;       ///< until the registers are asked again

  [[nodiscard]] const OldRequest& usual_status_request() const {
    return old_status_requests[status_request.value_or(0)];
  }
};

}  // namespace bms::ant
