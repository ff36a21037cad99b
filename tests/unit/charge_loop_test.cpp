// Control, a pack and a charger in a closed loop of a few lines: gross instability shows here, and at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "charge_fixture.hpp"

namespace bms::charge {
namespace {

using namespace test;

/// Sixteen cells of 280 Ah near full, one of them fuller than the others, with a balancer.
class Pack {
 public:
  explicit Pack(double runner_pct) {
    soc_pct_.fill(95);
    soc_pct_[3] += runner_pct;
  }

  void flow(double current_a) {
    current_a_ = current_a;
    for (double& soc_pct : soc_pct_) soc_pct += current_a / 36 / 280;
    const auto [lowest, highest] = std::ranges::minmax_element(soc_pct_);
    if (cell_v(*highest) < 3.40 || cell_v(*highest) - cell_v(*lowest) < 0.005) return;
    *highest -= 1.0 / 36 / 280;
    *lowest += 1.0 / 36 / 280;
  }

  [[nodiscard]] Sample sample() const {
    Sample sample = even_frame(3.3, current_a_);
    for (std::size_t cell = 0; cell < cells; ++cell)
      sample.cells_v[cell] = std::round(cell_v(soc_pct_[cell]) * 1e3) / 1e3;
    return sample;
  }

  [[nodiscard]] double voltage_v() const {
    return std::accumulate(soc_pct_.begin(), soc_pct_.end(), 0.0,
                           [this](double sum_v, double soc_pct) { return sum_v + cell_v(soc_pct); });
  }
  [[nodiscard]] double highest_v() const { return cell_v(std::ranges::max(soc_pct_)); }

 private:
  [[nodiscard]] double cell_v(double soc_pct) const {
    static const Curve open_circuit{{90, 3.336},  {95, 3.340}, {97, 3.350},   {98, 3.365}, {99, 3.395},
                                    {99.5, 3.43}, {100, 3.50}, {100.5, 3.62}, {101, 3.85}};
    constexpr double resistance_ohm = 0.0005;
    return interpolate(open_circuit, soc_pct, Ends::extend) + current_a_ * resistance_ohm;
  }

  std::array<double, cells> soc_pct_{};
  double current_a_ = 0;
};

struct Course {
  double highest_v = 0, drained_ah = 0;
  int full_after_s = 0;
};

/// Six hours with 100 A of sun. Feeding in, only CVL counts, and the inverter may drain the pack down to it.
Course charge(double runner_pct, bool feed_in, int dt_s) {
  Pack pack(runner_pct);
  Driven run;
  run.config.poll_interval_s = dt_s;
  Course course;
  Limits limits;
  Limits seen;
  double charger_a = 0;
  for (int second = 0; second < 6 * 3600; ++second) {
    if (second % dt_s == 0) limits = run.step(pack.sample(), dt_s);
    if (second % 3 == 0) seen = limits;
    charger_a += 2 * (*seen.charge_voltage_v - pack.voltage_v());
    charger_a = feed_in ? std::clamp(charger_a, -100.0, 100.0) : std::clamp(charger_a, 0.0, *seen.charge_current_a);
    pack.flow(charger_a);
    course.highest_v = std::max(course.highest_v, pack.highest_v());
    course.drained_ah += std::max(-charger_a, 0.0) / 3600;
    if (run.last.became_full && course.full_after_s == 0) course.full_after_s = second;
  }
  return course;
}

TEST(ChargeLoop, float_reached_with_runner) {
  for (const int dt_s : {1, 2, 5}) {
    EXPECT_GT(charge(0, false, dt_s).full_after_s, 900);
    EXPECT_LT(charge(0, false, dt_s).full_after_s, 3600);
    const Course runner = charge(1.2, false, dt_s);
    EXPECT_GT(runner.full_after_s, 3600) << "it takes its time, but it gets there";
    EXPECT_LT(runner.full_after_s, 4.2 * 3600);
  }
}

TEST(ChargeLoop, feedin_runner_peak) {
  for (const int dt_s : {1, 2, 5}) {
    const Course course = charge(2.5, true, dt_s);
    EXPECT_LE(course.highest_v, 3.52);
    EXPECT_LE(course.drained_ah, 0.3);
  }
}

TEST(ChargeLoop, poll_rate_invariance) {
  const Course reference = charge(1.2, true, 1);
  for (const int dt_s : {2, 5}) {
    const Course course = charge(1.2, true, dt_s);
    EXPECT_NEAR(course.highest_v, reference.highest_v, 0.010);
    EXPECT_NEAR(course.full_after_s, reference.full_after_s, 0.03 * reference.full_after_s);
  }
}

TEST(ChargeLoop, EveryProfileHoldsARunner) {
  for (const Profile profile : {Profile::serialbattery_linear, Profile::serialbattery_step, Profile::first_release}) {
    Pack pack(2.5);
    Driven run;
    run.config.profile = profile;
    double charger_a = 0;
    double highest_v = 0;
    Limits seen;
    for (int second = 0; second < 3 * 3600; ++second) {
      const Limits limits = run.step(pack.sample());
      if (second % 3 == 0) seen = limits;
      charger_a += 2 * (*seen.charge_voltage_v - pack.voltage_v());
      charger_a = std::clamp(charger_a, -100.0, 100.0);
      pack.flow(charger_a);
      highest_v = std::max(highest_v, pack.highest_v());
    }
    EXPECT_LE(highest_v, 3.55) << static_cast<int>(profile);
  }
}

}  // namespace
}  // namespace bms::charge
