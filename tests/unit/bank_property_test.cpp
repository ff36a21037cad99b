// What must hold whatever packs do: random sequences of packs that come, go, lie, hang and change. What to expect is
// reckoned here, by the plainest rules there are.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "bank_fixture.hpp"

namespace bms::bank {
namespace {

using namespace test;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double absurd[] = {
    std::numeric_limits<double>::quiet_NaN(), infinite, -infinite, 1e300, -1e300, 0, -1, 65535};

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  bool one_in(int of) { return std::uniform_int_distribution<int>(1, of)(random_) == 1; }
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  double nonsense() { return absurd[below(std::size(absurd))]; }
  std::optional<double> maybe(double low, double high, int absurd_one_in) {
    if (one_in(20)) return std::nullopt;
    return one_in(absurd_one_in) ? nonsense() : between(low, high);
  }
  std::optional<bool> maybe_bool() { return one_in(8) ? std::nullopt : std::optional(!one_in(8)); }

 private:
  std::mt19937 random_;
};

/// A pack as the world has it, and for how long it has been as it is.
struct Life {
  bool hangs = false;
  double silent_s = 0, heard_s = 0;
  bool ever = false;
};

void lie(Chance& chance, Told& told, int absurd_one_in) {
  const double mean_v = chance.between(2.9, 3.5);
  for (double& cell_v : told.cells_v) {
    cell_v = chance.one_in(absurd_one_in * 16) ? chance.nonsense() : mean_v + chance.between(-0.03, 0.03);
  }
  told.voltage_v = chance.one_in(absurd_one_in) ? chance.nonsense() : mean_v * static_cast<double>(cells);
  told.current_a = chance.maybe(-60, 60, absurd_one_in);
  told.soc_pct = chance.maybe(0, 100, absurd_one_in);
  told.capacity_ah = chance.maybe(50, 300, absurd_one_in);
  told.remaining_ah = chance.maybe(0, 300, absurd_one_in);
  told.resistance_ohm = chance.maybe(0.005, 0.05, absurd_one_in);
  told.coldest_c = chance.maybe(-20, 50, absurd_one_in);
  told.hottest_c = chance.maybe(0, 60, absurd_one_in);
  told.charge_voltage_v = chance.maybe(50, 57, absurd_one_in);
  told.charge_current_a = chance.maybe(0, 100, absurd_one_in);
  told.discharge_current_a = chance.maybe(0, 100, absurd_one_in);
  told.charge_fet = chance.maybe_bool();
  told.discharge_fet = chance.maybe_bool();
  told.full = chance.maybe_bool();
  told.state = static_cast<ChargeState>(chance.below(6));
  told.alarms = {};
  for (const AlarmEffect& effect : alarm_effects) {
    if (chance.one_in(150)) told.alarms.raise(effect.alarm, AlarmLevel::alarm);
  }
}

class World {
 public:
  World(Wiring wiring, unsigned seed) : chance_(seed), bank_{bank_of(wiring, packs())}, lives_(bank_.members.size()) {
    bank_.config.min_members = 1 + chance_.below(bank_.members.size());
    bank_.config.charge.max_charge_current = {chance_.between(10, 300)};
    bank_.config.charge.max_discharge_current = {chance_.between(10, 300)};
    if (chance_.one_in(2)) bank_.config.charge.user_max_charge_a = chance_.between(0, 200);
    bank_.config.has_shunt = chance_.one_in(3);
    for (Member& member : bank_.members) {
      member.foreign = chance_.one_in(4);
      member.poll_interval_s = chance_.between(0.5, 3);
      member.present = chance_.one_in(2);
    }
  }

  void live() {
    dt_s_ = chance_.one_in(100) ? chance_.between(0, 100) : chance_.between(0.2, 3);
    for (std::size_t i = 0; i < lives_.size(); ++i) change(bank_.members[i], lives_[i]);
    bank_.config.charge.charge_blocked =
        chance_.one_in(40) ? !bank_.config.charge.charge_blocked : bank_.config.charge.charge_blocked;
    if (chance_.one_in(5))
      bank_.shunt = Shunt{chance_.maybe(0, 20, 4), chance_.maybe(40, 60, 4), chance_.maybe(-99, 99, 4)};
    before_ = bank_.last;
    bank_.last = combine(bank_.members, bank_.shunt, bank_.config, bank_.state, dt_s_);
    judge();
  }

 private:
  std::vector<Member> packs() { return std::vector<Member>(2 + chance_.below(3), pack()); }

  void change(Member& member, Life& life) {
    if (chance_.one_in(60)) member.present = !member.present;
    if (chance_.one_in(60)) life.hangs = !life.hangs;
    if (chance_.one_in(200)) member.excluded = !member.excluded;
    member.twice = chance_.one_in(500);
    if (!life.hangs) {
      ++member.signs;
      member.age_s = 0;
      if (chance_.one_in(3)) lie(chance_, member.told, 30);
      member.told.cells_v.resize(chance_.one_in(400) ? chance_.below(max_cells) : cells, 3.3);
    } else {
      member.age_s = member.age_s.value_or(0) + dt_s_;
    }
    const bool heard = member.present && *member.age_s <= 10;
    life.heard_s = heard ? life.heard_s + dt_s_ : 0;
    life.silent_s = heard ? 0 : life.silent_s + dt_s_;
    life.ever = life.ever || heard;
  }

  [[nodiscard]] bool series() const { return bank_.config.wiring == Wiring::series; }
  [[nodiscard]] bool left_out(std::size_t i) const { return bank_.members[i].excluded && !series(); }
  [[nodiscard]] bool heard(std::size_t i) const { return lives_[i].silent_s == 0 && !left_out(i); }

  [[nodiscard]] std::size_t count_heard() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < lives_.size(); ++i) count += heard(i) ? 1 : 0;
    return count;
  }

  [[nodiscard]] bool is_enough() const {
    std::size_t excluded = 0;
    for (std::size_t i = 0; i < lives_.size(); ++i) excluded += left_out(i) ? 1 : 0;
    return count_heard() >= least_members(bank_.config, excluded);
  }

  void judge() {
    SCOPED_TRACE(series() ? "series" : "parallel");
    expect_sound();
    if (!is_enough()) {
      expect_stages();
    } else {
      short_s_ = 0;
    }
    if (bank_.last.battery.contact == Contact::never) expect_nothing_known();
    expect_within_owners_bounds();
    series() ? expect_string_bounds() : expect_packs_bounds();
  }

  // S5
  void expect_sound() {
    const Limits& limits = bank_.last.limits;
    for (const auto& value : {limits.charge_voltage_v, limits.charge_current_a, limits.discharge_current_a,
                              bank_.last.battery.reading.voltage_v, bank_.last.battery.reading.current_a,
                              bank_.last.battery.estimate.soc_pct, bank_.last.battery.estimate.capacity_ah}) {
      EXPECT_TRUE(std::isfinite(value.value_or(0)));
    }
    EXPECT_GE(limits.charge_current_a.value_or(0), 0);
    EXPECT_GE(limits.discharge_current_a.value_or(0), 0);
    if (!limits.charge_voltage_v) return;
    EXPECT_GT(*limits.charge_voltage_v, 20);
    EXPECT_TRUE(limits.charge_current_a);
    EXPECT_TRUE(limits.discharge_current_a);
    EXPECT_TRUE(*limits.charge_current_a > 0 || limits.allow_charge == false);
  }

  // S3
  void expect_stages() {
    short_s_ += dt_s_;
    const Limits& limits = bank_.last.limits;
    EXPECT_EQ(limits.charge_current_a.value_or(0), 0);
    EXPECT_FALSE(bank_.last.battery.reading.voltage_v);
    EXPECT_TRUE(bank_.last.battery.reading.cells_v.empty());
    if (short_s_ > dt_s_) {
      EXPECT_LE(limits.discharge_current_a.value_or(0), before_.limits.discharge_current_a.value_or(0));
      EXPECT_LE(limits.charge_voltage_v.value_or(0), before_.limits.charge_voltage_v.value_or(0));
    }
    if (short_s_ > 52 + dt_s_) {
      EXPECT_EQ(limits.discharge_current_a.value_or(0), 0);
    }
    if (short_s_ < 40 || bank_.last.findings.refusal != Refusal::none) return;
    if (bank_.last.battery.contact == Contact::lost) {
      EXPECT_FALSE(limits.charge_voltage_v);
      EXPECT_FALSE(limits.charge_current_a);
      EXPECT_EQ(before_.limits.discharge_current_a.value_or(0), 0);
    }
  }

  // S4
  void expect_nothing_known() const {
    EXPECT_FALSE(bank_.last.limits.charge_voltage_v);
    EXPECT_EQ(bank_.last.limits.charge_current_a.value_or(0), 0);
    EXPECT_EQ(bank_.last.limits.discharge_current_a.value_or(0), 0);
    EXPECT_FALSE(bank_.last.battery.reading.voltage_v);
  }

  // S2
  void expect_within_owners_bounds() {
    const charge::Config& config = bank_.config.charge;
    const double ccl_a = bank_.last.limits.charge_current_a.value_or(0);
    EXPECT_LE(ccl_a, config.max_charge_current.value);
    EXPECT_LE(ccl_a, config.user_max_charge_a.value_or(infinite));
    EXPECT_LE(bank_.last.limits.discharge_current_a.value_or(0), config.max_discharge_current.value);
    if (config.charge_blocked) {
      EXPECT_EQ(ccl_a, 0);
    }
    const double strings = series() ? static_cast<double>(lives_.size()) : 1;
    EXPECT_LE(bank_.last.limits.charge_voltage_v.value_or(0),
              strings * static_cast<double>(cells) * config.absorption_cell_v + 1e-6);
  }

  static double sane_limit(std::optional<double> limit_a) {
    return limit_a && *limit_a >= 0 && *limit_a <= 10'000 ? *limit_a : 0;
  }

  void expect_string_bounds() {
    if (count_heard() < lives_.size()) return;
    const Limits& limits = bank_.last.limits;
    for (const Member& member : bank_.members) {
      EXPECT_LE(limits.charge_current_a.value_or(0), sane_limit(member.told.charge_current_a));
      EXPECT_LE(limits.discharge_current_a.value_or(0), sane_limit(member.told.discharge_current_a));
      if (member.told.charge_fet == false || charge_alarm(member)) {
        EXPECT_EQ(limits.charge_current_a.value_or(0), 0);
      }
      if (member.told.discharge_fet == false) {
        EXPECT_EQ(limits.discharge_current_a.value_or(0), 0);
      }
    }
    // Never a part of the string.
    const std::size_t shown = bank_.last.battery.reading.cells_v.size();
    EXPECT_TRUE(shown == 0 || shown == cells * lives_.size()) << shown;
  }

  static bool charge_alarm(const Member& member) {
    return std::ranges::any_of(alarm_effects, [&](const AlarmEffect& effect) {
      return effect.blocks_charge && member.told.alarms[effect.alarm] == AlarmLevel::alarm;
    });
  }

  void expect_packs_bounds() {
    double charge_a = 0, discharge_a = 0;
    const Limits& limits = bank_.last.limits;
    for (std::size_t i = 0; i < lives_.size(); ++i) {
      const Member& member = bank_.members[i];
      if (!heard(i)) continue;
      if (member.told.charge_fet != false && !charge_alarm(member))
        charge_a += sane_limit(member.told.charge_current_a);
      if (member.told.discharge_fet != false) discharge_a += sane_limit(member.told.discharge_current_a);
      const double cvl_v = member.told.charge_voltage_v.value_or(infinite);
      const bool settled = lives_[i].heard_s > 30 && bank_.last.findings.refusal == Refusal::none && is_enough();
      if (settled && member.told.charge_fet != false && cvl_v >= 2.9 * static_cast<double>(cells) && cvl_v < 1000) {
        EXPECT_LE(limits.charge_voltage_v.value_or(0), cvl_v + 1e-6);
      }
    }
    if (!is_enough()) return;
    EXPECT_LE(limits.charge_current_a.value_or(0), charge_a + 1e-6);
    EXPECT_LE(limits.discharge_current_a.value_or(0), discharge_a + 1e-6);
  }

  Chance chance_;
  Driven bank_;
  std::vector<Life> lives_;
  Outcome before_{};
  double dt_s_ = 1, short_s_ = 0;
};

class BankProperties : public testing::TestWithParam<Wiring> {};

TEST_P(BankProperties, hold_whatever_packs_do) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(GetParam(), seed);
    for (int moment = 0; moment < 400; ++moment) {
      SCOPED_TRACE("moment " + std::to_string(moment));
      world.live();
      if (testing::Test::HasFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(BothWays, BankProperties, testing::Values(Wiring::series, Wiring::parallel));

}  // namespace
}  // namespace bms::bank
