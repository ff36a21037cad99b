#include "driver/pipeline.hpp"

#include <algorithm>

namespace bms::driver {

Result<Verdict> Pipeline::take(const Reading& reading, bool line_noisy, TimePoint now) {
  std::optional<Reading> believed = reading;
  if (line_noisy || consensus_.undecided()) {
    believed = consensus_.add(reading);
  } else {
    consensus_.clear();
  }
  if (!believed) return Verdict::undecided;
  if (auto accepted = model_.accept(*believed, now); !accepted) return std::unexpected(accepted.error());
  control_.update(battery(), now);
  return Verdict::believed;
}

void Pipeline::configure(const battery::Staleness& staleness, const charge::Config& charge, TimePoint now) {
  model_.configure(staleness, {});
  control_ = charge::LimitsControl(charge);
  control_.update(battery(), now);
}

void Pipeline::time_passes(TimePoint now) {
  model_.time_passes(now);
  // While readings come, limits move with them alone: values of one moment belong together.
  if (!battery().measurements_valid()) control_.update(battery(), now);
}

std::optional<TimePoint> Pipeline::next_change(TimePoint now) const {
  const auto limits_change = control_.next_change(battery(), now);
  const auto contact_change = model_.next_change();
  return limits_change && contact_change ? std::min(*limits_change, *contact_change) : contact_change;
}

}  // namespace bms::driver
