#include "battery/cell_classes.hpp"

#include <algorithm>

namespace bms::battery {

namespace {

/// What the next occurrence weighs: the first ones make a plain mean, later ones push the oldest out.
float weight_after(std::uint32_t occurrences) {
  return 1.0F / static_cast<float>(std::min<std::uint32_t>(occurrences + 1, ClassMeans::remembered));
}

}  // namespace

void ClassMeans::stay(std::span<const float> deviations_mv, float seconds) {
  if (!(seconds > 0)) return;
  state_.in_class_s += seconds;
  state_.span_s += seconds;
  state_.absent_s = 0;
  const float share = seconds / state_.in_class_s;
  for (std::size_t i = 0; i < deviations_mv.size(); ++i)
    state_.present_mv[i] += (deviations_mv[i] - state_.present_mv[i]) * share;
  if (state_.span_s >= longest_s) finish();
}

void ClassMeans::leave(float seconds) {
  if (!(state_.in_class_s > 0)) return;
  state_.absent_s += seconds;
  state_.span_s += seconds;
  if (state_.absent_s >= pause_s || state_.span_s >= longest_s) finish();
}

void ClassMeans::finish() {
  if (counts()) {
    for (std::size_t i = 0; i < max_cells; ++i) state_.mean_mv[i] = deviation_mv(i);
    state_.done = std::min(state_.done + 1, most);
  }
  state_.in_class_s = state_.span_s = state_.absent_s = 0;
  state_.present_mv = {};
}

float ClassMeans::deviation_mv(std::size_t cell) const {
  const float before_mv = state_.mean_mv[cell];
  if (!counts()) return before_mv;
  return before_mv + (state_.present_mv[cell] - before_mv) * weight_after(state_.done);
}

}  // namespace bms::battery
