// Options of charge control.
#include "config/option_places.hpp"
#include "config/option_rows.hpp"

namespace bms::config {

namespace {

constexpr std::string_view chemistries[] = {"LFP", "Li-ion", "LTO"};
constexpr Word::Alias usual_names[] = {{"LiFePO4", "LFP"}, {"NMC", "Li-ion"}, {"LiIon", "Li-ion"}};
constexpr std::string_view profiles[] = {"smooth", "serialbattery-linear", "serialbattery-step", "first-release",
                                         "bms"};

constexpr double lowest_cell_v = 1.0;
constexpr double highest_cell_v = 4.5;
constexpr double max_time_s = 24 * 3600;

constexpr Option limits[] = {
    {"chemistry", "", word<at<&Settings::chemistry>>(chemistries, usual_names),
     "what the cells are made of; the defaults of cell voltages and what depends on them follow from it. A chemistry "
     "that is misspelt switches charging off"},
    {"profile", "", word<at<&charge::Config::profile>>(profiles),
     "how limits are computed. `smooth`: this driver's own control. `serialbattery-linear`, `serialbattery-step`: the "
     "tables of dbus-serialbattery, reduced at once and with steps on the safe side. `first-release`: the SoC steps of "
     "its first release. `bms`: what the BMS itself allows. All of them stay within the other options here"},
    {"max_charge_current", "A", Current{3000, 10, at<&charge::Config::max_charge_current>},
     "the most that may ever be charged with (CCL); the BMS may allow less", Careful::lower},
    {"max_discharge_current", "A", Current{3000, 10, at<&charge::Config::max_discharge_current>},
     "the most that may ever be discharged with (DCL); the BMS may allow less", Careful::lower},
    {"charge_blocked", "", Flag{at<&charge::Config::charge_blocked>}, "nothing may be charged"},
    {"discharge_blocked", "", Flag{at<&charge::Config::discharge_blocked>}, "nothing may be discharged"},
    {"integer_amps", "", Flag{at<&charge::Config::integer_amps>},
     "whole amperes below 10 A, as solar chargers round up what they are told"},
    {"heater_current", "A", Number{0, 50, at<&charge::Config::heater_current_a>},
     "allowed while the BMS heats its cells, although they are too cold to be charged", Careful::lower},
};

constexpr Option voltages[] = {
    {"absorption_cell_voltage", "V", Number{1.5, highest_cell_v, at<&charge::Config::absorption_cell_v>},
     "times the number of cells: the highest charge voltage (CVL) outside balancing", Careful::lower},
    {"float_cell_voltage", "V", Number{1.5, highest_cell_v, at<&charge::Config::float_cell_v>},
     "times the number of cells: what a full battery is held at", Careful::lower},
    {"balancing_cell_voltage", "V", Number{1.5, highest_cell_v, at<&charge::Config::balancing_cell_v>},
     "times the number of cells: the charge voltage of a balancing charge; see `full_charge_days`", Careful::lower},
    {"min_cell_voltage", "V", Number{lowest_cell_v, highest_cell_v, at<&charge::Config::min_cell_v>},
     "times the number of cells: the voltage at which discharging should end. There DCL has come down to a tenth, and "
     "from there on it goes on down to `cutoff_cell_voltage`",
     Careful::higher},
    {"cutoff_cell_voltage", "V", Number{lowest_cell_v, highest_cell_v, at<&charge::Config::cutoff_cell_v>},
     "lowest cell at which discharging does end (DCL 0), once, after 2 % have been left until then. It lies 0.1 V "
     "below "
     "`min_cell_voltage` unless you set it",
     Careful::higher},
    {"reopen_cell_voltage", "V", Number{lowest_cell_v, highest_cell_v, at<&charge::Config::reopen_cell_v>},
     "lowest cell above which discharging is allowed again, after a minute", Careful::higher},
    {"reopen_charging_cell_voltage", "V",
     Number{lowest_cell_v, highest_cell_v, at<&charge::Config::reopen_charging_cell_v>},
     "the same while the battery is charged", Careful::higher},
    {"load_compensation", "V", Number{0, 0.1, at<&charge::Config::load_compensation_max_v>},
     "how much of the drop that the load causes in a cell is forgiven, at most", Careful::lower},
    {"charge_knee_scale", "", Number{0.25, 1, at<&charge::Config::charge_knee_scale>},
     "how far above `absorption_cell_voltage` a single cell may rise, compared with LiFePO4", Careful::lower},
    {"pack_resistance", "ohm", OptionalNumber{0.0001, 1, at<&charge::Config::pack_resistance_ohm>, "auto"},
     "of the whole battery; auto: from the number of cells and the capacity"},
    {"cable_drop", "V", Number{0, 2, at<&charge::Config::cable_drop_v>},
     "added to CVL at any current: what chargers measure higher than the BMS", Careful::lower},
    {"cable_resistance", "ohm", Number{0, 0.1, at<&charge::Config::cable_resistance_ohm>},
     "times the current, added to CVL", Careful::lower},
};

constexpr Option full[] = {
    {"float", "", Flag{at<&charge::Config::float_enabled>},
     "go down to the float voltage when full; no: stay at absorption"},
    {"float_follow", "", Flag{at<&charge::Config::float_follow>},
     "stay at the resting voltage as long as that is above the float voltage, so that nothing is fed into the grid"},
    {"absorption_time", "s", Number{0, max_time_s, at<&charge::Config::absorption_held_s>},
     "full: this long at the absorption voltage with even cells"},
    {"absorption_spread", "V", Number{0.001, 0.5, at<&charge::Config::absorption_spread_v>},
     "even: highest and lowest cell differ by no more than this"},
    {"absorption_cap", "s", Number{600, max_time_s, at<&charge::Config::absorption_cap_s>},
     "the longest absorption, even or not"},
    {"tail_time", "s", Number{0, max_time_s, at<&charge::Config::tail_s>},
     "full as well: this long at the absorption voltage with no more than `tail_current`"},
    {"tail_current", "C", Number{0, 0.2, at<&charge::Config::tail_current_c>}, "as a multiple of the capacity"},
    {"rebulk_discharged", "", Number{0.01, 1, at<&charge::Config::rebulk_discharged_share>},
     "share of the capacity, taken out since the battery was full, after which it is charged again"},
    {"rebulk_cell_voltage", "V", Number{1, highest_cell_v, at<&charge::Config::rebulk_cell_v>},
     "mean cell at rest below which it is charged again"},
    {"rebulk_spread", "V", Number{0.01, 1, at<&charge::Config::rebulk_spread_v>},
     "difference between the cells of a full battery at which absorption begins again"},
    {"full_charge_days", "days", Number{0, 365, at<&charge::Config::full_charge_days>},
     "from one balancing charge to the next; 0: never"},
    {"balancing_spread", "V", Number{0.001, 0.5, at<&charge::Config::balancing_spread_v>},
     "even: where a balancing charge ends"},
    {"balancing_time", "s", Number{0, max_time_s, at<&charge::Config::balancing_held_s>},
     "how long the cells must be even"},
    {"balancing_cap", "s", Number{600, max_time_s, at<&charge::Config::balancing_cap_s>},
     "the longest balancing charge"},
};

constexpr CurveOf by_temperature(Place<Curve> place, std::string_view example) {
  return {-40, 120, 0, 1, place, example};
}
constexpr CurveOf by_soc(Place<Curve> place, std::string_view example) { return {0, 100, 0, 1, place, example}; }

constexpr Option curves[] = {
    {"charge_cell_curve", "V",
     CurveOf{1, highest_cell_v, 0, 1, at<&charge::Config::charge_cell_curve>, "3.4:1, 3.45:0.15, 3.53:0", "auto", false,
             0.0},
     "by the highest cell; auto: the profile's own, around `absorption_cell_voltage`, which ends below "
     "`high_cell_voltage_warning`. A balancing charge moves it up"},
    {"discharge_cell_curve", "V",
     CurveOf{1, highest_cell_v, 0, 1, at<&charge::Config::discharge_cell_curve>, "2.8:0.02, 2.95:0.3, 3.05:1", "auto"},
     "by the lowest cell; auto: the profile's own, around `min_cell_voltage`. Where a curve reaches 0 discharging "
     "ends, "
     "until the lowest cell is 0.25 V higher, or 0.1 V while the battery is charged"},
    {"charge_temperature_curve", "°C",
     by_temperature(at<&charge::Config::charge_temperature_curve>, "0:0, 10:1, 45:1, 55:0"),
     "by the coldest and the hottest cell sensor", Careful::lower},
    {"discharge_temperature_curve", "°C",
     by_temperature(at<&charge::Config::discharge_temperature_curve>, "-20:0, 0:1, 55:0"),
     "by the coldest and the hottest cell sensor", Careful::lower},
    {"charge_mos_curve", "°C", by_temperature(at<&charge::Config::charge_mos_curve>, "70:1, 90:0"),
     "by the temperature of the FETs", Careful::lower},
    {"discharge_mos_curve", "°C", by_temperature(at<&charge::Config::discharge_mos_curve>, "70:1, 90:0"),
     "by the temperature of the FETs", Careful::lower},
    {"charge_soc_curve", "%", by_soc(at<&charge::Config::charge_soc_curve>, "90:1, 98:0.1"), "by the state of charge",
     Careful::lower},
    {"discharge_soc_curve", "%", by_soc(at<&charge::Config::discharge_soc_curve>, "5:0.1, 20:1"),
     "by the state of charge", Careful::lower},
};

}  // namespace

OptionGroup limit_options() { return {"Limits", "What the battery may be used for at all.", limits}; }

OptionGroup voltage_options() { return {"Voltages", "All per cell, unless the name says otherwise.", voltages}; }

OptionGroup full_options() {
  return {"When it is full", "Absorption, float, balancing, and the way back to charging.", full};
}

OptionGroup curve_options() {
  return {"Curves",
          "Shares of the allowed current, 0 to 1, given by points `at:share` with straight lines in between and the "
          "last value beyond both ends. A long list may go on in the next line if that is indented.",
          curves};
}

}  // namespace bms::config
