#include "driver/save_schedule.hpp"

#include <cmath>

namespace bms::driver {

using namespace std::chrono_literals;

namespace {

constexpr auto lasting_pause = 60s;  // between two of them, whatever happens
constexpr auto lasting_limit = 10min;
constexpr double lasting_soc_step_pct = 2;
constexpr auto volatile_limit = 30s;

}  // namespace

std::optional<files::Lasting> SaveSchedule::due(std::optional<double> soc_pct, bool state_changed, TimePoint now) {
  state_changed_ = state_changed_ || state_changed;
  const bool soc_moved = soc_pct.has_value() != saved_soc_pct_.has_value() ||
                         (soc_pct && std::abs(*soc_pct - *saved_soc_pct_) >= lasting_soc_step_pct);
  const auto lasting_age = lasting_at_ ? now - *lasting_at_ : Clock::duration::max();
  if (lasting_age >= lasting_limit || (lasting_age >= lasting_pause && (soc_moved || state_changed_))) {
    lasting_at_ = volatile_at_ = now;
    saved_soc_pct_ = soc_pct;
    state_changed_ = false;
    return files::Lasting::yes;
  }
  if (now - volatile_at_ < volatile_limit) return std::nullopt;
  volatile_at_ = now;
  return files::Lasting::no;
}

}  // namespace bms::driver
