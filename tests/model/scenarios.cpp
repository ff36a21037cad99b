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
constexpr Bounds cap_bounds{.absorption_left_s = by_cap_s, .ripple_a = calm_a};
constexpr Bounds plain_bounds{.absorption_left_s = sooner_s};

constexpr FeedIn feeding = FeedIn::on;

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
     {.pack = {.odd = runner, .balancer_a = 0.1}, .feed_in = feeding}, {.absorption_left_s = 17000, .exported_ah = 0.2}},
    {"wild-runner", "one cell 4 % fuller, feeding in",
     {.pack = {.odd = {.soc_pct = 4}}, .feed_in = feeding}, {.absorption_left_s = 17000}},
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
    {"lost-frames", "no readings for 5 s every 5 min, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .lost_s = 5}, runner_bounds},
    {"soc-unknown", "no SoC", {.pack = {.odd = runner}, .soc_known = false}, runner_bounds},
    {"late-limits", "limits arrive 5 s late, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .limits_late_s = 5}, {.absorption_left_s = sooner_s, .any_charger = false}},
    {"sensors-broken", "no temperature for half an hour, feeding in",
     {.pack = {.odd = runner}, .feed_in = feeding, .sensors_broken = {1000, 2800}}, plain_bounds},
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
     {.cvl_per_cell_v = loads_per_cell_v, .cut_offs = 1, .lowest_cell_v = 2.75}},
    {"discharge-disobedient", "the same, with an inverter that only stops at 0 A",
     {.pack = {.soc_pct = 12, .odd = {.soc_pct = -2, .resistance = 2}}, .sun_a = 50, .sunshine = {7200, 1'000'000},
      .load = {.current_a = 100, .until_s = 7200}},
     {.cvl_per_cell_v = loads_per_cell_v, .cut_offs = 1, .lowest_cell_v = 2.70}},
    {"discharge-without-end", "60 A from 12 %, a weak cell, no sun, an inverter that obeys DCL",
     {.pack = {.soc_pct = 12, .odd = {.soc_pct = -2, .resistance = 2}}, .sun_a = 0,
      .load = {.current_a = 60, .obeys_dcl = true}},
     {.cvl_per_cell_v = loads_per_cell_v, .cut_offs = 1, .lowest_cell_v = 2.75}},
};
// clang-format on

constexpr std::string_view in_documents[] = {
    "balanced",          "runner-feed-in", "fast-runner-feed-in", "resistive-cell", "load-feed-in", "clouds-feed-in",
    "fet-opens-feed-in", "warming",        "balancing",           "discharge",
};

}  // namespace

std::span<const Case> cases() { return all; }

std::span<const std::string_view> pictured() { return in_documents; }

const Case& case_named(std::string_view name) { return *std::ranges::find(all, name, &Case::name); }

Figures run_ours(const Scenario& scenario, int frame_s) {
  OurControl control(config_for(scenario, frame_s));
  return Bench(scenario, control, frame_s).run();
}

}  // namespace bms::model
