// The rule of the headroom, SoC of strings and of packs in parallel, in numbers.
#include <gtest/gtest.h>

#include <vector>

#include "bank/series.hpp"
#include "bank/shares.hpp"
#include "bank_fixture.hpp"

namespace bms::bank {
namespace {

using namespace test;

struct HeadroomPack {
  double current_a, limit_a;
  std::optional<double> resistance_ohm;
  double capacity_ah = 0;  ///< 0: it does not say
  bool open = false;
};

struct Headroom {
  const char* what;
  std::vector<HeadroomPack> packs;
  double allowed_a;
};

void PrintTo(const Headroom& row, std::ostream* out) { *out << row.what; }

class BankHeadroom : public testing::TestWithParam<Headroom> {};

TEST_P(BankHeadroom, is_what_the_first_pack_leaves) {
  std::vector<Member> members;
  for (const HeadroomPack& row : GetParam().packs) {
    Member member = pack(3.3, row.current_a, row.limit_a);
    member.told.resistance_ohm = row.resistance_ohm;
    member.told.capacity_ah = row.capacity_ah > 0 ? std::optional(row.capacity_ah) : std::nullopt;
    if (row.open) member.told.charge_fet = false;
    members.push_back(member);
  }
  Driven bank = bank_of(Wiring::parallel, members);
  EXPECT_NEAR(*bank.step().limits.charge_current_a, GetParam().allowed_a, 0.1);

  // The other way round everything is the same.
  for (Member& member : members) {
    member.told.current_a = -*member.told.current_a;
    std::swap(member.told.charge_fet, member.told.discharge_fet);
  }
  Driven loaded = bank_of(Wiring::parallel, members);
  EXPECT_NEAR(*loaded.step().limits.discharge_current_a, GetParam().allowed_a, 0.1);
}

INSTANTIATE_TEST_SUITE_P(Vectors, BankHeadroom,
                         testing::Values(Headroom{"even", {{20, 50, .010}, {20, 50, .010}}, 100},
                                         Headroom{"twice the resistance", {{20, 50, .010}, {10, 50, .020}}, 75},
                                         Headroom{"another limit", {{30, 50, .010}, {5, 100, .010}}, 75},
                                         Headroom{
                                             "one open", {{30, 50, .010}, {30, 50, .010}, {0, 50, .010, 0, true}}, 100},
                                         Headroom{"rests 0.2 V apart", {{26.667, 50, .010}, {3.333, 50, .020}}, 65},
                                         Headroom{"by capacity", {{0, 100, {}, 280}, {0, 50, {}, 100}}, 135.7}));

TEST(BankShares, OfForeignPacksAreTakenCarefully) {
  const std::vector<ResistanceClue> ours{{.capacity_ah = 100}, {.capacity_ah = 100}};
  std::vector<ResistanceClue> foreign = ours;
  for (ResistanceClue& clue : foreign) clue.foreign = true;
  const auto allowed_a = [](const std::vector<ResistanceClue>& clues) {
    std::vector<Sharer> sharers;
    for (const Resistance& resistance : resistances_of(clues)) sharers.push_back({resistance, 0, 50});
    return headroom_a(sharers, 0);
  };
  EXPECT_DOUBLE_EQ(allowed_a(ours), 100);
  EXPECT_LT(allowed_a(foreign), 75);
  EXPECT_GT(allowed_a(foreign), 50);
}

TEST(BankShares, ALearntResistanceThatCannotBeOfThePackDoesNotCount) {
  const std::vector<ResistanceClue> clues{{.learnt_ohm = 0.5, .capacity_ah = 100, .cells = 16},
                                          {.learnt_ohm = 0.03, .capacity_ah = 100, .cells = 16}};
  const Resistances resistances = resistances_of(clues);
  EXPECT_DOUBLE_EQ(resistances[0].low_ohm, 0.03);
  EXPECT_DOUBLE_EQ(resistances[1].low_ohm, 0.03);
}

struct StringSoc {
  std::vector<Charge> packs;
  double remaining_ah, usable_ah, soc_pct, lowest_pct;
};

class BankStringSoc : public testing::TestWithParam<StringSoc> {};

TEST_P(BankStringSoc, is_empty_and_full_with_the_first_pack) {
  const StringSoc& row = GetParam();
  const auto charge = string_charge(row.packs);
  ASSERT_TRUE(charge);
  EXPECT_DOUBLE_EQ(charge->remaining_ah, row.remaining_ah);
  EXPECT_DOUBLE_EQ(charge->usable_ah, row.usable_ah);
  EXPECT_NEAR(charge->soc_pct(), row.soc_pct, 0.05);

  std::vector<Member> members;
  for (const Charge& held : row.packs) {
    members.push_back(pack(3.3, 0, 50, held.capacity_ah));
    members.back().told.remaining_ah = held.remaining_ah;
    members.back().told.soc_pct = held.remaining_ah / held.capacity_ah * 100;
  }
  Driven bank = bank_of(Wiring::series, members);
  EXPECT_NEAR(*bank.step().battery.estimate.soc_pct, row.soc_pct, 0.05);
  EXPECT_DOUBLE_EQ(*bank.last.battery.estimate.capacity_ah, row.usable_ah);
  Driven careful = bank_of(Wiring::series, members);
  careful.config.soc_of_lowest = true;
  EXPECT_NEAR(*careful.step().battery.estimate.soc_pct, row.lowest_pct, 0.05);
}

INSTANTIATE_TEST_SUITE_P(Vectors, BankStringSoc,
                         testing::Values(StringSoc{{{100, 90}, {100, 90}}, 90, 100, 90, 90},
                                         StringSoc{{{100, 90}, {100, 80}}, 80, 90, 88.9, 80},
                                         StringSoc{{{100, 100}, {100, 90}}, 90, 90, 100, 90},
                                         StringSoc{{{100, 60}, {120, 60}}, 60, 100, 60, 50},
                                         StringSoc{{{100, 10}, {100, 0}}, 0, 90, 0, 0}));

TEST(BankParallelSoc, IsWeightedWithTheCapacity) {
  Driven bank = bank_of(Wiring::parallel, {pack(3.3, 0, 50, 280), pack(3.3, 0, 50, 100)});
  bank.members[0].told.soc_pct = 80;
  bank.members[1].told.soc_pct = 60;
  EXPECT_NEAR(*bank.step().battery.estimate.soc_pct, 74.737, 0.001);
  EXPECT_DOUBLE_EQ(*bank.last.battery.estimate.capacity_ah, 380);
}

struct Imbalance {
  double first_a, second_a;
  bool uneven;
};

class BankCurrentImbalance : public testing::TestWithParam<Imbalance> {};

TEST_P(BankCurrentImbalance, compares_amounts) {
  Driven bank = bank_of(Wiring::parallel, {pack(3.3, GetParam().first_a), pack(3.3, GetParam().second_a)});
  EXPECT_EQ(bank.step().findings.current_imbalance, GetParam().uneven);
}

INSTANTIATE_TEST_SUITE_P(Vectors, BankCurrentImbalance,
                         testing::Values(Imbalance{30, 20, true}, Imbalance{30, 25, false}, Imbalance{-30, -10, true},
                                         Imbalance{6, 4.9, false}));

}  // namespace
}  // namespace bms::bank
