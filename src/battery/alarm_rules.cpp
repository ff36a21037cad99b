#include "battery/alarm_rules.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "battery/alarm_causes.hpp"
#include "battery/imbalance.hpp"
#include "bms/capacity.hpp"

namespace bms::battery {

namespace {

using Value = std::optional<double>;

constexpr double charger_delivers_c = 0.02;
constexpr double even_pct = 0.6;  // of the threshold at which an imbalance is over

// What rules apply to.

bool has_cells(const Situation& s) { return !s.battery.reading.cells_v.empty(); }
bool has_soc(const Situation& s) { return s.battery.estimate.soc_pct.has_value(); }
/// While their alarm stands, FETs that say no more how hot they are have not cooled down.
bool has_mos_sensor(const Situation& s) {
  const auto stands = s.battery.alarms[Alarm::high_internal_temperature].value_or(AlarmLevel::ok);
  return s.facts.mos_temperature_c.has_value() || stands != AlarmLevel::ok;
}
bool has_health(const Situation& s) { return s.facts.soh_pct.has_value(); }
bool has_current(const Situation& s) { return s.facts.current_a.has_value(); }
bool has_sensors(const Situation& s) {
  return s.battery.protection_expected || s.battery.faulty_sensors > 0 || !s.battery.reading.temperatures_c.empty();
}
bool has_fets(const Situation& s) { return s.battery.reading.charge_fet || s.battery.reading.discharge_fet; }
bool always(const Situation&) { return true; }

/// The BMS's own alarm takes precedence over what we could say of the pack's voltage.
template <Alarm Which>
bool bms_is_silent_about(const Situation& s) {
  return has_cells(s) && !s.battery.reading.alarms[Which];
}

// Values.

template <auto Member>
Value of_cells(const Situation& s) {
  return s.facts.cells ? Value((*s.facts.cells).*Member) : std::nullopt;
}

Value soc(const Situation& s) { return s.battery.estimate.soc_uncertain ? std::nullopt : s.battery.estimate.soc_pct; }
Value mos_temperature(const Situation& s) { return s.facts.mos_temperature_c; }
Value health(const Situation& s) { return s.facts.soh_pct; }

template <auto Finding>
Value delivered_c(const Situation& s) {
  if (!s.facts.current_a) return std::nullopt;
  return s.findings.*Finding ? *s.facts.current_a / s.facts.capacity_ah.value_or(careful_capacity_ah) : 0;
}

template <auto Base, int Sign>
Value share_above_base(const Situation& s) {
  const double base_a = s.findings.*Base;
  if (!s.facts.current_a || !(base_a > 0) || !std::isfinite(base_a)) return std::nullopt;
  return Sign * *s.facts.current_a / base_a - 1;
}

/// Little current flows also at the end of a charge, where a cell that is a little fuller is much higher: cells of
/// which one is there do not rest. Where that begins depends on what they are made of, not on how far they are charged.
Value spread_at_rest(const Situation& s) {
  if (!s.facts.cells || s.rest_s < rest_time_s) return std::nullopt;
  const double target_v = std::min(s.config.absorption_cell_v, s.config.usual_absorption_cell_v);
  if (s.facts.cells->mean_v < target_v - rest_band_v) return std::nullopt;
  if (s.facts.cells->mean_v >= target_v - below_target_v || s.facts.cells->highest_v >= target_v) return std::nullopt;
  return s.even_spread_v;
}

Value spread_at_top(const Situation& s) {
  const double target_v = s.findings.balancing ? s.findings.balancing_cell_v : s.config.absorption_cell_v;
  if (!s.facts.cells || s.facts.cells->mean_v < target_v - below_target_v) return std::nullopt;
  return s.even_spread_v;
}

Value cut_off(const Situation& s) { return s.findings.cut_off ? 2 : 0; }
Value capped(const Situation& s) { return s.capped_uneven ? 1 : 0; }

Value sensor_trouble(const Situation& s) {
  if (s.battery.protection_expected && s.battery.protecting_temperatures_c.empty()) return 2;
  return s.battery.faulty_sensors > 0 ? 1 : 0;
}

Value current_through_open_fet(const Situation& s) {
  if (!s.facts.current_a) return std::nullopt;
  const double current_a = *s.facts.current_a;
  if (s.battery.reading.charge_fet == false && current_a > 0) return current_a;
  if (s.battery.reading.discharge_fet == false && current_a < 0) return -current_a;
  return 0;
}

Value implausible_cell(const Situation& s) { return s.facts.implausible_cell ? 1 : 0; }

Value outage(const Situation& s) { return static_cast<double>(s.outage); }

/// 1: more polls fail than may; the alarm ends at half as many.
Value failing_polls(const Situation& s) {
  const double most = s.config.alarms.failed_polls_share;
  return most > 0 ? std::min(1.0, s.battery.failed_polls_share / most) : 0;
}

// Thresholds.

template <auto Member>
Threshold configured(const Situation& s) {
  return s.config.alarms.*Member;
}

/// While cells are balanced they are meant to be above the usual thresholds, but not above what they bear.
Threshold high_cell(const Situation& s) {
  constexpr double warning_above_v = 0.050;
  constexpr double alarm_above_v = 0.080;
  const Threshold& most = s.config.alarms.most_high_cell_v;
  Threshold threshold = s.config.alarms.high_cell_v;
  if (s.balanced_cell_v <= 0) return threshold;
  const auto raise = [&](std::optional<double>& level_v, double above_v, std::optional<double> most_v) {
    const double raised_v = std::min(s.balanced_cell_v + above_v, most_v.value_or(0));
    if (level_v) level_v = std::max(*level_v, raised_v);
  };
  raise(threshold.warning, warning_above_v, most.warning);
  raise(threshold.alarm, alarm_above_v, most.alarm);
  return threshold;
}

/// Where the BMS ends discharging sooner than we would, people hear of it sooner, too.
Threshold low_cell(const Situation& s) {
  Threshold threshold = s.config.alarms.low_cell_v;
  if (threshold.warning) *threshold.warning += s.findings.cut_off_raised_v;
  if (threshold.alarm) *threshold.alarm += s.findings.cut_off_raised_v;
  return threshold;
}

Threshold too_much_current(const Situation& s) {
  const double ratio = s.config.alarms.high_current_ratio;
  return ratio > 0 ? Threshold{.warning = ratio - 1} : Threshold{};
}

Threshold charger_delivers(const Situation& s) {
  return s.config.alarms.charge_temperature ? Threshold{.warning = charger_delivers_c} : Threshold{};
}

/// For values that are levels themselves.
template <auto Enabled>
Threshold levels(const Situation& s) {
  return s.config.alarms.*Enabled ? Threshold{1, 2} : Threshold{};
}

template <auto Enabled>
Threshold warning_only(const Situation& s) {
  return s.config.alarms.*Enabled ? Threshold{.warning = 1} : Threshold{};
}

Threshold uneven(const Situation& s) {
  return s.config.alarms.imbalance_top_v.warning ? Threshold{.warning = 1} : Threshold{};
}

Threshold discharge_ended(const Situation& s) {
  const Threshold& cells = s.config.alarms.low_cell_v;
  return cells.warning || cells.alarm ? Threshold{1, 2} : Threshold{};
}

// Causes.

int lowest_cell(const Situation& s) { return s.facts.cells ? s.facts.cells->lowest : 0; }
int highest_cell(const Situation& s) { return s.facts.cells ? s.facts.cells->highest : 0; }
int faulty_sensors(const Situation& s) { return s.battery.faulty_sensors; }
int odd_cell(const Situation& s) { return s.facts.implausible_cell.value_or(0); }

ShortText soc_text(const Situation&, double soc_pct) { return ShortText().append(soc_pct, 1).append(" %"); }
ShortText lowest_text(const Situation& s, double cell_v) { return cell_at(lowest_cell(s), cell_v); }
ShortText highest_text(const Situation& s, double cell_v) { return cell_at(highest_cell(s), cell_v); }

ShortText cut_off_text(const Situation& s, double) {
  const ShortText text = "discharging ended";
  return s.facts.cells ? lowest_text(s, s.facts.cells->lowest_v) : text;
}

ShortText pack_text(const Situation& s, double mean_v) {
  const auto cells = static_cast<double>(s.battery.reading.cells_v.size());
  return pack_at(cells * mean_v);
}

template <auto Finding>
ShortText charge_temperature_text(const Situation& s, double) {
  constexpr bool cold = Finding == &ChargeFindings::too_cold_to_charge;
  ShortText text = "charging with ";
  text.append(s.facts.current_a.value_or(0), 1).append(cold ? " A although too cold" : " A although too hot");
  const auto degrees = cold ? s.facts.coldest_c : s.facts.warmest_c;
  return degrees ? text.append(", ").append(*degrees, 1).append(" °C") : text;
}

ShortText mos_text(const Situation&, double temperature_c) {
  return ShortText("MOSFETs at ").append(temperature_c, 0).append(" °C");
}

template <auto Base>
ShortText current_text(const Situation& s, double) {
  const double current_a = std::abs(s.facts.current_a.value_or(0));
  return ShortText().append(current_a, 1).append(" A of ").append(s.findings.*Base, 1).append(" A");
}

ShortText spread_text(const Situation& s, double spread_v) {
  return s.facts.cells ? spread_between(*s.facts.cells, spread_v) : ShortText();
}

ShortText capped_text(const Situation& s, double) {
  return spread_text(s, s.even_spread_v).append(" at the end of absorption");
}

ShortText sensor_text(const Situation& s, double) { return s.battery.sensor_fault; }

ShortText fet_text(const Situation& s, double current_a) {
  const bool charging = s.facts.current_a.value_or(0) > 0;
  return ShortText()
      .append(current_a, 1)
      .append(charging ? " A through the charge FET, which is said to be off"
                       : " A through the discharge FET, which is said to be off");
}

ShortText odd_cell_text(const Situation& s, double) {
  return ShortText("cell ").append(odd_cell(s), 0).append(" reads ").append(s.facts.implausible_cell_v, 3).append(" V");
}

ShortText health_text(const Situation&, double soh_pct) { return ShortText().append(soh_pct, 0).append(" %"); }

ShortText outage_text(const Situation& s, double level) {
  if (s.silence_wished) return "left to others, as wished";
  return level > 1 ? "BMS lost" : "no answer from the BMS";
}

ShortText failing_text(const Situation& s, double) {
  constexpr double percent = 100;
  return ShortText().append(s.battery.failed_polls_share * percent, 0).append(" % of the polls fail");
}

using enum Alarm;
using enum Side;
using Cause = AlarmCause;

constexpr Clearing half_a_level{.distance = 0.5, .delay_s = 0};
constexpr Clearing even_again{.ratio = even_pct, .delay_s = 600};

constexpr AlarmRule rules[] = {
    // clang-format off
    {low_soc, Cause::soc, "state of charge, while it is certain", "%",
     has_soc, soc, configured<&AlarmConfig::low_soc>, at_most, 60, 60,
     {.distance = 3, .delay_s = 0}, soc_text},
    {low_cell_voltage, Cause::cell, "lowest cell", "V",
     has_cells, of_cells<&CellFacts::lowest_v>, low_cell, at_most, 10, 5,
     {.distance = .150}, lowest_text, lowest_cell, 1, true},
    {low_cell_voltage, Cause::cut_off, "alarm: discharging was cut off for the lowest cell", "",
     has_cells, cut_off, discharge_ended, at_least, 0, 0,
     {.distance = 0.5}, cut_off_text},
    {high_cell_voltage, Cause::cell, "highest cell; while balancing 50 and 80 mV above the target at least", "V",
     has_cells, of_cells<&CellFacts::highest_v>, high_cell, at_least, 10, 3,
     {.distance = .060}, highest_text, highest_cell, 1, true},
    {low_voltage, Cause::pack, "mean of the cells, unless the BMS watches its pack", "V",
     bms_is_silent_about<low_voltage>, of_cells<&CellFacts::mean_v>, low_cell, at_most, 10, 5,
     {.distance = .150}, pack_text, nullptr, 1, true},
    {high_voltage, Cause::pack, "mean of the cells, unless the BMS watches its pack", "V",
     bms_is_silent_about<high_voltage>, of_cells<&CellFacts::mean_v>, high_cell, at_least, 10, 3,
     {.distance = .060}, pack_text, nullptr, 1, true},
    {low_charge_temperature, Cause::temperature, "charging current although the cells are too cold", "C",
     has_sensors, delivered_c<&ChargeFindings::too_cold_to_charge>, charger_delivers, above, 60, 60,
     {}, charge_temperature_text<&ChargeFindings::too_cold_to_charge>},
    {high_charge_temperature, Cause::temperature, "charging current although the cells are too hot", "C",
     has_sensors, delivered_c<&ChargeFindings::too_hot_to_charge>, charger_delivers, above, 60, 60,
     {}, charge_temperature_text<&ChargeFindings::too_hot_to_charge>},
    {high_internal_temperature, Cause::mos_temperature, "MOSFETs", "°C",
     has_mos_sensor, mos_temperature, configured<&AlarmConfig::mos_temperature_c>, at_least, 5, 5,
     {.distance = 10, .delay_s = 0}, mos_text, nullptr, 1, true},
    {high_charge_current, Cause::current, "charging current beyond the limit", "of the limit",
     has_current, share_above_base<&ChargeFindings::base_charge_a, 1>, too_much_current, above, 30, 30,
     {.ratio = 0}, current_text<&ChargeFindings::base_charge_a>},
    {high_discharge_current, Cause::current, "discharging current beyond the limit", "of the limit",
     has_current, share_above_base<&ChargeFindings::base_discharge_a, -1>, too_much_current, above, 30, 30,
     {.ratio = 0}, current_text<&ChargeFindings::base_discharge_a>},
    {cell_imbalance, Cause::spread, "difference of the cells after 10 minutes of rest, while none is nearly full", "V",
     has_cells, spread_at_rest, configured<&AlarmConfig::imbalance_rest_v>, at_least, 10, 10,
     even_again, spread_text, nullptr, 1, true},
    {cell_imbalance, Cause::spread, "difference of the cells at the top of charge", "V",
     has_cells, spread_at_top, configured<&AlarmConfig::imbalance_top_v>, at_least, 300, 300,
     even_again, spread_text, nullptr, 1, true},
    {cell_imbalance, Cause::spread_at_the_end, "warning: absorption ended by its time limit with uneven cells", "",
     has_cells, capped, uneven, at_least, 0, 0,
     half_a_level, capped_text},
    // A sensor is believed again after 60 s of sane values; its alarm need not wait once more.
    {temperature_sensor, Cause::sensor, "warning: a sensor is faulty; alarm: none that protects is left", "",
     has_sensors, sensor_trouble, levels<&AlarmConfig::temperature_sensor>, at_least, 0, 0,
     half_a_level, sensor_text, faulty_sensors},
    {internal_failure, Cause::open_fet, "current in the direction of a FET that is said to be off", "A",
     has_fets, current_through_open_fet, configured<&AlarmConfig::stuck_fet_a>, above, 10, 10,
     {.ratio = .8}, fet_text},
    {internal_failure, Cause::implausible_cell, "warning: a cell outside 0.5 to 5 V, or 1 V or more away from the median, in 3 frames", "",
     has_cells, implausible_cell, warning_only<&AlarmConfig::implausible_cell>, at_least, 0, 0,
     {.distance = 0.5}, odd_cell_text, odd_cell, 3},
    {state_of_health, Cause::health, "state of health", "%",
     has_health, health, configured<&AlarmConfig::soh>, below, 5, 5,
     {.distance = 2, .delay_s = 0}, health_text},
    {bms_cable, Cause::failing_polls, "warning: while there is contact, more polls fail than may", "",
     always, failing_polls, warning_only<&AlarmConfig::bms_cable>, at_least, 0, 0,
     {.distance = 0.5, .delay_s = 10}, failing_text},
    {bms_cable, Cause::silence, "warning: no answer; alarm: the BMS counts as lost. Ends when contact is believed again", "",
     always, outage, levels<&AlarmConfig::bms_cable>, at_least, 0, 0,
     half_a_level, outage_text},
    // clang-format on
};
static_assert(std::size(rules) <= most_alarm_rules);

}  // namespace

std::span<const AlarmRule> alarm_rules() { return rules; }

double clear_level(const AlarmRule& rule, double threshold) {
  const double level = threshold * rule.clearing.ratio;
  return is_high(rule.side) ? level - rule.clearing.distance : level + rule.clearing.distance;
}

}  // namespace bms::battery
