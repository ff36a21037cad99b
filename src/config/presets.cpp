#include "config/presets.hpp"

#include "config/options.hpp"

namespace bms::config {

namespace {

// LiFePO4 is what a large community has used for years; the values for the others are cautious. What lies around a
// target keeps its distance to it: the cut-off to the lowest voltage, the alarms to lowest and balancing voltage.
// clang-format off
constexpr PresetRow preset_table[] = {
    //                                LFP    Li-ion  LTO
    {"absorption_cell_voltage",      {3.450, 4.100, 2.650}},
    {"float_cell_voltage",           {3.375, 4.000, 2.500}},
    {"balancing_cell_voltage",       {3.550, 4.150, 2.700}},
    {"min_cell_voltage",             {2.900, 3.200, 1.900}},
    {"cutoff_cell_voltage",          {2.800, 3.100, 1.800}},
    {"reopen_cell_voltage",          {3.050, 3.350, 2.050}},
    {"reopen_charging_cell_voltage", {2.900, 3.200, 1.900}},
    {"charge_knee_scale",            {1.000, 0.750, 1.000}},
    {"rebulk_cell_voltage",          {3.320, 3.850, 2.350}},
    {"rebulk_spread",                {0.080, 0.080, 0.080}},
    {"keep_min_cell_voltage",        {3.225, 3.600, 2.200}},
    {"keep_max_cell_voltage",        {3.375, 4.000, 2.500}},
    {"low_cell_voltage_warning",     {2.950, 3.250, 1.950}},
    {"low_cell_voltage_alarm",       {2.850, 3.150, 1.850}},
    {"high_cell_voltage_warning",    {3.580, 4.180, 2.760}},
    {"high_cell_voltage_alarm",      {3.620, 4.220, 2.800}},
    {"imbalance_rest_warning",       {0.050, 0.050, 0.050}},
    {"imbalance_rest_alarm",         {0.100, 0.100, 0.100}},
    {"imbalance_top_warning",        {0.150, 0.120, 0.140}},
    {"imbalance_top_alarm",          {0.250, 0.200, 0.240}},
};
// clang-format on

// Beyond these a value belongs to another chemistry, or is a slip. Of a curve it is the last point that counts. Makers
// of LiFePO4 cells name 3.65 V as the end of a charge, of Li-ion 4.20 V with a tolerance of 50 mV, of LTO 2.8 to 2.9 V;
// protection chips end charging at 3.65 to 3.90 V, 4.25 to 4.28 V and 2.90 V. A cell that is ahead of the others is
// held below the last two rows.
// clang-format off
constexpr CellRangeRow cell_ranges[] = {
    //                                  LFP           Li-ion        LTO
    {"absorption_cell_voltage",      {{{3.30, 3.65}, {3.60, 4.25}, {2.30, 2.85}}}},
    {"float_cell_voltage",           {{{3.20, 3.65}, {3.50, 4.25}, {2.20, 2.85}}}},
    {"balancing_cell_voltage",       {{{3.30, 3.65}, {3.60, 4.25}, {2.30, 2.85}}}},
    {"min_cell_voltage",             {{{2.00, 3.30}, {2.50, 3.80}, {1.50, 2.40}}}},
    {"cutoff_cell_voltage",          {{{2.00, 3.30}, {2.50, 3.80}, {1.50, 2.40}}}},
    {"reopen_cell_voltage",          {{{2.00, 3.40}, {2.50, 4.00}, {1.50, 2.50}}}},
    {"reopen_charging_cell_voltage", {{{2.00, 3.40}, {2.50, 4.00}, {1.50, 2.50}}}},
    {"charge_cell_curve",            {{{2.00, 3.69}, {2.50, 4.27}, {1.50, 2.90}}}},
    {"high_cell_voltage_warning",    {{{3.30, 3.70}, {3.60, 4.28}, {2.30, 2.91}}}},
    {"high_cell_voltage_alarm",      {{{3.30, 3.75}, {3.60, 4.30}, {2.30, 2.95}}}},
};

constexpr CellRangeRow reach_table[] = {
    //                                  LFP           Li-ion        LTO
    {"cutoff_cell_voltage",          {{{2.50, 3.30}, {2.70, 3.80}, {1.50, 2.40}}}},
};
// clang-format on

}  // namespace

std::span<const PresetRow> preset_rows() { return preset_table; }

std::span<const CellRangeRow> cell_range_rows() { return cell_ranges; }

std::span<const CellRangeRow> reach_rows() { return reach_table; }

void apply_preset(Settings& settings, Chemistry chemistry) {
  settings.chemistry = chemistry;
  for (const PresetRow& row : preset_table) {
    option_named(row.option).set_number(settings, row.values[static_cast<std::size_t>(chemistry)]);
  }
}

Settings preset_settings(Chemistry chemistry) {
  Settings settings;
  apply_preset(settings, chemistry);
  return settings;
}

}  // namespace bms::config
