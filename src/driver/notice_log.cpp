#include "driver/notice_log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

namespace bms::driver {

namespace {

/// What a BMS learns moves on a little now and then, which is not worth a line.
bool worth_a_line(double before_ah, double now_ah) {
  constexpr double small = 0.02;
  return std::abs(now_ah - before_ah) > small * std::max(before_ah, now_ah);
}

}  // namespace

void NoticeLog::follow(const Battery& battery, const std::string& prefix) {
  follow_capacity(battery.estimate, prefix);
  if (battery.notices == logged_) return;
  for (const Notice& notice : battery.notices) {
    if (std::ranges::find(logged_, notice) == logged_.end()) spdlog::warn("{}{}", prefix, notice.text.view());
  }
  for (const Notice& notice : logged_) {
    const bool over = std::ranges::find(battery.notices, notice) == battery.notices.end();
    if (over) spdlog::info("{}no longer: {}", prefix, notice.text.view());
  }
  logged_ = battery.notices;
}

void NoticeLog::follow_capacity(const Estimate& estimate, const std::string& prefix) {
  const auto now_ah = estimate.capacity_ah;
  const auto doubted_ah = estimate.doubted_capacity_ah;
  if (doubted_ah && now_ah && (!doubted_ah_ || worth_a_line(*doubted_ah_, *doubted_ah))) {
    spdlog::warn("{}the BMS says a capacity of {:.1f} Ah instead of {:.1f} Ah: believed if it goes on saying so",
                 prefix, *doubted_ah, *now_ah);
  }
  if (doubted_ah) doubted_ah_ = doubted_ah;
  if (now_ah.has_value() == capacity_ah_.has_value() && (!now_ah || !worth_a_line(*capacity_ah_, *now_ah))) return;
  if (!now_ah) {
    spdlog::warn("{}the capacity is no longer known", prefix);
  } else if (!capacity_ah_) {
    spdlog::info("{}the capacity is {:.1f} Ah", prefix, *now_ah);
  } else {
    spdlog::warn("{}the capacity is {:.1f} Ah now, was {:.1f} Ah; limits that are multiples of it follow slowly",
                 prefix, *now_ah, *capacity_ah_);
  }
  capacity_ah_ = now_ah;
  doubted_ah_.reset();
}

}  // namespace bms::driver
