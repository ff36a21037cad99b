// Many batteries that nobody has thought of. BENCH_PLANTS=5000 tries so many instead of 1000.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "random_scenario.hpp"
#include "scenarios.hpp"

namespace bms::model {
namespace {

constexpr int blocks = 10;

int plants() {
  const char* wanted = std::getenv("BENCH_PLANTS");
  return wanted == nullptr ? 1000 : std::atoi(wanted);
}

/// Whether everything around the battery stays as it is, so that nothing but control can make limits and states swing.
bool steady(const Scenario& scenario) {
  return scenario.load.every_s == 0 && !scenario.load.random && scenario.current_unknown.until_s == 0 &&
         scenario.charge_fet_open.until_s == 0 && scenario.limits_late_s < 3;
}

/// What may be sold of the battery's charge. A load that goes away, a current that nobody knows, or a fast charger that
/// gets its limits late, must be answered with a voltage that is too low for a while.
double sellable_share(const Scenario& scenario) { return steady(scenario) ? 0.001 : 0.025; }

class RandomPlants : public testing::TestWithParam<int> {};

TEST_P(RandomPlants, AreProtected) {
  for (int i = GetParam(); i < plants(); i += blocks) {
    const Scenario scenario = random_scenario(static_cast<std::uint32_t>(i));
    constexpr int frames_s[] = {1, 2, 5};
    const int sample_s = frames_s[i % 3];
    const Figures figures = run_ours(scenario, sample_s);
    SCOPED_TRACE(std::to_string(sample_s) + " s samples, " + describe(scenario));
    EXPECT_LE(figures.peak_cell_v, too_high_cell_v);
    EXPECT_LE(figures.ccl_excess_a, 1e-6);
    EXPECT_LE(figures.most_returns_per_hour, steady(scenario) ? 2 : 4);
    EXPECT_TRUE(figures.sound);
    if (scenario.charger_offset_v == 0) {
      EXPECT_LE(figures.sold_ah, sellable_share(scenario) * scenario.pack.capacity_ah);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(ClosedLoop, RandomPlants, testing::Range(0, blocks));

}  // namespace
}  // namespace bms::model
