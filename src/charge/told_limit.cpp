#include "charge/told_limit.hpp"

#include <cmath>

namespace bms::charge {

namespace {

ToldLimit silent(ToldLimit limit, double counted_s) {
  limit.silent_s += counted_s;
  if (limit.silent_s <= silence_counts_after_s) return limit;
  return {.ever = limit.ever, .silent_s = limit.silent_s};
}

}  // namespace

ToldLimit heard(ToldLimit before, std::optional<double> says, Zero zero, double largest, double counted_s) {
  if (!says) return silent(before, counted_s);
  if (!std::isfinite(*says) || *says < 0 || *says > largest) return before;
  if (*says > 0) return {.value = says, .ever = true};
  const bool meant = zero == Zero::always_nothing || (zero == Zero::once_told && before.ever);
  if (!meant) return silent(before, counted_s);
  return {.value = before.value, .nothing = true, .ever = before.ever};
}

}  // namespace bms::charge
