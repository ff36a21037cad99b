#include "battery/history.hpp"

#include <algorithm>

#include "battery/last_errors.hpp"

namespace bms::battery {

namespace {

constexpr double filter_time_s = 2;
constexpr double discharge_share = 0.01;  // of the capacity: less is not a discharge
constexpr double emptied_pct = 1;
constexpr double refilled_pct = 15;
constexpr double settling_s = 60;
constexpr double longest_step_s = 24 * 3600;

bool stands(const Alarms& alarms, Alarm pack, Alarm cell) {
  return std::max(alarms[pack], alarms[cell]).value_or(AlarmLevel::ok) > AlarmLevel::ok;
}

/// `settled`: alarms have had the time to come; before, one that is not there yet may still be the old one.
void count_edge(double& count, bool& stood, bool now, bool settled) {
  if (now && !stood) ++count;
  if (now || settled) stood = now;
}

void count_charge(const Config& config, Kept& kept, const Flow& flow) {
  kept.drawn_ah += flow.discharged_ah;
  kept.charged_kwh += flow.charged_kwh;
  kept.discharged_kwh += flow.discharged_kwh;
  if (!kept.depth_ah) return;
  const double net_ah = flow.discharged_ah - flow.charged_ah * config.soc.charge_efficiency;
  kept.depth_ah = std::max(0.0, *kept.depth_ah + net_ah);
  kept.last_discharge_ah = std::max(kept.last_discharge_ah.value_or(0), *kept.depth_ah);
  kept.deepest_discharge_ah = std::max(kept.deepest_discharge_ah.value_or(0), *kept.depth_ah);
}

void count_full_discharge(const Config& config, Kept& kept, const Facts& facts, const Estimate& estimate) {
  if (!estimate.soc_pct) return;
  if (*estimate.soc_pct > refilled_pct) kept.full_discharge_counted = false;
  const bool proved = facts.cells && facts.cells->lowest_v <= config.min_cell_v;
  if (*estimate.soc_pct > emptied_pct || !proved || kept.full_discharge_counted) return;
  ++kept.full_discharges;
  kept.full_discharge_counted = true;
}

void lower(std::optional<double>& extreme, std::optional<double> value) {
  if (value && (!extreme || *value < *extreme)) extreme = value;
}

void raise(std::optional<double>& extreme, std::optional<double> value) {
  if (value && (!extreme || *value > *extreme)) extreme = value;
}

/// Puts members of `Kept` back to what they are in a new one.
template <auto... Members>
void forget(Kept& kept) {
  const Kept fresh;
  ((kept.*Members = fresh.*Members), ...);
}

}  // namespace

std::optional<double> Steadied::follow(double value, double dt_s) {
  const double middle = std::max(std::min(value, before_[0]), std::min(std::max(value, before_[0]), before_[1]));
  before_ = {before_[1], value};
  if (++count_ < 3) return std::nullopt;
  count_ = 3;
  return filter_.follow(middle, dt_s, filter_time_s);
}

void HistoryCounter::watch_extremes(Kept& kept, const Facts& facts, double dt_s) {
  if (facts.cells) {
    lower(kept.min_cell_v, lowest_cell_v_.follow(facts.cells->lowest_v, dt_s));
    raise(kept.max_cell_v, highest_cell_v_.follow(facts.cells->highest_v, dt_s));
  }
  if (facts.voltage_v && facts.cells) {
    const auto voltage_v = voltage_v_.follow(*facts.voltage_v, dt_s);
    lower(kept.min_voltage_v, voltage_v);
    raise(kept.max_voltage_v, voltage_v);
  }
  if (facts.coldest_c) lower(kept.min_temperature_c, coldest_c_.follow(*facts.coldest_c, dt_s));
  if (facts.warmest_c) raise(kept.max_temperature_c, warmest_c_.follow(*facts.warmest_c, dt_s));
}

void HistoryCounter::follow(const Config& config, Kept& kept, const Facts& facts, const Flow& flow,
                            const Battery& battery, double dt_s) {
  count_charge(config, kept, flow);
  count_full_discharge(config, kept, facts, battery.estimate);
  watch_extremes(kept, facts, dt_s);
  running_s_ += dt_s;
  const bool settled = running_s_ > settling_s;
  count_edge(kept.low_voltage_alarms, kept.low_voltage_stands,
             stands(battery.alarms, Alarm::low_voltage, Alarm::low_cell_voltage), settled);
  count_edge(kept.high_voltage_alarms, kept.high_voltage_stands,
             stands(battery.alarms, Alarm::high_voltage, Alarm::high_cell_voltage), settled);
  if (kept.since_full_s) *kept.since_full_s += std::min(dt_s, longest_step_s);
}

void HistoryCounter::became_full(Kept& kept, std::optional<double> capacity_ah) {
  const double discharged_ah = kept.last_discharge_ah.value_or(0);
  if (discharged_ah > discharge_share * capacity_ah.value_or(0) && kept.depth_ah) {
    kept.completed_ah += discharged_ah;
    ++kept.completed;
  }
  kept.depth_ah = 0;
  kept.last_discharge_ah = 0;
  kept.since_full_s = 0;
  ++kept.automatic_syncs;
}

void HistoryCounter::clear(Kept& kept, HistoryGroup group) {
  const auto chosen = [group](HistoryGroup one) { return group == HistoryGroup::all || group == one; };
  if (chosen(HistoryGroup::capacity)) {
    forget<&Kept::drawn_ah, &Kept::deepest_discharge_ah, &Kept::last_discharge_ah, &Kept::completed_ah,
           &Kept::completed, &Kept::full_discharges>(kept);
  }
  if (chosen(HistoryGroup::voltage)) {
    forget<&Kept::min_voltage_v, &Kept::max_voltage_v, &Kept::min_cell_v, &Kept::max_cell_v>(kept);
  }
  if (chosen(HistoryGroup::time)) forget<&Kept::since_full_s, &Kept::automatic_syncs>(kept);
  if (chosen(HistoryGroup::alarms)) forget<&Kept::low_voltage_alarms, &Kept::high_voltage_alarms>(kept);
  if (chosen(HistoryGroup::temperature)) forget<&Kept::min_temperature_c, &Kept::max_temperature_c>(kept);
  if (chosen(HistoryGroup::energy)) forget<&Kept::charged_kwh, &Kept::discharged_kwh>(kept);
}

History HistoryCounter::history_of(const Kept& kept, const Facts& facts, const Reading& reading, bool computed) {
  constexpr double most_total_ah = 1e8;
  constexpr double most_cycles = 1e6;
  History history;
  if (computed) {
    history = {
        .total_drawn_ah = kept.drawn_ah,
        .discharged_kwh = kept.discharged_kwh,
        .charged_kwh = kept.charged_kwh,
        .charge_cycles = facts.capacity_ah ? std::optional(kept.drawn_ah / *facts.capacity_ah) : std::nullopt,
        .deepest_discharge_ah = kept.deepest_discharge_ah,
        .last_discharge_ah = kept.last_discharge_ah,
        .average_discharge_ah = kept.completed > 0 ? std::optional(kept.completed_ah / kept.completed) : std::nullopt,
        .full_discharges = kept.full_discharges,
        .min_voltage_v = kept.min_voltage_v,
        .max_voltage_v = kept.max_voltage_v,
        .min_cell_v = kept.min_cell_v,
        .max_cell_v = kept.max_cell_v,
        .min_temperature_c = kept.min_temperature_c,
        .max_temperature_c = kept.max_temperature_c,
        .low_voltage_alarms = kept.low_voltage_alarms,
        .high_voltage_alarms = kept.high_voltage_alarms,
        .automatic_syncs = kept.automatic_syncs,
        .since_full_s = kept.since_full_s};
  }
  history.last_errors = last_errors(kept);
  history.shut_downs = kept.shut_downs;
  if (const auto total_ah = sane(reading.total_discharged_ah, 0, most_total_ah)) history.total_drawn_ah = total_ah;
  if (const auto cycles = sane(reading.cycles, 0, most_cycles)) history.charge_cycles = cycles;
  return history;
}

}  // namespace bms::battery
