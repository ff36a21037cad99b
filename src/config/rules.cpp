#include "config/rules.hpp"

namespace bms::config {

namespace {

constexpr OrderRule orders[] = {
    // lower, upper, may be equal, which yields, margin, follows
    {"float_cell_voltage", "absorption_cell_voltage", true, "float_cell_voltage", 0, true},
    {"absorption_cell_voltage", "balancing_cell_voltage", true, "balancing_cell_voltage", 0, true},
    {"min_cell_voltage", "float_cell_voltage", false, "min_cell_voltage", 0.05, false},
    {"cutoff_cell_voltage", "float_cell_voltage", false, "cutoff_cell_voltage", 0.1, false},
    {"cutoff_cell_voltage", "reopen_cell_voltage", false, "reopen_cell_voltage", 0.05, true},
    {"cutoff_cell_voltage", "reopen_charging_cell_voltage", false, "reopen_charging_cell_voltage", 0.05, true},
    {"reopen_cell_voltage", "absorption_cell_voltage", false, "reopen_cell_voltage", 0.05, false},
    {"reopen_charging_cell_voltage", "absorption_cell_voltage", false, "reopen_charging_cell_voltage", 0.05, false},
    {"rebulk_cell_voltage", "float_cell_voltage", false, "rebulk_cell_voltage", 0.03, true},
    {"absorption_spread", "rebulk_spread", false, "rebulk_spread", 0.02, true},
    {"absorption_time", "absorption_cap", true, "absorption_time", 0, false},
    {"tail_time", "absorption_cap", true, "tail_time", 0, true},
    {"balancing_time", "balancing_cap", true, "balancing_time", 0, false},
    {"keep_min_cell_voltage", "keep_max_cell_voltage", false, "keep_min_cell_voltage", 0.05, false},
    {"stale_after", "release_after", false, "stale_after", 1, true},
    {"low_soc_alarm", "low_soc_warning", true, "low_soc_warning", 0, true},
    {"low_cell_voltage_alarm", "low_cell_voltage_warning", true, "low_cell_voltage_warning", 0, true},
    {"high_cell_voltage_warning", "high_cell_voltage_alarm", true, "high_cell_voltage_warning", 0, true},
    {"mos_temperature_warning", "mos_temperature_alarm", true, "mos_temperature_warning", 0, true},
    {"imbalance_rest_warning", "imbalance_rest_alarm", true, "imbalance_rest_warning", 0, true},
    {"imbalance_top_warning", "imbalance_top_alarm", true, "imbalance_top_warning", 0, true},
    {"stuck_fet_warning", "stuck_fet_alarm", true, "stuck_fet_warning", 0, true},
    {"soh_alarm", "soh_warning", true, "soh_warning", 0, true},
};

constexpr NeedsRule needs[] = {
    {"soc_source", "external", "external_battery"},
    {"current_source", "external", "external_battery"},
};

}  // namespace

std::span<const OrderRule> order_rules() { return orders; }

std::span<const NeedsRule> needs_rules() { return needs; }

}  // namespace bms::config
