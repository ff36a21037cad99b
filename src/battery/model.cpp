#include "battery/model.hpp"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <utility>

#include "battery/calibration.hpp"
#include "battery/derive.hpp"
#include "battery/doubt.hpp"
#include "battery/plausibility.hpp"
#include "battery/seconds.hpp"

namespace bms::battery {

/// What limits and SoC follow from: a reading without it is worth less, so it is not given up for a single one.
Quantities Model::needed(const External& external) const {
  Quantities needed;
  const bool other_current = config_.soc.current_source == CurrentSource::external && external.current_a;
  if (!other_current) needed.set(index_of(Quantity::current));
  if (config_.soc.source == SocSource::bms) needed.set(index_of(Quantity::soc));
  return needed;
}

Result<void> Model::bear(const Reading& raw, Quantities odd) {
  const Quantities news = odd & ~borne_;
  doubts_ = news.any() && news == doubted_ ? doubts_ + 1 : 1;
  doubted_ = news;
  if (news.none() || doubts_ >= insisting) {
    borne_ = odd;
    return {};
  }
  std::size_t first = 0;
  while (!news.test(first)) ++first;
  return failure(ErrorKind::implausible, in_words(raw, static_cast<Quantity>(first)) + " cannot be true");
}

Result<Reading> Model::judge(const Reading& raw, TimePoint now, const External& external) {
  if (auto plausible = check_plausible(raw, bounds_); !plausible) return std::unexpected(plausible.error());
  const Quantities odd = odd_values(raw, bounds_, battery_.estimate.capacity_ah);
  if (auto borne = bear(raw, odd & needed(external)); !borne) return std::unexpected(borne.error());
  Reading believable = raw;
  leave_out(believable, odd);
  if (battery_.contact != Contact::never) {
    if (auto same = check_same_pack(battery_.reading, raw); !same) return std::unexpected(same.error());
  }
  if (battery_.contact == Contact::lost) continuity_.contact_lost();
  const Reading corrected = calibrated(believable, config_.calibration);
  if (auto follows = continuity_.take(corrected, battery_.estimate.sure_capacity_ah, now); !follows) {
    return std::unexpected(follows.error());
  }
  left_out_ = odd;
  return believable;
}

void Model::take_sensors(const Reading& raw, std::bitset<max_temperatures> on_cells) {
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
  // Which sensor is the highest one is not reported: it speaks for the cells only where all of them are on cells.
  if (!sensors_.highest_is_told() || on_cells.count() != raw.temperatures_c.size()) return;
  battery_.protection_expected = true;
  const auto highest_c = battery_.reading.highest_temperature_c;
  if (battery_.protecting_temperatures_c.empty() && highest_c) battery_.protecting_temperatures_c.push_back(*highest_c);
}

void Model::take(Reading believable, const External& external, double dt_s) {
  sensors_.complete(believable);
  sensors_.watch(believable, dt_s);
  Reading reading = believable;
  sensors_.mask(reading);
  const bool external_current = config_.soc.current_source == CurrentSource::external;
  battery_.reading = calibrated(reading, config_.calibration, external_current ? external.current_a : std::nullopt);
  // A sensor of a heater must not speak for cells whose own sensors have failed.
  std::bitset<max_temperatures> on_cells;
  for (std::size_t i = 0; i < believable.temperatures_c.size(); ++i) {
    on_cells.set(i, config_.calibration.sensors[i].role == SensorRole::cell && sensors_.fitted(i));
  }
  take_sensors(believable, on_cells);
  battery_.derived = derive(battery_.reading, on_cells);
  battery_.cell_count = believable.cells_v.size();
}

Result<void> Model::accept(const Reading& raw, TimePoint now, const External& external) {
  time_passes(now);
  auto believable = judge(raw, now, external);
  if (!believable) {
    note_failure(now);
    return std::unexpected(believable.error());
  }
  take(*std::move(believable), external, battery_.contact == Contact::never ? 0 : seconds(now - battery_.read_at));
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
