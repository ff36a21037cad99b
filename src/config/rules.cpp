#include "config/rules.hpp"

namespace bms::config {

namespace {

constexpr OrderRule orders[] = {
    // lower, upper, which yields, margin, may be equal, follows
    {"float_cell_voltage", "absorption_cell_voltage", "float_cell_voltage", 0, true, true},
    {"absorption_cell_voltage", "balancing_cell_voltage", "balancing_cell_voltage", 0, true, true},
    {"min_cell_voltage", "float_cell_voltage", "min_cell_voltage", 0.05, false, false},
    {"cutoff_cell_voltage", "float_cell_voltage", "cutoff_cell_voltage", 0.1, false, false},
    {"cutoff_cell_voltage", "reopen_cell_voltage", "reopen_cell_voltage", 0.05, false, true},
    {"cutoff_cell_voltage", "reopen_charging_cell_voltage", "reopen_charging_cell_voltage", 0.05, false, true},
    {"reopen_cell_voltage", "absorption_cell_voltage", "reopen_cell_voltage", 0.05, false, false},
    {"reopen_charging_cell_voltage", "absorption_cell_voltage", "reopen_charging_cell_voltage", 0.05, false, false},
    {"rebulk_cell_voltage", "float_cell_voltage", "rebulk_cell_voltage", 0.03, false, true},
    {"absorption_spread", "rebulk_spread", "rebulk_spread", 0.02, false, true},
    {"absorption_time", "absorption_cap", "absorption_time", 0, true, false},
    {"tail_time", "absorption_cap", "tail_time", 0, true, true},
    {"balancing_time", "balancing_cap", "balancing_time", 0, true, false},
    {"keep_min_cell_voltage", "keep_max_cell_voltage", "keep_min_cell_voltage", 0.05, false, false},
    {"stale_after", "release_after", "stale_after", 1, false, true},
    {"low_soc_alarm", "low_soc_warning", "low_soc_warning", 0, true, true},
    {"low_cell_voltage_alarm", "low_cell_voltage_warning", "low_cell_voltage_warning", 0, true, true},
    {"high_cell_voltage_warning", "high_cell_voltage_alarm", "high_cell_voltage_warning", 0, true, true},
    {"mos_temperature_warning", "mos_temperature_alarm", "mos_temperature_warning", 0, true, true},
    {"imbalance_rest_warning", "imbalance_rest_alarm", "imbalance_rest_warning", 0, true, true},
    {"imbalance_top_warning", "imbalance_top_alarm", "imbalance_top_warning", 0, true, true},
    {"stuck_fet_warning", "stuck_fet_alarm", "stuck_fet_warning", 0, true, true},
    {"soh_alarm", "soh_warning", "soh_warning", 0, true, true},
};

constexpr NeedsRule needs[] = {
    {"soc_source", "external", "external_battery"},
    {"current_source", "external", "external_battery"},
};

constexpr CapacityRule capacities[] = {
    {"chargery", "max_charge_current", &charge::Config::max_charge_current, "nothing is charged"},
    {"chargery", "max_discharge_current", &charge::Config::max_discharge_current, "nothing is discharged"},
};

}  // namespace

std::span<const OrderRule> order_rules() { return orders; }

std::span<const NeedsRule> needs_rules() { return needs; }

std::span<const CapacityRule> capacity_rules() { return capacities; }

}  // namespace bms::config
