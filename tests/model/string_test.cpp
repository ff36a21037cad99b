// The bank in closed loop: packs in series that nobody has thought of, each with a charge control of its own, and a
// charger that follows what the bank says. BENCH_STRINGS=200 tries so many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "bank/bank.hpp"
#include "charge/control.hpp"
#include "pack.hpp"

namespace bms::model {
namespace {

constexpr int charging_s = 5 * 3600, discharging_s = 1800;
constexpr double charger_lag_s = 4;
constexpr int limits_every_s = 3;
constexpr double silent_for_s = 30, silence_known_after_s = 12;
constexpr double above_share = 0.05, longest_above_s = 10;
constexpr double charged_v = 3.40;
constexpr double highest_allowed_v = 3.56;  // the curve of the highest cell ends at 3.53 V

int strings() {
  const char* wanted = std::getenv("BENCH_STRINGS");
  return wanted == nullptr ? 12 : std::atoi(wanted);
}

/// What was seen.
struct StringFigures {
  double highest_v = 0;        ///< of any cell
  double longest_above_s = 0;  ///< that the current was above what a pack allows, without interruption
  bool became_full = false;
  int judged_blind = 0;   ///< seconds in which a pack was silent and the bank knew it ...
  int allowed_blind = 0;  ///< ... and allowed a charge, or showed a voltage
};

class StringOnBench {
 public:
  /// `uneven_pct`: how far the SoC of a pack is from what all were meant to have, at most.
  StringOnBench(int number, double uneven_pct, bool falls_silent)
      : random_(static_cast<std::uint32_t>(number)), silent_{falls_silent} {
    config_.wiring = bank::Wiring::series;
    const int count = 2 + random_.below(3);
    const int cells = 4 + random_.below(5);
    const double soc_pct = random_.uniform(80, 90);
    for (int i = 0; i < count; ++i) {
      const PackDesign design{.cells = cells,
                              .capacity_ah = 280,
                              .soc_pct = soc_pct + random_.uniform(-uneven_pct, uneven_pct),
                              .resistance = random_.uniform(0.8, 1.3),
                              .odd = {.soc_pct = random_.uniform(0, 1.5)}};
      config_.members.push_back({.name = std::to_string(i + 1)});
      packs_.emplace_back(design, random_);
    }
    config_.charge.max_charge_current = config_.charge.max_discharge_current = {140};
    controls_.resize(packs_.size());
    members_.assign(packs_.size(), {.present = true});
  }

  StringFigures run() {
    for (second_ = 0; second_ < charging_s + discharging_s; ++second_) {
      choose_silent();
      for (std::size_t i = 0; i < packs_.size(); ++i) poll(i);
      const bank::Outcome outcome = bank::combine(members_, std::nullopt, config_, state_, 1);
      figures_.became_full = figures_.became_full || outcome.findings.became_full;
      drive(outcome.limits);
      for (Pack& pack : packs_) pack.advance(current_a_);
      judge(outcome);
    }
    return figures_;
  }

 private:
  /// One of them, now and then.
  void choose_silent() {
    if (!silent_ || (mute_ && ++mute_s_ < silent_for_s)) return;
    mute_.reset();
    mute_s_ = 0;
    if (random_.chance(0.002)) mute_ = static_cast<std::size_t>(random_.below(static_cast<int>(packs_.size())));
  }

  /// A pack of ours: what it says is what its own control makes of it.
  void poll(std::size_t i) {
    bank::Member& member = members_[i];
    member.age_s = mute_ == i ? member.age_s.value_or(0) + 1 : 0;
    if (mute_ == i) return;
    ++member.signs;
    const Pack& pack = packs_[i];
    charge::Sample sample;
    sample.cells_v.assign(pack.cells_v().begin(), pack.cells_v().end());
    sample.current_a = current_a_;
    sample.capacity_ah = 280;
    sample.temperatures_c = {25};
    sample.sensors_expected = true;
    sample.soc_pct = pack.soc_pct();
    sample.charge_fet = sample.discharge_fet = true;
    const Limits own = charge::step(own_config(), controls_[i], sample, second_ == 0 ? 0 : 1).limits;
    bank::Told& told = member.told;
    told.cells_v = sample.cells_v;
    told.voltage_v = pack.voltage_v();
    told.current_a = current_a_;
    told.soc_pct = sample.soc_pct;
    told.capacity_ah = 280;
    told.coldest_c = told.hottest_c = 25;
    told.charge_fet = told.discharge_fet = true;
    told.charge_voltage_v = own.charge_voltage_v;
    told.charge_current_a = own.charge_current_a;
    told.discharge_current_a = own.discharge_current_a;
    told.state = own.state;
    told.resistance_ohm = controls_[i].resistance_ohm;
  }

  static charge::Config own_config() {
    charge::Config config;
    config.max_charge_current = config.max_discharge_current = {140};
    config.floats_with_bank = true;
    return config;
  }

  [[nodiscard]] double voltage_v() const {
    double sum_v = 0;
    for (const Pack& pack : packs_) sum_v += pack.voltage_v();
    return sum_v;
  }

  /// A charger that gives what it may until CVL is reached; later a load that draws what it may.
  void drive(const Limits& limits) {
    if (second_ % limits_every_s == 0) heard_ = limits;
    double wanted_a = -100;
    if (second_ < charging_s) {
      double resistance_ohm = 0;
      for (const Pack& pack : packs_) resistance_ohm += pack.resistance_ohm();
      const double missing_v = heard_.charge_voltage_v.value_or(0) - voltage_v();
      wanted_a = std::max(0.0, current_a_ + missing_v / resistance_ohm);
    }
    const double goal_a =
        std::clamp(wanted_a, -heard_.discharge_current_a.value_or(0), heard_.charge_current_a.value_or(0));
    current_a_ += (goal_a - current_a_) / charger_lag_s;
  }

  void judge(const bank::Outcome& outcome) {
    for (const Pack& pack : packs_) figures_.highest_v = std::max(figures_.highest_v, pack.highest_v());
    if (mute_ && mute_s_ > silence_known_after_s) {
      ++figures_.judged_blind;
      const bool blind = !outcome.battery.measurements_valid() && outcome.limits.charge_current_a.value_or(0) == 0;
      figures_.allowed_blind += blind ? 0 : 1;
    }
    double least_a = 1e9;
    for (const bank::Member& member : members_) {
      const auto& limit_a = current_a_ >= 0 ? member.told.charge_current_a : member.told.discharge_current_a;
      least_a = std::min(least_a, limit_a.value_or(0));
    }
    const bool above = std::abs(current_a_) > least_a * (1 + above_share) + 1;
    above_s_ = above ? above_s_ + 1 : 0;
    figures_.longest_above_s = std::max(figures_.longest_above_s, above_s_);
  }

  Random random_;
  bool silent_;
  std::vector<Pack> packs_;
  std::vector<charge::State> controls_;
  std::vector<bank::Member> members_;
  bank::Config config_{};
  bank::State state_{};
  StringFigures figures_{};
  Limits heard_{};
  int second_ = 0;
  double current_a_ = 0, above_s_ = 0;
  std::optional<std::size_t> mute_{};
  int mute_s_ = 0;
};

TEST(StringInClosedLoop, OfPacksThatAreAlikeBecomesFull) {
  for (int i = 0; i < strings(); ++i) {
    SCOPED_TRACE("string " + std::to_string(i));
    const StringFigures figures = StringOnBench(i, 0.5, false).run();
    EXPECT_LE(figures.highest_v, highest_allowed_v);
    EXPECT_LE(figures.longest_above_s, longest_above_s);
    EXPECT_TRUE(figures.became_full);
  }
}

// It may never be full: only charging the emptier pack alone helps there, which is said.
TEST(StringInClosedLoop, OfUnevenPacksIsChargedAsFarAsTheFullestBears) {
  for (int i = 0; i < strings(); ++i) {
    SCOPED_TRACE("string " + std::to_string(i));
    const StringFigures figures = StringOnBench(i, 5, false).run();
    EXPECT_LE(figures.highest_v, highest_allowed_v);
    EXPECT_GE(figures.highest_v, charged_v);
    EXPECT_LE(figures.longest_above_s, longest_above_s);
  }
}

TEST(StringInClosedLoop, WhileAPackIsSilentNothingIsAllowedAndNothingIsShown) {
  int judged = 0;
  for (int i = 0; i < strings(); ++i) {
    SCOPED_TRACE("string " + std::to_string(i));
    const StringFigures figures = StringOnBench(1000 + i, 2, true).run();
    EXPECT_LE(figures.highest_v, highest_allowed_v);
    EXPECT_EQ(figures.allowed_blind, 0);
    judged += figures.judged_blind;
  }
  EXPECT_GT(judged, 100);
}

}  // namespace
}  // namespace bms::model
