// A battery and its faces, without D-Bus: faces that are there at once, that come late, that are lost and return, and
// two at once, each with its own items.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <sstream>

#include "../fuzz/scratch.hpp"
#include "driver/member.hpp"
#include "items/battery_items.hpp"
#include "registry.hpp"
#include "virtual_line.hpp"

namespace bms::driver {
namespace {

namespace asio = boost::asio;
using test::SimulatedBoard;
using test::VirtualLine;
using testing::ElementsAre;
using testing::IsEmpty;

/// A face that keeps what it is told, with items of its own.
class Mirror final : public Face {
 public:
  /// What a test knows of a face that belongs to a member.
  struct Seen {
    bool present = true;  ///< a face that is not cannot be entered
    bool claims = true;
    std::string battery_id{};
    Introduction who{};
    UserBounds bounds{};
    UserSettings user{};
    Wishes* wishes = nullptr;
    std::unique_ptr<items::BatteryItems> items{};  ///< empty: not visible
    unsigned entered = 0, published = 0;
    std::vector<std::string> changed{};  ///< by the newest publication

    void lose() {
      present = false;
      items.reset();
    }
    void come() {
      present = true;
      wishes->face_is_ready();
    }
  };

  explicit Mirror(Seen& seen) : seen_(seen) {}

  [[nodiscard]] bool claim(const std::string& /*battery_id*/) override { return std::exchange(seen_.claims, true); }
  void meet(const std::string& battery_id, const Introduction& who, const UserBounds& bounds, Wishes& wishes) override {
    seen_.battery_id = battery_id;
    seen_.who = who;
    seen_.bounds = bounds;
    seen_.wishes = &wishes;
  }
  void set_bounds(const UserBounds& bounds) override { seen_.bounds = bounds; }
  void show_settings(const UserSettings& user) override { seen_.user = user; }
  bool enter(const Battery& battery, const Limits& /*limits*/) override {
    if (!seen_.present || seen_.items) return false;
    seen_.items = std::make_unique<items::BatteryItems>(
        items::ServiceFacts{.who = seen_.who, .version = {}, .custom_name = {}}, battery, seen_.bounds);
    seen_.items->tree().clear_changes();
    ++seen_.entered;
    return true;
  }
  void publish(const Battery& battery, const Limits& limits) override {
    if (!seen_.items) return;
    items::ItemTree& tree = seen_.items->tree();
    seen_.items->update(battery, limits);
    seen_.changed.clear();
    for (const auto id : tree.changed()) seen_.changed.emplace_back(tree[id].path);
    tree.clear_changes();
    ++seen_.published;
  }

 private:
  Seen& seen_;
};

class MemberFaces : public testing::Test {
 protected:
  /// `dialect`: of the JBD board that is there.
  explicit MemberFaces(const std::string& dialect = "")
      : device_("jbd", dialect.empty() ? std::vector<std::string>{} : std::vector<std::string>{"--dialect", dialect},
                {.drift = false}),
        variant_(*std::ranges::find(find_family("jbd")->variants, dialect, &Variant::dialect)) {}

  /// `seen`: one for each of its faces.
  void begin(std::initializer_list<Mirror::Seen*> seen) {
    std::vector<std::unique_ptr<Face>> faces;
    for (Mirror::Seen* each : seen) faces.push_back(std::make_unique<Mirror>(*each));
    begin_with(std::move(faces));
  }

  void begin_with(std::vector<std::unique_ptr<Face>> faces) {
    const Family& family = *find_family("jbd");
    const line::Candidate candidate{.family = &family, .options = {.variant = variant_}};
    const Surroundings around{.loop = loop_,
                              .line = line_,
                              .port = port_,
                              .config = config_,
                              .places = places_,
                              .pulse = pulse_,
                              .give_up = [this] { given_up_ = true; }};
    member_.emplace(around, port_.name, candidate, family.make(candidate.options), std::move(faces));
  }

  void poll() { EXPECT_TRUE(finish(member_->cycle())); }

  Result<void> finish(asio::awaitable<Result<void>> work) {
    std::optional<Result<void>> result;
    asio::co_spawn(loop_, std::move(work), [&](const std::exception_ptr& problem, const Result<void>& ended) {
      if (problem) std::rethrow_exception(problem);
      result = ended;
    });
    while (!result) loop_.run_one();
    loop_.restart();
    return *result;
  }

  void poll_with_other_values() {
    voltage_v_ += 0.1;
    device_.pack().set_voltage(voltage_v_);
    poll();
  }

  fuzz::Scratch scratch_{"member"};
  MemoryPlaces places_{.lasting = scratch_.path("lasting"), .in_memory = scratch_.path("run")};
  link::Port port_{.path = "/dev/ttyUSB0", .name = "ttyUSB0", .location = "usb_1"};
  config::Config config_;
  Watchdog watchdog_;
  Pulse pulse_{watchdog_, std::chrono::hours(1)};
  asio::io_context loop_{1};
  SimulatedBoard device_;
  Variant variant_;
  VirtualLine line_{device_, variant_.baud, {}};
  double voltage_v_ = 52;
  bool given_up_ = false;
  Mirror::Seen first_, second_;
  std::optional<Member> member_;
};

TEST_F(MemberFaces, ABatteryRunsWithoutAny) {
  begin({});
  for (int i = 0; i < 5; ++i) poll();
  EXPECT_TRUE(member_->known());
  EXPECT_EQ(member_->failed_cycles(), 0);
}

TEST_F(MemberFaces, AFaceMeetsTheBatteryAndThenShowsIt) {
  begin({&first_});
  poll();
  EXPECT_EQ(first_.who.place, "ttyUSB0");
  EXPECT_EQ(first_.who.connection, "/dev/ttyUSB0");
  EXPECT_THAT(first_.battery_id, testing::StartsWith("jbd_"));
  EXPECT_EQ(first_.entered, 1U);
  poll_with_other_values();
  EXPECT_GE(first_.published, 1U);
  EXPECT_THAT(first_.changed, testing::Contains("/Dc/0/Voltage"));
}

TEST_F(MemberFaces, OneThatComesLateShowsWhatIsTrueByThen) {
  first_.present = false;
  begin({&first_});
  for (int i = 0; i < 3; ++i) poll_with_other_values();
  EXPECT_EQ(first_.entered, 0U);
  EXPECT_EQ(first_.published, 0U) << "what is not visible is not told";
  first_.come();
  EXPECT_EQ(first_.entered, 1U);
  poll_with_other_values();
  EXPECT_EQ(first_.published, 1U);
}

TEST_F(MemberFaces, OneThatIsLostAndReturnsIsEnteredAnewAndTheOtherSeesNothingOfIt) {
  begin({&first_, &second_});
  poll();
  poll_with_other_values();
  const unsigned before = second_.published;
  first_.lose();
  poll_with_other_values();
  poll_with_other_values();
  EXPECT_EQ(first_.items, nullptr);
  EXPECT_EQ(second_.published, before + 2);
  first_.come();
  EXPECT_EQ(first_.entered, 2U);
  EXPECT_EQ(second_.entered, 1U);
  poll_with_other_values();
  EXPECT_THAT(first_.changed, testing::Contains("/Dc/0/Voltage"));
}

TEST_F(MemberFaces, EachHasItsOwnChanges) {
  second_.present = false;
  begin({&first_, &second_});
  poll();
  poll_with_other_values();
  ASSERT_THAT(first_.changed, testing::Contains("/Dc/0/Voltage"));
  second_.come();
  poll();
  EXPECT_THAT(first_.changed, testing::Not(testing::Contains("/Dc/0/Voltage"))) << "it knows already";
  EXPECT_THAT(second_.changed, testing::Contains("/Dc/0/Voltage")) << "it has not heard of it yet";
}

TEST_F(MemberFaces, AWishThatComesByOneFaceIsShownByAll) {
  begin({&first_, &second_});
  poll();
  UserSettings user;
  user.charge_blocked = true;
  first_.wishes->change_settings(user);
  EXPECT_EQ(first_.user.charge_blocked, true);
  EXPECT_EQ(second_.user.charge_blocked, true);
  poll();
  const auto ccl = second_.items->tree().find("/Info/MaxChargeCurrent");
  EXPECT_EQ(second_.items->tree()[*ccl].value, items::Value{0.0});
}

TEST_F(MemberFaces, ABatteryThatIsKnownByItsSerialElsewhereIsKnownByItsPortAsWell) {
  first_.claims = false;
  begin({&first_});
  poll();
  EXPECT_THAT(first_.battery_id, testing::EndsWith("_ttyUSB0"));
  EXPECT_FALSE(given_up_);
}

/// A face where every id is taken.
class Crowded final : public Face {
 public:
  [[nodiscard]] bool claim(const std::string& /*battery_id*/) override { return false; }
  void meet(const std::string& /*id*/, const Introduction& /*who*/, const UserBounds& /*bounds*/,
            Wishes& /*wishes*/) override {
    ADD_FAILURE();
  }
  void set_bounds(const UserBounds& /*bounds*/) override {}
  void show_settings(const UserSettings& /*user*/) override {}
  bool enter(const Battery& /*battery*/, const Limits& /*limits*/) override { return false; }
  void publish(const Battery& /*battery*/, const Limits& /*limits*/) override {}
};

TEST_F(MemberFaces, ABatteryThatCannotBeToldFromAnotherIsNotServed) {
  std::vector<std::unique_ptr<Face>> faces;
  faces.push_back(std::make_unique<Crowded>());
  begin_with(std::move(faces));
  poll();
  EXPECT_TRUE(given_up_);
}

/// A battery whose BMS can be told its SoC, on one face.
class MemberOrders : public MemberFaces {
 protected:
  MemberOrders() : MemberFaces("up") {}

  void SetUp() override {
    begin({&first_});
    poll();
    ASSERT_EQ(first_.entered, 1U);
  }

  /// The item of the face, in words.
  [[nodiscard]] std::string shown(std::string_view path) {
    const items::ItemTree& tree = first_.items->tree();
    items::NumberText room;
    return tree[*tree.find(path)].text(room);
  }
  [[nodiscard]] std::string outcome() { return shown("/Info/LastOrderOutcome"); }
  Result<void> obey() { return finish(member_->obey()); }
};

TEST_F(MemberOrders, TheFacesShowWhatBecomesOfAnSoc) {
  poll_with_other_values();
  EXPECT_EQ(shown("/Info/LastOrder"), "---");
  EXPECT_TRUE(first_.wishes->set_soc(75, "a test"));
  EXPECT_EQ(shown("/Info/LastOrder"), "SoC of 75.0 %");
  EXPECT_EQ(outcome(), "waiting");
  ASSERT_TRUE(member_->order_due());
  EXPECT_TRUE(obey());
  EXPECT_EQ(outcome(), "done");
  EXPECT_DOUBLE_EQ(device_.pack().soc_pct(), 75);
  EXPECT_FALSE(member_->order_due());
  poll();
  EXPECT_EQ(shown("/SocBms"), "75.0%") << "by the very next poll";
}

TEST_F(MemberOrders, TheBoardIsNotToldTheSameTwiceInARow) {
  ASSERT_TRUE(first_.wishes->set_soc(75, "a test"));
  EXPECT_TRUE(obey());
  ASSERT_TRUE(first_.wishes->set_soc(50, "a test"));
  EXPECT_TRUE(obey());
  EXPECT_EQ(outcome(), "waiting");
  EXPECT_DOUBLE_EQ(device_.pack().soc_pct(), 75);
  EXPECT_GT(*member_->order_due(), line_.now() + std::chrono::seconds(5));
}

TEST_F(MemberOrders, TheOutcomeOfAnOlderOneIsNotTakenForThatOfTheNewest) {
  ASSERT_TRUE(first_.wishes->set_soc(75, "a test"));
  line_.damage = [this, given = false](auto&) mutable {
    if (std::exchange(given, true)) return;
    EXPECT_TRUE(first_.wishes->set_soc(50, "a test"));
  };
  EXPECT_TRUE(obey());
  EXPECT_DOUBLE_EQ(device_.pack().soc_pct(), 75);
  EXPECT_EQ(shown("/Info/LastOrder"), "SoC of 50.0 %");
  EXPECT_EQ(outcome(), "waiting");
}

TEST_F(MemberOrders, AreAnsweredWhenTheProgramEnds) {
  ASSERT_TRUE(first_.wishes->set_soc(75, "a test"));
  member_->end();
  EXPECT_EQ(outcome(), "not done: the program ends");
  EXPECT_FALSE(member_->order_due());
}

TEST_F(MemberOrders, AreAnsweredWhenTheLineIsLostAndNotTakenBeforeTheNextReading) {
  ASSERT_TRUE(first_.wishes->set_soc(75, "a test"));
  member_->lose_line({.kind = ErrorKind::link, .message = "the port is gone", .status = {}});
  EXPECT_EQ(outcome(), "not done: the port is gone");
  EXPECT_FALSE(member_->order_due());
  EXPECT_FALSE(first_.wishes->set_soc(75, "a test"));
  const double before_pct = device_.pack().soc_pct();
  poll();
  EXPECT_TRUE(obey());
  EXPECT_EQ(device_.pack().soc_pct(), before_pct) << "what was answered is not done later";
  EXPECT_TRUE(first_.wishes->set_soc(75, "a test"));
}

/// A battery of which the configuration permits that it is switched.
class MemberSwitches : public MemberFaces {
 protected:
  void permit(const std::string& writes) {
    std::istringstream file("[default]\nwrites = " + writes + "\n");
    config_ = config::Config::read(file);
    begin({&first_});
    poll();
    ASSERT_EQ(first_.entered, 1U);
  }

  [[nodiscard]] items::Value shown(std::string_view path) {
    const items::ItemTree& tree = first_.items->tree();
    return tree[*tree.find(path)].value;
  }
  [[nodiscard]] bool charge_fet() { return device_.board().state()["fets"]["charge"]; }
};

TEST_F(MemberSwitches, AreNotOfferedWithoutPermission) {
  permit("limits");
  EXPECT_FALSE(first_.who.orders.any());
  EXPECT_FALSE(first_.wishes->switch_over(SetFet{Fet::charge, false}, "a test"));
  EXPECT_FALSE(member_->order_due());
}

TEST_F(MemberSwitches, AFetIsSwitchedByTheBoardsLockAndShownAsTheBoardShowsIt) {
  permit("switches");
  EXPECT_TRUE(first_.who.orders.charge && first_.who.orders.discharge && first_.who.orders.balancer);
  EXPECT_FALSE(first_.who.orders.soc);
  EXPECT_TRUE(first_.wishes->switch_over(SetFet{Fet::charge, false}, "a test"));
  EXPECT_EQ(shown("/Info/LastOrder"), items::Value{"charge FET off"});
  EXPECT_EQ(shown("/Settings/ForceChargingOff"), items::Value{0});
  EXPECT_TRUE(finish(member_->obey()));
  EXPECT_EQ(shown("/Info/LastOrderOutcome"), items::Value{"done"});
  EXPECT_FALSE(charge_fet());
  poll_with_other_values();
  poll_with_other_values();
  EXPECT_EQ(shown("/Settings/ForceChargingOff"), items::Value{1});
  EXPECT_EQ(shown("/Settings/ForceDischargingOff"), items::Value{0}) << "the other one is left alone";
}

TEST_F(MemberSwitches, WhoeverWritesBackWhatIsShownLocksNothing) {
  permit("switches");
  EXPECT_TRUE(first_.wishes->switch_over(SetFet{Fet::charge, true}, "a test"));
  EXPECT_FALSE(member_->order_due()) << "it is on";
  EXPECT_EQ(shown("/Info/LastOrderOutcome"), items::Value{"done: it was so already"});
  EXPECT_TRUE(first_.wishes->switch_over(SetFet{Fet::charge, false}, "a test"));
  EXPECT_TRUE(first_.wishes->switch_over(SetFet{Fet::charge, true}, "a test"));
  EXPECT_EQ(shown("/Info/LastOrder"), items::Value{"charge FET on"});
  EXPECT_EQ(shown("/Info/LastOrderOutcome"), items::Value{"waiting"}) << "another order may be on its way";
}

TEST_F(MemberSwitches, WhetherTheBoardMayBalanceIsKnownFromTheOrder) {
  permit("switches");
  EXPECT_EQ(shown("/Io/AllowToBalance"), items::Value{});
  EXPECT_TRUE(first_.wishes->switch_over(SetBalancer{false}, "a test"));
  EXPECT_TRUE(finish(member_->obey()));
  EXPECT_EQ(shown("/Info/LastOrderOutcome"), items::Value{"done"});
  poll_with_other_values();
  EXPECT_EQ(shown("/Io/AllowToBalance"), items::Value{0});
  EXPECT_EQ(shown("/Settings/TurnBalancingOff"), items::Value{1});
}

TEST_F(MemberFaces, AnSocThatTheBmsCannotBeToldIsRefused) {
  begin({&first_});
  poll();
  EXPECT_FALSE(first_.wishes->set_soc(75, "a test"));
  EXPECT_FALSE(member_->order_due());
}

}  // namespace
}  // namespace bms::driver
