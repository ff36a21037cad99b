// What the BMS can be told through items: who has them, what they show, and what becomes of what is written.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "items_sample.hpp"

namespace bms::items {
namespace {

using namespace test;

/// The items of a battery that can be told something.
struct Tellable {
  explicit Tellable(BmsOrders orders, Battery first = sample())
      : battery(std::move(first)),
        items({.who = {.place = "ttyUSB0", .orders = orders}, .version = {}, .custom_name = {}}, battery, {}) {
    show();
  }

  void show() { items.update(battery, limits()); }
  [[nodiscard]] bool has(std::string_view path) const { return items.tree().find(path).has_value(); }
  [[nodiscard]] Value operator[](std::string_view path) const { return items.tree()[*items.tree().find(path)].value; }
  SetResult write(std::string_view path, const Incoming& value) {
    return items.tree().write(*items.tree().find(path), value);
  }

  Battery battery;
  BatteryItems items;
};

constexpr BmsOrders all{.charge = true, .discharge = true, .balancer = true, .soc = true};

struct Switched {
  std::string_view path;
  BmsOrders only;
  BmsSwitch off, on;
};

const Switched switches[] = {
    {"/Settings/ForceChargingOff", {.charge = true}, SetFet{Fet::charge, false}, SetFet{Fet::charge, true}},
    {"/Settings/ForceDischargingOff", {.discharge = true}, SetFet{Fet::discharge, false}, SetFet{Fet::discharge, true}},
    {"/Settings/TurnBalancingOff", {.balancer = true}, SetBalancer{false}, SetBalancer{true}},
};

std::string words(const BmsSwitch& command) {
  if (const auto* fet = std::get_if<SetFet>(&command))
    return std::string(name_of(fet->fet)) + (fet->on ? " on" : " off");
  return std::get<SetBalancer>(command).on ? "balancer on" : "balancer off";
}

TEST(OrderItems, AreThereOnlyWhereTheBmsTakesTheOrder) {
  const Tellable none{{}};
  for (const Switched& row : switches) {
    EXPECT_FALSE(none.has(row.path)) << row.path;
    const Tellable one{row.only};
    for (const Switched& other : switches) EXPECT_EQ(one.has(other.path), &other == &row) << other.path;
    EXPECT_TRUE(one.has("/Settings/ResetSocToApply"));
  }
  for (const auto* path : {"/Io/AllowToBalance", "/Settings/ResetSocTo", "/Settings/ResetSocToApply"})
    EXPECT_FALSE(none.has(path)) << path;
  EXPECT_TRUE(Tellable({.soc = true}).has("/Settings/ResetSocTo"));
}

TEST(OrderItems, HandOnWhatIsWrittenAndShowTheBoardNotTheWish) {
  for (const Switched& row : switches) {
    Tellable told{all};
    told.battery.reading.charge_fet = told.battery.reading.discharge_fet = true;
    told.battery.may_balance = true;
    told.show();
    EXPECT_EQ(told.write(row.path, std::int64_t{1}), SetResult::refused) << "nobody to do it";
    std::vector<std::string> heard;
    told.items.on_written({.switch_over = [&heard](const BmsSwitch& command) {
      heard.push_back(words(command));
      return heard.size() < 4;
    }});
    EXPECT_EQ(told.write(row.path, std::int64_t{1}), SetResult::accepted);
    EXPECT_EQ(told[row.path], Value{0}) << "the board has not done it yet";
    EXPECT_EQ(told.write(row.path, std::int64_t{0}), SetResult::accepted) << "what is shown can be ordered as well";
    EXPECT_EQ(told.write(row.path, std::int64_t{1}), SetResult::accepted);
    EXPECT_EQ(told.write(row.path, std::int64_t{1}), SetResult::refused) << "by whoever was to do it";
    EXPECT_EQ(heard, (std::vector<std::string>{words(row.off), words(row.on), words(row.off), words(row.off)}));
    for (const Incoming& wrong : {Incoming{std::int64_t{2}}, Incoming{std::int64_t{-1}}, Incoming{}})
      EXPECT_EQ(told.write(row.path, wrong), SetResult::refused);
    for (const Incoming& wrong : {Incoming{"1"}, Incoming{0.5}, Incoming{nan}, Incoming{1e300}})
      EXPECT_EQ(told.write(row.path, wrong), SetResult::not_writable);
    EXPECT_EQ(heard.size(), 4U);
  }
}

TEST(OrderItems, ShowWhatTheBoardShowsAndNothingWhenItIsSilent) {
  Tellable told{all};
  EXPECT_EQ(told["/Settings/ForceChargingOff"], invalid);
  EXPECT_EQ(told["/Settings/TurnBalancingOff"], invalid);
  told.battery.reading.charge_fet = false;
  told.battery.reading.discharge_fet = true;
  told.battery.may_balance = false;
  told.show();
  EXPECT_EQ(told["/Settings/ForceChargingOff"], Value{1});
  EXPECT_EQ(told["/Settings/ForceDischargingOff"], Value{0});
  EXPECT_EQ(told["/Settings/TurnBalancingOff"], Value{1});
  EXPECT_EQ(told["/Io/AllowToBalance"], Value{0});
  told.battery.contact = Contact::stale;
  told.show();
  for (const Switched& row : switches) EXPECT_EQ(told[row.path], invalid) << row.path;
}

TEST(OrderItems, ASocIsPreparedAndThenApplied) {
  Tellable told{{.soc = true}};
  std::vector<double> said;
  told.items.on_written({.soc = [&said](double soc_pct) {
    said.push_back(soc_pct);
    return true;
  }});
  EXPECT_EQ(told["/Settings/ResetSocTo"], invalid);
  EXPECT_EQ(told.write("/Settings/ResetSocToApply", std::int64_t{1}), SetResult::refused) << "nothing is prepared";
  for (const Incoming& wrong : {Incoming{100.1}, Incoming{-0.1}, Incoming{nan}})
    EXPECT_EQ(told.write("/Settings/ResetSocTo", wrong), SetResult::refused);
  EXPECT_EQ(told.write("/Settings/ResetSocTo", 42.5), SetResult::accepted);
  told.show();
  EXPECT_EQ(told["/Settings/ResetSocTo"], Value{42.5}) << "until another one is prepared";
  EXPECT_TRUE(said.empty());
  EXPECT_EQ(told.write("/Settings/ResetSocToApply", std::int64_t{0}), SetResult::accepted);
  EXPECT_TRUE(said.empty());
  for (int i = 0; i < 2; ++i) EXPECT_EQ(told.write("/Settings/ResetSocToApply", std::int64_t{1}), SetResult::accepted);
  EXPECT_EQ(said, (std::vector<double>{42.5, 42.5}));
  EXPECT_EQ(told["/Settings/ResetSocToApply"], Value{0});
}

}  // namespace
}  // namespace bms::items
