// Which paths a pack of a bank has, and which a bank.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "items_sample.hpp"

namespace bms::items::test {
namespace {

bool has(const Shown& shown, std::string_view path) { return shown.items.tree().find(path).has_value(); }

TEST(BankItems, APackOfABankIsNoBmsOfItsOwn) {
  ServiceFacts pack = facts();
  pack.who.member_as = "House 1";
  pack.who.resistance_ohm = [] { return std::optional(0.012); };
  const Shown shown{sample(), limits(), pack};
  EXPECT_FALSE(has(shown, "/Info/MaxChargeVoltage"));
  EXPECT_FALSE(has(shown, "/Info/MaxChargeCurrent"));
  EXPECT_EQ(shown["/Member/Limit/ChargeVoltage"], Value{84.0});
  EXPECT_EQ(shown["/Member/Limit/ChargeCurrent"], Value{50.0});
  EXPECT_EQ(shown["/Member/Limit/DischargeCurrent"], Value{100.0});
  EXPECT_EQ(shown["/Member/Name"], Value{std::string("House 1")});
  EXPECT_EQ(shown["/Member/State"], Value{1});
  EXPECT_EQ(shown["/Member/Resistance"], Value{0.012});
  EXPECT_TRUE(has(shown, "/Info/FrameCounter"));
  EXPECT_TRUE(has(shown, "/Member/ChargeFet"));
}

TEST(BankItems, AnyOtherBatteryHasNothingOfIt) {
  const Shown shown;
  EXPECT_TRUE(has(shown, "/Info/MaxChargeVoltage"));
  EXPECT_TRUE(has(shown, "/Battery/1/Voltage"));
  for (const auto* path : {"/Member/Name", "/Member/Limit/ChargeVoltage", "/Info/FrameCounter", "/Bank/LowestCell",
                           "/Battery/1/Name", "/Battery/2/Voltage"}) {
    EXPECT_FALSE(has(shown, path)) << path;
  }
}

TEST(BankItems, ABankShowsItsPacks) {
  BankView view{.series = true, .packs = {{.name = "lower", .cell_count = 2}, {.name = "upper", .cell_count = 1}}};
  view.packs[1].voltage_v = 26.4;
  view.packs[1].serial = "AA12";
  view.packs[1].excluded = true;
  view.soc_imbalance = true;
  view.error_code = 4;
  view.packs[1].cells_v = {3.3};
  view.online = 1;
  view.offline = 1;
  view.lowest_cell_id = "B2C1";
  ServiceFacts bank = facts();
  bank.who.bank = &view;
  const Shown shown{sample(), limits(), bank};
  EXPECT_EQ(shown["/System/NrOfBatteries"], Value{2});
  EXPECT_EQ(shown["/System/BatteriesSeries"], Value{2});
  EXPECT_EQ(shown["/System/BatteriesParallel"], Value{1});
  EXPECT_EQ(shown["/System/NrOfModulesOffline"], Value{1});
  EXPECT_EQ(shown["/System/MinVoltageCellId"], Value{std::string("B2C1")});
  EXPECT_EQ(shown["/Battery/1/Name"], Value{std::string("lower")});
  EXPECT_EQ(shown["/Battery/1/Voltage"], invalid);
  EXPECT_EQ(shown["/Battery/2/Voltage"], Value{26.4});
  EXPECT_EQ(shown["/Battery/2/Serial"], Value{std::string("AA12")});
  EXPECT_EQ(shown["/Parallel/TotalBatteries"], Value{2});
  EXPECT_EQ(shown["/Parallel/ActiveBatteries"], Value{1});
  EXPECT_EQ(shown["/Parallel/SocImbalance"], Value{1});
  EXPECT_EQ(shown["/ErrorCode"], Value{4});
  EXPECT_EQ(shown["/Settings/Exclude/1"], Value{0});
  EXPECT_EQ(shown["/Settings/Exclude/2"], Value{1});
  EXPECT_EQ(shown["/Battery/2/Cell/1/Voltage"], Value{3.3});
  EXPECT_TRUE(has(shown, "/Battery/1/Cell/2/Voltage"));
  EXPECT_FALSE(has(shown, "/Battery/2/Cell/2/Voltage"));
  EXPECT_TRUE(has(shown, "/Voltages/Cell3"));
  EXPECT_FALSE(has(shown, "/Voltages/Cell4"));
  EXPECT_TRUE(has(shown, "/Info/MaxChargeVoltage"));
}

TEST(BankItems, APackIsTakenOutByWriting) {
  const BankView view{.packs = {{.name = "lower"}, {.name = "upper"}}};
  ServiceFacts bank = facts();
  bank.who.bank = &view;
  Shown shown{sample(), limits(), bank};
  std::vector<std::pair<std::size_t, bool>> asked;
  shown.items.on_written({.exclude_pack = [&asked](std::size_t pack, bool excluded) {
    asked.emplace_back(pack, excluded);
    return pack == 1;
  }});
  auto& tree = shown.items.tree();
  EXPECT_EQ(tree.write(*tree.find("/Settings/Exclude/2"), Incoming{std::int64_t{1}}), SetResult::accepted);
  EXPECT_EQ(tree.write(*tree.find("/Settings/Exclude/1"), Incoming{std::int64_t{1}}), SetResult::refused);
  EXPECT_NE(tree.write(*tree.find("/Settings/Exclude/2"), Incoming{std::int64_t{2}}), SetResult::accepted);
  EXPECT_EQ(asked, (std::vector<std::pair<std::size_t, bool>>{{1, true}, {0, true}}));
  EXPECT_EQ(tree.write(*tree.find("/Battery/Request/Id"), Incoming{std::int64_t{2}}), SetResult::accepted);
  EXPECT_NE(tree.write(*tree.find("/Battery/Request/Id"), Incoming{std::int64_t{3}}), SetResult::accepted);
}

}  // namespace
}  // namespace bms::items::test
