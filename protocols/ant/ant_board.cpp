// What lasts between two conversations with one ANT board.
#include "ant/ant_board.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bms::ant {

bool consistent(const Status& status) {
  if (!status.older || status.cells_v.empty()) return true;
  const OldDetails& told = *status.older;
  const double sum_v = std::accumulate(status.cells_v.begin(), status.cells_v.end(), 0.0);
  const double mean_mv = 1000 * sum_v / static_cast<double>(status.cells_v.size());
  return told.spare_slots_empty && std::lround(1000 * *std::ranges::max_element(status.cells_v)) == told.highest_mv &&
         std::lround(1000 * *std::ranges::min_element(status.cells_v)) == told.lowest_mv &&
         std::abs(mean_mv - told.average_mv) < 1.5;
}

bool CrossCheck::passes(const Status& status) {
  if (consistent(status)) {
    trust_ = std::min(trust_ + 1, most_trust);
    return true;
  }
  if (trust_ < cost) return true;
  trust_ -= cost;
  return false;
}

}  // namespace bms::ant
