#include "driver/owner_config.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "config/fit.hpp"

namespace bms::driver {

namespace {

/// T1, T2 and T3. With slow polls T1 is at least three of them, so that one lost answer is not a lost BMS.
battery::Staleness staleness_of(const config::Settings& settings) {
  battery::Staleness staleness;
  staleness.stale_after = std::max(milliseconds(settings.stale_after_s), 3 * milliseconds(settings.poll_interval_s));
  staleness.release_after = std::max(milliseconds(settings.release_after_s), 2 * staleness.stale_after);
  staleness.keep_for = milliseconds(settings.keep_for_s);
  staleness.keep_min_cell_v = settings.keep_min_cell_v;
  staleness.keep_max_cell_v = settings.keep_max_cell_v;
  return staleness;
}

/// Options that mean nothing without the capacity, and whether they are in use. What the driver does by itself is not
/// worth a word: it is careful where it does not know.
struct NeedsCapacity {
  std::string_view option;
  bool (*in_use)(const PipelineConfig& config);
};

template <auto Member>
bool is_multiple(const PipelineConfig& config) {
  return (config.charge.*Member).c_rate;
}

template <auto Member>
bool was_chosen(const PipelineConfig& config) {
  return config.charge.*Member != charge::Config().*Member;
}

template <auto Member>
bool is_kept(const PipelineConfig& config) {
  return config.staleness.keep_for > std::chrono::milliseconds{0} && config.charge.*Member > 0;
}

constexpr NeedsCapacity need_capacity[] = {
    {"max_charge_current", is_multiple<&charge::Config::max_charge_current>},
    {"max_discharge_current", is_multiple<&charge::Config::max_discharge_current>},
    {"keep_charge_rate", is_kept<&charge::Config::kept_charge_c>},
    {"keep_discharge_rate", is_kept<&charge::Config::kept_discharge_c>},
    {"tail_current", was_chosen<&charge::Config::tail_current_c>},
    {"rebulk_discharged", was_chosen<&charge::Config::rebulk_discharged_share>},
    {"soc_source", [](const PipelineConfig& config) { return config.battery.soc.source == battery::SocSource::own; }},
};

/// With the voltages that the owner has chosen, as far as they are not above the configured ones.
config::Settings with_voltages_of(const UserSettings& user, const config::Settings& settings) {
  const charge::Config& charge = settings.charge;
  const double absorption_v =
      std::min(user.absorption_cell_v.value_or(charge.absorption_cell_v), charge.absorption_cell_v);
  const double float_v = std::min(user.float_cell_v.value_or(charge.float_cell_v), absorption_v);
  std::vector<config::Choice> choices;
  if (absorption_v < charge.absorption_cell_v) choices.push_back({"absorption_cell_voltage", absorption_v});
  if (float_v < charge.float_cell_v) choices.push_back({"float_cell_voltage", float_v});
  return config::with_choices(settings, choices);
}

}  // namespace

PipelineConfig pipeline_config_of(const config::Settings& configured, const UserSettings& user) {
  const config::Settings settings = with_voltages_of(user, configured);
  PipelineConfig config{.staleness = staleness_of(settings), .battery = settings.battery, .charge = settings.charge};
  charge::Config& charge = config.charge;
  charge.user_max_charge_a = user.max_charge_current_a;
  charge.user_max_discharge_a = user.max_discharge_current_a;
  charge.charge_blocked = charge.charge_blocked || user.charge_blocked.value_or(false);
  charge.discharge_blocked = charge.discharge_blocked || user.discharge_blocked.value_or(false);
  charge.full_charge_days = user.full_charge_days.value_or(charge.full_charge_days);

  if (user.soc_source) config.battery.soc.source = static_cast<battery::SocSource>(*user.soc_source);
  for (const NeedsCapacity& row : need_capacity) {
    if (row.in_use(config)) config.battery.needs_capacity.push_back(row.option);
  }
  return config;
}

UserBounds user_bounds_of(const config::Settings& settings, std::optional<double> capacity_ah) {
  const charge::Config& charge = settings.charge;
  return {.max_charge_current_a = charge::configured_charge_a(charge, capacity_ah),
          .max_discharge_current_a = charge::configured_discharge_a(charge, capacity_ah),
          .absorption_cell_v = charge.absorption_cell_v,
          .float_cell_v = charge.float_cell_v,
          .soc_source = static_cast<int>(settings.battery.soc.source),
          .last_soc_source = settings.external_battery.empty() ? static_cast<int>(battery::SocSource::own)
                                                               : static_cast<int>(battery::SocSource::external),
          .full_charge_days = charge.full_charge_days,
          .charge_blocked = charge.charge_blocked,
          .discharge_blocked = charge.discharge_blocked};
}

}  // namespace bms::driver
