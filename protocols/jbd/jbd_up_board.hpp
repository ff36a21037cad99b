// What lasts between two conversations with one board of the UP series.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "jbd/jbd_up_decode.hpp"
#include "jbd/jbd_up_frame.hpp"

namespace bms::jbd::up {

/// A block that not every board answers, on not every port: the packs behind the port of another answer their status
/// alone. Asked in vain a few times it is left alone for good; one that has answered once is not.
class ExtraBlock {
 public:
  [[nodiscard]] bool worth_asking() const { return known_ || failures_ < most_failures; }
  void note(bool answered) {
    known_ = known_ || answered;
    failures_ = answered ? 0 : failures_ + 1;
  }

 private:
  static constexpr int most_failures = 5;

  bool known_ = false;
  int failures_ = 0;
};

struct Board {
  std::uint8_t address = 1;
  bool heard = false;  ///< it has answered, or was asked in vain, once: it need not be woken any more
  std::size_t status_size = frame_overhead + 72;  ///< of the last answer; 72 is the least that holds a cell
  std::optional<std::uint16_t> firmware;

  ExtraBlock own_status, counters;
  std::optional<CurrentLimits> own_limits;  ///< of a master, whose status reports those of all packs together
  std::optional<Counters> counted;
};

}  // namespace bms::jbd::up
