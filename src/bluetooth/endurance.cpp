#include "bluetooth/endurance.hpp"

#include <algorithm>

namespace bms::bluetooth {

namespace {

using namespace std::chrono_literals;

constexpr auto shortest_of_rhythm = 55s;
constexpr auto longest_of_rhythm = 65s;
constexpr auto out_of_rhythm = 5min;  // a connection that lasts so long proves that nobody ends it every minute

std::int64_t hour_of(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::hours>(time.time_since_epoch()).count();
}

}  // namespace

void Endurance::made(TimePoint now) {
  if (was_connected_ && !connected_) longest_gap_ = std::max(longest_gap_, now - lost_at_);
  connected_ = was_connected_ = true;
  made_at_ = now;
}

bool Endurance::lost(TimePoint now) {
  if (!connected_) return false;
  connected_ = false;
  lost_at_ = now;
  Hour& hour = losses_[static_cast<std::size_t>(hour_of(now) % hours)];
  if (hour.number != hour_of(now)) hour = {.number = hour_of(now)};
  ++hour.losses;
  const auto lasted = now - made_at_;
  const bool fits = lasted >= shortest_of_rhythm && lasted <= longest_of_rhythm;
  in_rhythm_ = fits ? std::min(in_rhythm_ + 1, losses_that_prove + 1) : 0;
  return in_rhythm_ == losses_that_prove;
}

void Endurance::given_away(TimePoint now) {
  if (was_connected_ && !connected_) longest_gap_ = std::max(longest_gap_, now - lost_at_);
  connected_ = was_connected_ = false;
}

LinkQuality Endurance::quality(TimePoint now) const {
  LinkQuality quality;
  unsigned losses = 0;
  for (const Hour& hour : losses_) {
    if (hour.number >= 0 && hour_of(now) - hour.number < hours) losses += hour.losses;
  }
  quality.losses_per_day = losses;
  const auto gap = was_connected_ && !connected_ ? std::max(longest_gap_, now - lost_at_) : longest_gap_;
  if (gap > Clock::duration::zero()) quality.longest_gap_s = std::chrono::duration<double>(gap).count();
  const bool over = connected_ && now - made_at_ >= out_of_rhythm;
  if (has_rhythm() && !over) quality.trouble = minute_rhythm;
  return quality;
}

}  // namespace bms::bluetooth
