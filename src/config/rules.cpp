#include "config/rules.hpp"

#include <cmath>

#include "config/options.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

using enum Way;

constexpr Side charge_curve_end{"charge_cell_curve", Part::last_point};
constexpr Side discharge_curve_begin{"discharge_cell_curve", Part::first_point};

constexpr FollowRule follows[] = {
    // The target lies below everything that ends a charge or reports a cell that is too high.
    {"absorption_cell_voltage", at_most, 0, charge_curve_end},
    {"absorption_cell_voltage", at_most, 0, {"balancing_cell_voltage"}},
    {"absorption_cell_voltage", at_most, -0.05, {"high_cell_voltage_warning"}},
    {"absorption_cell_voltage", at_most, -0.05, {"high_cell_voltage_alarm"}},
    {"balancing_cell_voltage", at_least, 0, {"absorption_cell_voltage"}},
    {"float_cell_voltage", at_most, 0, {"absorption_cell_voltage"}},
    {"rebulk_cell_voltage", at_most, -0.03, {"float_cell_voltage"}},
    // A cell that is ahead of the others is held somewhat above the target, and that is no reason for an alarm.
    {"high_cell_voltage_warning", at_least, 0.08, {"absorption_cell_voltage"}},
    {"high_cell_voltage_warning", at_least, 0.01, charge_curve_end},
    {"high_cell_voltage_warning", at_most, 0, {"high_cell_voltage_alarm"}},
    {"high_cell_voltage_alarm", at_least, 0.04, {"high_cell_voltage_warning"}},
    // Where discharging should end leads where it does end, what is reported on the way and where it begins again.
    {"min_cell_voltage", exactly, 0.1, {"cutoff_cell_voltage"}},
    {"min_cell_voltage", at_most, 0.1, discharge_curve_begin},
    {"cutoff_cell_voltage", exactly, -0.1, {"min_cell_voltage"}},
    {"cutoff_cell_voltage", at_most, 0, {"min_cell_voltage"}},
    {"cutoff_cell_voltage", at_most, 0, discharge_curve_begin},
    {"low_cell_voltage_alarm", exactly, -0.05, {"min_cell_voltage"}},
    {"low_cell_voltage_alarm", at_least, 0.02, {"cutoff_cell_voltage"}},
    {"low_cell_voltage_alarm", at_most, 0, {"low_cell_voltage_warning"}},
    {"low_cell_voltage_warning", exactly, 0.05, {"min_cell_voltage"}},
    {"low_cell_voltage_warning", at_least, 0, {"low_cell_voltage_alarm"}},
    {"reopen_cell_voltage", exactly, 0.25, {"cutoff_cell_voltage"}},
    {"reopen_cell_voltage", at_least, 0.15, {"min_cell_voltage"}},
    {"reopen_cell_voltage", at_most, -0.05, {"absorption_cell_voltage"}},
    {"reopen_charging_cell_voltage", exactly, 0.1, {"cutoff_cell_voltage"}},
    {"reopen_charging_cell_voltage", at_least, 0, {"min_cell_voltage"}},
    {"reopen_charging_cell_voltage", at_most, -0.05, {"absorption_cell_voltage"}},
    {"keep_min_cell_voltage", at_most, -0.05, {"keep_max_cell_voltage"}},
    {"keep_max_cell_voltage", at_least, 0.05, {"keep_min_cell_voltage"}},
    // What has to last lasts no longer than what it is part of.
    {"rebulk_spread", at_least, 0.02, {"absorption_spread"}},
    {"absorption_time", at_most, 0, {"absorption_cap"}},
    {"tail_time", at_most, 0, {"absorption_cap"}},
    {"balancing_time", at_most, 0, {"balancing_cap"}},
    {"stale_after", at_most, -1, {"release_after"}},
    {"release_after", at_least, 1, {"stale_after"}},
    // A warning comes before its alarm.
    {"low_soc_warning", at_least, 0, {"low_soc_alarm"}},
    {"low_soc_alarm", at_most, 0, {"low_soc_warning"}},
    {"mos_temperature_warning", at_most, 0, {"mos_temperature_alarm"}},
    {"mos_temperature_alarm", at_least, 0, {"mos_temperature_warning"}},
    {"imbalance_rest_warning", at_most, 0, {"imbalance_rest_alarm"}},
    {"imbalance_rest_alarm", at_least, 0, {"imbalance_rest_warning"}},
    {"imbalance_top_warning", at_most, 0, {"imbalance_top_alarm"}},
    {"imbalance_top_alarm", at_least, 0, {"imbalance_top_warning"}},
    {"stuck_fet_warning", at_most, 0, {"stuck_fet_alarm"}},
    {"stuck_fet_alarm", at_least, 0, {"stuck_fet_warning"}},
    {"soh_warning", at_least, 0, {"soh_alarm"}},
    {"soh_alarm", at_most, 0, {"soh_warning"}},
};

constexpr OrderRule orders[] = {
    // lower, upper, so far apart, which yields
    {{"float_cell_voltage"}, {"absorption_cell_voltage"}, 0, "float_cell_voltage"},
    {{"absorption_cell_voltage"}, {"balancing_cell_voltage"}, 0, "balancing_cell_voltage"},
    {{"absorption_cell_voltage"}, charge_curve_end, 0, "absorption_cell_voltage"},
    {{"absorption_cell_voltage"}, {"high_cell_voltage_warning"}, 0.03, "high_cell_voltage_warning"},
    {{"absorption_cell_voltage"}, {"high_cell_voltage_alarm"}, 0.03, "high_cell_voltage_alarm"},
    {charge_curve_end, {"high_cell_voltage_warning"}, 0.01, "high_cell_voltage_warning"},
    {charge_curve_end, {"high_cell_voltage_alarm"}, 0.01, "high_cell_voltage_alarm"},
    {{"high_cell_voltage_warning"}, {"high_cell_voltage_alarm"}, 0, "high_cell_voltage_warning"},
    {{"min_cell_voltage"}, {"float_cell_voltage"}, 0.05, "min_cell_voltage"},
    {{"cutoff_cell_voltage"}, {"float_cell_voltage"}, 0.1, "cutoff_cell_voltage"},
    {{"cutoff_cell_voltage"}, {"min_cell_voltage"}, 0, "min_cell_voltage"},
    {{"cutoff_cell_voltage"}, {"reopen_cell_voltage"}, 0.05, "reopen_cell_voltage"},
    {{"cutoff_cell_voltage"}, {"reopen_charging_cell_voltage"}, 0.05, "reopen_charging_cell_voltage"},
    {{"reopen_cell_voltage"}, {"absorption_cell_voltage"}, 0.05, "reopen_cell_voltage"},
    {{"reopen_charging_cell_voltage"}, {"absorption_cell_voltage"}, 0.05, "reopen_charging_cell_voltage"},
    {{"rebulk_cell_voltage"}, {"float_cell_voltage"}, 0.01, "rebulk_cell_voltage"},
    {{"absorption_spread"}, {"rebulk_spread"}, 0.005, "rebulk_spread"},
    {{"absorption_time"}, {"absorption_cap"}, 0, "absorption_time"},
    {{"tail_time"}, {"absorption_cap"}, 0, "tail_time"},
    {{"balancing_time"}, {"balancing_cap"}, 0, "balancing_time"},
    {{"keep_min_cell_voltage"}, {"keep_max_cell_voltage"}, 0.01, "keep_min_cell_voltage"},
    {{"stale_after"}, {"release_after"}, 1, "stale_after"},
    {{"low_soc_alarm"}, {"low_soc_warning"}, 0, "low_soc_warning"},
    {{"low_cell_voltage_alarm"}, {"low_cell_voltage_warning"}, 0, "low_cell_voltage_warning"},
    {{"mos_temperature_warning"}, {"mos_temperature_alarm"}, 0, "mos_temperature_warning"},
    {{"imbalance_rest_warning"}, {"imbalance_rest_alarm"}, 0, "imbalance_rest_warning"},
    {{"imbalance_top_warning"}, {"imbalance_top_alarm"}, 0, "imbalance_top_warning"},
    {{"stuck_fet_warning"}, {"stuck_fet_alarm"}, 0, "stuck_fet_warning"},
    {{"soh_alarm"}, {"soh_warning"}, 0, "soh_warning"},
};

constexpr NeedsRule needs[] = {
    {"soc_source", "external", "external_battery"},
    {"current_source", "external", "external_battery"},
};

constexpr CapacityRule capacities[] = {
    {"chargery", "max_charge_current", &charge::Config::max_charge_current, "nothing is charged"},
    {"chargery", "max_discharge_current", &charge::Config::max_discharge_current, "nothing is discharged"},
};

std::string amount(std::string_view option, double value) {
  const std::string_view unit = option_named(option).unit;
  return number_text(std::abs(value)) + (unit.empty() ? "" : " " + std::string(unit));
}

}  // namespace

std::optional<double> Side::of(Settings& settings) const {
  const Option& named = option_named(option);
  if (part == Part::number) return named.number(settings);
  const Curve& curve = std::get<CurveOf>(named.kind).place(settings, 0);
  if (curve.empty()) return std::nullopt;
  return part == Part::first_point ? curve.front().at : curve.back().at;
}

std::string Side::text(std::string_view quote) const {
  const std::string_view before = part == Part::first_point  ? "the first point of "
                                  : part == Part::last_point ? "the last point of "
                                                             : "";
  return std::string(before).append(quote).append(option).append(quote);
}

std::span<const FollowRule> follow_rules() { return follows; }

std::span<const OrderRule> order_rules() { return orders; }

std::span<const NeedsRule> needs_rules() { return needs; }

std::span<const CapacityRule> capacity_rules() { return capacities; }

std::string words_of(const FollowRule& rule, std::string_view quote) {
  const std::string leader = rule.leader.text(quote);
  const bool above = rule.apart > 0;
  if (rule.apart == 0) {
    return (rule.way == exactly ? "as " : rule.way == at_least ? "not below " : "not above ") + leader;
  }
  // What lies below lies the further below the lower it is.
  const bool least = (rule.way == at_least) == above;
  const std::string how = rule.way == exactly ? "" : least ? "at least " : "at most ";
  return how + amount(rule.option, rule.apart) + (above ? " above " : " below ") + leader;
}

std::string words_of(const OrderRule& rule, std::string_view quote) {
  if (rule.apart == 0) return "not above " + rule.upper.text(quote);
  return "at least " + amount(rule.lower.option, rule.apart) + " below " + rule.upper.text(quote);
}

}  // namespace bms::config
