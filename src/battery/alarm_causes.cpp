#include "battery/alarm_causes.hpp"

#include <cmath>
#include <string_view>

namespace bms::battery {

namespace {

constexpr std::string_view unexplained = "reported by the BMS";

CauseDetail highest_cell(const Situation& now) {
  if (!now.facts.cells) return {unexplained};
  return {cell_at(now.facts.cells->highest, now.facts.cells->highest_v), now.facts.cells->highest};
}

CauseDetail lowest_cell(const Situation& now) {
  if (!now.facts.cells) return {unexplained};
  return {cell_at(now.facts.cells->lowest, now.facts.cells->lowest_v), now.facts.cells->lowest};
}

CauseDetail pack(const Situation& now) {
  return {now.facts.voltage_v ? pack_at(*now.facts.voltage_v) : ShortText(unexplained)};
}

CauseDetail soc(const Situation& now) {
  const auto soc_pct = now.facts.soc_pct;
  return {soc_pct ? ShortText().append(*soc_pct, 1).append(" %") : ShortText(unexplained)};
}

CauseDetail current(const Situation& now) {
  const auto current_a = now.facts.current_a;
  return {current_a ? ShortText().append(std::abs(*current_a), 1).append(" A") : ShortText(unexplained)};
}

CauseDetail sensor(std::optional<int> number, std::optional<double> temperature_c) {
  if (!number || !temperature_c) return {unexplained};
  return {ShortText("sensor ").append(*number, 0).append(", ").append(*temperature_c, 1).append(" °C"), *number};
}

CauseDetail coldest(const Situation& now) { return sensor(now.battery.derived.min_sensor, now.facts.coldest_c); }
CauseDetail warmest(const Situation& now) { return sensor(now.battery.derived.max_sensor, now.facts.warmest_c); }

CauseDetail mos(const Situation& now) {
  const auto mos_c = now.facts.mos_temperature_c;
  return {mos_c ? ShortText("MOSFETs at ").append(*mos_c, 0).append(" °C") : ShortText(unexplained)};
}

CauseDetail spread(const Situation& now) {
  return {now.facts.cells ? spread_between(*now.facts.cells, now.facts.cells->spread_v) : ShortText(unexplained)};
}

CauseDetail health(const Situation& now) {
  const auto soh_pct = now.facts.soh_pct;
  return {soh_pct ? ShortText().append(*soh_pct, 0).append(" %") : ShortText(unexplained)};
}

}  // namespace

ShortText cell_at(int cell, double voltage_v) {
  return ShortText("cell ").append(cell, 0).append(", ").append(voltage_v, 2).append(" V");
}

ShortText spread_between(const CellFacts& cells, double spread_v) {
  constexpr double mv_per_v = 1000;
  return ShortText("cells ")
      .append(cells.lowest, 0)
      .append(" and ")
      .append(cells.highest, 0)
      .append(" differ by ")
      .append(spread_v * mv_per_v, 0)
      .append(" mV");
}

ShortText pack_at(double voltage_v) { return ShortText().append(voltage_v, 2).append(" V"); }

CauseDetail said_by_bms(Alarm alarm, const Situation& now) {
  switch (alarm) {
    case Alarm::low_voltage:
    case Alarm::high_voltage: return pack(now);
    case Alarm::low_cell_voltage: return lowest_cell(now);
    case Alarm::high_cell_voltage: return highest_cell(now);
    case Alarm::low_soc: return soc(now);
    case Alarm::high_charge_current:
    case Alarm::high_discharge_current: return current(now);
    case Alarm::low_charge_temperature:
    case Alarm::low_temperature: return coldest(now);
    case Alarm::high_charge_temperature:
    case Alarm::high_temperature: return warmest(now);
    case Alarm::high_internal_temperature: return mos(now);
    case Alarm::cell_imbalance: return spread(now);
    case Alarm::state_of_health: return health(now);
    case Alarm::temperature_sensor:
    case Alarm::internal_failure:
    case Alarm::fuse_blown:
    case Alarm::contactor:
    case Alarm::bms_cable: break;
  }
  return {unexplained};
}

}  // namespace bms::battery
