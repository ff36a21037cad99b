// Options of what is measured, counted and watched.
#include "config/option_places.hpp"
#include "config/option_rows.hpp"

namespace bms::config {

namespace {

using battery::AlarmConfig;
using battery::Calibration;
using battery::SensorConfig;
using battery::SocConfig;
using battery::Threshold;

constexpr std::string_view roles[] = {"cell", "other", "unused"};
constexpr std::string_view soc_sources[] = {"bms", "own", "external"};
constexpr std::string_view current_sources[] = {"bms", "external"};

constexpr Option measurement[] = {
    {"capacity", "Ah", OptionalNumber{1, 10'000, at<&Calibration::capacity_ah>, "auto"},
     "instead of what the BMS says. Where the BMS says nothing, what is a multiple of the capacity is 0 without it"},
    {"invert_current", "", Flag{at<&Calibration::invert_current>},
     "for boards that count charging as negative although they should not"},
    {"current_map", "A",
     CurveOf{-3000, 3000, -3000, 3000, at<&Calibration::current_map>, "-300:-297, 0:0, 300:296", "off", true},
     "corrects the current: points `what the BMS says:what it is`, straight lines in between, continued beyond both "
     "ends"},
    {"current_offset", "A", Number{-50, 50, at<&Calibration::current_offset_a>}, "added to the current after that"},
    {"temperature_*.role", "", word<of_sensor<&SensorConfig::role>>(roles),
     "what the sensor of this number measures. `cell`: charging and discharging depend on it. `other`: it is shown "
     "only, being next to a heater for instance. `unused`: it is not there",
     Careful::lower},
    {"temperature_*.name", "", Text{.place = of_sensor<&SensorConfig::name>, .example = "Middle"}, "for people"},
    {"temperature_*.offset", "K", Number{-50, 50, of_sensor<&SensorConfig::offset_k>}, "added to what the sensor says"},
    {"temperature_*.slope", "", Number{0.5, 2, of_sensor<&SensorConfig::slope>}, "what it says is times this before"},
    {"mos_temperature.role", "", word<of_mos_sensor<&SensorConfig::role>>(roles),
     "of the sensor of the FETs. `cell`: limits depend on it", Careful::lower},
    {"mos_temperature.offset", "K", Number{-50, 50, of_mos_sensor<&SensorConfig::offset_k>},
     "added to what the sensor says"},
    {"mos_temperature.slope", "", Number{0.5, 2, of_mos_sensor<&SensorConfig::slope>},
     "what it says is times this before"},
    {"midpoint", "", Flag{at<&battery::Config::midpoint>}, "show the voltage of the lower half of the cells"},
    {"midpoint_of_odd", "", Flag{at<&battery::Config::midpoint_of_odd>}, "also when the middle is inside a cell"},
};

constexpr Option soc[] = {
    {"soc_source", "", word<at<&SocConfig::source>>(soc_sources),
     "who says the state of charge: the BMS, the driver's `own` counting, or `external_battery`"},
    {"current_source", "", word<at<&SocConfig::current_source>>(current_sources),
     "whose current counts: the BMS's, or that of `external_battery`"},
    {"current_deadband", "A", Number{0, 5, at<&SocConfig::deadband_a>},
     "below it a current counts as none, but for `self_consumption`"},
    {"self_consumption", "A", Number{0, 5, at<&SocConfig::self_consumption_a>},
     "what the BMS and its wiring always draw"},
    {"charge_efficiency", "", Number{0.8, 1, at<&SocConfig::charge_efficiency>},
     "share of what is charged that can be taken out again"},
    {"cap_soc_until_full", "", Flag{at<&SocConfig::cap_until_full>},
     "show 99 % at most until the battery has really become full"},
    {"min_soc", "%", Number{0, 99, at<&SocConfig::floor_soc_pct>},
     "where discharging should end, for the time to go; the limit of the ESS counts more"},
    {"time_to_soc", "%", NumberList{0, 100, at<&SocConfig::time_to_soc_points>},
     "for these states of charge the time until then is shown"},
    {"history", "", Flag{at<&battery::Config::history>},
     "count energy, extremes and cycles; what the BMS counts itself is shown in any case"},
};

constexpr Option alarms[] = {
    {"low_soc_warning", "%", OptionalNumber{0, 100, at<&AlarmConfig::low_soc, &Threshold::warning>}, "state of charge"},
    {"low_soc_alarm", "%", OptionalNumber{0, 100, at<&AlarmConfig::low_soc, &Threshold::alarm>}, "state of charge"},
    {"low_cell_voltage_warning", "V", OptionalNumber{1, 4.5, at<&AlarmConfig::low_cell_v, &Threshold::warning>},
     "lowest cell"},
    {"low_cell_voltage_alarm", "V", OptionalNumber{1, 4.5, at<&AlarmConfig::low_cell_v, &Threshold::alarm>},
     "lowest cell"},
    {"high_cell_voltage_warning", "V", OptionalNumber{1.5, 5, at<&AlarmConfig::high_cell_v, &Threshold::warning>},
     "highest cell; while balancing at least 50 mV above that voltage, as far as the chemistry bears it"},
    {"high_cell_voltage_alarm", "V", OptionalNumber{1.5, 5, at<&AlarmConfig::high_cell_v, &Threshold::alarm>},
     "highest cell; while balancing at least 80 mV above that voltage, as far as the chemistry bears it"},
    {"mos_temperature_warning", "°C", OptionalNumber{0, 150, at<&AlarmConfig::mos_temperature_c, &Threshold::warning>},
     "FETs"},
    {"mos_temperature_alarm", "°C", OptionalNumber{0, 150, at<&AlarmConfig::mos_temperature_c, &Threshold::alarm>},
     "FETs"},
    {"imbalance_rest_warning", "V", OptionalNumber{0.005, 1, at<&AlarmConfig::imbalance_rest_v, &Threshold::warning>},
     "difference between highest and lowest cell at rest"},
    {"imbalance_rest_alarm", "V", OptionalNumber{0.005, 1, at<&AlarmConfig::imbalance_rest_v, &Threshold::alarm>},
     "difference between highest and lowest cell at rest"},
    {"imbalance_top_warning", "V", OptionalNumber{0.005, 1, at<&AlarmConfig::imbalance_top_v, &Threshold::warning>},
     "the same when nearly full"},
    {"imbalance_top_alarm", "V", OptionalNumber{0.005, 1, at<&AlarmConfig::imbalance_top_v, &Threshold::alarm>},
     "the same when nearly full"},
    {"soh_warning", "%", OptionalNumber{0, 100, at<&AlarmConfig::soh, &Threshold::warning>},
     "state of health, where the BMS tells it"},
    {"soh_alarm", "%", OptionalNumber{0, 100, at<&AlarmConfig::soh, &Threshold::alarm>},
     "state of health, where the BMS tells it"},
    {"high_current_ratio", "", Number{0, 10, at<&AlarmConfig::high_current_ratio>},
     "warning when the current is this many times what is allowed; 0: never"},
    {"stuck_fet_warning", "A", OptionalNumber{0.1, 1000, at<&AlarmConfig::stuck_fet_a, &Threshold::warning>},
     "current in the direction of a FET that is said to be off"},
    {"stuck_fet_alarm", "A", OptionalNumber{0.1, 1000, at<&AlarmConfig::stuck_fet_a, &Threshold::alarm>},
     "current in the direction of a FET that is said to be off"},
    {"failed_polls_share", "", Number{0, 1, at<&AlarmConfig::failed_polls_share>},
     "warning when more than this share of the polls of five minutes fails; 0: never"},
    {"charge_temperature_alarm", "", Flag{at<&AlarmConfig::charge_temperature>},
     "warning when a charger delivers although it is too cold or too hot"},
    {"sense_wire_alarm", "", Flag{at<&AlarmConfig::implausible_cell>}, "alarm when a cell reads what no cell can have"},
    {"temperature_sensor_alarm", "", Flag{at<&AlarmConfig::temperature_sensor>}, "alarm when a sensor is broken"},
    {"bms_cable_alarm", "", Flag{at<&AlarmConfig::bms_cable>}, "alarm when the BMS is silent"},
};

}  // namespace

OptionGroup measurement_options() {
  return {"Measurements",
          "What is corrected before anything else uses it. `temperature_*` stands for `temperature_1` and so on.",
          measurement};
}

OptionGroup soc_options() { return {"State of charge and history", "", soc}; }

OptionGroup alarm_options() {
  return {"Alarms", "Raised by the driver, besides those of the BMS. Each can be `off`.", alarms};
}

}  // namespace bms::config
