#include "config/options.hpp"

namespace bms::config {

namespace {

constexpr Option table[] = {
    {"bms", "", 0, 0, &Settings::bms, "the BMS family on this port; empty: it is found out"},
    {"address", "", 1, 127, &Settings::addresses,
     "addresses of the boards on this line, as in 1, 2, 5-8; each is a battery of its own"},
    {"baud", "", 0, 1'000'000, &Settings::baud, "speed of the line, where it is not the family's own; 0: the family's"},
    {"cells", "", 0, 64, &Settings::cells,
     "cells in series, for boards that do not tell how many of their inputs are connected; 0: as the BMS says"},
    {"temperature_sensors", "", 0, 16, &Settings::temperature_sensors,
     "sensors that are fitted, for boards that do not tell; 0: as the BMS says"},
    {"poll_interval", "s", 0.2, 60, &Settings::poll_interval_s, "time from one poll of the BMS to the next"},
    {"max_charge_current", "A", 0, 3000, &Settings::max_charge_current_a,
     "the most that may ever be charged with (CCL)"},
    {"max_discharge_current", "A", 0, 3000, &Settings::max_discharge_current_a,
     "the most that may ever be discharged with (DCL)"},
    {"max_cell_voltage", "V", 1.5, 4.5, &Settings::max_cell_voltage_v,
     "times the number of cells: the highest charge voltage (CVL)"},
    {"float_cell_voltage", "V", 1.5, 4.5, &Settings::float_cell_voltage_v,
     "times the number of cells: what the charge voltage falls back to while the BMS does not answer"},
    {"min_cell_voltage", "V", 1.0, 4.0, &Settings::min_cell_voltage_v,
     "times the number of cells: the voltage at which discharging should end"},
    {"stale_after", "s", 3, 60, &Settings::stale_after_s,
     "after this time without a reading measurements are invalid and nothing is charged any more"},
    {"release_after", "s", 10, 1800, &Settings::release_after_s,
     "after this time without a reading the battery stops being a managed one and chargers stop by their own time-out"},
};

}  // namespace

std::span<const Option> options() { return table; }

}  // namespace bms::config
