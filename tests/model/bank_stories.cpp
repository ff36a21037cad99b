#include "bank_stories.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "bank_bench.hpp"
#include "curve_chart.hpp"

namespace bms::model {
namespace {

using Value = std::optional<double>;

constexpr std::string_view first_color = "#1565c0", second_color = "#c62828", ccl_color = "#ef6c00",
                           cvl_color = "#2e7d32", usual_color = "#78909c", dark_color = "#222";
constexpr double tolerated_share = 0.02, tolerated_a = 1;

/// Watches a bench from the second on that is drawn.
class Watch {
 public:
  explicit Watch(const BankBench& bench) : bench_(bench), above_s_(bench.size()) {}

  void look() {
    for (std::size_t i = 0; i < bench_.size(); ++i) {
      figures.highest_cell_v = std::max(figures.highest_cell_v, bench_.pack(i).highest_v());
      const double limit_a = bench_.member(i).told.charge_current_a.value_or(0);
      const bool above = bench_.current_a(i) > limit_a * (1 + tolerated_share) + tolerated_a;
      above_s_[i] = above ? above_s_[i] + 1 : 0;
      figures.longest_above_s = std::max(figures.longest_above_s, above_s_[i]);
    }
    figures.last_ccl_a = bench_.outcome().limits.charge_current_a.value_or(0);
    figures.least_ccl_a = std::min(figures.least_ccl_a, figures.last_ccl_a);
    figures.most_ccl_a = std::max(figures.most_ccl_a, figures.last_ccl_a);
    figures.became_full = figures.became_full || bench_.outcome().findings.became_full;
  }

  BankStoryFigures figures{};

 private:
  const BankBench& bench_;
  std::vector<double> above_s_;
};

PackDesign pack_of(double capacity_ah, double soc_pct, double resistance) {
  return {.capacity_ah = capacity_ah, .soc_pct = soc_pct, .resistance = resistance};
}

/// Until limits have risen from the start.
void settle(BankBench& bench, int seconds) {
  for (int second = 0; second < seconds; ++second) bench.advance();
}

BankStoryFigures charging_unequal_packs() {
  constexpr int seconds = 3 * 3600;
  BankBench bench({.wiring = bank::Wiring::parallel,
                   .packs = {{.design = pack_of(280, 40, 1.3), .max_a = 140, .wiring_ohm = 0.001},
                             {.design = pack_of(100, 40, 0.75), .max_a = 50, .wiring_ohm = 0.001}},
                   .offered_a = 250});
  CurveChart chart("280 Ah and 100 Ah in parallel, charged until full", seconds,
                   {{"A",
                     50,
                     true,
                     {{"CCL of the bank", ccl_color},
                      {"280 Ah: current", first_color},
                      {"100 Ah: its limit", usual_color},
                      {"100 Ah: current", second_color}}},
                    {"V", 0.5, false, {{"voltage of the bank", dark_color}, {"CVL", cvl_color}}}});
  Watch watch(bench);
  for (int second = 0; second < seconds; ++second) {
    bench.advance();
    watch.look();
    const Limits& limits = bench.outcome().limits;
    chart.add(second,
              std::array<Value, 6>{limits.charge_current_a, bench.current_a(0), bench.member(1).told.charge_current_a,
                                   bench.current_a(1), bench.voltage_v(), limits.charge_voltage_v});
  }
  watch.figures.svg = chart.svg();
  return watch.figures;
}

BankStoryFigures pack_that_falls_silent() {
  constexpr int seconds = 20 * 60, silent_at_s = 3 * 60, back_at_s = 10 * 60, before_s = 15 * 60;
  const auto pack = [](double resistance) {
    return BankPack{.design = pack_of(100, 40, resistance), .max_a = 50, .wiring_ohm = 0.001};
  };
  BankBench bench({.wiring = bank::Wiring::parallel, .packs = {pack(0.9), pack(1.0), pack(1.15)}, .offered_a = 250});
  settle(bench, before_s);
  CurveChart chart("Three packs in parallel; one falls silent, and is heard again", seconds,
                   {{"A", 50, true, {{"CCL of the bank", ccl_color}, {"current", dark_color}}},
                    {"A", 10, true, {{"pack 1", first_color}, {"pack 2", usual_color}, {"pack 3", second_color}}}});
  chart.mark(silent_at_s, "pack 3 falls silent");
  chart.mark(back_at_s, "it is heard again");
  Watch watch(bench);
  for (int second = 0; second < seconds; ++second) {
    bench.silence(2, second >= silent_at_s && second < back_at_s);
    bench.advance();
    watch.look();
    chart.add(second, std::array<Value, 5>{bench.outcome().limits.charge_current_a, bench.current_a(),
                                           bench.current_a(0), bench.current_a(1), bench.current_a(2)});
  }
  watch.figures.svg = chart.svg();
  return watch.figures;
}

BankStoryFigures fuller_cell_in_a_string() {
  constexpr int seconds = 5 * 3600;
  PackDesign even{.cells = 8, .soc_pct = 75};
  PackDesign uneven = even;
  uneven.odd.soc_pct = 1.5;
  BankBench bench({.wiring = bank::Wiring::series,
                   .packs = {{.design = even, .max_a = 140}, {.design = uneven, .max_a = 140}},
                   .offered_a = 100});
  CurveChart chart("Two packs of 8 cells in series; one cell of the second is fuller", seconds,
                   {{"V",
                     0.05,
                     false,
                     {{"CVL per cell", cvl_color},
                      {"pack 1, mean cell", first_color},
                      {"pack 2, mean cell", dark_color},
                      {"the fuller cell", second_color}}},
                    {"A", 50, true, {{"CCL of the bank", ccl_color}, {"current", usual_color}}}});
  Watch watch(bench);
  for (int second = 0; second < seconds; ++second) {
    bench.advance();
    watch.look();
    const Limits& limits = bench.outcome().limits;
    const auto cvl_v = limits.charge_voltage_v;
    chart.add(second, std::array<Value, 6>{cvl_v ? Value(*cvl_v / 16) : Value(), bench.pack(0).voltage_v() / 8,
                                           bench.pack(1).voltage_v() / 8, bench.pack(1).highest_v(),
                                           limits.charge_current_a, bench.current_a()});
  }
  watch.figures.svg = chart.svg();
  return watch.figures;
}

constexpr std::array<BankStory, 3> stories{{{"unequal-packs", charging_unequal_packs},
                                            {"silent-pack", pack_that_falls_silent},
                                            {"fuller-cell", fuller_cell_in_a_string}}};

}  // namespace

std::span<const BankStory> bank_stories() { return stories; }

}  // namespace bms::model
