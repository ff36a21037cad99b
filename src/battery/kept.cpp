#include "battery/kept.hpp"

#include <cstdint>

#include "bms/alarm.hpp"

namespace bms::battery {

namespace {

constexpr double most_kept_ah = 1e5;
constexpr double most_volts = 400;
constexpr double most_cell_volts = 5;
constexpr double least_degrees = -40;
constexpr double most_degrees = 150;
constexpr double most_error = 1000;
constexpr double most_unix_s = 2147483647;  // as it goes out on D-Bus
constexpr double all_alarms = (std::uint32_t{1} << alarm_count) - 1;

constexpr KeptField<Kept> fields[] = {
    {"charge_ah", &Kept::charge_ah, 0, most_kept_ah},
    {"shown_soc_pct", &Kept::shown_soc_pct, 0, 100},
    {"soc_uncertain", &Kept::uncertain},
    {"uncertain_ah", &Kept::uncertain_ah},
    {"full", &Kept::full},
    {"empty", &Kept::empty},
    {"since_empty_ah", &Kept::since_empty_ah, 0, most_kept_ah},
    {"learned_capacity_ah", &Kept::learned_capacity_ah, 0.01, most_kept_ah},
    {"told_capacity_ah", &Kept::told_capacity_ah, 0.01, most_kept_ah},
    {"drawn_ah", &Kept::drawn_ah},
    {"charged_kwh", &Kept::charged_kwh},
    {"discharged_kwh", &Kept::discharged_kwh},
    {"depth_ah", &Kept::depth_ah, 0, most_kept_ah},
    {"deepest_discharge_ah", &Kept::deepest_discharge_ah, 0, most_kept_ah},
    {"last_discharge_ah", &Kept::last_discharge_ah, 0, most_kept_ah},
    {"completed_discharges_ah", &Kept::completed_ah},
    {"completed_discharges", &Kept::completed},
    {"full_discharges", &Kept::full_discharges},
    {"full_discharge_counted", &Kept::full_discharge_counted},
    {"min_voltage_v", &Kept::min_voltage_v, 0, most_volts},
    {"max_voltage_v", &Kept::max_voltage_v, 0, most_volts},
    {"min_cell_v", &Kept::min_cell_v, 0, most_cell_volts},
    {"max_cell_v", &Kept::max_cell_v, 0, most_cell_volts},
    {"min_temperature_c", &Kept::min_temperature_c, least_degrees, most_degrees},
    {"max_temperature_c", &Kept::max_temperature_c, least_degrees, most_degrees},
    {"low_voltage_alarms", &Kept::low_voltage_alarms},
    {"high_voltage_alarms", &Kept::high_voltage_alarms},
    {"low_voltage_stands", &Kept::low_voltage_stands},
    {"high_voltage_stands", &Kept::high_voltage_stands},
    {"automatic_syncs", &Kept::automatic_syncs},
    {"since_full_s", &Kept::since_full_s, 0, 1e10},
    {"error_1", &Kept::error_1, 0, most_error},
    {"error_1_unix_s", &Kept::error_1_unix_s, 0, most_unix_s},
    {"error_2", &Kept::error_2, 0, most_error},
    {"error_2_unix_s", &Kept::error_2_unix_s, 0, most_unix_s},
    {"error_3", &Kept::error_3, 0, most_error},
    {"error_3_unix_s", &Kept::error_3_unix_s, 0, most_unix_s},
    {"error_4", &Kept::error_4, 0, most_error},
    {"error_4_unix_s", &Kept::error_4_unix_s, 0, most_unix_s},
    {"shut_downs", &Kept::shut_downs},
    {"raised_warnings", &Kept::raised_warnings, 0, all_alarms},
    {"raised_alarms", &Kept::raised_alarms, 0, all_alarms},
};

}  // namespace

std::span<const KeptField<Kept>> kept_fields() { return fields; }

}  // namespace bms::battery
