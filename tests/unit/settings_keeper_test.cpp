// What an owner has changed, where there is no localsettings: in force after a restart, whatever lies in the file.
#include "driver/settings_keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "../fuzz/scratch.hpp"
#include "items/user_settings.hpp"

namespace bms::driver {
namespace {

namespace fs = std::filesystem;

/// Whom a keeper tells what was kept; he shows it to all faces, as a battery does.
class Owner final : public Wishes {
 public:
  void change_settings(const UserSettings& user) override {
    in_force = user;
    if (keeper != nullptr) keeper->show_settings(user);
  }
  bool set_soc(double /*soc_pct*/, std::string_view /*by*/) override { return false; }
  bool switch_over(const BmsSwitch& /*command*/, std::string_view /*by*/) override { return false; }
  void clear_history(int /*group*/) override {}
  void acknowledge_alerts() override {}
  void face_is_ready() override {}

  UserSettings in_force{};
  SettingsKeeper* keeper = nullptr;
};

class Keeper : public testing::Test {
 protected:
  std::unique_ptr<SettingsKeeper> begin() {
    auto keeper = std::make_unique<SettingsKeeper>(loop_, scratch_.path("lasting"), scratch_.path("run"));
    EXPECT_TRUE(keeper->claim("jbd_1"));
    owner_.keeper = keeper.get();
    keeper->meet("jbd_1", {}, bounds_, owner_);
    return keeper;
  }

  void write(const std::string& text) {
    fs::create_directories(fs::path(file_).parent_path());
    std::ofstream(file_) << text;
  }

  fuzz::Scratch scratch_{"keeper"};
  std::string file_ = scratch_.path("lasting") + "/batteries/jbd_1.settings.json";
  UserBounds bounds_{.max_charge_current_a = 50,
                     .max_discharge_current_a = 80,
                     .absorption_cell_v = 3.45,
                     .float_cell_v = 3.35,
                     .full_charge_days = 14};
  boost::asio::io_context loop_;
  Owner owner_;
};

TEST_F(Keeper, BringsEverySettingBackAfterARestart) {
  UserSettings wanted;
  for (const items::UserSetting& row : items::user_setting_rows()) {
    const items::Range range = row.range(bounds_);
    row.put(wanted, range.max == range.initial ? range.min : range.max);
  }
  begin()->show_settings(wanted);
  owner_ = {};
  const auto again = begin();
  EXPECT_EQ(owner_.in_force, wanted);
}

TEST_F(Keeper, KnowsNothingAtFirstAndWritesNothingThen) {
  {
    const auto keeper = begin();
  }
  EXPECT_EQ(owner_.in_force, UserSettings{});
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(Keeper, KeepsWhatTheConfigurationDoesNotAllowToday) {
  begin()->show_settings({.max_charge_current_a = 40});
  bounds_.max_charge_current_a = 30;
  {
    const auto keeper = begin();
    EXPECT_EQ(owner_.in_force.max_charge_current_a, 30);
    // Something else is changed; this stays as it was wanted.
    UserSettings user = owner_.in_force;
    user.charge_blocked = true;
    keeper->show_settings(user);
    bounds_.max_charge_current_a = 50;
    keeper->set_bounds(bounds_);
  }
  EXPECT_EQ(owner_.in_force.max_charge_current_a, 40);
  const auto keeper = begin();
  EXPECT_EQ(owner_.in_force.max_charge_current_a, 40);
  EXPECT_EQ(owner_.in_force.charge_blocked, true);
}

TEST_F(Keeper, SavesTheNewestOfManyChangesAtTheEnd) {
  {
    const auto keeper = begin();
    for (int days = 1; days <= 100; ++days) keeper->show_settings({.full_charge_days = days});
  }
  std::string problem;
  EXPECT_EQ(read_settings(file_, problem).full_charge_days, 100);
  EXPECT_EQ(problem, "");
}

TEST_F(Keeper, MovesAsideWhatNobodyHasWritten) {
  for (const char* text : {"", "{", "[]", "null", "12", R"({"format":1})", R"({"format":1,"settings":[]})",
                           R"({"format":2,"settings":{}})", R"({"format":1,"settings":{"MaxChargeCurrent":"all"}})"}) {
    SCOPED_TRACE(text);
    write(text);
    owner_ = {};
    {
      const auto keeper = begin();
    }
    EXPECT_EQ(owner_.in_force, UserSettings{});
    EXPECT_FALSE(fs::exists(file_));
  }
  fs::create_directories(file_);
  {
    const auto keeper = begin();
  }
  EXPECT_FALSE(fs::is_directory(file_));
}

TEST_F(Keeper, AllowsNoMoreThanIsConfiguredWhateverTheFileSays) {
  write(R"({"format":1,"settings":{"MaxChargeCurrent":1e300,"AbsorptionCellVoltage":9,"SocSource":77,
            "FullChargeDays":-3,"ChargeBlocked":0,"Unknown":1}})");
  bounds_.charge_blocked = true;
  const auto keeper = begin();
  EXPECT_EQ(owner_.in_force, items::bounded(owner_.in_force, bounds_));
  EXPECT_EQ(owner_.in_force.max_charge_current_a, 50);
  EXPECT_EQ(owner_.in_force.charge_blocked, true);
  EXPECT_FALSE(owner_.in_force.full_charge_days);
}

TEST_F(Keeper, HasABatteryForItself) {
  const auto first = begin();
  SettingsKeeper second(loop_, scratch_.path("lasting"), scratch_.path("run"));
  EXPECT_FALSE(second.claim("jbd_1"));
  EXPECT_TRUE(second.claim("jbd_1_ttyUSB1"));
  // Who takes another id leaves the first one to others.
  EXPECT_TRUE(first->claim("jbd_1"));
  EXPECT_TRUE(first->claim("jbd_2"));
  EXPECT_TRUE(second.claim("jbd_1"));
}

TEST_F(Keeper, DoesNothingBeforeItHasMetTheBattery) {
  begin()->show_settings({.max_charge_current_a = 20});
  {
    SettingsKeeper early(loop_, scratch_.path("lasting"), scratch_.path("run"));
    early.set_bounds({});
    early.show_settings({.max_charge_current_a = 1});
  }
  owner_ = {};
  const auto keeper = begin();
  EXPECT_EQ(owner_.in_force.max_charge_current_a, 20);
}

TEST_F(Keeper, WithoutDirectoriesNothingIsKept) {
  SettingsKeeper keeper(loop_, "", "");
  EXPECT_TRUE(keeper.claim("jbd_1"));
  keeper.meet("jbd_1", {}, bounds_, owner_);
  keeper.show_settings({.max_charge_current_a = 1});
}

}  // namespace
}  // namespace bms::driver
