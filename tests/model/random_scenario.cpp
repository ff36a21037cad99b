#include "random_scenario.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

#include "random.hpp"

namespace bms::model {
namespace {

PackDesign random_pack(Random& random) {
  PackDesign pack;
  pack.cells = 4 + random.below(21);
  const double large = random.uniform(0, 1);
  pack.capacity_ah = 20 + 580 * large * random.uniform(0, 1);
  pack.soc_pct = random.uniform(80, 96);
  pack.resistance = random.uniform(0.5, 2.6);
  if (random.chance(0.3)) {
    pack.resistance = random.uniform(0.8, 1.6);
    pack.lowest_resistance = 0.6;
    pack.highest_resistance = 1.6;
  }
  pack.odd.soc_pct = random.chance(0.2) ? 0 : std::min(random.uniform(0, 4), 97.5 - pack.soc_pct);
  pack.odd.resistance = random.chance(0.2) ? std::min(random.uniform(1, 3), 3 / pack.resistance) : 1.15;
  pack.balancer_a = random.chance(0.15) ? 0.05 : random.uniform(0.1, 2);
  pack.hysteresis_v = random.chance(0.3) ? random.uniform(0, 0.0125) : 0;
  return pack;
}

/// A load that goes away lifts every cell by what it dropped there, before anybody can do anything about it. More than
/// this cannot be kept from the highest cell.
constexpr double liftable_v = 0.045;

double largest_load_a(const PackDesign& pack) {
  constexpr double usual_ohm_ah = 0.00025 * 280;
  const double cell_ohm =
      usual_ohm_ah / pack.capacity_ah * pack.resistance * pack.highest_resistance * pack.odd.resistance;
  return std::min(0.45 * pack.capacity_ah, liftable_v / cell_ohm);
}

Load random_load(Random& random, const PackDesign& pack) {
  const double current_a = largest_load_a(pack) * random.uniform(0.04, 1);
  switch (random.below(5)) {
    case 0: return {.current_a = current_a / 4};
    case 1: {
      const int every_s = 20 + random.below(600);
      return {.current_a = current_a, .on_s = 1 + random.below(every_s / 2), .every_s = every_s};
    }
    case 2: return {.current_a = current_a, .random = true};
    default: return {};
  }
}

Span random_span(Random& random, double hours) {
  const int from_s = random.below(static_cast<int>(hours * 3600));
  return {from_s, from_s + 10 + random.below(1800)};
}

void let_the_board_fail(Random& random, Scenario& scenario) {
  scenario.noise_v = random.uniform(0, 0.003);
  if (random.chance(0.3)) scenario.lost_s = 1 + random.below(9);
  if (random.chance(0.1)) {
    scenario.lost_s = 12 + random.below(60);
    scenario.lost_every_s = 1200;
  }
  if (random.chance(0.2)) scenario.soc_known = false;
  if (random.chance(0.2)) scenario.false_soc_pct = random.uniform(0, 100);
  if (random.chance(0.15)) scenario.charge_fet_open = random_span(random, scenario.hours);
  if (random.chance(0.15)) scenario.sensors_broken = random_span(random, scenario.hours);
  if (random.chance(0.1)) scenario.current_unknown = random_span(random, scenario.hours);
  if (random.chance(0.2)) scenario.has_sensors = false;
  if (random.chance(0.2)) {
    const double from_c = random.uniform(-5, 45);
    const double to_c = random.uniform(5, 50);
    scenario.temperature = {from_c, to_c, 7200};
  }
}

}  // namespace

Scenario random_scenario(std::uint32_t number) {
  Random random(number);
  Scenario scenario;
  scenario.seed = number;
  scenario.hours = 3;
  scenario.pack = random_pack(random);
  const double capacity_ah = scenario.pack.capacity_ah;
  scenario.charger = static_cast<ChargerKind>(random.below(3));
  // Chargers are chosen to fit a battery: with the same gain a small one would swing by itself.
  scenario.charger_gain = capacity_ah / 280 * 16 / scenario.pack.cells;
  if (random.chance(0.2)) scenario.charger_offset_v = random.uniform(-0.05, 0.05) * scenario.pack.cells / 16;
  scenario.feed_in = static_cast<FeedIn>(random.below(3));
  scenario.sun_a = capacity_ah * random.uniform(0.1, 0.6);
  scenario.clouds = random.chance(0.3);
  scenario.load = random_load(random, scenario.pack);
  scenario.limits_late_s = random.chance(0.3) ? random.below(6) : 0;
  scenario.max_charge_a = capacity_ah * random.uniform(0.2, 1);
  scenario.max_discharge_a = capacity_ah * random.uniform(0.5, 1);
  let_the_board_fail(random, scenario);
  return scenario;
}

std::string describe(const Scenario& scenario) {
  constexpr std::string_view chargers[] = {"soft", "firm", "stiff"};
  constexpr std::string_view feeding[] = {"no feed-in", "feed-in", "toggling feed-in"};
  const PackDesign& pack = scenario.pack;
  std::ostringstream text;
  text << "seed " << scenario.seed << ": " << pack.cells << " cells of " << pack.capacity_ah << " Ah, resistance x "
       << pack.resistance << " (" << pack.lowest_resistance << ".." << pack.highest_resistance << "), odd cell "
       << pack.odd.soc_pct << " % fuller with resistance x " << pack.odd.resistance << ", balancer " << pack.balancer_a
       << " A, " << chargers[static_cast<unsigned>(scenario.charger)] << " charger " << scenario.charger_offset_v
       << " V off, " << feeding[static_cast<unsigned>(scenario.feed_in)] << ", sun " << scenario.sun_a << " A"
       << (scenario.clouds ? " with clouds" : "") << ", load " << scenario.load.current_a << " A " << scenario.load.on_s
       << '/' << scenario.load.every_s << " s" << (scenario.load.random ? " at random" : "") << ", at most "
       << scenario.max_charge_a << " A, noise " << scenario.noise_v << " V, lost " << scenario.lost_s << " of "
       << scenario.lost_every_s << " s, late " << scenario.limits_late_s << " s, FET open "
       << scenario.charge_fet_open.from_s << ".." << scenario.charge_fet_open.until_s << ", no sensors "
       << scenario.sensors_broken.from_s << ".." << scenario.sensors_broken.until_s << ", no current "
       << scenario.current_unknown.from_s << ".." << scenario.current_unknown.until_s << ", "
       << scenario.temperature.from_c << ".." << scenario.temperature.to_c << " C";
  return text.str();
}

}  // namespace bms::model
