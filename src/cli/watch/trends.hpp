// Which way each cell goes: what it is now, beside what it was a minute ago.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "cli/watch/model.hpp"

namespace bms::cli {

enum class Heading : std::uint8_t { down, level, up };

class CellTrends {
 public:
  using Clock = std::chrono::steady_clock;

  /// To be called whenever the cells are looked at, at least every ten seconds. After a longer pause, with another
  /// number of cells, or with another pack of a bank it begins anew.
  void note(Clock::time_point now, const WatchModel& model);

  /// By 2 mV or more within the last minute (up to 70 s). Empty: it has not been followed for so long, or is not known.
  [[nodiscard]] std::optional<Heading> of(const WatchedCell& cell) const;

 private:
  struct Look {
    Clock::time_point at;
    std::vector<WatchedCell> cells;
  };

  std::deque<Look> looks_;    ///< the oldest first, which is a minute old once there are enough
  std::int64_t of_pack_ = 0;  ///< of a bank
};

}  // namespace bms::cli
