// What owners change at run time: inside the configuration's bounds, and there and back through localsettings.
#include "items/user_settings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "items/battery_items.hpp"

namespace bms::items {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

UserBounds bounds() {
  return {.max_charge_current_a = 50,
          .max_discharge_current_a = 60,
          .absorption_cell_v = 3.45,
          .float_cell_v = 3.375,
          .soc_source = 0,
          .last_soc_source = 1,
          .full_charge_days = 30};
}

const UserSetting& row(std::string_view name) {
  for (const UserSetting& each : user_setting_rows())
    if (stored_name(each) == name) return each;
  throw std::out_of_range{std::string{name}};
}

/// A battery of which only the settings matter.
struct Owner {
  explicit Owner(const UserBounds& configured = bounds()) : items{ServiceFacts{}, Battery{}, configured} {
    items.on_written({.user_settings = [this](const UserSettings& user) { heard.push_back(user); }});
  }
  SetResult write(const std::string& name, const Incoming& value) {
    return items.tree().write(*items.tree().find("/Settings/" + name), value);
  }
  [[nodiscard]] const Item& item(const std::string& name) const {
    return items.tree()[*items.tree().find("/Settings/" + name)];
  }

  BatteryItems items;
  std::vector<UserSettings> heard;
};

struct Wish {
  const char* name;
  Incoming written;
  SetResult result;
  Value shown;
  UserSettings user;  ///< what is handed on, if anything
};

const SetResult accepted = SetResult::accepted;
const SetResult refused = SetResult::refused;
const SetResult no_type = SetResult::not_writable;

const Wish wishes[] = {
    {"MaxChargeCurrent", 20.5, accepted, 20.5, {.max_charge_current_a = 20.5}},
    {"MaxChargeCurrent", std::int64_t{0}, accepted, 0.0, {.max_charge_current_a = 0}},
    {"MaxChargeCurrent", 50.1, refused, 50.0, {}},
    {"MaxChargeCurrent", -0.1, refused, 50.0, {}},
    {"MaxChargeCurrent", -1.0, refused, 50.0, {}},
    {"MaxChargeCurrent", nan, refused, 50.0, {}},
    {"MaxChargeCurrent", infinity, refused, 50.0, {}},
    {"MaxChargeCurrent", 1e300, refused, 50.0, {}},
    {"MaxChargeCurrent", std::numeric_limits<std::int64_t>::max(), refused, 50.0, {}},
    {"MaxChargeCurrent", std::string(100'000, '9'), no_type, 50.0, {}},
    {"MaxChargeCurrent", "20", no_type, 50.0, {}},
    {"MaxDischargeCurrent", 60.1, refused, 60.0, {}},
    {"MaxDischargeCurrent", 1.0, accepted, 1.0, {.max_discharge_current_a = 1}},
    {"AbsorptionCellVoltage", 3.4, accepted, 3.4, {.absorption_cell_v = 3.4}},
    {"AbsorptionCellVoltage", 3.451, refused, 3.45, {}},
    {"AbsorptionCellVoltage", 3.27, refused, 3.45, {}},
    {"AbsorptionCellVoltage", 0.0, refused, 3.45, {}},
    {"FloatCellVoltage", 3.3, accepted, 3.3, {.float_cell_v = 3.3}},
    {"FloatCellVoltage", 3.4, refused, 3.375, {}},
    {"SocSource", std::int64_t{1}, accepted, 1, {.soc_source = 1}},
    {"SocSource", std::int64_t{2}, refused, 0, {}},
    {"SocSource", 0.5, no_type, 0, {}},
    {"SocSource", 1e300, no_type, 0, {}},
    {"SocSource", nan, no_type, 0, {}},
    {"ChargeBlocked", std::int64_t{1}, accepted, 1, {.charge_blocked = true}},
    {"ChargeBlocked", std::int64_t{2}, refused, 0, {}},
    {"DischargeBlocked", 1.0, accepted, 1, {.discharge_blocked = true}},
    {"FullChargeDays", std::int64_t{0}, accepted, 0.0, {.full_charge_days = 0}},
    {"FullChargeDays", 366.0, refused, 30.0, {}},
};

TEST(UserSettingsTable, TakesWhatIsInsideTheBoundsAndNothingElse) {
  for (const Wish& wish : wishes) {
    Owner owner;
    EXPECT_EQ(owner.write(wish.name, wish.written), wish.result) << wish.name;
    EXPECT_EQ(owner.item(wish.name).value, wish.shown) << wish.name;
    const std::vector<UserSettings> expected(wish.result == accepted ? 1 : 0, wish.user);
    EXPECT_EQ(owner.heard, expected) << wish.name;
  }
}

TEST(UserSettingsTable, ReadsAsConfiguredAtFirst) {
  const Owner owner;
  for (const UserSetting& each : user_setting_rows()) {
    const std::string name{stored_name(each)};
    EXPECT_EQ(owner.item(name).value, as_value(each, each.range(bounds()).initial)) << name;
    EXPECT_EQ(owner.item(name).bound(&Range::initial), owner.item(name).value) << name;
  }
  EXPECT_EQ(owner.item("MaxChargeCurrent").bound(&Range::max), Value{50.0});
  EXPECT_EQ(owner.item("AbsorptionCellVoltage").bound(&Range::min), Value{3.278});
}

TEST(UserSettingsTable, GoesBackToTheConfiguration) {
  for (const Incoming& back : {Incoming{}, Incoming{50.0}}) {
    Owner owner;
    EXPECT_EQ(owner.write("MaxChargeCurrent", 20.0), accepted);
    EXPECT_EQ(owner.write("MaxChargeCurrent", back), accepted);
    EXPECT_EQ(owner.heard.back(), UserSettings{});
    EXPECT_EQ(owner.item("MaxChargeCurrent").value, Value{50.0});
  }
}

TEST(UserSettingsTable, RefusesWhereNobodyListens) {
  Owner owner;
  owner.items.on_written({});
  EXPECT_EQ(owner.write("MaxChargeCurrent", 20.0), refused);
  EXPECT_EQ(owner.item("MaxChargeCurrent").value, Value{50.0});
}

TEST(UserSettingsTable, KeepsWhatWasSetBefore) {
  Owner owner;
  owner.items.set_user_settings({.float_cell_v = 3.3});
  EXPECT_EQ(owner.item("FloatCellVoltage").value, Value{3.3});
  EXPECT_EQ(owner.write("ChargeBlocked", std::int64_t{1}), accepted);
  EXPECT_EQ(owner.heard.back(), (UserSettings{.float_cell_v = 3.3, .charge_blocked = true}));
}

struct Stored {
  const char* name;
  Value value;
  double in_force;
};

// What localsettings may hold: older configurations, other programs and people write there.
const Stored stored_values[] = {
    {"MaxChargeCurrent", -1.0, 50},
    {"MaxChargeCurrent", -1e300, 50},
    {"MaxChargeCurrent", nan, 50},
    {"MaxChargeCurrent", 20.0, 20},
    {"MaxChargeCurrent", 80.0, 50},
    {"MaxChargeCurrent", infinity, 50},
    {"AbsorptionCellVoltage", 3.65, 3.45},
    {"AbsorptionCellVoltage", 1.0, 3.278},
    {"SocSource", 2, 1},
    {"SocSource", std::numeric_limits<std::int32_t>::max(), 1},
    {"SocSource", -1, 0},
    {"ChargeBlocked", 7, 1},
    {"FullChargeDays", 1e300, 365},
};

TEST(UserSettingsTable, IsNeverBeyondTheBoundsWhateverIsStored) {
  for (const Stored& each : stored_values) {
    UserSettings user;
    from_stored(row(each.name), each.value, user);
    EXPECT_DOUBLE_EQ(in_force(row(each.name), user, bounds()), each.in_force) << each.name;
    const UserSettings allowed = bounded(user, bounds());
    const auto number = row(each.name).get(allowed);
    EXPECT_DOUBLE_EQ(number.value_or(row(each.name).range(bounds()).initial), each.in_force) << each.name;
    Owner owner;
    owner.items.set_user_settings(user);
    EXPECT_EQ(owner.item(each.name).value, as_value(row(each.name), each.in_force)) << each.name;
  }
}

TEST(UserSettingsTable, FollowsAnotherConfiguration) {
  UserBounds smaller = bounds();
  smaller.max_charge_current_a = 10;
  smaller.last_soc_source = 2;
  Owner owner{smaller};
  owner.items.set_user_settings({.max_charge_current_a = 20});
  EXPECT_EQ(owner.item("MaxChargeCurrent").value, Value{10.0});
  EXPECT_EQ(owner.write("SocSource", std::int64_t{2}), accepted);
  EXPECT_EQ(owner.heard.back(), (UserSettings{.max_charge_current_a = 10, .soc_source = 2}));
}

TEST(UserSettingsTable, ComesBackFromStorageAsItWas) {
  const UserSettings user{.max_charge_current_a = 20.5,
                          .max_discharge_current_a = 0,
                          .absorption_cell_v = 3.4,
                          .float_cell_v = 3.3,
                          .soc_source = 1,
                          .charge_blocked = false,
                          .discharge_blocked = true,
                          .full_charge_days = 14};
  for (const UserSettings& each : {user, UserSettings{}}) {
    UserSettings back;
    for (const UserSetting& setting : user_setting_rows()) from_stored(setting, to_stored(setting, each), back);
    EXPECT_EQ(back, each);
  }
}

}  // namespace
}  // namespace bms::items
