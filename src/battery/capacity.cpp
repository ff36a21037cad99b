#include "battery/capacity.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "battery/facts.hpp"

namespace bms::battery {

namespace {

// What lies outside is what a board says that does not know it: registers full of ones, or a unit that was mistaken.
constexpr double least_ah = 1;
constexpr double most_ah = 5000;
constexpr double most_configured_ah = 10'000;  // as the option
constexpr double same_within = 0.01;           // what a BMS learns moves on a little now and then
constexpr double repeated_for_s = 10;
constexpr unsigned repeated_frames = 5;
constexpr double held_for_s = 60;
constexpr double rise_per_s = 0.01;          // of what it is ...
constexpr double least_rise_per_s = 0.0025;  // ... and so much of what it rises to, lest a tiny one takes for ever
constexpr unsigned settled_frames = 3;       // one reading may be false

bool same(double a_ah, double b_ah) { return std::abs(a_ah - b_ah) <= same_within * std::max(a_ah, b_ah); }

std::optional<double> believable(std::optional<double> capacity_ah) { return sane(capacity_ah, least_ah, most_ah); }

}  // namespace

void Capacity::follow(const Reading& reading, bool configured, Kept& kept, double dt_s) {
  const auto full_ah = believable(reading.full_ah);
  const auto now_ah = full_ah ? full_ah : believable(reading.design_capacity_ah);
  if (configured) {
    kept.told_capacity_ah.reset();
    doubted_ah_.reset();
    told_ah_ = sure_ah_ =
        sane(reading.full_ah ? reading.full_ah : reading.design_capacity_ah, least_ah, most_configured_ah);
    told_full_ = true;
    return;
  }
  if (!std::exchange(started_, true)) told_ah_ = believable(kept.told_capacity_ah);
  believe(now_ah, full_ah.has_value(), dt_s);
  kept.told_capacity_ah = told_ah_;
  if (now_ah) be_sure(reading, kept, dt_s);
}

void Capacity::believe(std::optional<double> now_ah, bool is_full, double dt_s) {
  if (untold_.follow(!now_ah, dt_s) >= held_for_s) {
    told_ah_.reset();
    sure_ah_.reset();
    settled_ = {};
  }
  const bool doubtful = now_ah && told_ah_ && !same(*now_ah, *told_ah_);
  const bool repeats = doubtful && doubted_ah_ && same(*now_ah, *doubted_ah_);
  if (!repeats) repeated_ = {};
  doubted_ah_ = doubtful ? now_ah : std::nullopt;
  const double repeated_s = repeated_.follow(doubtful, dt_s);
  if (!now_ah || (doubtful && (repeated_s < repeated_for_s || repeated_.frames() < repeated_frames))) return;
  told_ah_ = now_ah;
  told_full_ = is_full;
  doubted_ah_.reset();
}

void Capacity::be_sure(const Reading& reading, const Kept& kept, double dt_s) {
  double least_told_ah = *told_ah_;
  const auto learned_ah = told_full_ ? std::nullopt : kept.learned_capacity_ah;
  for (const auto other : {reading.full_ah, reading.design_capacity_ah, learned_ah}) {
    if (const auto other_ah = believable(other)) least_told_ah = std::min(least_told_ah, *other_ah);
  }
  if (!sure_ah_) sure_ah_ = least_told_ah;
  // What has been told several times gives way only to what is as well.
  const bool falls = least_told_ah < *sure_ah_ && !same(least_told_ah, *sure_ah_);
  const bool settled = settled_.frames() >= settled_frames;
  fallen_.follow(falls, dt_s);
  settled_.follow(!falls || settled, dt_s);
  if (falls && settled && fallen_.frames() < settled_frames) return;
  if (falls) settled_ = {};
  const double rise_ah = std::max(rise_per_s * *sure_ah_, least_rise_per_s * least_told_ah) * dt_s;
  sure_ah_ = std::min(least_told_ah, *sure_ah_ + rise_ah);
}

std::optional<double> Capacity::believed_ah(const Kept& kept) const {
  return told_full_ || !kept.learned_capacity_ah ? told_ah_ : kept.learned_capacity_ah;
}

}  // namespace bms::battery
