#include "charge/limits_control.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace bms::charge {

namespace {

using namespace std::chrono_literals;

constexpr double rise_per_second = 0.01;      // of the configured maximum
constexpr auto rise_pause = 15s;              // after the last decrease
constexpr double reopening_share = 0.05;      // an open FET or a lost contact hides what the cells do: start low
constexpr auto discharge_halves_after = 30s;  // without measurements
constexpr double steps_per_ampere = 10;

double seconds(Clock::duration span) { return std::chrono::duration<double>(span).count(); }

// Consumers round up, so what is published is rounded down.
double floor_to_step(double current_a) { return std::floor(current_a * steps_per_ampere + 1e-9) / steps_per_ampere; }

/// One source of a current limit and its name.
struct Source {
  std::string_view name;
  double current_a;
};

Source smallest(std::initializer_list<Source> sources) {
  return *std::ranges::min_element(sources, {}, &Source::current_a);
}

// The lower of what is configured and what the BMS allows. A BMS that says 0, or nonsense, says nothing: what it really
// forbids it shows by its FETs and protections.
double own_limit(std::optional<double> bms_limit, double configured) {
  return bms_limit && *bms_limit > 0 ? std::min(*bms_limit, configured) : configured;
}

/// The first alarm that forbids this direction, else nullptr.
const AlarmEffect* blocking_alarm(const Alarms& alarms, bool AlarmEffect::* direction) {
  const auto* found = std::ranges::find_if(alarm_effects, [&](const AlarmEffect& effect) {
    return effect.*direction && alarms[effect.alarm] == AlarmLevel::alarm;
  });
  return found == alarm_effects.end() ? nullptr : found;
}

// A cell outside what any chemistry survives is a broken sense wire or a broken cell: nothing goes in either way.
bool cell_unbelievable(const Reading& reading) {
  constexpr double highest_v = 4.5;
  return std::ranges::any_of(reading.cells_v, [](double cell_v) { return cell_v <= 0 || cell_v > highest_v; });
}

}  // namespace

double SpeedLimit::follow(double computed_a, double base_a, TimePoint now) {
  if (!allowed_a_) {
    allowed_a_ = computed_a;
  } else if (computed_a < *allowed_a_) {
    allowed_a_ = computed_a;
    decreased_at_ = now;
  } else if (now - decreased_at_ >= rise_pause) {
    // A rise begins at the reopening share; from there it takes its time.
    const double from_a = std::max(*allowed_a_, std::min(computed_a, reopening_share * base_a));
    const auto risen_for = now - std::max(updated_at_, decreased_at_ + rise_pause);
    allowed_a_ = std::min(computed_a, from_a + rise_per_second * base_a * seconds(risen_for));
  } else if (computed_a > 0) {
    allowed_a_ = std::max(*allowed_a_, std::min(computed_a, reopening_share * base_a));
  }
  updated_at_ = now;
  return *allowed_a_;
}

void SpeedLimit::hold_below(double ceiling_a, TimePoint now) {
  allowed_a_ = std::min(allowed_a_.value_or(ceiling_a), ceiling_a);
  decreased_at_ = now;
}

const Limits& LimitsControl::update(const Battery& battery, TimePoint now) {
  switch (battery.cell_count == 0 ? Contact::never : battery.contact) {
    case Contact::never:
    case Contact::lost: limits_ = {.charge_reason = "BMS lost", .discharge_reason = "BMS lost"}; break;
    case Contact::stale:
    case Contact::kept: hold_stale(battery, now); break;
    case Contact::releasing:
      hold_stale(battery, now);
      limits_.discharge_current_a = 0;
      limits_.allow_discharge = false;
      break;
    case Contact::returning:
    case Contact::fresh: follow_reading(battery, now); break;
  }
  was_stale_ = !battery.measurements_valid();
  return limits_;
}

std::optional<TimePoint> LimitsControl::next_change(const Battery& battery, TimePoint now) const {
  const TimePoint halving = battery.read_at + discharge_halves_after;
  if (battery.contact == Contact::stale && now < halving) return halving;
  return std::nullopt;
}

void LimitsControl::follow_reading(const Battery& battery, TimePoint now) {
  const Reading& reading = battery.reading;
  const auto cells = static_cast<double>(battery.cell_count);
  if (battery.contact == Contact::returning) {
    charge_speed_.hold_below(reopening_share * config_.max_charge_current.value, now);
    discharge_speed_.hold_below(reopening_share * config_.max_discharge_current.value, now);
  }

  const double charge_base_a = own_limit(reading.max_charge_current_a, config_.max_charge_current.value);
  const double discharge_base_a = own_limit(reading.max_discharge_current_a, config_.max_discharge_current.value);
  const auto unless = [](bool blocked, double base_a) { return blocked ? 0.0 : base_a; };
  const AlarmEffect* charge_alarm = blocking_alarm(reading.alarms, &AlarmEffect::blocks_charge);
  const AlarmEffect* discharge_alarm = blocking_alarm(reading.alarms, &AlarmEffect::blocks_discharge);
  const auto name_of = [](const AlarmEffect* alarm) { return alarm != nullptr ? alarm->name : std::string_view(); };
  const Source charge = smallest({
      {"configured maximum", config_.max_charge_current.value},
      {"maximum of the BMS", charge_base_a},
      {name_of(charge_alarm), unless(charge_alarm != nullptr, charge_base_a)},
      {"charge FET open", unless(reading.charge_fet == false, charge_base_a)},
      {"cell voltage not believable", unless(cell_unbelievable(reading), charge_base_a)},
  });
  const Source discharge = smallest({
      {"configured maximum", config_.max_discharge_current.value},
      {"maximum of the BMS", discharge_base_a},
      {name_of(discharge_alarm), unless(discharge_alarm != nullptr, discharge_base_a)},
      {"discharge FET open", unless(reading.discharge_fet == false, discharge_base_a)},
  });
  const double charge_a = floor_to_step(charge_speed_.follow(charge.current_a, config_.max_charge_current.value, now));
  const double discharge_a =
      floor_to_step(discharge_speed_.follow(discharge.current_a, config_.max_discharge_current.value, now));

  const double configured_v = cells * config_.absorption_cell_v;
  limits_ = {
      .charge_voltage_v = own_limit(reading.max_charge_voltage_v, configured_v),
      .charge_current_a = charge_a,
      .discharge_current_a = discharge_a,
      .low_voltage_v = cells * config_.min_cell_v,
      .allow_charge = charge_a > 0,
      .allow_discharge = discharge_a > 0,
      .charge_reason = ShortText(charge_a + 1 / steps_per_ampere < charge.current_a ? "rising slowly" : charge.name),
      .discharge_reason =
          ShortText(discharge_a + 1 / steps_per_ampere < discharge.current_a ? "rising slowly" : discharge.name),
  };
}

void LimitsControl::hold_stale(const Battery& battery, TimePoint now) {
  if (!was_stale_) dcl_when_lost_a_ = limits_.discharge_current_a.value_or(0);
  // Without measurements nobody sees the highest cell, so the target goes down to where no cell can be harmed. Not
  // below where the pack rests, though: that would ask a system that feeds the grid to drain it.
  const double resting_v =
      std::max(static_cast<double>(battery.cell_count) * config_.float_cell_v, battery.reading.voltage_v.value_or(0));
  const bool halved = now - battery.read_at >= discharge_halves_after;
  if (limits_.charge_voltage_v) limits_.charge_voltage_v = std::min(*limits_.charge_voltage_v, resting_v);
  limits_.charge_current_a = 0;
  limits_.discharge_current_a = std::min(limits_.discharge_current_a.value_or(0),
                                         floor_to_step(halved ? dcl_when_lost_a_ / 2 : dcl_when_lost_a_));
  limits_.allow_charge = false;
  limits_.allow_discharge = *limits_.discharge_current_a > 0;
  limits_.charge_reason = "BMS does not answer";
  limits_.discharge_reason = "BMS does not answer";
}

}  // namespace bms::charge
