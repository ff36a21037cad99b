#include "battery/model.hpp"

#include <algorithm>
#include <bitset>
#include <cstddef>

#include "battery/calibration.hpp"
#include "battery/derive.hpp"
#include "battery/plausibility.hpp"

namespace bms::battery {

namespace {

// Somebody may have reset the counter with the vendor's app: what a board keeps saying in sound frames is true.
constexpr int insisting = 3;

double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

Reading without_temperatures(const Reading& reading) {
  Reading result = reading;
  for (auto& temperature_c : result.temperatures_c) temperature_c.reset();
  result.mos_temperature_c.reset();
  return result;
}

}  // namespace

Result<void> Model::check(const Reading& raw) {
  Reading believable = raw;
  sensors_.mask(believable);
  if (auto plausible = check_plausible(believable, bounds_); !plausible) {
    // A broken sensor says the same nonsense each time, and the rest of the reading is good.
    if (!check_plausible(without_temperatures(raw), bounds_) || !insists(raw)) return plausible;
  }
  if (battery_.contact == Contact::never) return {};
  if (auto same = check_same_pack(battery_.reading, raw); !same) return same;
  // Nobody knows what happened while there was no contact.
  if (battery_.contact == Contact::lost) return {};
  auto follows = check_follows(battery_.reading, raw);
  if (!follows && insists(raw)) return {};
  return follows;
}

bool Model::insists(const Reading& raw) {
  doubts_ = doubts_ > 0 && check_follows(doubted_, raw) ? doubts_ + 1 : 1;
  doubted_ = raw;
  return doubts_ >= insisting;
}

void Model::take_sensors(const Reading& raw) {
  battery_.protecting_temperatures_c.clear();
  battery_.protection_expected = false;
  battery_.faulty_sensors = 0;
  battery_.sensor_fault = {};
  for (std::size_t i = 0; i < raw.temperatures_c.size(); ++i) {
    const SensorRole role = config_.calibration.sensors[i].role;
    if (role == SensorRole::unused || !sensors_.fitted(i)) continue;
    if (role == SensorRole::cell) battery_.protection_expected = true;
    if (sensors_.faulty(i) && battery_.faulty_sensors++ == 0) battery_.sensor_fault = sensors_.describe(i);
    const auto& temperature_c = battery_.reading.temperatures_c[i];
    if (role == SensorRole::cell && temperature_c) battery_.protecting_temperatures_c.push_back(*temperature_c);
  }
}

void Model::take(const Reading& raw, const External& external, double dt_s) {
  sensors_.watch(raw, dt_s);
  Reading believable = raw;
  sensors_.mask(believable);
  const bool external_current = config_.soc.current_source == CurrentSource::external;
  battery_.reading = calibrated(believable, config_.calibration, external_current ? external.current_a : std::nullopt);
  take_sensors(raw);
  std::bitset<max_temperatures> on_cells;
  for (std::size_t i = 0; i < raw.temperatures_c.size(); ++i) {
    on_cells.set(i, config_.calibration.sensors[i].role == SensorRole::cell && battery_.reading.temperatures_c[i]);
  }
  battery_.derived = derive(battery_.reading, on_cells);
  battery_.cell_count = raw.cells_v.size();
}

Result<void> Model::accept(const Reading& raw, TimePoint now, const External& external) {
  time_passes(now);
  if (auto ok = check(raw); !ok) {
    note_failure(now);
    return ok;
  }
  doubts_ = 0;
  take(raw, external, battery_.contact == Contact::never ? 0 : seconds(now - battery_.read_at));
  battery_.read_at = now;
  note_contact(now);
  if (battery_.contact == Contact::fresh) failures_.answered(now);
  battery_.failed_polls_share = failures_.share(now);
  return {};
}

void Model::note_failure(TimePoint now) {
  if (battery_.contact == Contact::fresh) failures_.failed();
  battery_.failed_polls_share = failures_.share(now);
}

void Model::configure(const Staleness& staleness, Config config) {
  staleness_ = staleness;
  config_ = std::move(config);
}

void Model::note_contact(TimePoint now) {
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
}

bool Model::in_no_danger() const {
  const auto inside = [this](double cell_v) {
    return cell_v >= staleness_.keep_min_cell_v && cell_v <= staleness_.keep_max_cell_v;
  };
  const auto raised = [this](const AlarmEffect& effect) {
    return battery_.reading.alarms[effect.alarm].value_or(AlarmLevel::ok) != AlarmLevel::ok;
  };
  const auto& cells_v = battery_.reading.cells_v;
  return !cells_v.empty() && std::ranges::all_of(cells_v, inside) && std::ranges::none_of(alarm_effects, raised);
}

Clock::duration Model::kept_for() const { return in_no_danger() ? staleness_.keep_for : std::chrono::milliseconds{0}; }

void Model::time_passes(TimePoint now) {
  if (battery_.contact == Contact::never) return;
  const auto age = now - battery_.read_at;
  const auto release_after = staleness_.release_after + kept_for();
  if (age >= release_after + staleness_.release_time) {
    battery_.contact = Contact::lost;
  } else if (age >= release_after) {
    battery_.contact = Contact::releasing;
  } else if (age >= staleness_.release_after) {
    battery_.contact = Contact::kept;
  } else if (age >= staleness_.stale_after) {
    battery_.contact = Contact::stale;
  }
  if (!battery_.measurements_valid()) failures_.contact_lost();
}

std::optional<TimePoint> Model::next_change() const {
  const auto release_after = staleness_.release_after + kept_for();
  switch (battery_.contact) {
    case Contact::never:
    case Contact::lost: return std::nullopt;
    case Contact::fresh:
    case Contact::returning: return battery_.read_at + staleness_.stale_after;
    case Contact::stale: return battery_.read_at + staleness_.release_after;
    case Contact::kept: return battery_.read_at + release_after;
    case Contact::releasing: return battery_.read_at + release_after + staleness_.release_time;
  }
  return std::nullopt;
}

}  // namespace bms::battery
