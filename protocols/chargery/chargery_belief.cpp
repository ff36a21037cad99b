// When a frame has an effect.
#include "chargery/chargery_belief.hpp"

#include <cstdlib>

namespace bms::chargery {
namespace {

// No pack does this between two frames, which are at most some seconds apart.
constexpr int soc_jump_pct = 10;
constexpr int cell_jump_mv = 500;

int difference(unsigned a, unsigned b) { return std::abs(static_cast<int>(a) - static_cast<int>(b)); }

}  // namespace

bool follows(const System& last, const System& next) {
  if (last.layout != next.layout) return false;
  for (std::size_t i = 0; i < next.active.size(); ++i)
    if (next.active[i] == true && last.active[i] != true) return true;
  if (last.charge_end_mv != next.charge_end_mv || last.discharge_end_mv != next.discharge_end_mv) return false;
  return difference(last.soc_pct.value_or(0), next.soc_pct.value_or(0)) <= soc_jump_pct;
}

bool follows(const Cells& last, const Cells& next, const CellWindow& window) {
  if (last.layout != next.layout || last.slots_mv.size() != next.slots_mv.size()) return false;
  bool jumps = false;
  for (std::size_t slot = 0; slot < next.slots_mv.size(); ++slot) {
    const unsigned now_mv = next.slots_mv[slot];
    if (difference(last.slots_mv[slot], now_mv) <= cell_jump_mv) continue;
    if (window.highest_mv && now_mv > *window.highest_mv) return true;
    if (window.lowest_mv && now_mv < *window.lowest_mv) return true;
    jumps = true;
  }
  return !jumps;
}

}  // namespace bms::chargery
