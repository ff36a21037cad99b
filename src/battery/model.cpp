#include "battery/model.hpp"

#include "battery/derive.hpp"
#include "battery/plausibility.hpp"

namespace bms::battery {

namespace {

// Somebody may have reset the counter with the vendor's app: what a board keeps saying in sound frames is true.
constexpr int insisting = 3;

}  // namespace

Result<void> Model::check(const Reading& reading) {
  if (auto plausible = check_plausible(reading, bounds_); !plausible) return plausible;
  if (battery_.contact == Contact::never) return {};
  if (auto same = check_same_pack(battery_.reading, reading); !same) return same;
  // Nobody knows what happened while there was no contact.
  if (battery_.contact == Contact::lost) return {};
  auto follows = check_follows(battery_.reading, reading);
  if (!follows && insists(reading)) return {};
  return follows;
}

bool Model::insists(const Reading& reading) {
  doubts_ = doubts_ > 0 && check_follows(doubted_, reading) ? doubts_ + 1 : 1;
  doubted_ = reading;
  return doubts_ >= insisting;
}

Result<void> Model::accept(const Reading& reading, TimePoint now) {
  time_passes(now);
  if (auto ok = check(reading); !ok) return ok;
  doubts_ = 0;

  battery_.reading = reading;
  battery_.derived = derive(reading);
  battery_.cell_count = reading.cells_v.size();
  battery_.read_at = now;

  switch (battery_.contact) {
    case Contact::never:
    case Contact::fresh: battery_.contact = Contact::fresh; break;
    case Contact::stale:
    case Contact::kept:
    case Contact::releasing:
    case Contact::lost:
      battery_.contact = Contact::returning;
      returned_at_ = now;
      returned_readings_ = 1;
      break;
    case Contact::returning:
      ++returned_readings_;
      if (returned_readings_ >= staleness_.return_readings && now - returned_at_ >= staleness_.return_time) {
        battery_.contact = Contact::fresh;
      }
      break;
  }
  return {};
}

void Model::time_passes(TimePoint now) {
  if (battery_.contact == Contact::never) return;
  const auto age = now - battery_.read_at;
  if (age >= staleness_.release_after + staleness_.release_time) {
    battery_.contact = Contact::lost;
  } else if (age >= staleness_.release_after) {
    battery_.contact = Contact::releasing;
  } else if (age >= staleness_.stale_after) {
    battery_.contact = Contact::stale;
  }
}

std::optional<TimePoint> Model::next_change() const {
  switch (battery_.contact) {
    case Contact::never:
    case Contact::lost: return std::nullopt;
    case Contact::fresh:
    case Contact::returning: return battery_.read_at + staleness_.stale_after;
    case Contact::stale:
    case Contact::kept: return battery_.read_at + staleness_.release_after;
    case Contact::releasing: return battery_.read_at + staleness_.release_after + staleness_.release_time;
  }
  return std::nullopt;
}

}  // namespace bms::battery
