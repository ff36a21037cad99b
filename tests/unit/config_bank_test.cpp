// Sections [bank <name>] of config.ini.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace bms::config {
namespace {

Config read(const std::string& text) {
  std::istringstream in(text);
  return Config::read(in);
}

TEST(BankConfig, ThereIsNoneUnlessSomebodySaysSo) {
  EXPECT_TRUE(read("[default]\npoll_interval = 2\n").banks().empty());
}

TEST(BankConfig, NamesItsMembersInTheirOrder) {
  const auto config = read(
      "[bank House]\nmode = series\nmembers = JBD:B, /dev/ttyUSB1, a4-c1-37-00-00-23\ncells = 16\n"
      "max_charge_current = 80 A\n");
  ASSERT_TRUE(config.faults().empty()) << config.faults().front().text();
  ASSERT_EQ(config.banks().size(), 1);
  const Bank& bank = config.banks().front();
  EXPECT_EQ(bank.name, "House");
  EXPECT_EQ(bank.members, (std::vector<std::string>{"JBD:B", "ttyUSB1", "A4:C1:37:00:00:23"}));
  EXPECT_EQ(bank.options.mode, BankMode::series);
  EXPECT_EQ(bank.options.cells, 16);
  EXPECT_EQ(bank.options.max_charge_a, 80);
}

TEST(BankConfig, KnowsWhichBankABatteryIsOf) {
  const auto config = read("[bank House]\nmembers = JBD:B, ttyUSB1\n");
  const std::vector<std::string_view> one{"ttyUSB0", "JBD:B"}, other{"ttyUSB2"};
  ASSERT_NE(config.bank_of(one), nullptr);
  EXPECT_EQ(member_named(*config.bank_of(one), one), "JBD:B");
  EXPECT_EQ(config.bank_of(other), nullptr);
}

struct Contradicted {
  const char* text;
  int line;
  const char* message;
  std::size_t banks, members;  ///< that are left, and those of the last bank
};
constexpr Contradicted contradictions[] = {
    {"[bank A]\nmembers = x, y, x\n", 2, "x stands there twice", 1, 2},
    {"[bank A]\nmembers = x, y\n[bank B]\nmembers = y, z, w\n", 4, "y is one of [bank A] already", 2, 2},
    {"[bank A]\nmembers = x\n", 2, "expected 2 to 16 members, found 1", 0, 0},
    {"[bank A]\nmode = series\n", 1, "expected 2 to 16 members, found 0", 0, 0},
    {"[bank A]\nmode = series\nmembers = x, y\nmin_members = 1\n", 4, "min_members is of no use", 1, 2},
    {"[bank A]\nmembers = x, y\nmin_members = 3\n", 3, "min_members = 3, but the bank has 2 members", 1, 2},
    // Packs in series must never be taken to be in parallel.
    {"[bank A]\nmode = serial\nmembers = x, y\n", 2, "mode = serial: expected one of: parallel, series", 0, 0},
    {"[bank A]\nmode =\nmembers = x, y\n", 2, "expected one of: parallel, series", 0, 0},
    {"[bank A]\nmode = series\nmembers = x, y\nmode = parallel\n", 4, "\"mode\" stands twice", 0, 0},
    // One pack, or one service, under two names.
    {"[bank A]\nmembers = ttyA1, ttyA2\n[bank B]\nmembers = A2, z, w\n", 4, "A2 may be ttyA2 of [bank A]", 2, 2},
    {"[bank A]\nmembers = S1, S2\n[bank B]\nmembers = z, com.victronenergy.battery.ttyS2, w\n", 4,
     "ttyS2 may be S2 of [bank A]; if these are two packs, write", 2, 2},
    {"[bank My House]\nmembers = x, y, My_House\n", 2, "My_House is the bank itself", 1, 2},
    {"[bank House 1]\nmembers = a, b\n[bank House_1]\nmembers = c, d\n", 3, "would be the same service on D-Bus", 1, 2},
    {"[bank House-1]\nmembers = a, b\n[bank House_1]\nmembers = c, d\n", 3, "would be the same service", 1, 2},
    {"[bank House]\nmembers = x, y\nshunt = House\n", 3, "shunt: House may be the bank itself", 1, 2},
    {"[bank House]\nmembers = ttyS4, ttyS5\nshunt = S5\n", 3, "shunt: S5 may be its member ttyS5", 1, 2},
};

TEST(BankConfig, ContradictionsAreFaultsOfTheirLine) {
  for (const Contradicted& row : contradictions) {
    SCOPED_TRACE(row.text);
    const auto config = read(row.text);
    ASSERT_EQ(config.faults().size(), 1);
    EXPECT_EQ(config.faults().front().line, row.line);
    EXPECT_NE(config.faults().front().message.find(row.message), std::string::npos) << config.faults().front().text();
    ASSERT_EQ(config.banks().size(), row.banks);
    if (row.banks > 0) {
      EXPECT_EQ(config.banks().back().members.size(), row.members);
    }
  }
}

TEST(BankConfig, AShuntThatCannotBeOneIsNone) {
  EXPECT_EQ(read("[bank House]\nmembers = ttyS4, ttyS5\nshunt = S5\n").banks().at(0).options.shunt, "");
  EXPECT_EQ(read("[bank House]\nmembers = ttyS4, ttyS5\nshunt = ttyS6\n").banks().at(0).options.shunt, "ttyS6");
}

struct Sound {
  const char* text;
  std::size_t banks;
};
constexpr Sound sounds[] = {
    {"[bank A]\nmembers = x, y\n", 1},  // in parallel where nothing is said
    {"[bank House 1]\nmembers = a, b\n[bank House 2]\nmembers = c, d\n", 2},
    {"[bank A]\nmembers = 1, A1\n", 1},  // the longer one is meant where both fit
    {"[bank A]\nmembers = com.victronenergy.battery.can0, x\n"
     "[bank B]\nmembers = com.victronenergy.battery.vcan0, y\n",
     2},
    {"[bank House]\nmembers = ttyS4, ttyS5\nshunt = com.victronenergy.battery.S5\n", 1},
};

TEST(BankConfig, WhatOnlyLooksAlikeIsNoFault) {
  for (const Sound& row : sounds) {
    SCOPED_TRACE(row.text);
    const auto config = read(row.text);
    EXPECT_TRUE(config.faults().empty()) << config.faults().front().text();
    EXPECT_EQ(config.banks().size(), row.banks);
  }
}

}  // namespace
}  // namespace bms::config
