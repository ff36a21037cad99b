// docs/bank.md explains every text by which a bank says what is wrong with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bank_fixture.hpp"

namespace bms::bank::test {
namespace {

/// The page has a table row that begins with a text; packs are called "..." there.
bool page_has(std::string text) {
  static const std::string page = [] {
    std::ifstream file(TEST_FRAMES_DIR "/../../docs/bank.md");
    return std::string{std::istreambuf_iterator<char>(file), {}};
  }();
  constexpr std::string_view pack = "Pack 2";
  if (text.starts_with(pack)) text.replace(0, pack.size(), "...");
  return page.find("\n| `" + text + "` |") != std::string::npos;
}

/// What befalls a bank of two packs, and what it says of it.
struct Trouble {
  const char* text;
  void (*happen)(Driven& bank);
  Wiring wiring = Wiring::parallel;
  Refusal refusal = Refusal::none;
  double for_s = 1;
  bool seen_before = true;
};

void shunt_of(Driven& bank, std::optional<double> current_a) {
  bank.config.has_shunt = true;
  if (current_a) bank.shunt = Shunt{.age_s = 0, .voltage_v = {}, .current_a = current_a};
}

const Trouble troubles[] = {
    {.text = "Pack 2 is there twice",
     .happen = [](Driven& bank) { bank.members[1].twice = true; },
     .refusal = Refusal::same_pack_twice},
    {.text = "Pack 2 does not show its cells",
     .happen = [](Driven& bank) { bank.members[1].told.cells_v.clear(); },
     .refusal = Refusal::cells_unknown},
    {.text = "Pack 2 has 15 cells, not 16",
     .happen = [](Driven& bank) { bank.members[1].told.cells_v.pop_back(); },
     .refusal = Refusal::other_cells},
    {.text = "Pack 2 has another number of cells than the others",
     .happen = [](Driven& bank) { bank.members[1].told.cells_v.pop_back(); },
     .refusal = Refusal::other_cells,
     .seen_before = false},
    {.text = "Pack 2 has other cells than the others",
     .happen =
         [](Driven& bank) {
           bank.members[0].told.chemistry = Chemistry::lfp;
           bank.members[1].told.chemistry = Chemistry::lto;
         },
     .refusal = Refusal::other_chemistry},
    {.text = "more cells in one string than can be shown",
     .happen = [](Driven& bank) { bank.members[0].told.cells_v.assign(max_cells, 3.3); },
     .wiring = Wiring::series,
     .refusal = Refusal::too_many_cells,
     .seen_before = false},
    {.text = "not as many packs as are configured",
     .happen = [](Driven& bank) { bank.config.members.pop_back(); },
     .refusal = Refusal::other_packs},

    {.text = "Pack 2 has not been seen yet",
     .happen = [](Driven& bank) { bank.members[1].present = false; },
     .seen_before = false},
    {.text = "Pack 2 is silent; exclude it if it is switched off",
     .happen = [](Driven& bank) { bank.silent[1] = true; },
     .for_s = 20},
    {.text = "Pack 2 is excluded; include it after service",
     .happen = [](Driven& bank) { bank.members[1].excluded = true; }},
    {.text = "Pack 2 is back, and not trusted yet",
     .happen =
         [](Driven& bank) {
           bank.silent[1] = true;
           bank.steps(20);
           bank.silent[1] = false;
         }},
    {.text = "Pack 2 has told nothing new for a while; half of its limits count",
     .happen =
         [](Driven& bank) {
           bank.members[1].freshness_told = false;
           bank.silent[1] = true;
         },
     .for_s = 20},
    {.text = "Pack 2 names no limit for charging; set pack_max_charge_current",
     .happen =
         [](Driven& bank) {
           bank.members[1].foreign = true;
           bank.members[1].told.charge_current_a.reset();
         }},
    {.text = "Pack 2 names no limit for discharging; set pack_max_discharge_current",
     .happen =
         [](Driven& bank) {
           bank.members[1].foreign = true;
           bank.members[1].told.discharge_current_a.reset();
         }},
    {.text = "Pack 2 is not connected, and at another voltage than the bank",
     .happen =
         [](Driven& bank) {
           bank.members[1].told.charge_fet = bank.members[1].told.discharge_fet = false;
           *bank.members[1].told.voltage_v += 1;
         }},
    {.text = "SoC unknown: a pack does not say its capacity or SoC; set capacity",
     .happen = [](Driven& bank) { bank.members[1].told.capacity_ah.reset(); }},
    {.text = "packs at rest differ by more than 0.3 V: look at contactors, FETs and wiring",
     .happen = [](Driven& bank) { *bank.members[1].told.voltage_v += 1; },
     .for_s = 60},
    {.text = "packs charge one another; limits are low until that ends",
     .happen =
         [](Driven& bank) {
           bank.members[0].told.current_a = 20;
           bank.members[1].told.current_a = -20;
         },
     .for_s = 90},
    {.text = "the packs show different currents: not in series, or a faulty shunt",
     .happen = [](Driven& bank) { bank.members[1].told.current_a = 20; },
     .wiring = Wiring::series,
     .for_s = 60},
    {.text = "the packs are charged unevenly; only charging one of them alone cures it",
     .happen = [](Driven& bank) { bank.members[1].told.soc_pct = 60; },
     .wiring = Wiring::series},
    {.text = "the shunt shows another current than the packs together",
     .happen = [](Driven& bank) { shunt_of(bank, 40); },
     .for_s = 90},
    {.text = "the shunt is silent; the packs' own currents count",
     .happen = [](Driven& bank) { shunt_of(bank, std::nullopt); }},
};

TEST(BankPage, ExplainsWhatABankSays) {
  for (const Trouble& trouble : troubles) {
    SCOPED_TRACE(trouble.text);
    Driven bank = bank_of(trouble.wiring, {pack(), pack()});
    if (trouble.seen_before) bank.steps(30);
    trouble.happen(bank);
    bank.steps(trouble.for_s);
    EXPECT_TRUE(says(bank.last, trouble.text));
    EXPECT_EQ(bank.last.findings.refusal, trouble.refusal);
    EXPECT_TRUE(page_has(trouble.text)) << "docs/bank.md does not explain it";
  }
}

TEST(BankPage, ExplainsEveryReasonToRefuse) {
  for (auto refusal = static_cast<unsigned>(Refusal::other_packs);
       refusal <= static_cast<unsigned>(Refusal::too_many_cells); ++refusal) {
    EXPECT_TRUE(std::ranges::any_of(troubles, [refusal](const Trouble& each) {
      return static_cast<unsigned>(each.refusal) == refusal;
    })) << refusal;
  }
}

TEST(BankPage, ExplainsEveryStanding) {
  for (auto standing = static_cast<unsigned>(Standing::unseen); standing <= static_cast<unsigned>(Standing::excluded);
       ++standing) {
    EXPECT_TRUE(page_has(std::string(name_of(static_cast<Standing>(standing))))) << standing;
  }
}

}  // namespace
}  // namespace bms::bank::test
