#include "scenarios.hpp"

#include <algorithm>
#include <array>

namespace bms::model {
namespace {

constexpr OddCell runner{.soc_pct = 1.2};
constexpr OddCell fast_runner{.soc_pct = 2.5};

constexpr double sooner_s = 13000;
constexpr double with_loads_s = 15000;
constexpr double by_cap_s = 15500;
constexpr double calm_a = 320;

/// Of a charger that holds another voltage than CVL: not control's doing.
constexpr double offset_export_ah = 5;
/// Of loads that come and go: the battery gets more than it should, and gives it back.
constexpr double load_export_ah = 12;
constexpr double loads_per_cell_v = 0.075;

constexpr Bounds runner_bounds{.absorption_left_s = sooner_s, .ripple_a = calm_a};
constexpr Bounds load_bounds{
    .absorption_left_s = with_loads_s, .exported_ah = load_export_ah, .cvl_per_cell_v = loads_per_cell_v};
constexpr Bounds blind_bounds{
    .absorption_left_s = with_loads_s, .exported_ah = 1.5, .cvl_per_cell_v = loads_per_cell_v};
constexpr Bounds cap_bounds{.absorption_left_s = by_cap_s, .ripple_a = calm_a, .alarms = "CellImbalance 1"};
constexpr Bounds plain_bounds{.absorption_left_s = sooner_s};

constexpr FeedIn feeding = FeedIn::on;

/// Where the way up is longer, and the last of it steeper.
constexpr Bounds up_to(double peak_cell_v) {
  return {.peak_cell_v = peak_cell_v, .absorption_left_s = with_loads_s, .exported_ah = 0.3, .cvl_per_cell_v = 0.075};
}

constexpr PackDesign li_ion{.kind = CellKind::li_ion, .soc_pct = 70};
constexpr PackDesign lto{.kind = CellKind::lto};
constexpr PackDesign with_runner(PackDesign pack) {
  pack.odd = runner;
  return pack;
}

constexpr std::string_view emptied = "LowCellVoltage 2, LowSoc 2";
constexpr std::string_view uneven = "CellImbalance 1";

/// Emptied with 100 A from 12 % on, where one cell is weak; then the sun.
constexpr Scenario emptying(std::string_view config, bool obeys_dcl, CellKind kind = CellKind::lfp) {
  return {.pack = {.kind = kind, .soc_pct = 12, .odd = {.soc_pct = -2, .resistance = 2}},
          .sun_a = 50,
          .sunshine = {7200, 1'000'000},
          .load = {.current_a = 100, .until_s = 7200, .obeys_dcl = obeys_dcl},
          .config = config};
}

/// The lowest cell ends between these.
constexpr Bounds down_to(double lowest_cell_v, double reached_cell_v, std::string_view alarms = emptied) {
  return {.peak_cell_v = 4.1,
          .cvl_per_cell_v = loads_per_cell_v,
          .cut_offs = 1,
          .lowest_cell_v = lowest_cell_v,
          .reached_cell_v = reached_cell_v,
          .alarms = alarms};
}

// clang-format off
constexpr Case all[] = {
    // The five that the control was laid out with.
    {"runner", "one cell 1.2 % fuller", {.pack = {.odd = runner}}, runner_bounds, true},
    {"runner-feed-in", "one cell 1.2 % fuller, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding}, runner_bounds, true},
    {"balanced", "even cells", {}, {.absorption_left_s = 4000, .ripple_a = calm_a}, true},
    {"fast-runner-feed-in", "one cell 2.5 % fuller, feeding in",
     {.pack = {.odd = fast_runner}, .feed_in = feeding}, cap_bounds, true},
    {"strong-sun-feed-in", "one cell 1.2 % fuller, 140 A of sun, feeding in, noise of 2 mV",
     {.pack = {.odd = runner}, .feed_in = feeding, .sun_a = 140, .noise_v = 0.002},
     {.absorption_left_s = sooner_s, .ripple_a = 1.4 * calm_a}, true},

    // Packs that control knows too little of.
    {"resistance-half", "half the resistance", {.pack = {.resistance = 0.5, .odd = runner}}, runner_bounds},
    {"resistance-half-feed-in", "half the resistance, feeding in",
     {.pack = {.resistance = 0.5, .odd = runner}, .feed_in = feeding}, runner_bounds},
    {"resistance-double", "twice the resistance", {.pack = {.resistance = 2, .odd = runner}}, runner_bounds},
    {"resistance-double-feed-in", "twice the resistance, feeding in",
     {.pack = {.resistance = 2, .odd = runner}, .feed_in = feeding}, runner_bounds},
    {"resistance-high", "2.6 times the resistance", {.pack = {.resistance = 2.6, .odd = runner}}, runner_bounds},
    {"resistance-high-feed-in", "2.6 times the resistance, feeding in",
     {.pack = {.resistance = 2.6, .odd = runner}, .feed_in = feeding}, runner_bounds},
    {"resistances-mixed-low", "half the resistance, every cell another, feeding in",
     {.pack = {.resistance = 0.5, .lowest_resistance = 0.6, .highest_resistance = 1.6, .odd = runner},
      .feed_in = feeding}, {.absorption_left_s = 14500}},
    {"resistances-mixed-high", "2.6 times the resistance, every cell another, feeding in",
     {.pack = {.resistance = 2.6, .lowest_resistance = 0.6, .highest_resistance = 1.6, .odd = runner},
      .feed_in = feeding}, {.absorption_left_s = 14500}},
    {"resistive-cell", "one cell with three times the resistance, feeding in",
     {.pack = {.odd = {.resistance = 3}}, .feed_in = feeding}, {.absorption_left_s = 6500}},
    {"small-balancer", "a balancer of 0.1 A, feeding in",
     {.pack = {.odd = runner, .balancer_a = 0.1}, .feed_in = feeding}, {.absorption_left_s = 17000, .exported_ah = 0.2, .alarms = uneven}},
    {"wild-runner", "one cell 4 % fuller, feeding in",
     {.pack = {.odd = {.soc_pct = 4}}, .feed_in = feeding}, {.absorption_left_s = 17000, .alarms = uneven}},
    {"8x100", "8 cells of 100 Ah, feeding in",
     {.pack = {.cells = 8, .capacity_ah = 100, .odd = runner}, .charger_gain = 0.7, .feed_in = feeding, .sun_a = 36,
      .max_charge_a = 50, .max_discharge_a = 50}, plain_bounds},
    {"15x50", "15 cells of 50 Ah, feeding in",
     {.pack = {.cells = 15, .capacity_ah = 50, .odd = runner}, .charger_gain = 0.2, .feed_in = feeding, .sun_a = 18,
      .max_charge_a = 25, .max_discharge_a = 25}, plain_bounds},
    {"hysteresis", "rest voltages 25 mV apart after charging and discharging, feeding in",
     {.pack = {.odd = runner, .hysteresis_v = 0.0125}, .feed_in = feeding}, plain_bounds},

    // Boards that see badly.
    {"noise-feed-in", "noise of 3 mV, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .noise_v = 0.003},
     {.absorption_left_s = sooner_s, .exported_ah = 0.2}},
    {"noise-balanced", "even cells, noise of 3 mV", {.noise_v = 0.003}, {.absorption_left_s = 4000}},
    {"lost-samples", "no readings for 5 s every 5 min, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .lost_s = 5}, runner_bounds},
    {"soc-unknown", "no SoC", {.pack = {.odd = runner}, .soc_known = false}, runner_bounds},
    {"late-limits", "limits arrive 5 s late, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .limits_late_s = 5}, {.absorption_left_s = sooner_s, .any_charger = false}},
    {"sensors-broken", "no temperature for half an hour, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .sensors_broken = {1000, 2800}},
     {.absorption_left_s = sooner_s, .alarms = "BatteryTemperatureSensor 2"}},
    {"current-unknown", "no current for half an hour, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .current_unknown = {3000, 4800}}, blind_bounds},
    {"fet-opens", "the charge FET opens for 200 s",
     {.pack = {.odd = runner}, .charge_fet_open = {600, 800}}, plain_bounds},
    {"fet-opens-feed-in", "the charge FET opens for 200 s, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .charge_fet_open = {600, 800}},
     {.absorption_left_s = sooner_s, .exported_ah = 0.2, .cvl_per_cell_v = loads_per_cell_v}},

    // Chargers and loads.
    {"charger-high", "the charger holds 50 mV more than CVL, feeding in",
     {.pack = {.odd = runner}, .charger_offset_v = 0.05, .feed_in = feeding},
     {.absorption_left_s = sooner_s, .exported_ah = offset_export_ah}},
    {"charger-low", "the charger holds 50 mV less than CVL, feeding in",
     {.pack = {.odd = runner}, .charger_offset_v = -0.05, .feed_in = feeding},
     {.absorption_left_s = sooner_s, .exported_ah = offset_export_ah}},
    {"charger-very-low", "even cells, the charger holds 150 mV less than CVL",
     {.charger_offset_v = -0.15}, {.absorption_left_s = 4000}},
    {"load", "60 A for 2 of 6 min", {.pack = {.odd = runner}, .load = {60, 120, 360}}, load_bounds},
    {"load-feed-in", "60 A for 2 of 6 min, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .load = {60, 120, 360}}, load_bounds},
    {"random-load", "up to 130 A, at random", {.pack = {.odd = runner}, .load = {.current_a = 130, .random = true}},
     load_bounds},
    {"random-load-feed-in", "up to 130 A, at random, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .load = {.current_a = 130, .random = true}}, load_bounds},
    {"clouds", "clouds", {.pack = {.odd = runner}, .clouds = true}, plain_bounds},
    {"clouds-feed-in", "clouds, feeding in", {.pack = {.odd = runner}, .feed_in = feeding, .clouds = true}, plain_bounds},
    {"feed-in-toggling", "feeding in every other 10 min", {.pack = {.odd = runner}, .feed_in = FeedIn::toggling},
     plain_bounds},
    {"hammering-load", "120 A for 15 of 40 s", {.pack = {.odd = runner}, .load = {120, 15, 40}},
     {.cvl_per_cell_v = loads_per_cell_v}},

    // Temperature.
    {"warming", "from 2 to 14 °C within 2 h, twice the resistance, feeding in",
     {.pack = {.resistance = 2, .odd = runner}, .feed_in = feeding, .temperature = {2, 14, 7200}},
     {.absorption_left_s = with_loads_s, .ripple_a = calm_a}},
    {"too-hot", "from 85 % on, and from 38 to 50 °C within 10 min, feeding in",
     {.pack = {.soc_pct = 85, .odd = runner}, .feed_in = feeding, .temperature = {38, 50, 600}},
     {.absorption_left_s = with_loads_s}},

    // A full charge that makes the cells even: higher on purpose.
    {"balancing", "a full charge to 3.55 V, asked for by the owner, feeding in",
     {.pack = {.odd = runner}, .hours = 8, .feed_in = feeding, .full_charge_requested = true},
     {.peak_cell_v = 3.60, .absorption_left_s = 6 * 3600, .exported_ah = 2}},

    // Discharging: 100 A until the weak cell is empty, then the sun.
    {"discharge", "100 A from 12 %, a weak cell, an inverter that obeys DCL, sun after 2 h",
     {.pack = {.soc_pct = 12, .odd = {.soc_pct = -2, .resistance = 2}}, .sun_a = 50, .sunshine = {7200, 1'000'000},
      .load = {.current_a = 100, .until_s = 7200, .obeys_dcl = true}},
     {.cvl_per_cell_v = loads_per_cell_v, .cut_offs = 1, .lowest_cell_v = 2.75, .reached_cell_v = 2.9, .alarms = emptied}},
    {"discharge-disobedient", "the same, with an inverter that only stops at 0 A",
     {.pack = {.soc_pct = 12, .odd = {.soc_pct = -2, .resistance = 2}}, .sun_a = 50, .sunshine = {7200, 1'000'000},
      .load = {.current_a = 100, .until_s = 7200}},
     {.cvl_per_cell_v = loads_per_cell_v, .cut_offs = 1, .lowest_cell_v = 2.70, .reached_cell_v = 2.9, .alarms = emptied}},
    {"discharge-without-end", "60 A from 12 %, a weak cell, no sun, an inverter that obeys DCL",
     {.pack = {.soc_pct = 12, .odd = {.soc_pct = -2, .resistance = 2}}, .sun_a = 0,
      .load = {.current_a = 60, .obeys_dcl = true}},
     {.cvl_per_cell_v = loads_per_cell_v, .cut_offs = 1, .lowest_cell_v = 2.75, .reached_cell_v = 2.9, .alarms = emptied}},

    // What owners configure. A charge that does what they say raises no alarm, ...
    {"to-3v55", "to 3.55 V", {.config = "absorption_cell_voltage = 3.55"}, up_to(3.60)},
    {"to-3v55-runner", "to 3.55 V, one cell 1.2 % fuller",
     {.pack = {.odd = runner}, .config = "absorption_cell_voltage = 3.55"}, up_to(3.61)},
    {"to-3v60", "to 3.60 V", {.config = "absorption_cell_voltage = 3.60"}, up_to(3.65)},
    {"to-3v60-runner", "to 3.60 V, one cell 1.2 % fuller",
     {.pack = {.odd = runner}, .config = "absorption_cell_voltage = 3.60"}, up_to(3.66)},
    {"to-3v60-runner-feed-in", "to 3.60 V, one cell 1.2 % fuller, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .config = "absorption_cell_voltage = 3.60"}, up_to(3.66)},
    {"to-3v65", "to 3.65 V", {.config = "absorption_cell_voltage = 3.65"}, up_to(3.69)},
    {"to-3v65-runner", "to 3.65 V, one cell 1.2 % fuller",
     {.pack = {.odd = runner}, .config = "absorption_cell_voltage = 3.65"}, up_to(3.69)},
    {"to-3v65-runner-feed-in", "to 3.65 V, one cell 1.2 % fuller, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .config = "absorption_cell_voltage = 3.65"}, up_to(3.70)},
    {"balancing-to-3v65", "a full charge to 3.65 V, asked for by the owner",
     {.pack = {.odd = runner}, .hours = 8, .config = "balancing_cell_voltage = 3.65", .full_charge_requested = true},
     {.peak_cell_v = 3.69, .absorption_left_s = 6 * 3600, .cvl_per_cell_v = 0.2}},
    {"early-warning", "a warning of high cells from 3.50 V on, one cell 1.2 % fuller",
     {.pack = {.odd = runner}, .config = "high_cell_voltage_warning = 3.50"}, {.peak_cell_v = 3.50, .absorption_left_s = with_loads_s}},
    {"own-charge-curve", "an own charge curve up to 3.60 V, one cell 1.2 % fuller",
     {.pack = {.odd = runner}, .config = "charge_cell_curve = 3.40:1, 3.50:0.05, 3.55:0.01, 3.60:0"},
     {.peak_cell_v = 3.59, .absorption_left_s = by_cap_s}},
    {"li-ion-4v20", "Li-ion to 4.20 V, from 70 % on",
     {.pack = li_ion, .config = "chemistry = Li-ion\nabsorption_cell_voltage = 4.20"}, up_to(4.22)},
    {"li-ion-4v20-runner", "Li-ion to 4.20 V, from 70 % on, one cell 1.2 % fuller",
     {.pack = with_runner(li_ion), .config = "chemistry = Li-ion\nabsorption_cell_voltage = 4.20"}, up_to(4.25)},
    {"li-ion-4v25", "Li-ion to 4.25 V, from 70 % on",
     {.pack = li_ion, .config = "chemistry = Li-ion\nabsorption_cell_voltage = 4.25"}, up_to(4.27)},
    {"li-ion-4v25-runner", "Li-ion to 4.25 V, from 70 % on, one cell 1.2 % fuller",
     {.pack = with_runner(li_ion), .config = "chemistry = Li-ion\nabsorption_cell_voltage = 4.25"}, up_to(4.27)},
    {"lto-2v80", "LTO to 2.80 V", {.pack = lto, .config = "chemistry = LTO\nabsorption_cell_voltage = 2.80"}, up_to(2.84)},
    {"lto-2v80-runner", "LTO to 2.80 V, one cell 1.2 % fuller",
     {.pack = with_runner(lto), .config = "chemistry = LTO\nabsorption_cell_voltage = 2.80"}, up_to(2.86)},
    {"lto-2v85", "LTO to 2.85 V", {.pack = lto, .config = "chemistry = LTO\nabsorption_cell_voltage = 2.85"}, up_to(2.90)},
    {"lto-2v85-runner", "LTO to 2.85 V, one cell 1.2 % fuller",
     {.pack = with_runner(lto), .config = "chemistry = LTO\nabsorption_cell_voltage = 2.85"}, up_to(2.90)},

    // ... and a battery is emptied to where they say, with one change of DCL to 0.
    {"discharge-to-2v75", "100 A to a minimum of 2.75 V", emptying("min_cell_voltage = 2.75", true), down_to(2.62, 2.75)},
    {"discharge-to-2v64", "100 A to a minimum of 2.64 V", emptying("min_cell_voltage = 2.64", true), down_to(2.51, 2.64)},
    {"discharge-to-2v50", "100 A to a minimum of 2.50 V", emptying("min_cell_voltage = 2.5", true), down_to(2.47, 2.51)},
    {"discharge-to-2v64-disobedient", "100 A to a minimum of 2.64 V, an inverter that only stops at 0 A",
     emptying("min_cell_voltage = 2.64", false), down_to(2.48, 2.64)},
    {"discharge-own-curve", "100 A, an own curve that is 0 at 2.90 V",
     emptying("discharge_cell_curve = 2.90:0, 3.00:0.1, 3.10:1", true), down_to(2.88, 2.92, "LowCellVoltage 1, LowSoc 2")},
    {"discharge-own-curve-disobedient", "the same, with an inverter that only stops at 0 A",
     emptying("discharge_cell_curve = 2.90:0, 3.00:0.1, 3.10:1", false),
     down_to(2.87, 2.92, "LowCellVoltage 1, LowSoc 2")},
    {"discharge-older-curve", "100 A, the curve of older versions of dbus-serialbattery",
     emptying("discharge_cell_curve = 2.70:0, 2.80:0.1, 2.90:0.5, 3.10:1", true), down_to(2.68, 2.72)},
    {"discharge-linear", "100 A, profile serialbattery-linear, an inverter that only stops at 0 A",
     emptying("profile = serialbattery-linear", false), down_to(2.75, 2.85)},
    {"discharge-step", "100 A, profile serialbattery-step, an inverter that only stops at 0 A",
     emptying("profile = serialbattery-step", false), down_to(2.85, 2.95, "LowCellVoltage 1, LowSoc 2")},
    {"discharge-li-ion", "Li-ion, 100 A to a minimum of 3.00 V",
     emptying("chemistry = Li-ion\nmin_cell_voltage = 3.0", true, CellKind::li_ion), down_to(2.88, 3.0)},
    {"discharge-lto", "LTO, 100 A to a minimum of 1.70 V",
     emptying("chemistry = LTO\nmin_cell_voltage = 1.7", true, CellKind::lto), down_to(1.58, 1.7)},
};
// clang-format on

constexpr std::string_view in_documents[] = {
    "balanced",     "runner-feed-in", "fast-runner-feed-in",    "resistive-cell",
    "load-feed-in", "clouds-feed-in", "fet-opens-feed-in",      "warming",
    "balancing",    "discharge",      "to-3v65-runner-feed-in", "discharge-to-2v50",
};

}  // namespace

std::span<const Case> cases() { return all; }

std::span<const std::string_view> pictured() { return in_documents; }

const Case& case_named(std::string_view name) { return *std::ranges::find(all, name, &Case::name); }

Figures run_ours(const Scenario& scenario, int sample_s) {
  OurControl control(config_for(scenario, sample_s));
  return Bench(scenario, control, sample_s).run();
}

}  // namespace bms::model
