// The bank in closed loop: packs in parallel that nobody has thought of, an installation that asks for more than they
// may have, and the rule of the headroom between them. BENCH_PLANTS=500 tries so many banks.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

#include "bank/bank.hpp"
#include "parallel_packs.hpp"

namespace bms::model {
namespace {

constexpr int blocks = 10;
constexpr int changing_s = 900, steady_s = 400, judged_steady_s = 150;
constexpr int connected_before_s = 60;
constexpr double charger_lag_s = 4;
constexpr int limits_every_s = 3;
constexpr double above_share = 0.05, longest_above_s = 10;

int banks() {
  const char* wanted = std::getenv("BENCH_PLANTS");
  return wanted == nullptr ? 500 : std::atoi(wanted);
}

/// What befalls one bank.
struct BankScenario {
  std::uint32_t seed = 0;
  bool foreign = false;  ///< nobody knows the resistances, which are far apart
  bool learnt = true;    ///< packs tell their resistance, else it follows from their capacity
  bool opening = false;  ///< FETs open and close, packs fall silent
};

/// What was seen.
struct BankFigures {
  double worst_share = 0;      ///< of a limit that was exceeded, when nothing had happened for a while
  double longest_above_s = 0;  ///< that a pack was above its limit without interruption
  double swing_share = 0;      ///< of the limits, at the end, where nothing changes any more
  double used_share = 0;       ///< of the limits, at the end: how much the rule lets the bank have
};

class BankOnBench {
 public:
  explicit BankOnBench(const BankScenario& scenario)
      : scenario_(scenario),
        random_(scenario.seed),
        designs_(designs_of(scenario, random_)),
        packs_(designs_, wiring_of(designs_), random_) {
    config_.charge.max_charge_current = config_.charge.max_discharge_current = {3000};
    config_.min_members = 1;
    for (std::size_t i = 0; i < packs_.size(); ++i) {
      config_.members.push_back({.name = std::to_string(i + 1)});
      members_.push_back({.present = true, .foreign = scenario_.foreign});
      polls_s_.push_back(std::array{1, 1, 2, 5}[static_cast<std::size_t>(random_.below(4))]);
      members_[i].poll_interval_s = polls_s_[i];
      limits_a_.push_back(random_.uniform(0.3, 1.0) * designs_[i].capacity_ah);
      above_s_.push_back(0);
    }
    for (int second = 0; second < connected_before_s; ++second) packs_.advance(0);
  }

  BankFigures run() {
    for (second_ = 0; second_ < changing_s + steady_s; ++second_) {
      if (second_ < changing_s) change();
      if (second_ == changing_s) settle();
      poll();
      const bank::Outcome outcome = bank::combine(members_, std::nullopt, config_, state_, 1);
      drive(outcome.limits);
      packs_.advance(total_a_);
      judge();
    }
    return figures_;
  }

 private:
  static std::vector<PackDesign> designs_of(const BankScenario& scenario, Random& random) {
    std::vector<PackDesign> designs(static_cast<std::size_t>(2 + random.below(7)));
    const double soc_pct = random.uniform(35, 75);
    for (PackDesign& design : designs) {
      design.capacity_ah = random.uniform(50, 320);
      design.soc_pct = soc_pct + random.uniform(-4, 4);
      design.resistance = scenario.foreign  ? random.uniform(0.65, 1.55)
                          : scenario.learnt ? random.uniform(0.6, 1.6)
                                            : random.uniform(0.98, 1.02);
    }
    return designs;
  }

  /// Cables that belong to a pack as its cells do.
  static std::vector<double> wiring_of(const std::vector<PackDesign>& designs) {
    std::vector<double> wiring_ohm;
    wiring_ohm.reserve(designs.size());
    for (const PackDesign& design : designs) wiring_ohm.push_back(0.3 / design.capacity_ah * design.resistance);
    return wiring_ohm;
  }

  /// The weather: what is offered, or drawn where negative.
  void change() {
    if (second_ >= changes_at_s_) {
      changes_at_s_ = second_ + 30 + random_.below(90);
      double sum_a = 0;
      for (const double limit_a : limits_a_) sum_a += limit_a;
      wanted_a_ = random_.uniform(-1.5, 1.5) * sum_a;
    }
    if (!scenario_.opening || !random_.chance(0.01)) return;
    const auto pack = static_cast<std::size_t>(random_.below(static_cast<int>(packs_.size())));
    packs_.connect(pack, !packs_.connected(pack));
    happened_at_s_ = second_;
    following_ = true;
  }

  /// Nothing changes any more, and more is offered than may be taken.
  void settle() {
    for (std::size_t i = 0; i < packs_.size(); ++i) packs_.connect(i, true);
    happened_at_s_ = second_;
    following_ = true;
    wanted_a_ = 1e4;
  }

  void poll() {
    for (std::size_t i = 0; i < packs_.size(); ++i) {
      bank::Member& member = members_[i];
      member.age_s = member.age_s.value_or(0) + 1;
      if ((second_ + static_cast<int>(i)) % polls_s_[i] != 0 && second_ > 0) continue;
      member.age_s = 0;
      ++member.signs;
      bank::Told& told = member.told;
      told.cells_v.assign(packs_.pack(i).cells_v().begin(), packs_.pack(i).cells_v().end());
      told.voltage_v = packs_.voltage_v();
      told.current_a = std::round((packs_.current_a(i) + random_.normal(0.1)) * 10) / 10;
      told.capacity_ah = designs_[i].capacity_ah;
      told.soc_pct = packs_.pack(i).soc_pct();
      told.charge_fet = told.discharge_fet = packs_.connected(i);
      told.charge_current_a = told.discharge_current_a = limits_a_[i];
      told.charge_voltage_v = 16 * 3.45;
      if (scenario_.learnt && !scenario_.foreign) told.resistance_ohm = packs_.resistance_ohm(i);
    }
  }

  void drive(const Limits& limits) {
    if (second_ % limits_every_s == 0) {
      ccl_a_ = limits.charge_current_a.value_or(0);
      dcl_a_ = limits.discharge_current_a.value_or(0);
    }
    const double goal_a = std::clamp(wanted_a_, -dcl_a_, ccl_a_);
    total_a_ += (goal_a - total_a_) / charger_lag_s;
  }

  /// Where a pack leaves all at once the others have its current before anybody knows, and until the charger has
  /// followed: no longer than that.
  [[nodiscard]] bool still_following() const {
    const double limit_a = total_a_ >= 0 ? ccl_a_ : dcl_a_;
    const bool arrived = std::abs(total_a_) <= 1.02 * limit_a;
    return following_ && (second_ - happened_at_s_ <= longest_above_s || !arrived);
  }

  void judge() {
    following_ = still_following();
    for (std::size_t i = 0; i < packs_.size(); ++i) {
      // What packs exchange with one another is nobody's to limit.
      const double driven_a = total_a_ >= 0 ? packs_.current_a(i) : -packs_.current_a(i);
      const double excess_a = std::abs(total_a_) > limits_a_[i] / 10 ? driven_a - limits_a_[i] : 0;
      above_s_[i] = excess_a > 0.01 * limits_a_[i] && !scenario_.opening ? above_s_[i] + 1 : 0;
      figures_.longest_above_s = std::max(figures_.longest_above_s, above_s_[i]);
      if (following_) continue;
      figures_.worst_share = std::max(figures_.worst_share, excess_a / limits_a_[i]);
    }
    if (second_ < changing_s + steady_s - judged_steady_s) return;
    judge_steadiness();
    figures_.used_share = 0;
    for (std::size_t i = 0; i < packs_.size(); ++i) {
      // Of a foreign one its cells are judged here, and may bear less than it says.
      const double borne_a = scenario_.foreign ? std::min(limits_a_[i], state_.tracks[i].charge_limit_a) : limits_a_[i];
      figures_.used_share = std::max(figures_.used_share, packs_.current_a(i) / borne_a);
    }
  }

  /// What only falls, since a cell becomes full, does not swing.
  void judge_steadiness() {
    double sum_a = 0;
    for (const double limit_a : limits_a_) sum_a += limit_a;
    lowest_a_ = std::min(lowest_a_, total_a_);
    highest_a_ = std::max(highest_a_, total_a_);
    most_risen_a_ = std::max(most_risen_a_, total_a_ - lowest_a_);
    most_fallen_a_ = std::max(most_fallen_a_, highest_a_ - total_a_);
    figures_.swing_share = std::min(most_risen_a_, most_fallen_a_) / sum_a;
  }

  BankScenario scenario_;
  Random random_;
  std::vector<PackDesign> designs_;
  ParallelPacks packs_;
  std::vector<int> polls_s_;
  std::vector<double> limits_a_, above_s_;
  bank::Config config_{};
  bank::State state_{};
  std::vector<bank::Member> members_;
  BankFigures figures_{};

  int second_ = 0, changes_at_s_ = 0, happened_at_s_ = -100;
  bool following_ = false;
  double wanted_a_ = 0, total_a_ = 0, ccl_a_ = 0, dcl_a_ = 0;
  double lowest_a_ = 1e9, highest_a_ = -1e9, most_risen_a_ = 0, most_fallen_a_ = 0;
};

BankScenario scenario_of(int number) {
  return {.seed = static_cast<std::uint32_t>(number),
          .foreign = number % 5 == 4,
          .learnt = number % 5 < 3,
          .opening = number % 3 == 0};
}

class RandomBanks : public testing::TestWithParam<int> {};

TEST_P(RandomBanks, NoPackIsAboveItsLimit) {
  for (int i = GetParam(); i < banks(); i += blocks) {
    const BankScenario scenario = scenario_of(i);
    const BankFigures figures = BankOnBench(scenario).run();
    SCOPED_TRACE("bank " + std::to_string(i) +
                 (scenario.foreign  ? ", foreign"
                  : scenario.learnt ? ", learnt"
                                    : "") +
                 (scenario.opening ? ", opening" : ""));
    EXPECT_LE(figures.worst_share, above_share);
    EXPECT_LE(figures.longest_above_s, longest_above_s);
    EXPECT_LE(figures.swing_share, 0.03);
    EXPECT_GE(figures.used_share, 0.9);
  }
}

INSTANTIATE_TEST_SUITE_P(ClosedLoop, RandomBanks, testing::Range(0, blocks));

}  // namespace
}  // namespace bms::model
